#!/bin/sh
# listen --tls: many clients, and none that can make another wait.
. ./lib.sh
. ./tls_lib.sh

test_a_throw_away_certificate_is_known_by_its_pin() {
	echo from the server >"$D/in"
	server <"$D/in"
	pin=$(sed -n 's/.*know it by --pin //p' "$D/said")
	echo from the client >"$D/in2"
	run "$SOCKT" connect --tls --pin "$pin" localhost "$port" <"$D/in2"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals 'from the server' "$(cat "$D/out")"
	await_end "$us"
	assertEquals 'from the client' "$(cat "$D/heard")"
	server --json </dev/null
	run "$SOCKT" connect --tls --pin "$(jq -r \
		'select(.ev == "certificate").pin' "$D/heard")" \
		localhost "$port" </dev/null
	assertEquals "by the event: $(cat "$D/err")" 0 "$rc"
}

test_a_server_may_want_client_certificates() {
	server --json -k --cert "$C/good.pem" --key "$C/good.key" \
		--client-ca "$C/ca.pem" </dev/null
	tls localhost "$port"
	assertEquals 'none' 8 "$rc"
	tls --cert "$C/other.pem" --key "$C/other.key" localhost "$port"
	assertEquals "another authority's" 8 "$rc"
	cat "$C/client.pem" "$C/client.key" >"$D/both"
	run "$SOCKT" --json connect --tls --ca-file "$C/ca.pem" --cert \
		"$D/both" localhost "$port" </dev/null
	await_text "$D/heard" '"CN=A Client"'
	await_text "$D/heard" '"no-certificate"'
	await_text "$D/heard" '"untrusted"'
}

test_who_never_finishes_the_handshake_blocks_nobody() {
	server --cert "$C/good.pem" --key "$C/good.key" </dev/null
	mkfifo "$D/quiet"
	exec 9<>"$D/quiet"
	bg nc.openbsd 127.0.0.1 "$port" <&9
	until_ok established "$port"
	echo served >"$D/in"
	run "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost "$port" \
		<"$D/in"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	await_end "$us"
	assertEquals "$(cat "$D/said")" 0 "$rc"
	assertEquals served "$(cat "$D/heard")"
	exec 9>&-
}

test_a_thousand_who_never_finish_it_block_nobody() {
	server --json -k --cert "$C/good.pem" --key "$C/good.key" </dev/null
	mkfifo "$D/quiet"
	exec 9<>"$D/quiet"
	bg python3 -c 'import resource, socket, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
all = [socket.create_connection(("127.0.0.1", int(sys.argv[1])))
       for _ in range(1001)]
all[0].recv(1)
try:
    all[1].recv(1, socket.MSG_DONTWAIT)
except BlockingIOError:
    print("the first is out, the second is not", flush=True)
sys.stdin.read()' "$port" <&9 >"$D/seen" 9>&-
	await "$D/seen"
	await_text "$D/seen" 'the first is out, the second is not'
	tls localhost "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	exec 9>&-
}

# Whatever is done with those who have finished it.
test_nor_does_it_with_many_clients() {
	rm -f "$D/back"
	bg "$SOCKT" listen --local -k --port-file "$D/back" 0 -e cat
	await "$D/back"
	mkfifo "$D/quiet"
	exec 9<>"$D/quiet"
	echo served >"$D/in"
	for how in --json '-e cat' --broker --chat '--service echo' \
		"--forward 127.0.0.1:$(cat "$D/back")"; do
		server -k --cert "$C/good.pem" --key "$C/good.key" $how \
			</dev/null
		bg nc.openbsd 127.0.0.1 "$port" <&9
		until_ok established "$port"
		run "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost \
			"$port" <"$D/in"
		assertEquals "$how: $(cat "$D/err")" 0 "$rc"
	done
	exec 9>&-
}

# What one says, all others hear, and nobody else does.
test_a_broker_of_encrypted_clients() {
	server -k --broker --cert "$C/good.pem" --key "$C/good.key" </dev/null
	mkfifo "$D/hold"
	exec 9<>"$D/hold"
	bg timeout 30 "$SOCKT" -v connect --tls --ca-file "$C/ca.pem" \
		localhost "$port" <&9 >"$D/got" 2>"$D/err1" 9>&-
	bg timeout 30 openssl s_client -quiet -verify_return_error -CAfile \
		"$C/ca.pem" -connect "localhost:$port" <&9 >"$D/got2" \
		2>"$D/err2" 9>&-
	await_text "$D/err1" 'TLS 1.3'
	await_text "$D/err2" 'verify return'
	head -c 3000000 /dev/urandom >"$D/in"
	run "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost "$port" \
		<"$D/in"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	until_ok cmp -s "$D/in" "$D/got"
	until_ok cmp -s "$D/in" "$D/got2"
	assertBytes 'to sockt' "$D/in" "$D/got"
	assertBytes 'to s_client' "$D/in" "$D/got2"
	exec 9>&-
}

test_ten_seconds_are_enough_for_a_handshake() {
	server --json -k --cert "$C/good.pem" --key "$C/good.key" </dev/null
	timeout 15 nc.openbsd -d 127.0.0.1 "$port"
	assertEquals 'nc ends' 0 $?
	assertEquals tls "$(jq -r 'select(.ev == "timeout").phase' "$D/heard")"
}

test_a_plain_client_is_turned_away_and_others_are_not() {
	server --cert "$C/good.pem" --key "$C/good.key" </dev/null
	run curl -s "http://127.0.0.1:$port/"
	await_text "$D/said" "it does not speak TLS, it began with 'GET / HTTP/1.1"
	tls localhost "$port"
	assertEquals 0 "$rc"
	await_end "$us"
	assertEquals 0 "$rc"
}

test_a_room_of_encrypted_clients() {
	server --text -k </dev/null
	for word in one two; do
		echo "$word" >"$D/$word"
		run "$SOCKT" connect --tls --insecure localhost "$port" \
			<"$D/$word"
		assertEquals "$word: $(cat "$D/err")" 0 "$rc"
	done
	await_text "$D/heard" '#1 ← one'
	await_text "$D/heard" '#2 ← two'
}

test_a_program_for_an_encrypted_client() {
	head -c 20000000 /dev/urandom >"$D/in"
	server --cert "$C/good.pem" --key "$C/good.key" -e cat </dev/null
	run "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost "$port" \
		<"$D/in"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertBytes 'through cat' "$D/in" "$D/out"
	await_end "$us"
	assertEquals "$(cat "$D/said")" 0 "$rc"
}

test_a_program_is_drained_to_the_last_byte() {
	server -k --cert "$C/good.pem" --key "$C/good.key" \
		-c 'head -c 600000 /dev/zero' </dev/null
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		tls localhost "$port"
		assertEquals "0 600000" "$rc $(wc -c <"$D/out")"
	done
}

test_a_program_that_reads_nothing_may_go() {
	head -c 3000000 /dev/zero >"$D/in"
	server --cert "$C/good.pem" --key "$C/good.key" -c 'echo bye; exit 3' \
		</dev/null
	run "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost "$port" \
		<"$D/in"
	assertEquals bye "$(cat "$D/out")"
	await_end "$us"
	assertEquals "$(cat "$D/said")" 1 "$rc"
	assertTrue "$(cat "$D/said")" "grep -q 'ended with status 3' $D/said"
}

test_forwarding_takes_the_encryption_off() {
	rm -f "$D/back"
	bg "$SOCKT" listen --local -k --port-file "$D/back" 0 -e cat
	await "$D/back"
	server --cert "$C/good.pem" --key "$C/good.key" \
		--forward "127.0.0.1:$(cat "$D/back")" </dev/null
	echo round >"$D/in"
	run "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost "$port" \
		<"$D/in"
	assertEquals round "$(cat "$D/out")"
	await_end "$us"
	assertEquals "$(cat "$D/said")" 0 "$rc"
}

test_a_bad_file_is_told_before_a_name_is_looked_up() {
	run "$SOCKT" listen --tls --cert /etc/passwd --forward nobody.invalid:80 0
	assertEquals "$(cat "$D/err")" 2 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q -e --cert '$D/err'"
}

. "$SHUNIT2"
