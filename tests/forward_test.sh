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

### the same by connect, about itself

test_connect_says_who_it_is() {
	balancer
	printf 'GET / HTTP/1.0\r\n\r\n' >"$D/in"
	for v in v1 v2; do
		run "$SOCKT" --json-file "$D/log" connect --send-proxy $v \
			127.0.0.1 "$far" <"$D/in"
		assertEquals "$v" 0 "$rc"
		assertEquals "$v" "127.0.0.1:$(jq -r 'select(.ev=="connected")|
			.local.port' "$D/log") to 127.0.0.1:$far" \
			"$(tail -n 1 "$D/out")"
		assertContains "$v: told as sent" \
			"$(jq -r 'select(.ev=="sent")|.text//(.b64|@base64d)' "$D/log" |
			head -n 1)" "$([ $v = v1 ] && echo 'PROXY TCP4' || printf '\r')"
	done
}

test_connect_says_it_before_tls_and_before_a_program() {
	certificates
	rm -f "$D/far.port"
	bg timeout 60 "$SOCKT" --json listen -k --local --accept-proxy --tls \
		--cert "$D/certs/good.pem" --key "$D/certs/good.key" \
		-e cat --port-file "$D/far.port" 0 >"$D/far.log" </dev/null
	await "$D/far.port"
	echo hello >"$D/in"
	run "$SOCKT" --json-file "$D/log" connect --send-proxy v2 --tls \
		--ca-file "$D/certs/ca.pem" localhost "$(cat "$D/far.port")" <"$D/in"
	assertEquals 'hello 0' "$(cat "$D/out") $rc"
	assertEquals "$(jq 'select(.ev=="connected").local.port' "$D/log")" \
		"$(jq 'select(.ev=="accepted").peer.port' "$D/far.log")"
	server
	run "$SOCKT" connect --send-proxy v1 -e 'echo hello' 127.0.0.1 "$far"
	await_end $far_us
	assertEquals 'PROXY TCP4 127.0.0.1 127.0.0.1 N N hello' \
		"$(tr -d '\r' <"$D/far" | sed 's/ [0-9]* [0-9]*$/ N N/' | xargs)"
}

test_connect_by_a_unix_socket_is_unknown() {
	bg timeout 60 "$SOCKT" listen "unix:$D/s" >"$D/far" </dev/null
	far_us=$!
	until_ok test -S "$D/s"
	echo hello >"$D/in"
	run "$SOCKT" connect --send-proxy v1 "unix:$D/s" <"$D/in"
	await_end $far_us
	printf 'PROXY UNKNOWN\r\nhello\n' >"$D/want"
	assertBytes "no address" "$D/want" "$D/far"
}

test_where_connect_cannot_say_it() {
	for o in -u --fast-open; do
		run "$SOCKT" connect --send-proxy v1 $o 127.0.0.1 9 </dev/null
		assertEquals "$o" 2 "$rc"
		grep -qe --send-proxy "$D/err" || fail "$(cat "$D/err")"
	done
	run "$SOCKT" connect --send-proxy v3 127.0.0.1 9 </dev/null
	assertEquals 2 "$rc"
}

### a PROXY header from those who call

# told_peer - the client's address, as it was told
told_peer() { jq -r 'select(.ev=="accepted")|"\(.peer.ip) \(.peer.port) \(.local.ip) \(.local.port)"' "$D/log"; }

# say TEXT - with printf's escapes, to $port; the answer is left in $D/out
say() { printf "$1" | timeout 10 nc.openbsd -q 1 127.0.0.1 "$port" >"$D/out"; }

test_curl_and_haproxy_say_who_calls() {
	relay -k --local --json --accept-proxy --sh-exec \
		'read -r l; echo "HTTP/1.0 200 OK"; echo; echo "$TCPREMOTEIP $TCPREMOTEPORT"'
	run curl -s --max-time 10 --haproxy-protocol -w '%{local_port}' "http://127.0.0.1:$port/"
	assertEquals "127.0.0.1 $(tail -n 1 "$D/out")" "$(head -n 1 "$D/out")"
	for version in send-proxy send-proxy-v2; do
		far=$(free_port)
		cat >"$D/cfg" <<-END
		defaults
			mode tcp
			timeout client 20s
			timeout connect 20s
			timeout server 20s
		listen f
			bind 127.0.0.1:$far
			server s 127.0.0.1:$port $version
		END
		bg timeout 60 haproxy -db -f "$D/cfg" >"$D/far.err" 2>&1 </dev/null
		until_ok "$SOCKT" port-check -q 127.0.0.1 "$far"
		run curl -s --max-time 10 -w '%{local_port}' "http://127.0.0.1:$far/"
		assertEquals "$version" "127.0.0.1 $(tail -n 1 "$D/out")" "$(head -n 1 "$D/out")"
	done
}

test_our_own_header_is_understood() {
	for version in v1 v2; do
		rm -f "$D/far.port"
		bg timeout 60 "$SOCKT" --json listen --local --accept-proxy \
			--port-file "$D/far.port" 0 >"$D/far.log" </dev/null
		await "$D/far.port"
		relay --local --send-proxy $version \
			--forward "127.0.0.1:$(cat "$D/far.port")" </dev/null
		ask 127.0.0.1
		await_end $us
		assertEquals "$version" "$mine" \
			"$(jq 'select(.ev=="accepted").peer.port' "$D/far.log")"
		assertEquals 'and not a byte more' hello \
			"$(jq -r 'select(.ev=="received").text' "$D/far.log")"
	done
}

test_a_header_in_pieces_and_what_follows_it() {
	relay --local --json --accept-proxy </dev/null
	timeout 20 python3 -c 'import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for c in b"PROXY TCP4 192.0.2.7 198.51.100.1 5555 80\r\nhello":
    s.send(bytes([c]))
s.shutdown(socket.SHUT_WR)
s.recv(1)' "$port"
	await_end $us
	assertEquals '192.0.2.7 5555 198.51.100.1 80' "$(told_peer)"
	assertEquals hello "$(jq -rj 'select(.ev=="received").text' "$D/log")"
}

test_lists_go_by_the_header() {
	relay -k --local --json --accept-proxy --allow 192.0.2.0/24 --sh-exec 'echo in'
	say 'PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\n'
	assertEquals in "$(cat "$D/out")"
	say 'PROXY TCP4 192.0.3.7 198.51.100.1 1 2\r\n'
	assertEquals '' "$(cat "$D/out")"
}

test_who_says_nothing_is_turned_away_and_delays_nobody() {
	relay -k --local --json --accept-proxy --sh-exec 'echo in'
	mkfifo "$D/silent"
	exec 7<>"$D/silent"
	timeout 20 nc.openbsd 127.0.0.1 "$port" <"$D/silent" >/dev/null &
	silent=$!
	say 'PROXY UNKNOWN\r\n'
	assertEquals in "$(cat "$D/out")"
	say 'GET / HTTP/1.0\r\n\r\n'
	assertEquals '' "$(cat "$D/out")"
	wait $silent
	exec 7<&-
	assertEquals 'no PROXY header: there is none
no PROXY header: not within 5 s' "$(jq -r 'select(.ev=="turned_away").text' "$D/log")"
}

test_tls_comes_behind_the_header() {
	certificates
	relay --local --json --accept-proxy --tls --cert "$D/certs/good.pem" \
		--key "$D/certs/good.key" </dev/null
		timeout 20 python3 -c 'import socket, ssl, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(b"PROXY TCP4 192.0.2.7 198.51.100.1 5555 80\r\n")
c = ssl.create_default_context(cafile=sys.argv[2])
t = c.wrap_socket(s, server_hostname="localhost")
t.sendall(b"hello")
t.unwrap()' "$port" "$D/certs/ca.pem"
	await_end $us
	assertEquals '192.0.2.7 5555 198.51.100.1 80' "$(told_peer)"
	assertEquals hello "$(jq -rj 'select(.ev=="received").text' "$D/log")"
}

test_accept_proxy_is_not_for_udp() {
	run "$SOCKT" listen -u --accept-proxy 0
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
