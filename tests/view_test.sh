#!/bin/sh
# shellcheck disable=SC1090,SC1091,SC2154
# What is shown of the payload: hex, line ends, limits; and the events in a
# file beside it.
. ./lib.sh

# peer ACTION... - sets $port
peer() {
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py "$D/port" "$@"
	await "$D/port" && port=$(cat "$D/port")
}

# view OPTION... - of what the peer says; stdin is ours
view() { run "$SOCKT" --text --time=none --marks=ascii connect "$@" 127.0.0.1 "$port"; }

# payload MARK - what was shown behind it
payload() { grep "^$1" "$D/out"; }

### hex

test_hex_has_offset_bytes_and_characters() {
	peer read:6 'send:\x00\x01hi\r\n' close
	printf '\000\001hi\r\n' >"$D/in"
	view -x <"$D/in"
	assertEquals '> 00000000  00 01 68 69 0d 0a                                 ..hi..' \
		"$(payload '>')"
	assertEquals '< 00000000  00 01 68 69 0d 0a                                 ..hi..' \
		"$(payload '<')"
}

test_hex_offsets_go_on_over_chunks() {
	peer 'send:0123456789' "await:$D/go" read:1 'send:abc' close
	printf x >"$D/in"
	bg "$SOCKT" --text --time=none --marks=ascii connect --hex=received \
		127.0.0.1 "$port" <"$D/in" >"$D/out"
	await_text "$D/out" '38 39'
	: >"$D/go"
	await_end $!
	assertEquals '< 00000000  30 31 32 33 34 35 36 37  38 39                    0123456789
< 0000000a  61 62 63                                          abc' \
		"$(payload '<')"
	assertEquals '> x' "$(payload '>' | cut -c1-3)"
}

test_hex_turns_back_into_the_bytes() {
	head -c 3000 /dev/urandom >"$D/in"
	peer read:3000 close
	view --hex=sent <"$D/in"
	payload '>' | cut -c3- | sed 's/  .\{16\}$//; s/^[0-9a-f]*//' |
		python3 -c 'import sys
for l in sys.stdin: sys.stdout.buffer.write(bytes.fromhex(l[:50]))' >"$D/back"
	assertBytes "the bytes" "$D/in" "$D/back"
}

test_hex_is_as_wide_as_asked_for() {
	for width in 8 16 32; do
		peer 'send:0123456789abcdefghijklmnopqrstuvwxyz' close
		view --hex --hex-width=$width </dev/null
		assertEquals "of $width" $(((36 + width - 1) / width)) \
			"$(payload '<' | wc -l)"
	done
}

test_hex_is_as_wide_as_the_terminal() {
	for columns in 60 100 170; do
		peer 'send:0123456789abcdefghijklmnopqrstuvwxyz' close
		terminal "stty cols $columns; $SOCKT --time=none connect -x 127.0.0.1 $port"
		assertEquals "at $columns" "$(case $columns in
			60) echo 5 ;; 100) echo 3 ;; *) echo 2 ;; esac)" \
			"$(grep -c '000000[0-9a-f]0 \|000000[0-9a-f]8 ' "$D/tty")"
	done
}

test_hex_is_for_the_view() {
	run "$SOCKT" connect -x 127.0.0.1 1
	assertEquals 2 "$rc"
	grep -q 'the bytes as they are: add --text' "$D/err" || fail "$(cat "$D/err")"
	run "$SOCKT" --json connect -x 127.0.0.1 1
	assertEquals 2 "$rc"
	run "$SOCKT" connect --hex=all 127.0.0.1 1
	assertEquals 2 "$rc"
}

### line ends

test_every_line_end_is_shown_if_asked_for() {
	peer 'send:one\r\ntwo\nthree\tfour\n' close
	view --ends </dev/null
	assertEquals '< one\r\n
< two\n
< three	four\n' "$(payload '<')"
}

test_http_line_ends_are_shown_if_asked_for() {
	peer 'send:HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n' "drain:$D/asked"
	run "$SOCKT" --text --time=none --marks=ascii --ends http-get 127.0.0.1 "$port" /
	assertEquals '< HTTP/1.1 200 OK\r\n
< Content-Length: 3\r\n
< \r\n
< hi\n' "$(payload '<')"
}

### limits

test_full_cuts_no_line() {
	peer read:1 close
	awk 'BEGIN { while (i++ < 5000) printf "x"; print "" }' >"$D/in"
	view <"$D/in"
	grep -q '+904 B$' "$D/out" || fail "not cut"
	peer read:1 close
	view --full <"$D/in"
	assertEquals 5002 "$(payload '> x' | tr -d '\n' | wc -c)"
}

test_full_leaves_out_no_binary_line() {
	head -c 1600 /dev/zero >"$D/in"
	peer read:1600 close
	view <"$D/in"
	assertEquals 9 "$(payload '>' | wc -l)"
	peer read:1600 close
	view --full <"$D/in"
	assertEquals 100 "$(payload '>' | wc -l)"
}

test_full_shows_a_message_whole() {
	mkdir "$D/site"
	awk 'BEGIN { while (i++ < 20000) print "line " i }' >"$D/site/long"
	bg "$SOCKT" serve-static --port-file "$D/port2" "$D/site" 0
	await "$D/port2" && port=$(cat "$D/port2")
	run "$SOCKT" --text --time=none --marks=ascii http-get 127.0.0.1 "$port" /long
	assertFalse "nothing left out" "grep -q '^< line 20000$' $D/out"
	run "$SOCKT" --text --time=none --marks=ascii --full http-get 127.0.0.1 "$port" /long
	assertEquals 20000 "$(grep -c '^< line ' "$D/out")"
}

### a file beside it

test_json_file_has_every_event_and_stdout_the_bytes() {
	peer 'send:hello\n' read:3 'send:\xff\x00' close
	printf abc >"$D/in"
	run "$SOCKT" connect --json-file "$D/log" 127.0.0.1 "$port" <"$D/in"
	printf 'hello\n\377\000' >"$D/want"
	assertBytes "the bytes" "$D/want" "$D/out"
	jq -r 'select(.ev=="received")|.b64//(.text|@base64)' "$D/log" |
		base64 -d >"$D/back"
	assertBytes "the bytes" "$D/want" "$D/back"
	assertEquals abc "$(jq -rj 'select(.ev=="sent").text' "$D/log")"
	assertEquals summary "$(tail -n 1 "$D/log" | jq -r .ev)"
}

test_json_payload_can_be_base64_or_left_out() {
	for as in b64 none; do
		peer 'send:hello\n' close
		run "$SOCKT" --json --payload=$as connect 127.0.0.1 "$port" </dev/null
		assertEquals "$as" "$(test $as = b64 && echo aGVsbG8K || echo null)" \
			"$(jq -r 'select(.ev=="received").b64' "$D/out")"
		assertEquals "6 null" "$(jq -r 'select(.ev=="received")|"\(.bytes) \(.text)"' "$D/out")"
	done
}

test_json_file_on_a_full_disk_is_told_and_costs_nothing_else() {
	peer 'send:hello\n' close
	run "$SOCKT" -v connect --json-file /dev/full 127.0.0.1 "$port" </dev/null
	assertEquals 11 "$rc"
	assertEquals hello "$(cat "$D/out")"
	assertEquals 1 "$(grep -c 'warning.*/dev/full.*ENOSPC' "$D/err")"
	grep -q '^sockt: /dev/full: .*ENOSPC' "$D/err" || fail "$(cat "$D/err")"
}

test_json_file_that_cannot_be_made_is_told_first() {
	run "$SOCKT" connect --json-file "$D/no/such" 127.0.0.1 1
	assertEquals 11 "$rc"
	grep -q "no/such.*ENOENT" "$D/err" || fail "$(cat "$D/err")"
}

. "$SHUNIT2"
