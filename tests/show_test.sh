#!/bin/sh
# shellcheck disable=SC1090,SC1091,SC2154
# sockt show: recordings told again. (That every event of every command comes
# back as it was, json_test.sh shows.)
. ./lib.sh
. ./shark.sh

setUp() { rm -rf "${D:?}"/*; }

# talk OPTION... - a conversation in both forms: $D/c.ndjson, $D/c.pcapng
talked() {
	peer read:3 'send:hello\nw\xc3\xb6rld\n\x1b[2J' close
	printf 'hi\n' >"$D/in"
	run "$SOCKT" --text --json-file="$D/c.ndjson" --record="$D/c.pcapng" "$@" \
		connect 127.0.0.1 "$port" <"$D/in"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	mv "$D/out" "$D/live"
}

show() { run "$SOCKT" show "$@"; }

# Times and what was not recorded: the kernel's numbers, and whose FIN it had
# first when both were under way.
plain() { sed 's/^ *[0-9.]* *//; s/#[0-9]* //; s/([0-9.]* [mu]*s)/(T)/
	s/closed  *by .* first/closed/
	s/, [0-9.]* [mu]*s\(, no retransmits\)*$/, T/; s/\([a-z]\)  */\1 /' "$1"; }

### lines of JSON

test_the_text_is_what_it_was() {
	talked --explain
	show --text --explain "$D/c.ndjson"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertBytes 'with sentences' "$D/live" "$D/out"
	talked
	show "$D/c.ndjson"
	assertBytes 'the view even in a pipe' "$D/live" "$D/out"
	"$SOCKT" show - <"$D/c.ndjson" >"$D/out"
	assertBytes 'from a pipe' "$D/live" "$D/out"
}

test_other_views_of_it() {
	talked
	show --hex --time=none "$D/c.ndjson"
	assertTrue "$(cat "$D/out")" "grep -q '68 69 0a  *hi' '$D/out'"
	show --explain "$D/c.ndjson"
	assertTrue 'explained afterwards' "grep -q 'why: .*handshake' '$D/out'"
	show --marks=words "$D/c.ndjson"
	assertTrue "$(cat "$D/out")" "grep -q 'sent: hi' '$D/out'"
	show --raw "$D/c.ndjson"
	printf 'hello\nw\303\266rld\n\033[2J' >"$D/sent"
	assertBytes 'what was received' "$D/sent" "$D/out"
	show --text --json-file="$D/again" "$D/c.ndjson"
	assertBytes 'as JSON beside it' "$D/c.ndjson" "$D/again"
}

test_an_explained_recording_can_be_shown_without() {
	talked --explain
	show "$D/c.ndjson"
	assertFalse "$(cat "$D/out")" "grep -q why: '$D/out'"
	show --json "$D/c.ndjson"
	assertBytes 'JSON keeps them' "$D/c.ndjson" "$D/out"
}

test_it_is_shown_while_it_comes() {
	mkfifo "$D/pipe"
	exec 9<>"$D/pipe"
	bg "$SOCKT" show - <"$D/pipe" >"$D/out" 9>&-
	us=$!
	echo '{"ev":"note","n":1,"t_ns":0,"text":"first"}' >&9
	await_text "$D/out" first
	printf '{"ev":"note","n":2,"t_ns":1,"text":"sec' >&9
	echo 'ond"}' >&9
	await_text "$D/out" second
	exec 9>&-
	await_end "$us"
	assertEquals 0 "$rc"
}

test_part_of_a_recording_will_do() {
	server --json listen -k --local 0 </dev/null
	for i in 1 2; do
		echo "from $i" >"$D/in"
		run "$SOCKT" connect 127.0.0.1 "$port" <"$D/in"
	done
	kill -INT "$us"
	await_end "$us"
	grep '"conn":2' "$D/heard" >"$D/part"
	show "$D/part"
	assertEquals 0 "$rc"
	assertTrue "$(cat "$D/out")" "grep -q '#2 ← from 2' '$D/out'"
	assertFalse "$(cat "$D/out")" "grep -q 'from 1' '$D/out'"
}

test_nothing_in_it_reaches_the_terminal() {
	printf '%s\n' '{"ev":"error","n":1,"t_ns":0,"text":"\u001b]52;c;x\u0007"}' \
		'{"ev":"note","n":2,"t_ns":0,"text":"\u202e\u009b","why":"\u001b[2J"}' \
		'{"ev":"afterlife","n":3,"t_ns":0,"state":"\u001bc"}' \
		'{"ev":"half_closed","n":4,"t_ns":0,"who":"us","how":"\u001bc"}' \
		>"$D/evil"
	show --explain --text "$D/evil"
	assertEquals 0 "$rc"
	assertEquals '' "$(LC_ALL=C tr -d '\n -~' <"$D/out" | od -An -tx1)"
	assertTrue "$(cat "$D/out")" "grep -qF '\\e]52' '$D/out'"
}

test_keys_that_are_not_known_are_passed_over() {
	echo '{"ev":"note","n":1,"t_ns":0,"text":"here","new":[{"a":1}],"x":1.5}' \
		>"$D/new"
	echo '{"ev":"invented","n":2,"t_ns":0}' >>"$D/new"
	show "$D/new"
	assertEquals 0 "$rc"
	assertTrue "$(cat "$D/out")" "grep -q 'note *here' '$D/out'"
	assertEquals "sockt: $D/new: 1 event is of a kind that is not known here" \
		"$(cat "$D/err")"
}

test_what_is_wrong_is_said_with_its_line() {
	good='{"ev":"note","n":1,"t_ns":0,"text":"good"}'
	while IFS='|' read -r line words; do
		printf '%s\n' "$good" "$line" >"$D/bad"
		show "$D/bad"
		assertEquals "$line" 10 "$rc"
		assertEquals "sockt: $D/bad, line 2: $words" "$(cat "$D/err")"
		assertTrue 'what was before is shown' "grep -q good '$D/out'"
	done <<-'EOF'
		{"ev":"closed","sent":"x"}|"sent" is not a whole number
		{"ev":"closed","conn":-1}|"conn" is not in the range of its kind
		{"ev":"closed","conn":4294967296}|"conn" is not in the range of its kind
		{"ev":"closed","peer":{"ip":"x","port":1}}|"peer" is not an address
		{"ev":"closed","peer":{"ip":"::1","port":65536}}|"port" is not in the range of its kind
		{"ev":"received","b64":"a"}|"b64" is not base64
		{"ev":"note","text":"a\u0000b"}|"text" is not a string without NUL
		{"ev":"reset","errno":"ENONE"}|"errno" is not an error's symbol
		{"ev":"note","wall":"today"}|"wall" is not a time
		{"ev":"start","schema":2}|it is of schema 2, and 1 is all that is known here
		{"n":1}|it is no event
		[1]|it is no event
		{"ev":"note","ev":"note"}|it is no JSON: duplicate object key near '"ev"'
	EOF
}

test_a_recording_that_ends_in_the_middle() {
	talked
	head -c 500 "$D/c.ndjson" >"$D/cut"
	show "$D/cut"
	assertEquals 9 "$rc"
	assertEquals "sockt: $D/cut, line $(grep -c . "$D/cut"): it ends in the middle" \
		"$(cat "$D/err")"
	head -c 700 "$D/c.pcapng" >"$D/cut"
	show "$D/cut"
	assertEquals 9 "$rc"
	assertEquals "sockt: $D/cut: it ends in the middle of a packet" \
		"$(cat "$D/err")"
	: >"$D/cut"
	show "$D/cut"
	assertEquals 9 "$rc"
}

test_a_line_of_16_MiB_and_one_that_is_longer() {
	{
		printf '{"ev":"received","n":1,"t_ns":0,"conn":1,"bytes":9,"text":"'
		head -c 16000000 /dev/zero | tr '\0' x
		echo '"}'
	} >"$D/long"
	show "$D/long"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	head -c 18000000 /dev/zero | tr '\0' ' ' >"$D/long"
	show "$D/long"
	assertEquals 10 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'line 1: more than 16 MiB' '$D/err'"
}

test_there_has_to_be_a_file() {
	show "$D/none"
	assertEquals 11 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'none: .*(ENOENT)' '$D/err'"
	show "$D"
	assertEquals 11 "$rc"
	show
	assertEquals 2 "$rc"
	talked
	show --record="$D/x" "$D/c.ndjson"
	assertEquals 2 "$rc"
}

test_a_reader_that_left_ends_it_quietly() {
	talked
	for how in --text --json --raw; do
		{ "$SOCKT" show $how "$D/c.ndjson" 2>"$D/err"; echo $? >"$D/rc"; } |
			true
		assertEquals "$how" '' "$(cat "$D/err")"
	done
	"$SOCKT" show --raw "$D/c.ndjson" >/dev/full 2>"$D/err"
	assertEquals 11 $?
	"$SOCKT" show --text "$D/c.ndjson" >/dev/full 2>"$D/err"
	assertEquals 11 $?
}

### packets

test_packets_tell_the_same_conversation() {
	talked
	show "$D/c.pcapng"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	plain "$D/live" >"$D/a"
	plain "$D/out" >"$D/b"
	assertEquals '' "$(diff "$D/a" "$D/b")"
	show --raw "$D/c.pcapng"
	printf 'hello\nw\303\266rld\n\033[2J' >"$D/sent"
	assertBytes 'what was received' "$D/sent" "$D/out"
}

test_JSON_of_packets_is_valid() {
	talked
	show --json "$D/c.pcapng"
	assertEquals '' "$(python3 peers/json_check.py ../man/sockt.schema.json \
		"$D/out" 2>&1)"
	assertEquals 'start connected sent received closed summary' \
		"$(jq -r .ev "$D/out" | grep -v half | xargs)"
}

test_packets_of_what_failed() {
	none=$(free_port)
	run "$SOCKT" -q --record="$D/c" connect localhost "$none" </dev/null
	show --explain "$D/c"
	assertTrue "$(cat "$D/out")" \
		"grep -q 'connect *127.0.0.1:$none refused (ECONNREFUSED' '$D/out'"
	assertTrue "$(cat "$D/out")" "grep -q 'resolve *localhost is' '$D/out'"
	assertTrue "$(cat "$D/out")" "grep -q 'why: Your SYN reached' '$D/out'"
	peer busy
	run "$SOCKT" -q --record="$D/c" connect --connect-timeout=0.3 127.0.0.1 \
		"$port" </dev/null
	show "$D/c"
	assertTrue "$(cat "$D/out")" "grep -q '! timeout' '$D/out'"
	printf 'x' >"$D/in"
	run "$SOCKT" -q --record="$D/c" connect -u --idle-timeout=1 127.0.0.1 \
		"$none" <"$D/in"
	show "$D/c"
	assertTrue "$(cat "$D/out")" "grep -q '! refused' '$D/out'"
	peer read:1 'send:x' rst
	run "$SOCKT" -q --record="$D/c" connect 127.0.0.1 "$port" <"$D/in"
	show "$D/c"
	assertTrue "$(cat "$D/out")" "grep -q '! reset *by the peer' '$D/out'"
}

test_packets_of_a_Unix_socket_have_its_path() {
	echo hello >"$D/in"
	server --record "$D/l" listen "unix:$D/s: #3" </dev/null
	run "$SOCKT" --record "$D/c" connect "unix:$D/s: #3" <"$D/in"
	await_end "$us"
	show --json "$D/c"
	assertEquals "$D/s: #3" "$(jq -r 'select(.ev=="connected").peer.unix' \
		"$D/out")"
	show --json "$D/l"
	assertEquals "$D/s: #3" "$(jq -r 'select(.ev=="accepted").local.unix' \
		"$D/out")"
}

test_packets_of_a_thousand_clients() {
	server --record "$D/l" --json-file "$D/l.ndjson" listen -k --local \
		--service echo 0
	assertTrue "timeout 60 python3 peers/echo_callers.py $port 1000"
	stop
	show --json "$D/l"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	for f in "$D/out" "$D/l.ndjson"; do
		jq -c 'select(.ev=="sent" or .ev=="received")|[.conn,.ev,.off,.text]' \
			"$f" | sort >"$f.said"
	done
	assertBytes 'all that was said' "$D/l.ndjson.said" "$D/out.said"
}

test_only_our_packets_are_read() {
	talked
	sed 's/sockt 0/other 0/' "$D/c.pcapng" >"$D/other"
	show "$D/other"
	assertEquals 10 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'not a recording of sockt' '$D/err'"
}

. "$SHUNIT2"
