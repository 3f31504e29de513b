#!/bin/sh
# The line editor: typing while something comes in, on a terminal (tmux).
# shellcheck disable=SC2154,SC2034,SC2016
. ./lib.sh
. ./screen.sh

# serve - a server for one client: what say TEXT says goes to it, what it sent
# gathers in $D/got
serve() {
	rm -f "$D/port" "$D/got" "$D/say"
	mkfifo "$D/say"
	exec 7<>"$D/say"
	bg timeout 100 "$SOCKT" listen --local --port-file "$D/port" 0 \
		<"$D/say" >"$D/got" 2>/dev/null 7>&-
	await "$D/port" && port=$(cat "$D/port")
}
say() { printf '%b' "$1" >&7; }

# dial - sockt connect to the server, on the screen
dial() {
	type_command "'$SOCKT' --time=none connect 127.0.0.1 $port"
	await_screen '* connect'
	until_ok last_is ">"
}
# what stands in the last line of the screen that is not empty
last_is() { [ "$(tm capture-pane -p | grep -v '^$' | tail -n 1)" = "$1" ]; }
last_ends() {
	case $(tm capture-pane -p | grep -v '^$' | tail -n 1) in
	*"$1") ;;
	*) false ;;
	esac
}
await_got() { until_ok grep -qFx -e "$1" "$D/got"; }
# status N - it ends with that one, and the terminal is as it was
interrupted() { keys C-c; left; assertEquals 'after Ctrl-C' 130 "$rc"; }
# assertScreen TEXT - it stands there, over several lines
assertScreen() { assertContains "$1" "$(shown)" "
$1"; }
setUp() { rm -rf "${D:?}"/*; }

# --- what is typed, and what comes in meanwhile ---

test_what_comes_in_appears_above_the_line_that_is_typed() {
	screen 80 24
	serve
	dial
	keys 'hello wor'
	until_ok last_is '> hello wor'
	say 'from the server\n'
	await_screen '← from the server'
	until_ok last_is '> hello wor'
	keys ld Enter
	await_got 'hello world'
	await_screen '→ hello world'
	assertScreen '← from the server
→ hello world
>'
	assertEquals "the line stands there once" 1 \
		"$(shown | grep -c 'hello world')"
	interrupted
}

test_five_thousand_lines_leave_a_half_typed_line_alone() {
	screen 80 24
	serve
	dial
	keys 'half a li'
	until_ok last_is '> half a li'
	seq -f 'line %g' 5000 >&7
	await_screen '← line 5000'
	until_ok last_is '> half a li'
	tm capture-pane -p -S -6000 | grep '^← line' >"$D/lines"
	seq -f '← line %g' 5000 | tail -n "$(wc -l <"$D/lines")" >"$D/want"
	assertTrue "many are there" "[ $(wc -l <"$D/lines") -gt 1000 ]"
	assertBytes "each whole, in order" "$D/want" "$D/lines"
	keys ne Enter
	await_got 'half a line'
	interrupted
}

test_a_line_wrapped_over_rows_stays_whole() {
	screen 40 24
	serve
	dial
	long=$(seq -s ' ' 50)
	keys -l "$long"
	until_ok last_ends " 49 50"
	keys C-a
	say 'one\ntwo\n'
	await_screen '← two'
	until_ok last_ends " 49 50"
	assertEquals 'drawn once' 1 "$(shown | grep -c '^> 1 2 3')"
	keys Enter
	await_got "$long"
	interrupted
}

test_wide_and_combining_characters_are_kept() {
	screen 40 24
	serve
	dial
	keys -l '日本語テキスト e'
	until_ok last_is '> 日本語テキスト e'
	say '漢字が来た\n'
	await_screen '← 漢字が来た'
	until_ok last_is '> 日本語テキスト e'
	keys Left Left Left BSpace Enter
	await_got '日本語テキト e'
	await_screen '→ 日本語テキト e'
	interrupted
}

test_bytes_that_are_no_characters_are_sent_as_they_are() {
	screen 80 24
	serve
	dial
	keys -H 61 c3 28 ff 62 0d
	until_ok has_line "$D/got"
	printf 'a\303(\377b\n' >"$D/want"
	assertBytes sent "$D/want" "$D/got"
	interrupted
}

test_a_chunk_without_line_end_does_not_stand_before_the_prompt() {
	screen 80 24
	serve
	dial
	keys typ
	say 'Name: '
	await_screen '← Name: \'
	until_ok last_is '> typ'
	say 'and more\n'
	await_screen '← and more'
	until_ok last_is '> typ'
	interrupted
}

test_what_is_pasted_arrives_whole() {
	screen 80 24
	serve
	dial
	seq -f 'pasted line %g' 300 >"$D/want"
	tm load-buffer "$D/want"
	tm paste-buffer
	await_got 'pasted line 300'
	assertBytes pasted "$D/want" "$D/got"
	await_screen '→ pasted line 300'
	until_ok last_is '>'
	interrupted
}

# --- keys ---

test_keys_edit_the_line_and_go_back_in_history() {
	screen 80 24
	serve
	dial
	keys 'world' C-a 'hello ' C-e '!' Enter
	await_got 'hello world!'
	keys 'second' Enter
	await_got second
	keys Up Up BSpace Enter
	await_got 'hello world'
	keys C-r hello C-r Enter
	keys C-u 'a	tab' Enter
	await_got 'a	tab'
	interrupted
}

test_vi_keys_are_there_for_who_wants_them() {
	screen 80 24
	serve
	echo 'bind -v' >"$D/editrc"
	keys "export EDITRC='$D/editrc'" Enter
	dial
	keys 'hello world' Escape
	say 'meanwhile\n'
	await_screen '← meanwhile'
	until_ok last_is '> hello world'
	keys 0 x A '!' Enter
	await_got 'ello world!'
	keys 'dropped' Escape d d i next Enter
	await_got next
	interrupted
	assertNotContains "$(cat "$D/got")" dropped
}

test_a_lone_escape_or_a_search_does_not_hold_up_the_network() {
	screen 80 24
	serve
	dial
	keys abc Escape
	say 'after escape\n'
	await_screen '← after escape'
	keys C-v
	say 'while a key waits\n'
	keys x Enter
	await_screen '← while a key waits'
	await_got abcx
	keys C-v
	until_ok sockt_pid && kill "$pid"
	left
	assertEquals 'ended within a key' 143 "$rc"
}

test_ctrl_d_on_an_empty_line_ends_what_we_send_and_not_more() {
	screen 80 24
	serve
	dial
	keys 'not empty' C-d C-d Enter
	await_got 'not empty'
	keys C-d
	await_screen '* half      we finished sending (FIN); we still receive'
	say 'still here\n'
	await_screen '← still here'
	exec 7>&-
	left
	assertEquals 0 "$rc"
}

test_ctrl_c_takes_the_unfinished_line_away() {
	screen 80 24
	serve
	dial
	keys 'unfinished'
	until_ok last_is '> unfinished'
	interrupted
	assertNotContains "$(shown)" '> unfinished'
	assertContains "$(shown)" '* signal    SIGINT'
	assertEquals 'nothing of it was sent' 0 "$(wc -c <"$D/got")"
}

# --- the terminal ---

test_every_signal_gives_the_terminal_back() {
	screen 80 24
	for s in TERM:143 HUP:129 INT:130 QUIT:131 SEGV:139 ABRT:134 BUS:135; do
		serve
		dial
		keys 'half a line'
		until_ok last_is '> half a line'
		until_ok sockt_pid && kill -s "${s%:*}" "$pid"
		left
		assertEquals "$s" "${s#*:}" "$rc"
		exec 7>&-
	done
}

test_stopped_it_gives_the_terminal_back_and_goes_on_with_the_line() {
	screen 80 24
	serve
	dial
	keys 'half a li'
	until_ok last_is '> half a li'
	until_ok sockt_pid
	keys C-z
	until_ok is_stopped
	keys "stty -g >$D/stopped" Enter
	await "$D/stopped"
	assertBytes 'while it is stopped' "$D/before" "$D/stopped"
	say 'while it slept\n'
	keys fg Enter
	await_screen '← while it slept'
	until_ok last_is '> half a li'
	keys ne Enter
	await_got 'half a line'
	interrupted
}

test_a_window_of_another_size_gets_the_line_drawn_anew() {
	screen 60 24
	serve
	dial
	keys -l "$(seq -s ' ' 30)"
	until_ok last_ends " 29 30"
	tm resize-window -x 40 -y 20
	say 'smaller\n'
	await_screen '← smaller'
	keys Enter
	await_got "$(seq -s ' ' 30)"
	await_screen '30'
	keys ok Enter
	await_screen '→ ok'
	interrupted
}

test_a_dumb_terminal_will_do() {
	screen 80 24
	serve
	keys 'TERM=dumb' Enter
	dial
	keys 'hello wor'
	say 'from the server\n'
	await_screen '← from the server'
	keys ld Enter
	await_got 'hello world'
	await_screen '→ hello world'
	interrupted
}

test_bytes_in_a_pipe_stay_exact_while_lines_are_edited() {
	screen 80 24
	serve
	type_command "'$SOCKT' connect 127.0.0.1 $port >'$D/out'"
	until_ok last_is '>'
	keys 'quesion' Left Left Left t Enter
	await_got question
	say 'answer\001\n\033[1mno line end'
	printf 'answer\001\n\033[1mno line end' >"$D/want"
	until_ok cmp -s "$D/want" "$D/out"
	assertContains 'what was typed stays' "$(shown)" '> question'
	exec 7>&-
	left
	assertEquals 0 "$rc"
	assertBytes 'exact' "$D/want" "$D/out"
}

test_without_a_terminal_nothing_is_loaded() {
	serve
	run strace -f -e trace=openat "$SOCKT" connect 127.0.0.1 "$port" </dev/null
	assertEquals 0 "$(grep -c 'libedit\|edit.so' "$D/err")"
	exec 7>&-
}

test_in_the_background_it_leaves_the_terminal_alone() {
	screen 80 24
	serve
	type_command "'$SOCKT' connect 127.0.0.1 $port >'$D/out' &"
	await_screen "END$ends"
	say 'heard\n'
	until_ok has_line "$D/out"
	keys "kill %1; wait; echo over" Enter
	await_screen over
	left
}

# --- who wants no editor, or has none ---

test_edit_off_leaves_lines_to_the_terminal() {
	screen 80 24
	serve
	echo 'edit off' >"$D/editrc"
	keys "export EDITRC='$D/editrc'" Enter
	type_command "'$SOCKT' --time=none connect 127.0.0.1 $port"
	await_screen '* connect'
	keys 'plain' Enter
	await_got plain
	assertNotContains "$(shown)" '> plain'
	interrupted
}

test_a_missing_module_is_a_note() {
	case $BUILT in *-linked) skip 'it is linked in'; return ;; esac
	mkdir "$D/alone"
	cp "$SOCKT" "$D/alone/sockt"
	screen 80 24
	serve
	type_command "'$D/alone/sockt' --time=none connect 127.0.0.1 $port"
	await_screen '* note      no line editor: the module edit'
	assertContains "$(shown | tr -d '\n')" "apt install libedit-dev"
	keys 'plain' Enter
	await_got plain
	interrupted
}

# --- history ---

test_history_is_kept_for_the_next_time_and_for_nobody_else() {
	screen 80 24
	for line in first second; do
		serve
		dial
		keys "$line line" Enter " $line secret" Enter
		await_got " $line secret"
		interrupted
		exec 7>&-
	done
	file=$XDG_STATE_HOME/sockt/history
	assertEquals 600 "$(stat -c %a "$file")"
	assertEquals 700 "$(stat -c %a "${file%/*}")"
	assertEquals '_HiStOrY_V2_ first\040line second\040line' "$(xargs -d '\n' <"$file")"
	serve
	dial
	keys Up Up Enter
	await_got 'first line'
	interrupted
}

test_two_at_once_do_not_overwrite_each_other() {
	screen 80 24
	serve
	dial
	keys one Enter
	await_got one
	for i in 1 2 3; do
		echo "elsewhere\\0404$i" >>"$XDG_STATE_HOME/sockt/history"
	done
	keys two Enter
	await_got two
	interrupted
	assertEquals 6 "$(wc -l <"$XDG_STATE_HOME/sockt/history")"
}

test_a_history_grown_too_long_is_cut() {
	mkdir -p "$XDG_STATE_HOME/sockt"
	file=$XDG_STATE_HOME/sockt/history
	{ echo _HiStOrY_V2_; seq -f "line\\040%060g" 9000; } >"$file"
	screen 80 24
	serve
	dial
	keys Up
	until_ok last_is "> line $(printf %060d 9000)"
	interrupted
	assertEquals 1001 "$(wc -l <"$file")"
	assertEquals 600 "$(stat -c %a "$file")"
}

test_no_place_for_the_history_is_no_error() {
	screen 80 24
	serve
	keys "export XDG_STATE_HOME=/dev/null" Enter
	dial
	keys one Enter
	await_got one
	keys Up
	until_ok last_is '> one'
	interrupted
}

# --- the other commands ---

# client TEXT OPTION... - says it to $port, and stays; what it gets is in
# $D/heard
client() {
	rm -f "$D/say"
	mkfifo "$D/say"
	exec 7<>"$D/say"
	say "$1"
	shift
	bg timeout 60 "$SOCKT" connect "$@" 127.0.0.1 "$port" <"$D/say" \
		>"$D/heard" 2>/dev/null 7>&-
}

test_listen_edits_lines_for_its_clients() {
	screen 80 24
	type_command "'$SOCKT' --time=none listen --local --port-file '$D/port' 0"
	await "$D/port" && port=$(cat "$D/port")
	until_ok last_is '>'
	keys 'hi the'
	until_ok last_is '> hi the'
	client 'hello\n'
	await_screen '#1 ← hello'
	until_ok last_is '> hi the'
	keys re Enter
	await_screen '#1 → hi there'
	await_text "$D/heard" 'hi there'
	keys '/who' Enter
	await_screen 'hears what you type'
	assertContains 'a command stays' "$(shown)" '> /who'
	keys '/all' Enter '//slash' Enter
	await_screen '#1 → /slash'
	keys C-d
	interrupted
}

test_a_chat_edits_the_lines_of_its_host() {
	screen 80 24
	type_command "'$SOCKT' --time=none listen --chat --local \
--port-file '$D/port' 0"
	await "$D/port" && port=$(cat "$D/port")
	until_ok last_is '>'
	client 'anna\n'
	await_screen 'anna'
	keys 'welcme' Left Left o Enter
	await_text "$D/heard" 'welcome'
	interrupted
}

test_udp_edits_lines_too() {
	screen 80 24
	rm -f "$D/port"
	type_command "'$SOCKT' --time=none listen --udp --local \
--port-file '$D/port' 0"
	await "$D/port" && port=$(cat "$D/port")
	until_ok last_is '>'
	keys 'answ'
	client 'question\n' --udp
	await_screen 'question'
	until_ok last_is '> answ'
	keys er Enter
	await_text "$D/heard" answer
	interrupted
}

test_telnet_edits_lines_but_remembers_no_password() {
	screen 80 24
	mkdir "$D/peer"
	bg python3 peers/telnet_peer.py "$D/peer" expect:626f620d0a \
		send:fffb0150617373776f72643a20 \
		expect:fffd017365637265740d0a send:fffc010d0a6f6b0d0a \
		expect:fffe01 send:6f75747075740d0a await:"$D/peer/more" end
	await "$D/peer/port" && port=$(cat "$D/peer/port")
	type_command "'$SOCKT' --time=none telnet 127.0.0.1 $port"
	until_ok last_is '>'
	keys 'bb' Left o Enter
	await_screen '→ bob'
	await_screen 'what you type is not shown'
	keys secret Enter
	await_screen '← output'
	until_ok last_is '>'
	keys Up
	until_ok last_is '> bob'
	: >"$D/peer/more"
	left
	assertNotContains "$(shown)" secret
	assertEquals '_HiStOrY_V2_ bob' \
		"$(xargs <"$XDG_STATE_HOME/sockt/history")"
}

test_telnet_shows_output_above_a_half_typed_line() {
	screen 80 24
	mkdir "$D/peer"
	bg python3 peers/telnet_peer.py "$D/peer" await:go \
		send:6f75747075740d0a expect:68616c660d0a end
	await "$D/peer/port" && port=$(cat "$D/peer/port")
	type_command "'$SOCKT' --time=none telnet 127.0.0.1 $port"
	until_ok last_is '>'
	keys 'ha'
	until_ok last_is '> ha'
	: >"$D/peer/go"
	await_screen '← output'
	until_ok last_is '> ha'
	keys lf Enter
	left
	assertEquals 0 "$rc"
}

. "$SHUNIT2"
