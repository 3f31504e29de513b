#!/bin/sh
# shellcheck disable=SC1090,SC1091,SC2154
# --record: TLS, and the file itself: live, full, lost.
. ./lib.sh
. ./shark.sh

C=$(mktemp -d)		# certificates; under TMPDIR, which goes
sh peers/tls_certs.sh "$C" || exit 2
unset SSLKEYLOGFILE
export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/nonexistent

setUp() { rm -rf "${D:?}"/*; }

### TLS

# tls OPTION... - a recorded conversation: hello there, hello back
tls() {
	rm -f "$D/port"
	bg python3 peers/tls_peer.py "$D/port" "$C/good.pem" "$C/good.key" \
		read:12 'send:hello back' drain notify
	await "$D/port" && port=$(cat "$D/port")
	run "$SOCKT" --record "$D/c" "$@" connect --tls --ca-file "$C/ca.pem" \
		localhost "$port" <<-'EOF'
			hello there
		EOF
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals 'hello back' "$(cat "$D/out")"
	look "$D/c"
}

# decrypted FILE - what Wireshark reads in it, without settings
decrypted() {
	timeout 60 tshark -r "$1" -n -d "tcp.port==$port,tls" \
		-d "tls.port==$port,data" -Y data -T fields -e data 2>"$D/shark" |
		unhex
}

test_TLS_is_recorded_as_it_passed() {
	tls
	assertFalse 'in plain' "grep -q hello '$D/c'"
	assertEquals 'no secrets' 0 "$(grep -ac TRAFFIC_SECRET "$D/c")"
	timeout 60 tshark -r "$D/c" -n -d "tcp.port==$port,tls" -Y \
		'_ws.malformed || tls.handshake.type == 1' -T fields \
		-e tls.handshake.extensions_server_name >"$D/sni" 2>"$D/shark"
	assertEquals localhost "$(cat "$D/sni")"
}

test_TLS_is_readable_with_its_keys() {
	tls --record-keys
	assertEquals 'hello there
hello back' "$(decrypted "$D/c")"
	mkfifo "$D/in"
	for v in 1.2 1.3; do
		exec 9<>"$D/in"		# our end comes after theirs
		server --record "$D/l" --record-keys listen --local --tls \
			--cert "$C/good.pem" --key "$C/good.key" 0 \
			<"$D/in" 9>&-
		echo "hello $v" | timeout 20 openssl s_client -quiet -no_ign_eof \
			-connect "127.0.0.1:$port" "-tls$(echo $v | tr . _)" \
			>"$D/x" 2>&1 9>&-
		exec 9>&-
		await_end "$us"
		look "$D/l"
		assertEquals "hello $v" "$(decrypted "$D/l")"
	done
}

test_TLS_is_recorded_as_what_it_carries() {
	tls --record-plain
	stream "$D/c"
	assertEquals 'hello there' "$(cat "$D/up")"
	assertEquals 'hello back' "$(cat "$D/down")"
	echo '<h1>hello</h1>' >"$D/index.html"
	server --record "$D/l" --record-plain serve-static --tls \
		--cert "$C/good.pem" --key "$C/good.key" "$D" 0
	run "$SOCKT" http-get --ca-file "$C/ca.pem" "https://localhost:$port/"
	kill -INT "$us"
	await_end "$us"
	look "$D/l"
	assertEquals '<h1>hello</h1>' "$(payload "$port" | tail -n 1)"
	run "$SOCKT" --record "$D/c" --record-plain --record-keys connect \
		localhost 1
	assertEquals 2 "$rc"
	run "$SOCKT" --record-plain connect localhost 1
	assertEquals 2 "$rc"
}

test_a_failed_handshake_is_recorded() {
	peer 'send:HTTP/1.1 400 Bad\r\n\r\n' "await:$D/go" close
	run "$SOCKT" --record "$D/c" --record-keys connect --tls localhost \
		"$port" </dev/null
	assertEquals 8 "$rc"
	look "$D/c"
	assertEquals 'HTTP/1.1 400 Bad' "$(payload "$port" | head -n 1 |
		tr -d '\r')"
}

### the file

test_a_pipe_is_read_live() {
	peer 'send:hello' "await:$D/go" close
	"$SOCKT" --record - connect 127.0.0.1 "$port" </dev/null |
		timeout 20 tshark -l -r - -T fields -e data >"$D/live" \
		2>"$D/shark" &
	reader=$!
	pids="$pids $reader"
	until_ok grep -q 68656c6c6f "$D/live"
	: >"$D/go"
	await_end $reader
	assertEquals "$(cat "$D/shark")" 0 "$rc"
	assertEquals 68656c6c6f "$(tr -d '\n' <"$D/live")"
}

test_stdout_is_for_one_thing() {
	for form in text raw json; do
		run "$SOCKT" --$form --record - connect 127.0.0.1 1
		assertEquals "$form" 2 "$rc"
		assertEquals "sockt connect: --record - and --$form both want \
stdout (try 'sockt help connect')" "$(sed 's/^sockt: /sockt connect: /' "$D/err")"
	done
	terminal "$SOCKT" --record - connect 127.0.0.1 1
	assertEquals 'a terminal' 2 "$rc"
	run "$SOCKT" --record-keys connect 127.0.0.1 1
	assertEquals 2 "$rc"
	assertTrue "$(cat "$D/err")" \
		"grep -q -e '--record-keys is for --record' '$D/err'"
}

# what differs from run to run: ports and times, of one digit or many
untimed() { sed 's/[0-9.]* [mu]*s\>/TIME/g; s/:[0-9]*//g' "$D/err"; }

test_nothing_else_changes() {
	peer 'send:hello\n' "drain:$D/drained" close
	echo x >"$D/in"
	run "$SOCKT" -v --time=none --marks=ascii connect 127.0.0.1 "$port" <"$D/in"
	untimed >"$D/plain"
	peer 'send:hello\n' "drain:$D/drained" close
	run "$SOCKT" -v --time=none --marks=ascii --record "$D/c" connect 127.0.0.1 "$port" \
		<"$D/in"
	assertEquals hello "$(cat "$D/out")"
	untimed >"$D/recorded"
	assertBytes 'the events' "$D/plain" "$D/recorded"
}

test_a_file_is_its_owner_s() {
	run "$SOCKT" --record "$D/c" connect 127.0.0.1 1
	assertEquals 600 "$(stat -c %a "$D/c")"
	run "$SOCKT" --record "$D/none/c" connect 127.0.0.1 1
	assertEquals 11 "$rc"
	assertTrue "$(cat "$D/err")" "grep -qF '$D/none/c' '$D/err'"
}

test_a_full_disk_does_not_end_the_conversation() {
	peer 'send:hello' "drain:$D/drained" close
	head -c 1000000 /dev/urandom >"$D/in"
	run "$SOCKT" --record /dev/full connect 127.0.0.1 "$port" <"$D/in"
	assertEquals 11 "$rc"
	assertEquals hello "$(cat "$D/out")"
	assertEquals 'once' 1 "$(wc -l <"$D/err")"
	assertTrue "$(cat "$D/err")" "grep -q '/dev/full.*ENOSPC' '$D/err'"
}

test_a_reader_that_left_ends_it_quietly() {
	peer 'send:hello' "drain:$D/drained" close
	mkfifo "$D/pipe"
	sh -c 'exec 3<"$1"' sh "$D/pipe" &
	exec 4>"$D/pipe"
	wait $!
	run "$SOCKT" --record - connect 127.0.0.1 "$port" </dev/null 4>&-
	"$SOCKT" --record - connect 127.0.0.1 "$port" >&4 2>"$D/err" </dev/null
	assertEquals 141 $?
	assertEquals '' "$(cat "$D/err")"
	exec 4>&-
}

test_all_sinks_at_once_leave_every_byte() {
	head -c 30000000 /dev/urandom >"$D/in"
	"$SOCKT" -v --json-file "$D/lj" --record "$D/lr" listen 127.0.0.1 0 \
		--port-file "$D/port" <"$D/in" >"$D/heard" 2>"$D/said" &
	us=$!
	pids="$pids $us"
	await "$D/port"
	timeout 60 "$SOCKT" -v --json-file "$D/cj" --record "$D/cr" connect \
		127.0.0.1 "$(cat "$D/port")" <"$D/in" >"$D/out" 2>"$D/err"
	assertEquals 0 $?
	await_end $us
	assertEquals 0 "$rc"
	assertBytes 'there' "$D/in" "$D/heard"
	assertBytes 'back' "$D/in" "$D/out"
	for f in "$D/lr" "$D/cr"; do
		look "$f"
	done
}

. "$SHUNIT2"
