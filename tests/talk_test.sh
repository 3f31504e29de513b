#!/bin/sh
# shellcheck disable=SC1090,SC1091,SC2154,SC2217
# What is shown of a conversation: safe on a terminal, whole in JSON.
. ./lib.sh

# A title, a clipboard, a question to the terminal, colours, C1, characters
# that reorder, and bytes that overwrite; as tests/peers/tcp_peer.py takes it.
# Amid so many words it counts as text and not as binary.
WORDS='these are plain words, and many of them, so that'
EVIL='\x1b]0;pwned\x07 \x1b]52;c;cHduZWQ=\x07 \x1b[6n \x1b[41m'
EVIL="$EVIL"' \xc2\x9b31m \xe2\x80\xae lone\rcr over\x08\x08\x08\x08'
HOSTILE="$EVIL $WORDS $WORDS $WORDS $WORDS $WORDS $WORDS $WORDS $WORDS"

# peer ACTION... - sets $port
peer() {
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py "$D/port" "$@"
	await "$D/port" && port=$(cat "$D/port")
}

# unescape TEXT - the bytes behind a tcp_peer text
unescape() {
	python3 -c 'import sys
sys.stdout.buffer.write(sys.argv[1].encode().decode("unicode_escape")
    .encode("latin1"))' "$1"
}

# say TEXT - to $port as a client, until it closes
say() {
	unescape "$1" | timeout 10 nc.openbsd -N 127.0.0.1 "$port" >/dev/null
}

# assertTame FILE - of what reached the terminal, only line ends, TAB, our
# own colours, our prompt (taken away again) and characters that can be seen
assertTame() {
	assertTrue "nothing in $1" "[ -s '$1' ]"
	LC_ALL=C sed -e 's/\r$//' -e 's/> \r\x1b\[K//g' \
	    -e 's/\x1b\[\(36\|33\|1;31\|7\|27\|\)m//g' "$1" >"$D/bare"
	LC_ALL=C grep -naP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]' \
		"$D/bare" >"$D/wild"
	assertEquals "reached the terminal: $(od -An -c "$D/wild" | head -5)" \
		0 "$(wc -l <"$D/wild")"
}

# assertShows TEXT - and the reader sees what it was
assertShows() {
	grep -qF -e "$1" "$D/bare" || fail "no $1 in $(cat -v "$D/bare")"
}
TITLE='\e]0;pwned\x07'

# on_port COMMAND - waits for the port of a server that bg or typing started
on_port() { await "$D/port2" && port=$(cat "$D/port2") && rm "$D/port2"; }

# typing COMMAND... - runs it on a terminal of its own, our child $!; what is
# seen gathers in $D/tty, and keys TEXT types
typing() {
	rm -f "$D/keys" "$D/tty"
	mkfifo "$D/keys"
	exec 8<>"$D/keys"
	bg timeout -k 2 20 script -qfec "stty cols 80; $*" "$D/tty" \
		<"$D/keys" >/dev/null 2>&1 8>&-
}
keys() { printf '%b' "$1" >&8; }

### nothing raw

test_connect_is_safe_on_a_terminal() {
	peer "send:$HOSTILE\n" close
	terminal "$SOCKT connect 127.0.0.1 $port"
	assertTame "$D/tty"
	assertShows "$TITLE"
}

test_connect_is_safe_as_text_in_a_pipe() {
	peer "send:$HOSTILE" "send:\x1b" "send:]2;x\x1b\\\\\n" close
	run "$SOCKT" --text --color=always connect 127.0.0.1 "$port"
	assertTame "$D/out"
	assertShows "$TITLE"
}

test_connect_is_exact_in_a_pipe() {
	peer "send:$HOSTILE\n" close
	unescape "$HOSTILE\n" >"$D/want"
	run "$SOCKT" connect 127.0.0.1 "$port"
	assertBytes "received" "$D/want" "$D/out"
}

test_listen_is_safe_on_a_terminal() {
	typing "$SOCKT" listen --local 0 --port-file "$D/port2"
	us=$!
	on_port
	say "$HOSTILE\n"
	await_text "$D/tty" "* closed"
	keys '\003'
	await_end "$us"
	exec 8>&-
	assertTame "$D/tty"
	assertShows "$TITLE"
	assertShows "#1 ← $TITLE"
}

test_http_get_is_safe_on_a_terminal() {
	peer "read:16" "send:HTTP/1.1 200 \xc2\x9bOK\r\nX: \xe2\x80\xae\r\nContent-Length: 900\r\n\r\n$HOSTILE" close
	terminal "$SOCKT http-get http://127.0.0.1:$port/"
	assertTame "$D/tty"
	assertShows "$TITLE"
	assertShows '← X: \xe2\x80\xae'
}

test_http_get_is_safe_when_it_refuses_the_head() {
	peer "read:16" "send:HTTP/1.1 200 $HOSTILE\r\nX: $HOSTILE\r\n\r\n" close
	terminal "$SOCKT http-get http://127.0.0.1:$port/"
	assertTame "$D/tty"
}

test_http_get_is_safe_when_the_answer_is_not_http() {
	peer "read:16" "send:$HOSTILE\r\n$HOSTILE\r\n\r\n" close
	terminal "$SOCKT http-get http://127.0.0.1:$port/"
	assertTame "$D/tty"
}

# serving ARGUMENT... - serve-static on a terminal, $port; stop it with stop
serving() {
	typing "$SOCKT" serve-static --port-file "$D/port2" "$@"
	us=$!
	on_port
}

stop() {
	keys '\003'
	await_end "$us"
	exec 8>&-
}

test_serve_static_is_safe_on_a_terminal() {
	name=$(unescape "$EVIL")
	mkdir -p "$D/site"
	echo hi >"$D/site/$name"
	path=$(python3 -c 'import sys, urllib.parse
print(urllib.parse.quote(sys.argv[1], errors="surrogateescape"))' "$name")
	serving "$D/site" 0
	say "GET /$HOSTILE HTTP/1.1\r\nHost: x\r\n\r\n"
	say "GET /$path HTTP/1.0\r\nUser-Agent: \xc2\x9b\xe2\x80\xae\r\n\r\n"
	say "GET /no/$path HTTP/1.0\r\n\r\n"
	say "$HOSTILE\r\n\r\n"
	await_text "$D/tty" "! 404"
	stop
	assertTame "$D/tty"
	assertShows "$TITLE"
	assertShows "→ 200 $TITLE"
}

test_serve_static_logs_tamely() {
	bg "$SOCKT" serve-static --port-file "$D/port2" "$D" 0 >"$D/log"
	us=$!
	on_port
	say "GET /$HOSTILE HTTP/1.1\r\nHost: x\r\n\r\n"
	kill -TERM "$us"
	await_end "$us"
	assertTame "$D/log"
}

test_port_check_is_safe_on_a_terminal() {
	peer "send:$HOSTILE\r\n" "await:$D/never"
	terminal "$SOCKT port-check -v 127.0.0.1 $port"
	assertTame "$D/tty"
	assertShows "open"
	peer "send:$HOSTILE\r\n" "await:$D/never"
	terminal "$SOCKT --json port-check 127.0.0.1 $port"
	assertTame "$D/tty"
}

test_operands_are_safe_in_messages() {
	terminal "$SOCKT connect '$(unescape "$HOSTILE")' 1"
	assertTame "$D/tty"
}

test_json_is_safe_on_a_terminal() {
	peer "send:$HOSTILE\x7f\xe2\x81\xa6\n" close
	terminal "$SOCKT --json connect 127.0.0.1 $port"
	assertTame "$D/tty"
	assertShows '\u001b]0;pwned\u0007'
}

# What a real terminal makes of it: its screen, title and answers.
test_a_real_terminal_stays_as_it_is() {
	peer "send:before\n$HOSTILE\x1b[2J\x1b[1;1Hafter\n" "await:$D/go" close
	tmux -L "sockt-$$" -f /dev/null new-session -d -x 80 -y 24 \
		"$SOCKT connect 127.0.0.1 $port; timeout 20 cat"
	until_ok screen_has after
	screen=$(tmux -L "sockt-$$" capture-pane -p)
	title=$(tmux -L "sockt-$$" display-message -p '#{pane_title}')
	touch "$D/go"
	tmux -L "sockt-$$" kill-server
	case $screen in
	*"before"*"]0;pwned"*"[2J"*"after"*) assertTrue 0 ;;
	*) fail "the screen: $screen" ;;
	esac
	assertNotEquals pwned "$title"
}
screen_has() { tmux -L "sockt-$$" capture-pane -p | grep -q "$1"; }

### marks, times, colours

# colored VARIABLE=VALUE... -- ARGUMENT... - of a refusal in a pipe
colored() {
	run env "$@" connect 127.0.0.1 "$closed"
	grep -q "$(printf '\033')" "$D/out"
}

# colored_tty VARIABLE=VALUE... - of the same on a terminal
colored_tty() {
	terminal "env $* $SOCKT connect 127.0.0.1 $closed"
	grep -q "$(printf '\033')" "$D/tty"
}

test_colour_goes_by_the_first_that_speaks() {
	closed=$(free_port)
	assertTrue "terminal" "colored_tty"
	assertFalse "pipe" "colored $SOCKT --text"
	assertTrue "always" "colored $SOCKT --text --color=always"
	assertTrue "option over NO_COLOR" \
		"colored NO_COLOR=1 $SOCKT --text --color=always"
	assertTrue "FORCE_COLOR" "colored FORCE_COLOR=1 $SOCKT --text"
	assertFalse "NO_COLOR over FORCE_COLOR" \
		"colored NO_COLOR=1 FORCE_COLOR=1 $SOCKT --text"
	assertTrue "empty NO_COLOR is none" \
		"colored NO_COLOR= FORCE_COLOR=1 $SOCKT --text"
	assertTrue "FORCE_COLOR over TERM" \
		"colored TERM=dumb FORCE_COLOR=1 $SOCKT --text"
	assertTrue "CLICOLOR_FORCE" "colored CLICOLOR_FORCE=1 $SOCKT --text"
	assertFalse "NO_COLOR" "colored_tty NO_COLOR=1"
	assertFalse "FORCE_COLOR=0" "colored_tty FORCE_COLOR=0"
	assertFalse "dumb" "colored_tty TERM=dumb"
	assertFalse "CLICOLOR=0" "colored_tty CLICOLOR=0"
	assertFalse "never over FORCE_COLOR" \
		"colored FORCE_COLOR=1 $SOCKT --text --color=never"
}

# talk ARGUMENT... - with a peer that says a line, as text without times
talk() {
	peer "send:caf\xc3\xa9\n" "read:3" close
	printf 'hi\n' | run "$@" --text --time=none connect 127.0.0.1 "$port"
}

test_marks_are_arrows_where_the_terminal_has_them() {
	talk "$SOCKT"
	assertTrue "$(cat "$D/out")" "grep -qx '← café' '$D/out'"
	assertTrue "$(cat "$D/out")" "grep -qx '→ hi' '$D/out'"
}

test_marks_are_ascii_in_the_c_locale() {
	talk env LC_ALL=C "$SOCKT"
	assertTrue "$(cat "$D/out")" "grep -qx '< caf\\\\xc3\\\\xa9' '$D/out'"
	assertTrue "$(cat "$D/out")" "grep -qx '> hi' '$D/out'"
	assertFalse "not ASCII" "LC_ALL=C grep -q '[^ -~]' '$D/out'"
}

test_marks_are_words_for_those_who_listen() {
	talk "$SOCKT" --marks=words
	assertTrue "$(cat "$D/out")" "grep -qx 'received: café' '$D/out'"
	assertTrue "$(cat "$D/out")" "grep -qx 'sent: hi' '$D/out'"
	assertTrue "$(cat "$D/out")" \
		"grep -qx 'info: closed by .* first; .*' '$D/out'"
}

test_times_are_relative_or_of_the_day() {
	closed=$(free_port)
	for t in 'rel:[ 0-9]\{3\}\.[0-9]\{4\}' 'delta:[ 0-9]\{3\}\.[0-9]\{4\}' \
	    'wall:[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]\{4\}' 'none:'; do
		run "$SOCKT" --text --time="${t%%:*}" connect 127.0.0.1 "$closed"
		blank=${t#none:}
		assertTrue "$t: $(cat "$D/out")" \
			"grep -q '^${blank:+${t#*:} }! connect' '$D/out'"
	done
}

### JSON

# assertEvents FILE - lines of JSON, numbered from 1, the summary last
assertEvents() {
	assertTrue "not JSON: $(cat "$1")" "jq -e . '$1' >/dev/null"
	assertEquals "a number is missing" true \
		"$(jq -s 'map(.n) == [range(1; length + 1)]' "$1")"
	assertEquals "last" summary "$(tail -n 1 "$1" | jq -r .ev)"
	assertEquals "start" '["start",1,0]' \
		"$(head -n 1 "$1" | jq -c '[.ev, .schema, (.t_ns / 1e9 | floor)]')"
}

# payload EV FILE - exactly the bytes, in one pipe
payload() {
	jq -r "select(.ev==\"$1\")|.b64//(.text|@base64)" "$2" | base64 -d
}

test_json_holds_every_byte_both_ways() {
	{
		head -c 300000 /dev/urandom
		unescape "$HOSTILE"
		seq 50000
		printf 'caf\303\251 \342\202'
	} >"$D/theirs"
	{ seq 30000; head -c 200000 /dev/urandom; } >"$D/ours"
	bg "$SOCKT" listen --local 0 --port-file "$D/port2" \
		<"$D/theirs" >"$D/got"
	on_port
	rc=0
	timeout 20 "$SOCKT" --json connect 127.0.0.1 "$port" \
		<"$D/ours" >"$D/out" || rc=$?
	assertEquals 0 "$rc"
	assertEvents "$D/out"
	payload received "$D/out" >"$D/in.bytes"
	payload sent "$D/out" >"$D/out.bytes"
	assertBytes "received" "$D/theirs" "$D/in.bytes"
	assertBytes "sent" "$D/ours" "$D/out.bytes"
	assertEquals "offsets" true "$(jq -s 'map(select(.ev=="received"))
		| . as $a | all(range(1; length);
		$a[.].off == $a[. - 1].off + $a[. - 1].bytes)' "$D/out")"
	assertEquals "totals" "$(wc -c <"$D/ours") $(wc -c <"$D/theirs")" \
		"$(jq -r 'select(.ev=="closed")|"\(.sent) \(.received)"' \
		"$D/out")"
}

test_json_ends_with_the_summary_after_an_error() {
	closed=$(free_port)
	run "$SOCKT" --json connect 127.0.0.1 "$closed"
	assertEquals 4 "$rc"
	assertEvents "$D/out"
	assertEquals '"ECONNREFUSED"' \
		"$(jq -c 'select(.ev=="refused")|.errno' "$D/out")"
	assertEquals 4 "$(jq 'select(.ev=="summary")|.exit' "$D/out")"
}

test_json_ends_with_the_summary_after_a_signal() {
	bg "$SOCKT" --json listen --local 0 --port-file "$D/port2" >"$D/out"
	us=$!
	on_port
	await_text "$D/out" '"ev":"listening"'
	kill -INT "$us"
	await_end "$us"
	assertEvents "$D/out"
	assertEquals 130 "$(jq 'select(.ev=="summary")|.exit' "$D/out")"
}

test_json_keys_stand_in_their_order() {
	peer "send:hi\n" close
	run "$SOCKT" --json connect 127.0.0.1 "$port"
	assertEquals \
		'["ev","n","t_ns","wall","conn","local","peer"]' \
		"$(jq -c 'select(.ev=="connected")|keys_unsorted[:7]' \
		"$D/out")"
	assertEquals '["ev","n","t_ns","wall","conn","bytes","off","text"]' \
		"$(jq -c 'select(.ev=="received")|keys_unsorted' "$D/out")"
	assertEquals "$port" \
		"$(jq 'select(.ev=="connected")|.peer.port' "$D/out")"
}

test_a_full_disk_is_told_and_fails() {
	peer "send:hi\n" close
	timeout 10 "$SOCKT" --json connect 127.0.0.1 "$port" \
		</dev/null >/dev/full 2>"$D/err"
	assertEquals 11 $?
	assertTrue "$(cat "$D/err")" "grep -q ENOSPC '$D/err'"
}

. "$SHUNIT2"
