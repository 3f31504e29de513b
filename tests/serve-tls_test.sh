#!/bin/sh
# serve-static --tls, and other people's clients.
. ./lib.sh

C=$(mktemp -d)		# certificates, for all tests; under TMPDIR, which goes
sh peers/tls_certs.sh "$C" || exit 2
unset SSLKEYLOGFILE
export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/nonexistent

setUp() {
	rm -rf "${D:?}"/*
	mkdir "$D/site"
	head -c 5000000 /dev/urandom >"$D/site/big"
	echo hello >"$D/site/small"
}

# serve WORD... - in $D/site, by our certificate for localhost; sets $port
serve() {
	serve_as --cert "$C/good.pem" --key "$C/good.key" "$@"
}

serve_as() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" serve-static --local --tls --port-file \
		"$D/port" "$@" "$D/site" 0 >"$D/log" 2>"$D/said" </dev/null
	await "$D/port" && port=$(cat "$D/port")
}

fetch() { run curl -sS --cacert "$C/ca.pem" "$@"; }

established() {
	[ -n "$(ss -tnH state established "sport = :$1")" ]
}

test_curl_wget_openssl_and_we_get_what_is_there() {
	serve
	for v in 1.2 1.3; do
		fetch "--tlsv$v" --tls-max $v "https://localhost:$port/big"
		assertEquals "curl $v: $(cat "$D/err")" 0 "$rc"
		assertBytes "curl $v" "$D/site/big" "$D/out"
	done
	run wget -q -O - --ca-certificate="$C/ca.pem" \
		"https://localhost:$port/big"
	assertEquals "wget: $(cat "$D/err")" 0 "$rc"
	assertBytes wget "$D/site/big" "$D/out"
	run "$SOCKT" http-get --ca-file "$C/ca.pem" "https://localhost:$port/big"
	assertEquals "http-get: $(cat "$D/err")" 0 "$rc"
	assertBytes http-get "$D/site/big" "$D/out"
	printf 'GET /small HTTP/1.0\r\n\r\n' >"$D/in"
	timeout 20 openssl s_client -quiet -verify_return_error -CAfile \
		"$C/ca.pem" -connect "localhost:$port" <"$D/in" >"$D/out" \
		2>"$D/err"
	assertEquals "s_client: $(cat "$D/err")" 0 $?
	assertEquals hello "$(tail -n 1 "$D/out")"
	until_ok lines 5
}

lines() { [ "$(wc -l <"$D/log")" = "$1" ]; }

test_one_connection_serves_many_requests() {
	serve
	fetch -v "https://localhost:$port/small" "https://localhost:$port/big" \
		"https://localhost:$port/small" -o "$D/1" -o "$D/2" -o "$D/3"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertBytes first "$D/site/small" "$D/1"
	assertBytes second "$D/site/big" "$D/2"
	assertBytes third "$D/site/small" "$D/3"
	assertEquals 2 "$(grep -c 'Re-using existing connection' "$D/err")"
}

# More than one read's worth in one record after the other; none is forgotten.
test_requests_that_come_all_at_once() {
	serve
	i=0
	while [ $i -lt 3000 ]; do
		printf 'GET /small HTTP/1.1\r\nHost: localhost\r\n\r\n'
		i=$((i + 1))
	done >"$D/in"
	printf 'GET /small HTTP/1.0\r\n\r\n' >>"$D/in"
	run "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost "$port" \
		<"$D/in"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals 3001 "$(grep -c '^hello' "$D/out")"
}

test_a_part_of_a_file() {
	serve
	fetch -r 1000000-2999999 "https://localhost:$port/big"
	tail -c +1000001 "$D/site/big" | head -c 2000000 >"$D/part"
	assertBytes part "$D/part" "$D/out"
}

test_who_reads_slowly_gets_it_all() {
	serve
	fetch --limit-rate 2M "https://localhost:$port/big"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertBytes slow "$D/site/big" "$D/out"
}

test_the_certificate_made_for_a_run_is_known_by_its_pin() {
	serve_as
	pin=$(sed -n 's/.*know it by --pin //p' "$D/said")
	run "$SOCKT" http-get --pin "$pin" "https://localhost:$port/small"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals hello "$(cat "$D/out")"
	base64=$(python3 -c 'import base64, sys
print(base64.b64encode(bytes.fromhex(sys.argv[1])).decode())' "${pin#sha256:}")
	run curl -sS -k --pinnedpubkey "sha256//$base64" \
		"https://localhost:$port/small"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	run curl -sS -k --pinnedpubkey "sha256//$(head -c 32 /dev/zero |
		base64)" "https://localhost:$port/small"
	assertEquals 'another pin' 90 "$rc"
}

test_the_address_that_is_told_begins_with_https() {
	serve --json
	assertEquals "https://localhost:$port/" \
		"$(jq -r 'select(.ev == "listening").url' "$D/log")"
	fetch "https://localhost:$port/small"
	await_text "$D/log" '"ev":"tls"'
	assertEquals http/1.1 "$(jq -r 'select(.ev == "tls").alpn' "$D/log")"
}

test_who_never_finishes_the_handshake_blocks_nobody() {
	serve
	mkfifo "$D/quiet"
	exec 9<>"$D/quiet"
	bg nc.openbsd 127.0.0.1 "$port" <&9
	until_ok established "$port"
	fetch "https://localhost:$port/small"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals hello "$(cat "$D/out")"
	exec 9>&-
}

test_who_takes_nothing_blocks_nobody() {
	head -c 50000000 /dev/zero >"$D/site/huge"
	serve --send-timeout 1 --text
	mkfifo "$D/quiet"
	exec 9<>"$D/quiet"
	bg python3 -c 'import socket, ssl, sys
c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
c.check_hostname, c.verify_mode = False, ssl.CERT_NONE
s = c.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
s.sendall(b"GET /huge HTTP/1.1\r\nHost: localhost\r\n\r\n")
sys.stdin.read()' "$port" <&9 9>&-
	fetch "https://localhost:$port/big"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertBytes big "$D/site/big" "$D/out"
	await_text "$D/log" 'takes less than'
	exec 9>&-
}

test_the_end_is_told() {
	serve
	printf 'GET /small HTTP/1.0\r\n\r\n' >"$D/in"
	run "$SOCKT" connect --tls --ca-file "$C/ca.pem" localhost "$port" \
		<"$D/in"
	assertEquals "close_notify: $(cat "$D/err")" 0 "$rc"
	assertEquals hello "$(tail -n 1 "$D/out")"
}

test_plain_http_is_turned_away_and_told() {
	serve
	run curl -s "http://localhost:$port/small"
	assertNotEquals 0 "$rc"
	await_text "$D/said" "it does not speak TLS, it began with 'GET /small"
	fetch "https://localhost:$port/small"
	assertEquals 0 "$rc"
}

test_client_certificates_can_be_wanted() {
	serve --client-ca "$C/ca.pem"
	fetch "https://localhost:$port/small"
	assertNotEquals none 0 "$rc"
	fetch --cert "$C/client.pem" --key "$C/client.key" \
		"https://localhost:$port/small"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals hello "$(cat "$D/out")"
}

test_a_file_that_shrinks_is_no_whole_answer() {
	head -c 30000000 /dev/zero >"$D/site/shrinks"
	serve
	rm -f "$D/fifo"
	mkfifo "$D/fifo"
	bg curl -sS --cacert "$C/ca.pem" -o "$D/fifo" \
		"https://localhost:$port/shrinks" 2>"$D/err"
	them=$!
	{ head -c 1000 >/dev/null; : >"$D/site/shrinks"; cat >/dev/null; } \
		<"$D/fifo"
	await_end "$them"
	assertEquals 18 "$rc"
}

test_a_bad_certificate_is_a_usage_error() {
	run "$SOCKT" serve-static --tls --cert "$C/good.pem" --key \
		"$C/self.key" "$D/site" 0
	assertEquals 2 "$rc"
	run "$SOCKT" serve-static --cert "$C/good.pem" "$D/site" 0
	assertEquals 'without --tls' 2 "$rc"
}

. "$SHUNIT2"
