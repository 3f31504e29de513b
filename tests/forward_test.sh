#!/bin/sh
# sockt listen --forward: what is told onwards of the client.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

# relay OPTION... - sockt listen in the background: $port, $us, $D/log
relay() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" listen "$@" --port-file "$D/port" 0 \
		>"$D/log" 2>"$D/err.us"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
}

# server - what it is sent goes to $D/far, whole; its port: $far
server() {
	rm -f "$D/far.port"
	bg timeout 60 "$SOCKT" listen --local --port-file "$D/far.port" 0 \
		>"$D/far" 2>"$D/far.err" </dev/null
	far_us=$!
	await "$D/far.port" && far=$(cat "$D/far.port")
}

# ask ADDRESS - says "hello" through the relay; the port it came from: $mine
ask() {
	mine=$(timeout 20 python3 -c 'import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print(s.getsockname()[1])
s.sendall(b"hello\n")
s.shutdown(socket.SHUT_WR)
while s.recv(4096): pass' "$1" "$port")
}

# balancer BIND... - haproxy answers HTTP with the address it believes in
balancer() {
	far=$(free_port)
	cat >"$D/cfg" <<-END
	global
		stats socket $D/stats
	defaults
		mode http
		timeout client 20s
		timeout connect 20s
		timeout server 20s
	frontend f
		bind 127.0.0.1:$far accept-proxy
		http-request return status 200 content-type text/plain \
		lf-string "%[src]:%[src_port] to %[dst]:%[dst_port]"
	END
	bg timeout 60 haproxy -db -f "$D/cfg" >"$D/far.err" 2>&1 </dev/null
	until_ok "$SOCKT" port-check -q 127.0.0.1 "$far"
}

# believed VERSION - haproxy's answer is about the client, not about us
believed() {
	relay --local --send-proxy "$1" --forward "127.0.0.1:$far" </dev/null
	run curl -s --max-time 15 -w '\n%{local_ip}:%{local_port}' \
		"http://127.0.0.1:$port/"
	assertEquals "$1: $(cat "$D/far.err")" 0 "$rc"
	assertEquals "$1" "$(sed -n 2p "$D/out") to 127.0.0.1:$port" \
		"$(sed -n 1p "$D/out")"
}

test_the_client_is_named_in_a_line_of_version_1() {
	server
	relay --local --send-proxy v1 --forward "127.0.0.1:$far" </dev/null
	ask 127.0.0.1
	await_end $us
	assertEquals 0 "$rc"
	await_end $far_us
	printf 'PROXY TCP4 127.0.0.1 127.0.0.1 %s %s\r\nhello\n' \
		"$mine" "$port" >"$D/want"
	assertBytes "IPv4" "$D/want" "$D/far"
	server
	relay --local --send-proxy=v1 --forward "127.0.0.1:$far" </dev/null
	ask ::1
	await_end $us
	await_end $far_us
	printf 'PROXY TCP6 ::1 ::1 %s %s\r\nhello\n' "$mine" "$port" \
		>"$D/want"
	assertBytes "IPv6" "$D/want" "$D/far"
}

test_the_client_is_named_in_version_2() {
	server
	relay --local --send-proxy v2 --forward "127.0.0.1:$far" </dev/null
	ask 127.0.0.1
	await_end $us
	assertEquals 0 "$rc"
	await_end $far_us
	python3 -c 'import struct, sys
sys.stdout.buffer.write(b"\r\n\r\n\0\r\nQUIT\n\x21\x11" + struct.pack(">H", 12)
    + 2 * b"\x7f\0\0\1" + struct.pack(">HH", *map(int, sys.argv[1:]))
    + b"hello\n")' "$mine" "$port" >"$D/want"
	assertBytes "header and all" "$D/want" "$D/far"
}

test_haproxy_believes_both_versions() {
	balancer
	believed v1
	believed v2
}

test_a_client_by_a_unix_socket_is_unknown() {
	server
	bg timeout 60 "$SOCKT" listen --json --send-proxy v1 \
		--forward "127.0.0.1:$far" "unix:$D/s" >"$D/log" </dev/null
	us=$!
	until_ok test -S "$D/s"
	echo hello >"$D/in"
	run "$SOCKT" connect "unix:$D/s" <"$D/in"
	await_end $us
	await_end $far_us
	printf 'PROXY UNKNOWN\r\nhello\n' >"$D/want"
	assertBytes "no address" "$D/want" "$D/far"
}

test_the_header_is_told_as_sent_to_the_far_side() {
	server
	relay --json --local --send-proxy v1 --forward "127.0.0.1:$far" \
		</dev/null
	ask 127.0.0.1
	await_end $us
	assertEquals "$(cat "$D/log")" 1 "$(grep -c PROXY "$D/log")"
	assertEquals "the client said its own only" 6 "$(jq \
		'select(.ev=="closed" and .conn==1).received' "$D/log")"
	await_end $far_us
	assertEquals "the far side got both" "$(wc -c <"$D/far")" \
		"$(jq 'select(.ev=="closed" and .conn==2).sent' "$D/log")"
}

test_a_header_needs_somebody_to_send_it_to() {
	run "$SOCKT" listen --send-proxy v1 0 </dev/null
	assertEquals 2 "$rc"
	assertTrue "$(cat "$D/err")" \
		"grep -q -e '--send-proxy is for --forward' $D/err"
	run "$SOCKT" listen --send-proxy v3 --forward 127.0.0.1:9 0 </dev/null
	assertEquals 2 "$rc"
}

### TLS with the far side

certificates() { [ -d "$D/certs" ] || (mkdir "$D/certs" && sh peers/tls_certs.sh "$D/certs"); }

# far_tls NAME - openssl's server, with that certificate; it says what it hears
far_tls() {
	far=$(free_port)
	bg timeout 60 openssl s_server -quiet -accept "127.0.0.1:$far" \
		-no-CAfile -no-CApath -cert "$D/certs/$1.pem" \
		-key "$D/certs/$1.key" -rev >/dev/null 2>&1 </dev/null
	until_ok listening "$far"
}
listening() { ss -Htln "sport = :$1" | grep -q .; }

test_tls_onwards_is_verified() {
	certificates
	far_tls good
	relay -k --json --forward "tls:localhost:$far" --forward-ca-file "$D/certs/ca.pem"
	assertEquals olleh "$(echo hello | timeout 10 nc.openbsd -q 1 127.0.0.1 "$port")"
	assertEquals true "$(jq 'select(.ev=="tls").verify.ok' "$D/log")"
	for cert in self other expired wrong; do
		far_tls $cert
		relay --json --forward "tls:localhost:$far" --forward-ca-file "$D/certs/ca.pem"
		assertEquals "$cert" '' "$(echo hello | timeout 10 nc.openbsd -q 1 127.0.0.1 "$port")"
		await_end $us
		assertEquals "$cert" 8 "$rc"
	done
}

test_tls_onwards_by_pin_and_unverified() {
	certificates
	far_tls self
	pin=sha256:$(openssl x509 -in "$D/certs/self.pem" -noout -pubkey |
		openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)
	relay --forward "tls:localhost:$far" --forward-pin "$pin"
	assertEquals olleh "$(echo hello | timeout 10 nc.openbsd -q 1 127.0.0.1 "$port")"
	relay --forward "tls:localhost:$far" --forward-insecure
	assertEquals olleh "$(echo hello | timeout 10 nc.openbsd -q 1 127.0.0.1 "$port")"
	grep -q 'not checked (--insecure): ' "$D/err.us" || fail "$(cat "$D/err.us")"
}

test_tls_on_both_sides_is_exact_both_ways_and_half_closes() {
	certificates
	head -c 3000000 /dev/urandom >"$D/a"
	head -c 2000000 /dev/urandom >"$D/b"
	bg timeout 60 "$SOCKT" listen --local --tls --cert "$D/certs/good.pem" \
		--key "$D/certs/good.key" --port-file "$D/far.port" 0 \
		<"$D/b" >"$D/far" 2>/dev/null
	await "$D/far.port"
	relay --tls --cert "$D/certs/good.pem" --key "$D/certs/good.key" \
		--forward "tls:localhost:$(cat "$D/far.port")" \
		--forward-ca-file "$D/certs/ca.pem"
	run timeout 30 "$SOCKT" connect --tls --ca-file "$D/certs/ca.pem" \
		localhost "$port" <"$D/a"
	assertEquals 0 "$rc"
	await_end $us
	assertEquals 0 "$rc"
	assertBytes there "$D/a" "$D/far"
	assertBytes back "$D/b" "$D/out"
}

test_a_truncated_tls_stream_is_told() {
	certificates
	rm -f "$D/far.port"
	bg python3 peers/tls_peer.py "$D/far.port" "$D/certs/good.pem" \
		"$D/certs/good.key" 'send:hello\n' cut
	await "$D/far.port"
	relay --forward "tls:localhost:$(cat "$D/far.port")" --forward-ca-file "$D/certs/ca.pem"
	timeout 10 nc.openbsd -d 127.0.0.1 "$port" >"$D/out"
	await_end $us
	assertEquals hello "$(cat "$D/out")"
	assertEquals 9 "$rc"
}

test_how_to_trust_is_for_tls() {
	for o in '--forward-ca-file x' '--forward-pin x' --forward-insecure; do
		# shellcheck disable=SC2086
		run "$SOCKT" listen $o --forward localhost:1 0
		assertEquals "$o" 2 "$rc"
		grep -qe "${o%% *} is for --forward tls:HOST:PORT" "$D/err" || fail "$(cat "$D/err")"
	done
	run "$SOCKT" listen --forward tls:localhost:1 --forward-ca-file "$D/none" 0
	assertEquals 2 "$rc"
}

. "$SHUNIT2"
