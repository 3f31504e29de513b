#!/bin/sh
# TLS: ends that are ends, much at once, other people's programs on the other
# side.
. ./lib.sh
. ./tls_lib.sh

test_a_truncated_stream_is_no_success() {
	for n in 0 5 100000 3000000; do
		peer good fill:$n cut
		tls localhost "$port"
		assertEquals "$n" 9 "$rc"
		assertEquals "$n" $n "$(wc -c <"$D/out")"
		told "read 127.0.0.1:$port after 0 B sent and $n B received:" \
			"truncated: it ended without close_notify"
	done
	server --cert "$C/good.pem" --key "$C/good.key" </dev/null
	python3 -c 'import socket, ssl, sys
c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
c.check_hostname, c.verify_mode = False, ssl.CERT_NONE
s = c.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
s.sendall(b"half of it"); s.recv(1); s.close()' "$port"
	await_end "$us"
	assertEquals "as a server" 9 "$rc"
	assertEquals 'half of it' "$(cat "$D/heard")"
	assertTrue "$(cat "$D/said")" "grep -q truncated $D/said"
}

test_each_direction_has_its_own_end() {
	peer good drain send:late notify
	printf question >"$D/in"
	run "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost "$port" \
		<"$D/in"
	assertEquals "ours first: $(cat "$D/err")" 0 "$rc"
	assertEquals late "$(cat "$D/out")"
	peer good notify drain
	mkfifo "$D/fifo"
	exec 9<>"$D/fifo"
	bg timeout 20 "$SOCKT" -v connect --tls --ca-file "$C/ca.pem" \
		localhost "$port" <"$D/fifo" 2>"$D/err" 9>&-
	us=$!
	await_text "$D/err" 'finished sending (close_notify)'
	echo more >&9
	exec 9>&-
	await_end "$us"
	assertEquals "theirs first: $(cat "$D/err")" 0 "$rc"
}

# both_ways - 20 MB each way at once; our side's status in $rc
both_ways() {
	await_end "$us"
	assertEquals "our status: $(cat "$D/said")" 0 "$rc"
	await_end "$them"
	assertEquals 'their status' 0 "$rc"
	assertBytes 'to us' "$D/theirs" "$D/heard"
	assertBytes 'from us' "$D/ours" "$D/got"
}

twenty_MB() {
	head -c 20000000 /dev/urandom >"$D/ours"
	head -c 20000000 /dev/urandom >"$D/theirs"
}

test_20_MB_each_way_at_once_with_socat() {
	twenty_MB
	server --cert "$C/good.pem" --key "$C/good.key" <"$D/ours"
	bg timeout 30 socat -t 20 - "OPENSSL:localhost:$port,cafile=$C/ca.pem" \
		<"$D/theirs" >"$D/got"
	them=$!
	both_ways
	port=$(free_port)
	bg timeout 30 socat -t 20 - "OPENSSL-LISTEN:$port,bind=127.0.0.1,cert=$C/good.pem,key=$C/good.key,verify=0" \
		<"$D/theirs" >"$D/got"
	them=$!
	until_ok listening "$port"
	bg timeout 30 "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost \
		"$port" <"$D/ours" >"$D/heard" 2>"$D/said"
	us=$!
	both_ways
}

test_20_MB_each_way_at_once_with_ourselves() {
	twenty_MB
	for min in 1.2 1.3; do
		server --tls-min $min --cert "$C/good.pem" --key \
			"$C/good.key" <"$D/ours"
		bg timeout 30 "$SOCKT" connect --tls --ca-file "$C/ca.pem" \
			localhost "$port" <"$D/theirs" >"$D/got"
		them=$!
		both_ways
	done
}

# ncat and s_client leave with our end: one direction at a time.
test_20_MB_with_ncat_and_openssl() {
	twenty_MB
	server --cert "$C/good.pem" --key "$C/good.key" <"$D/ours"
	timeout 30 ncat --ssl-verify --ssl-trustfile "$C/ca.pem" --ssl \
		--recv-only localhost "$port" >"$D/got"
	await_end "$us"
	assertBytes 'to ncat' "$D/ours" "$D/got"
	mkfifo "$D/quiet"
	exec 9<>"$D/quiet"
	server --cert "$C/good.pem" --key "$C/good.key" <"$D/quiet" 9>&-
	bg timeout 30 openssl s_client -quiet -verify_return_error \
		-CAfile "$C/ca.pem" -connect "localhost:$port" \
		<"$D/theirs" 2>"$D/err" 9>&-
	until_ok cmp -s "$D/theirs" "$D/heard"
	exec 9>&-
	await_end "$us"
	assertBytes 'from s_client' "$D/theirs" "$D/heard"
	exec 9<>"$D/quiet"
	port=$(free_port)
	bg timeout 30 ncat --ssl --ssl-cert "$C/good.pem" --ssl-key \
		"$C/good.key" --recv-only -l 127.0.0.1 "$port" <&9 >"$D/got"
	them=$!
	until_ok listening "$port"
	run "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost "$port" \
		<"$D/ours"
	assertEquals "to ncat -l: $(cat "$D/err")" 0 "$rc"
	await_end "$them"
	exec 9>&-
	assertBytes 'to ncat -l' "$D/ours" "$D/got"
}

test_pages_over_https() {
	page='HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n'
	server -k --cert "$C/good.pem" --key "$C/good.key" \
		-c "read -r a; printf '$page'" </dev/null
	run "$SOCKT" http-get --ca-file "$C/ca.pem" "https://localhost:$port/"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals hello "$(cat "$D/out")"
	run "$SOCKT" http-get --tls --ca-file "$C/ca.pem" localhost "$port" /
	assertEquals "--tls: $(cat "$D/err")" 0 "$rc"
	run "$SOCKT" http-get "https://localhost:$port/"
	assertEquals untrusted 8 "$rc"
	run curl -s --cacert "$C/ca.pem" "https://localhost:$port/"
	assertEquals 'curl' hello "$(cat "$D/out")"
	run "$SOCKT" --json http-get --ca-file "$C/ca.pem" \
		"https://localhost:$port/"
	assertEquals 'no alarm' '' "$(jq -r 'select(.ev == "broken").ev' \
		"$D/out")"
}

test_a_long_page_over_https_is_whole_or_said_not_to_be() {
	head -c 20000000 /dev/urandom >"$D/page"
	printf 'HTTP/1.1 200 OK\r\nContent-Length: 20000000\r\n\r\n' >"$D/head"
	cat "$D/head" "$D/page" >"$D/whole"
	port=$(free_port)
	(cd "$D" && exec timeout 30 openssl s_server -quiet -HTTP -accept \
		"127.0.0.1:$port" -cert "$C/good.pem" -key "$C/good.key" \
		>served 2>&1 </dev/null) &
	pids="$pids $!"
	until_ok listening "$port"
	run "$SOCKT" http-get --ca-file "$C/ca.pem" -o "$D/got" \
		"https://localhost:$port/whole"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertBytes page "$D/page" "$D/got"
	peer good 'send:HTTP/1.1 200 OK\r\n\r\nhalf' cut
	run "$SOCKT" http-get --ca-file "$C/ca.pem" "https://localhost:$port/"
	assertEquals 'to the end of the connection' 9 "$rc"
	assertEquals half "$(cat "$D/out")"
}

. "$SHUNIT2"
