#!/bin/sh
# sockt telnet: byte for byte against scripted servers, on a terminal (tmux),
# and with the telnet servers that people run.
# shellcheck disable=SC2154,SC2034
. ./lib.sh
. ./screen.sh

# serve STEP... - a server that plays them (peers/telnet_peer.py); sets $port
serve() {
	rm -rf "$D/peer"
	mkdir "$D/peer"
	bg python3 peers/telnet_peer.py "$D/peer" "$@"
	await "$D/peer/port" && port=$(cat "$D/peer/port")
}

# piped OPTION... - talks to it without a terminal; the input ends when the
# server is through; leaves $rc, $D/out, $D/err
piped() {
	await "$D/peer/done" |
		timeout -k 2 20 "$SOCKT" telnet "$@" 127.0.0.1 "$port" \
			>"$D/out" 2>"$D/err"
	rc=$?
}

# idle COMMAND... - run with an input that says nothing and does not end
idle() {
	[ -p "$D/idle" ] || mkfifo "$D/idle"
	run "$@" 0<>"$D/idle"
}

# all that the server received, in hex
got() { tr -d '\n' <"$D/peer/got"; }

# bytes FORMAT - the expected output, into $D/want
bytes() {
	# shellcheck disable=SC2059
	printf "$1" >"$D/want"
}

at_prompt() { shown | grep -v '^$' | tail -n 1 | grep -qx 'telnet> *'; }

# In how many pieces is not ours to say.
has_got() { got | tr -d '\n' | grep -qF "$1"; }

# dial OPTION... - sockt telnet to the server, on the screen
dial() { type_command "'$SOCKT' telnet --time=none $* 127.0.0.1 $port"; }

CHARS=fffb01fffb03			# WILL ECHO, WILL SUPPRESS-GO-AHEAD
YES=fffd01fffd03			# and what agrees to it

# --- negotiation ---

test_refuses_what_it_does_not_know() {
	serve send:fffd63fffb63fffc63fffe63fffd01 expect:fffc01
	piped
	assertEquals fffc63fffe63fffc01 "$(got)"
	assertEquals 0 "$rc"
}

test_answers_each_request_but_never_loops() {
	serve send:fffd63fffd63fffd63fffb01fffb01fffb01fffc01fffb01fffd63 \
		expect:fffd01fffe01fffd01fffc63
	piped
	assertEquals fffc63fffc63fffc63fffd01fffe01fffd01fffc63 "$(got)"
}

test_answers_one_read_in_one_segment() {
	serve send:fffd63fffb03fffd18fffa1801fff0fffd1f expect:fffc1f
	piped --term=vt100
	assertEquals 1 "$(wc -l <"$D/peer/got")"
	assertEquals "fffc63fffd03fffb18fffa18007674313030fff0fffc1f" "$(got)"
}

test_understands_commands_split_anywhere() {
	serve split:61fffb01 expect:fffd01 split:62ffff630d000d0afffc01 \
		expect:fffe01
	piped
	bytes 'ab\377c\r\r\n'
	assertBytes data "$D/want" "$D/out"
}

test_takes_part_in_a_recorded_negotiation() {
	serve send:fffb25fffb26fffd18fffd20fffd23fffd27fffd24 \
		expect:fe25fffe26fffc18fffc20fffc23fffc27fffc24 \
		send:fffb03fffd01fffd22fffd1ffffb05fffd21 \
		expect:fffd03fffc01fffc22fffc1ffffe05fffc21 \
		send:fffb01fffd06fffd0000 expect:fffd01fffc06fffb00
	piped
	assertEquals 0 "$rc"
	assertFalse "no data" "[ -s '$D/out' ]"
}

test_names_its_terminal_when_told_to() {
	serve send:fffd18 expect:fffb18 send:fffa1801fff0fffa1801fff0 \
		expect:fffa180078fff0fffa180078fff0 send:fffe18 expect:fffc18 \
		send:fffa1801fff0fffd63 expect:fffc63
	piped --term=x
	is=fffa180078fff0
	assertEquals "silent when it is off again" \
		"fffb18$is${is}fffc18fffc63" "$(got)"
}

test_keeps_its_terminal_and_environment_to_itself() {
	serve send:fffd18fffa1801fff0fffd27fffa2701fff0fffd24fffa2401fff0 \
		expect:fffc24
	USER=somebody piped
	assertEquals fffc18fffc27fffc24 "$(got)"
}

test_asks_first_only_when_told_to() {
	serve send:6869 go:sent
	piped
	assertFalse "silent" "[ -s '$D/peer/got' ]"
	serve expect:fffd03fffb1876
	{ printf v; await "$D/peer/done"; } |
		timeout 20 "$SOCKT" telnet -n --term=x 127.0.0.1 "$port" >"$D/out"
	assertEquals fffd03fffb1876 "$(got)"
}

test_asks_first_on_port_23() {
	unshare -rn true 2>/dev/null || { skip "no network namespaces"; return; }
	rm -rf "$D/peer"
	mkdir "$D/peer"
	export D SOCKT
	# shellcheck disable=SC2016
	timeout 20 unshare -rn sh -c 'ip link set lo up
		PEER_PORT=23 python3 peers/telnet_peer.py "$D/peer" \
			expect:fffd03 &
		until [ -s "$D/peer/port" ]; do :; done
		mkfifo "$D/peer/in"
		"$SOCKT" telnet 127.0.0.1 <"$D/peer/in" &
		exec 3>"$D/peer/in"
		until [ -s "$D/peer/done" ]; do :; done
		exec 3>&-
		wait'
	assertEquals fffd03 "$(got)"
}

# --- data ---

test_takes_telnet_out_of_what_it_receives() {
	serve send:61fff162fff663ff0164fff965ffff0066 send:0d0a7a0d0a \
		send:fffa1801fff164fffafff065fffa56fff066 end
	piped
	bytes 'abcde\377f\r\nz\r\ndef'
	assertBytes data "$D/want" "$D/out"
	assertEquals 0 "$rc"
}

test_never_shows_a_long_subnegotiation() {
	serve send:61fffac9 fill:102400 send:fff07a end
	piped -v
	bytes az
	assertBytes data "$D/want" "$D/out"
	assertContains "$(cat "$D/err")" "longer than 64 KiB"
}

test_warns_of_a_subnegotiation_without_its_end() {
	serve send:fffa1801fff1 end
	piped -v
	assertContains "$(cat "$D/err")" \
		"a subnegotiation of TERMINAL-TYPE ends without SE"
}

test_keeps_urgent_bytes_in_their_place() {
	serve send:6b urgent:fff2 send:6b657074 end
	piped
	bytes kkept
	assertBytes data "$D/want" "$D/out"
}

test_sends_text_as_telnet_wants_it() {
	serve eof end
	printf 'a\nb\r\nc\rd\377\003\004\r' |
		timeout 20 "$SOCKT" telnet 127.0.0.1 "$port" >"$D/out"
	assertEquals 610d0a620d0a630d0064ffff03040d00 "$(got)"
}

test_sends_bytes_as_they_are_in_BINARY() {
	serve send:fffd00 expect:fffb00 go:agreed eof end
	{ await "$D/peer/agreed"; printf 'a\nb\r\0\377'; } |
		timeout 20 "$SOCKT" telnet 127.0.0.1 "$port" >"$D/out"
	assertEquals fffb00610a620d00ffff "$(got)"
}

test_passes_NUL_only_in_BINARY() {
	serve send:6100620d00 send:fffb00 expect:fffd00 send:6300640d00 end
	piped
	bytes 'ab\rc\0d\r\0'
	assertBytes data "$D/want" "$D/out"
}

test_raw_is_exact_both_ways() {
	serve expect:610affff send:fffd0162ffff00 eof end
	{ printf 'a\n\377\377'; await "$D/peer/got"; } |
		timeout 20 "$SOCKT" telnet --raw 127.0.0.1 "$port" >"$D/out"
	bytes '\377\375\001b\377\377\0'
	assertBytes received "$D/want" "$D/out"
	assertContains "$(got)" 610affff
}

test_waits_for_the_answer_after_the_end_of_input() {
	serve eof send:616e737765720d0a end
	printf 'GET / HTTP/1.0\n\n' |
		timeout 20 "$SOCKT" telnet 127.0.0.1 "$port" >"$D/out"
	assertEquals 0 $?
	bytes 'answer\r\n'
	assertBytes answer "$D/want" "$D/out"
}

test_carries_ten_megabytes_both_ways_at_once() {
	head -c 7500000 /dev/urandom | base64 >"$D/big"
	# shellcheck disable=SC2217
	bg "$SOCKT" listen --raw --local 0 --port-file "$D/lport" \
		<"$D/big" >"$D/copy"
	await "$D/lport"
	timeout 20 "$SOCKT" telnet 127.0.0.1 "$(cat "$D/lport")" \
		<"$D/big" >"$D/back"
	assertEquals 0 $?
	await_end $!
	tr -d '\r' <"$D/copy" >"$D/there"
	assertTrue "there" "cmp -s '$D/big' '$D/there'"
	assertTrue "and back" "cmp -s '$D/big' '$D/back'"
}

# --- ends ---

test_says_what_went_wrong_in_its_status() {
	port=$(free_port)
	run "$SOCKT" telnet 127.0.0.1 "$port"
	assertEquals refused 4 "$rc"
	serve send:61fffa18 end
	piped
	assertEquals "inside a command" 9 "$rc"
	serve send:fffd63 expect:fffc63 reset
	piped
	assertEquals reset 9 "$rc"
	assertContains "$(cat "$D/err")" ECONNRESET
	serve await:never
	idle "$SOCKT" telnet --idle-timeout=100ms 127.0.0.1 "$port"
	assertEquals idle 5 "$rc"
}

test_wants_a_host_without_a_terminal() {
	run "$SOCKT" telnet </dev/null
	assertEquals 2 "$rc"
	assertContains "$(cat "$D/err")" "no host given"
}

test_refuses_a_strange_terminal_or_escape() {
	run "$SOCKT" telnet --term='a b' localhost
	assertEquals 2 "$rc"
	run "$SOCKT" telnet --escape=abc localhost
	assertEquals 2 "$rc"
	assertContains "$(cat "$D/err")" "--escape: 'abc' is neither"
}

test_ends_quietly_when_nobody_reads_its_output() {
	serve fill:300000 await:never
	# shellcheck disable=SC2016
	idle sh -c '{ "$0" telnet 127.0.0.1 "$1" 3>&-; echo $? >&3; } |
		head -c 5' "$SOCKT" "$port" 3>"$D/rc"
	assertEquals 141 "$(cat "$D/rc")"
	assertFalse "no message: $(cat "$D/err")" "[ -s '$D/err' ]"
}

# --- the view and the events ---

test_shows_what_is_negotiated() {
	serve send:"$CHARS"fffd18fffd63 expect:"$YES"fffc18fffc63 send:6869210d0a end
	piped --text -v --time=none
	grep -E '(←|→)' "$D/out" >"$D/plain"
	cat >"$D/want" <<-'END'
	← * telnet  WILL ECHO          server offers: it will echo what you type
	→ * telnet  DO ECHO            accepted
	← * telnet  WILL SUPPRESS-GO-AHEAD   server offers: talk at any time
	→ * telnet  DO SUPPRESS-GO-AHEAD
	← * telnet  DO TERMINAL-TYPE → WONT (not sent; --term to allow)
	← * telnet  DO 99 → WONT (no option that we know)
	← hi!
	END
	assertEquals "$(cat "$D/want")" "$(cat "$D/plain")"
}

test_shows_no_negotiation_without_v() {
	serve send:"$CHARS"6869210d0a end
	piped --text --time=none
	assertNotContains "$(cat "$D/out")" telnet
	assertContains "$(cat "$D/out")" "← hi!"
}

test_makes_received_text_safe_in_the_view() {
	serve send:1b5d303b740761c29b0d0a end
	piped --text
	grep -qF -e '← \e]0;t\x07a\xc2\x9b' "$D/out"
	assertTrue "escaped" $?
}

test_tells_negotiation_as_events() {
	serve send:fffb01fffd63fffa18aafff06869 end
	piped --json
	jq -c 'select(.ev=="telnet")|[.dir,.cmd,.opt,.opt_name,.answer,.data_b64]' \
		"$D/out" >"$D/events"
	cat >"$D/want" <<-'END'
	["in","WILL",1,"ECHO",null,null]
	["out","DO",1,"ECHO",null,null]
	["in","DO",99,"99","WONT",null]
	["out","WONT",99,"99",null,null]
	["in","SB",24,"TERMINAL-TYPE",null,"qg=="]
	END
	assertEquals "$(cat "$D/want")" "$(cat "$D/events")"
	assertEquals '"hi"' "$(jq -c 'select(.ev=="received")|.text' "$D/out")"
}

# --- on a terminal, line by line ---

test_line_mode_sends_lines() {
	screen 80 24
	serve send:4e616d653a20 expect:626f620d0a send:68656c6c6f0d0a eof end
	dial
	await_screen 'Name:'
	keys bob Enter
	await_screen hello
	assertContains "$(shown)" '* mode      line mode; Ctrl-] for commands'
	assertContains "the typed line became an event" \
		"$(shown)" "
← Name: \\
→ bob
← hello"
	keys C-d
	left
	assertEquals 0 "$rc"
	assertEquals 626f620d0a "$(got)"
}

test_ctrl_c_in_line_mode_interrupts_the_server_and_loses_no_output() {
	screen 80 24
	serve send:3e20 expect:fff4 send:6e6f770d0a await:later send:6c617465720d0a end
	dial
	await_screen 'line mode'
	keys 'some text' C-c
	await_screen '← now'
	: >"$D/peer/later"
	await_screen '← later'
	left
	assertContains "each on its line" "$(shown)" "
← > \\
← now
← later"
	assertEquals 0 "$rc"
	assertEquals fff4 "$(got)"
}

test_a_password_is_not_shown() {
	screen 80 24
	serve send:fffb0150617373776f72643a20 expect:fffd017365637265740d0a \
		send:fffc010d0a6f6b0d0a expect:fffe01 await:more end
	dial
	await_screen 'what you type is not shown'
	keys secret Enter
	await_screen '← ok'
	assertNotContains "$(shown)" secret
	: >"$D/peer/more"
	left
}

# --- and key by key ---

test_character_mode_sends_keys_as_they_are() {
	screen 80 24
	serve send:"$CHARS"24 expect:"$YES" expect:61620d0003 \
		send:fffd00 expect:fffb00 expect:0d end
	dial
	await_screen 'character mode'
	keys ab Enter C-c
	await_text "$D/peer/got" fffb00
	keys Enter
	left
	assertEquals 0 "$rc"
	assertNotContains "no local echo" "$(shown)" ab
}

test_ends_on_a_line_of_its_own() {
	screen 80 24
	serve send:"$CHARS"1b5b33316d726564 expect:"$YES" end
	dial
	left
	assertContains "$(shown)" "
red
* half      server finished sending (FIN); we may still send"
}

test_keeps_the_terminal_from_acting_and_typing() {
	screen 80 24
	tm select-pane -T untouched
	serve send:"$CHARS" expect:"$YES" \
		send:1b5d323b6f776e656407611b5b366e621b5b63631b5b3f3130303068640d0a \
		send:646f6e65 await:seen end
	dial
	await_screen 'abcd'
	await_screen 'done'
	assertEquals untouched "$(tm display-message -p '#{pane_title}')"
	assertEquals 0 "$(tm display-message -p '#{mouse_any_flag}')"
	: >"$D/peer/seen"
	left
	assertEquals "nothing was typed for us" "$YES" "$(got)"
}

test_raw_lets_everything_reach_the_terminal() {
	screen 80 24
	serve send:"$CHARS" expect:"$YES" send:1b5d323b6f776e656407646f6e65 \
		await:seen end
	dial --raw
	await_screen 'done'
	assertEquals owned "$(tm display-message -p '#{pane_title}')"
	: >"$D/peer/seen"
	left
}

test_puts_back_what_a_program_changed() {
	screen 80 24
	keys 'echo before' Enter
	serve send:"$CHARS" expect:"$YES" \
		send:1b5b3f31303439681b5b3f31681b5b3f32356c66756c6c await:seen reset
	dial
	await_screen full
	assertEquals 1 "$(tm display-message -p '#{alternate_on}')"
	: >"$D/peer/seen"
	left
	assertEquals 9 "$rc"
	assertEquals "0 0 1" "$(tm display-message -p \
		'#{alternate_on} #{keypad_cursor_flag} #{cursor_flag}')"
}

test_tells_its_window_and_each_change() {
	screen 255 50
	serve send:"$CHARS"fffd1f expect:fffb1ffffa1f00ffff0032fff0 \
		expect:fffa1f00640028fff0 send:fffe1f expect:fffc1f await:more end
	dial -v
	await_screen 'WILL NAWS, SB NAWS 255 50'
	tm resize-window -x 100 -y 40
	await_screen 'SB NAWS            100 40'
	await_screen 'server wants it off'
	tm resize-window -x 90 -y 30
	: >"$D/peer/more"
	left
	assertNotContains "silent when it is off" "$(got)" 005a
}

# --- the escape key ---

test_the_escape_key_has_commands() {
	screen 80 24
	serve send:"$CHARS" expect:"$YES" expect:fff6 send:5b5965735d0d0a \
		expect:fff3fff1 eof end
	dial
	await_screen 'character mode'
	keys C-]
	await_screen 'telnet>'
	keys status Enter
	await_screen 'ECHO                 off                  on'
	keys nonsense Enter
	await_screen "no command 'nonsense'"
	keys help Enter
	await_screen 'leave at once'
	keys send Enter
	await_screen 'are you there?'
	keys 'send ayt' Enter
	await_screen '[Yes]'
	keys C-]
	until_ok at_prompt
	keys 'send brk nop' Enter
	until_ok has_got fff3fff1
	keys C-]
	until_ok at_prompt
	keys close Enter
	left
	assertEquals 0 "$rc"
	assertContains "$(shown)" 'by us first'
}

# Nobody there speaks telnet: a shell on a terminal, by socat and by us.
test_a_shell_takes_each_key_if_asked_for() {
	screen 80 24
	for server in socat ours; do
		case $server in
		socat)	port=$(free_port)
			bg env PS1='AT> ' socat "TCP-LISTEN:$port,bind=127.0.0.1" \
			    "EXEC:sh -i,pty,stderr,setsid,ctty" </dev/null
			until_ok bound "$port" ;;
		ours)	rm -f "$D/port"
			bg env PS1='AT> ' "$SOCKT" listen --pty -e 'sh -i' \
			    --port-file "$D/port" 127.0.0.1 0 </dev/null \
			    >"$D/out" 2>&1
			await "$D/port" && port=$(cat "$D/port") ;;
		esac
		dial --mode=character
		await_screen 'character mode'
		await_screen 'AT>'
		keys 'echo one$((1))'
		await_screen 'AT> echo one$((1))'
		keys Enter
		await_screen one1
		keys C-]
		until_ok at_prompt
		keys 'mode neither' Enter
		await_screen "it is 'mode line'"
		keys 'mode line' Enter
		await_screen 'line mode'
		keys 'echo two$((2)); exit' Enter
		await_screen two2
		left
		assertEquals "$server" 0 "$rc"
	done
}
bound() { [ -n "$(ss -ltnH "sport = :$1")" ]; }

test_lines_stay_lines_if_asked_for() {
	screen 80 24
	serve send:"$CHARS" expect:"$YES" expect:610d0a eof end
	dial --mode=line
	until_ok has_got "$YES"
	await_screen 'not shown'
	keys a Enter
	until_ok has_got "${YES}610d0a"
	keys C-d
	left
	assertEquals 0 "$rc"
}

test_the_escape_key_twice_sends_itself() {
	screen 80 24
	serve send:"$CHARS" expect:"$YES" expect:1d expect:1d61 await:more end
	dial
	await_screen 'character mode'
	keys C-]
	await_screen 'telnet>'
	keys C-]
	await_text "$D/peer/got" 1d
	keys C-] C-] a
	await_text "$D/peer/got" 1d61
	: >"$D/peer/more"
	left
	assertEquals "${YES}1d1d61" "$(got)"
}

test_the_escape_key_works_in_line_mode_and_quits() {
	screen 80 24
	serve await:never
	dial
	await_screen 'line mode'
	keys C-]
	await_screen 'telnet>'
	keys C-c
	keys C-]
	keys quit Enter
	left
	assertEquals 0 "$rc"
}

test_sends_a_synch_as_urgent_data() {
	screen 80 24
	serve expect:fff4ff urgency:f2 go:urgent eof end
	dial -v
	await_screen 'line mode'
	keys C-]
	await_screen 'telnet>'
	keys 'send ip synch' Enter
	await "$D/peer/urgent"
	await_screen '→ * telnet  DM                 SYNCH'
	keys C-d
	left
	assertEquals 0 "$rc"
}

test_another_escape_key_or_none() {
	screen 80 24
	serve send:"$CHARS" expect:"$YES" expect:1d await:never
	dial -e ^T
	await_screen 'Ctrl-T for commands'
	keys C-]
	await_text "$D/peer/got" 1d
	keys C-t
	await_screen 'telnet>'
	keys quit Enter
	left
	serve send:"$CHARS" expect:"$YES" expect:1d14 end
	dial -e none
	await_screen 'character mode'
	keys C-] C-t
	left
}

test_asks_for_the_host_at_a_terminal() {
	screen 80 24
	serve send:68656c6c6f0d0a end
	type_command "'$SOCKT' telnet"
	await_screen 'telnet>'
	keys nonsense Enter
	await_screen 'open HOST [PORT]'
	keys "open 127.0.0.1 $port" Enter
	await_screen hello
	left
	assertEquals 0 "$rc"
}

# --- the terminal comes back ---

test_every_signal_leaves_the_terminal_as_it_was() {
	screen 80 24
	for s in TERM:143 HUP:129 INT:130 QUIT:131 SEGV:139 ABRT:134 BUS:135 \
		FPE:136; do
		mark="there for ${s%:*}"
		serve send:"$CHARS$(printf '%s' "$mark" | od -An -v -tx1 |
			tr -d ' \n')" expect:"$YES" await:never
		dial
		await_screen "$mark"
		until_ok sockt_pid && kill -s "${s%:*}" "$pid"
		left
		assertEquals "$s" "${s#*:}" "$rc"
	done
}

test_stopped_it_leaves_the_terminal_and_goes_on_as_before() {
	screen 80 24
	serve send:"$CHARS"fffd1f expect:fff0 expect:fffa1f00500018fff0 \
		send:61676169 expect:7a expect:fffa1f00500018fff0 expect:79 \
		await:more end
	dial
	await_screen 'character mode'
	until_ok sockt_pid && kill -s TSTP "$pid"
	until_ok is_stopped
	keys "stty -g >$D/stopped" Enter
	await "$D/stopped"
	assertBytes "while it is stopped" "$D/before" "$D/stopped"
	keys 'fg' Enter
	await_screen agai
	keys z
	await_text "$D/peer/got" 7a
	keys C-]
	await_screen 'telnet>'
	keys z Enter
	until_ok is_stopped
	keys fg Enter
	until_ok grep -q "500018fff0$" "$D/peer/got"
	keys y
	await_text "$D/peer/got" 79
	: >"$D/peer/more"
	left
}

# --- the servers that people run ---

# a shell behind a real telnet server, on the screen
# shellcheck disable=SC2016
use_shell() {
	dial -v
	await_screen 'character mode'
	keys 'PS1=\>; stty size; echo answer=$((6*7))' Enter
	await_screen 'answer=42'
	assertContains "$(shown)" '24 80'
	tm resize-window -x 100 -y 30
	await_screen 'SB NAWS            100 30'
	keys 'clear; stty size' Enter
	await_screen '30 100'
	keys C-]
	await_screen 'telnet>'
	keys status Enter
	await_screen 'NAWS                 on'
	keys Enter 'echo still=$((6*7))' Enter
	await_screen 'still=42'
	keys C-]
	keys quit Enter
	left
	assertEquals 0 "$rc"
}

# not as root, if we are
nobody=
[ "$(id -u)" -ne 0 ] ||
	nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'

listens() { "$SOCKT" port-check -q 127.0.0.1 "$port" >/dev/null; }

test_logs_in_to_inetutils_telnetd() {
	[ -x /usr/sbin/telnetd ] || { skip "no telnetd"; return; }
	port=$(free_port)
	# shellcheck disable=SC2086
	bg $nobody socat "TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork" \
		"EXEC:/usr/sbin/telnetd -h -E /bin/sh,nofork"
	until_ok listens
	screen 80 24
	use_shell
	assertContains "$(shown)" 'TERMINAL-TYPE'
}

test_logs_in_to_busybox_telnetd() {
	busybox telnetd --help >/dev/null 2>&1 || { skip "no telnetd"; return; }
	port=$(free_port)
	# shellcheck disable=SC2086
	bg $nobody busybox telnetd -F -b "127.0.0.1:$port" -l /bin/sh
	until_ok listens
	screen 80 24
	use_shell
}

. "$SHUNIT2"
