#!/bin/sh
# TLS: what is trusted and what is not, ends that are ends, other people's
# programs on the other side.
. ./lib.sh
. ./tls_lib.sh

test_certificates_that_will_do() {
	while read -r name host; do
		peer "$name" send:hello notify
		tls "$host" "$port"
		assertEquals "$name" 0 "$rc"
		assertEquals "$name" hello "$(cat "$D/out")"
		assertEquals "$name" '' "$(cat "$D/err")"
	done <<-END
		good localhost
		odd localhost
		ip 127.0.0.1
		chained localhost
	END
}

test_each_certificate_that_will_not_do_has_its_sentence() {
	while IFS='|' read -r name host sentence; do
		peer "$name" send:hello notify
		tls "$host" "$port"
		assertEquals "$name" 8 "$rc"
		assertEquals "$name" '' "$(cat "$D/out")"
		told "tls $host:$port: $sentence (nothing was sent;" \
			"--pin $(pin_of "$C/$name.pem") trusts this one)"
	done <<-END
		wrong|localhost|the certificate is for example.org, www.example.org, not for localhost
		ip|localhost|the certificate is for 127.0.0.1, ::1, not for localhost
		good|127.0.0.1|the certificate is for localhost, not for 127.0.0.1
		expired|localhost|the certificate expired on 2021-01-01
		early|localhost|the certificate is not valid before 2048-01-01
		self|localhost|certificate not trusted: self-signed
		bare|localhost|the certificate has no subjectAltName that names a host, only CN=localhost
		odd|127.0.0.1|the certificate is for localhost, x\e[2J, not for 127.0.0.1
		other|localhost|certificate not trusted: its issuer is not known here, CN=Nobody CA
	END
}

# In a directory by the hash of its name, or in a file of them all.
test_the_roots_of_the_system_are_trusted() {
	peer good send:hello notify
	run env SSL_CERT_FILE="$C/ca.pem" "$SOCKT" connect --tls \
		localhost "$port" </dev/null
	assertEquals "file: $(cat "$D/err")" 0 "$rc"
	mkdir "$D/roots"
	cp "$C/ca.pem" "$D/roots/$(openssl x509 -hash -noout \
		-in "$C/ca.pem").0"
	peer good send:hello notify
	run env SSL_CERT_DIR="$D/roots" "$SOCKT" connect --tls \
		localhost "$port" </dev/null
	assertEquals "directory: $(cat "$D/err")" 0 "$rc"
	peer good send:hello notify
	run "$SOCKT" connect --tls localhost "$port" </dev/null
	assertEquals neither 8 "$rc"
}

test_a_pin_stands_for_issuer_name_and_dates() {
	for name in self wrong expired; do
		peer $name send:hello notify
		run "$SOCKT" connect --tls --pin "$(pin_of "$C/$name.pem")" \
			localhost "$port" </dev/null
		assertEquals "$name" 0 "$rc"
		assertEquals "$name" '' "$(cat "$D/err")"
	done
	peer good send:hello notify
	run "$SOCKT" connect --tls --pin "$(pin_of "$C/self.pem")" \
		localhost "$port" </dev/null
	assertEquals 8 "$rc"
	told "tls localhost:$port: its key is not the pinned one but" \
		"$(pin_of "$C/good.pem")"
	assertEquals '' "$(cat "$D/out")"
}

test_a_pin_and_an_authority_must_both_hold() {
	peer good send:hello notify
	tls --pin "$(pin_of "$C/good.pem")" localhost "$port"
	assertEquals 0 "$rc"
	peer wrong send:hello notify
	tls --pin "$(pin_of "$C/wrong.pem")" localhost "$port"
	assertEquals 8 "$rc"
	peer good send:hello notify
	tls --pin "$(pin_of "$C/wrong.pem")" localhost "$port"
	assertEquals 8 "$rc"
}

test_insecure_says_what_it_let_pass() {
	peer self send:hello notify
	run "$SOCKT" connect --tls --insecure localhost "$port" </dev/null
	assertEquals 0 "$rc"
	told 'not checked (--insecure): certificate not trusted: self-signed'
	assertEquals hello "$(cat "$D/out")"
	peer self send:hello notify
	run "$SOCKT" --text connect --tls --insecure localhost "$port" \
		</dev/null
	assertTrue "$(cat "$D/out")" "grep -q 'NOT CHECKED (--insecure): certificate not trusted: self-signed' $D/out"
	assertEquals '' "$(cat "$D/err")"
}

test_another_name_can_be_asked_for() {
	peer wrong send:hello notify
	tls --server-name www.example.org 127.0.0.1 "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	s_server -cert "$C/good.pem" -key "$C/good.key" -servername \
		www.example.org -cert2 "$C/wrong.pem" -key2 "$C/wrong.key"
	tls --server-name www.example.org 127.0.0.1 "$port"
	assertEquals "by SNI: $(cat "$D/err")" 0 "$rc"
}

test_the_event_has_all_there_is() {
	peer good send:hello notify
	run "$SOCKT" --json connect --tls --ca-file "$C/ca.pem" localhost \
		"$port" </dev/null
	assertEquals "$(jq -c . <<-END
		["TLS 1.3","localhost",true,0,"trusted","CN=localhost",
		"CN=Test CA","2049-12-31T00:00:00Z",["localhost"],256,
		"$(pin_of "$C/good.pem")"]
	END
	)" "$(jq -c 'select(.ev == "tls") | [.version, .sni, .verify.ok,
		.verify.code, .verify.reason, .subject, .issuer, .not_after,
		.sans, .key_bits, .pin]' "$D/out")"
	assertEquals true "$(jq 'select(.ev == "tls") |
		[.cipher, .group, .dur_us, .days_left] | all' "$D/out")"
	peer self send:hello notify
	run "$SOCKT" --json connect --tls localhost "$port" </dev/null
	assertEquals "self-signed $(pin_of "$C/self.pem")" "$(jq -r \
		'select(.ev == "tls_failed") | "\(.code) \(.pin)"' "$D/out")"
}

test_a_plain_peer_is_named_and_its_bytes_are_safe() {
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py "$D/port" 'send:SSH-2.0-\x1b]0;x\x07\r\n' \
		"drain:$D/got"
	await "$D/port"
	port=$(cat "$D/port")
	tls localhost "$port"
	assertEquals 8 "$rc"
	told "tls localhost:$port: it does not speak TLS, it began with" \
		"'SSH-2.0-\\e]0;x\\x07\\r\\n' (without --tls you can talk to it)"
	rm -f "$D/port"
	bg "$SOCKT" listen --local --port-file "$D/port" 0 \
		-e 'printf "HTTP/1.1 400 Bad Request\r\n"'
	await "$D/port"
	tls localhost "$(cat "$D/port")"
	assertEquals 8 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q \"began with 'HTTP/1.1 400\" $D/err"
}

test_a_refused_handshake_is_explained() {
	s_server -cert "$C/good.pem" -key "$C/good.key" -tls1_2
	tls --tls-min 1.3 localhost "$port"
	assertEquals 8 "$rc"
	told "tls localhost:$port: it refused: alert protocol_version (70)" \
		"(it speaks other versions than we may: --tls-min)"
	tls localhost "$port"
	assertEquals "1.2: $(cat "$D/err")" 0 "$rc"
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py "$D/port" read:1 shut "drain:$D/got"
	await "$D/port"
	port=$(cat "$D/port")
	tls localhost "$port"
	assertEquals 8 "$rc"
	told "tls localhost:$port: it went during the handshake"
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py "$D/port" read:1 rst
	await "$D/port"
	tls localhost "$(cat "$D/port")"
	assertEquals 8 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'tls localhost.*ECONNRESET' $D/err"
}

test_the_time_for_connecting_covers_the_handshake() {
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py "$D/port" "drain:$D/got"
	await "$D/port"
	port=$(cat "$D/port")
	tls --connect-timeout 200ms localhost "$port"
	assertEquals 5 "$rc"
	told "tls localhost:$port: the handshake was not finished in time" \
		"(--connect-timeout)"
}

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

test_client_certificates() {
	peer "ask:$C/ca.pem" good send:hello notify
	tls --cert "$C/client.pem" --key "$C/client.key" localhost "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals hello "$(cat "$D/out")"
	peer "ask:$C/ca.pem" good send:hello notify
	tls localhost "$port"
	assertEquals 8 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'certificate_required (116) (it may want another certificate of ours: --cert)' $D/err"
}

test_protocols_are_agreed_on() {
	server --json -k --alpn 'h2,http/1.1' --cert "$C/good.pem" --key \
		"$C/good.key" </dev/null
	run "$SOCKT" --json connect --tls --ca-file "$C/ca.pem" \
		--alpn 'http/1.1,h2' localhost "$port" </dev/null
	assertEquals "the server's choice" h2 \
		"$(jq -r 'select(.ev == "tls").alpn' "$D/out")"
	tls --alpn imap localhost "$port"
	assertEquals 8 "$rc"
	told "tls localhost:$port: it refused: alert no_application_protocol" \
		"(120) (--alpn offers other protocols)"
	assertEquals no-protocol \
		"$(jq -r 'select(.ev == "tls_failed").code' "$D/heard")"
}

test_the_key_log_has_what_wireshark_needs() {
	for way in option environment; do
		peer good send:hello notify
		case $way in
		option) tls --key-log "$D/keys" localhost "$port" ;;
		*) SSLKEYLOGFILE=$D/keys tls localhost "$port" ;;
		esac
		assertEquals "$way" 0 "$rc"
		assertTrue "$way" "grep -q '^CLIENT_TRAFFIC_SECRET_0 ' $D/keys"
		assertEquals "$way: for nobody else" 600 \
			"$(stat -c %a "$D/keys")"
		rm -f "$D/keys"
	done
	s_server -cert "$C/good.pem" -key "$C/good.key" -keylogfile "$D/theirs"
	tls --key-log "$D/keys" localhost "$port"
	await "$D/theirs"
	assertEquals 'as openssl has them' \
		"$(grep -v '^#' "$D/theirs" | sort)" "$(sort "$D/keys")"
	run env SSLKEYLOGFILE="$D/no/keys" "$SOCKT" connect --tls \
		localhost "$port" </dev/null
	assertEquals 2 "$rc"
	told "SSLKEYLOGFILE '$D/no/keys': no such file (ENOENT)" \
		"(try 'sockt help connect')"
	peer good send:hello notify
	tls --key-log /dev/full localhost "$port"
	assertEquals 11 "$rc"
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

test_misuse_is_told_before_anything_is_sent() {
	echo nonsense >"$D/bad"
	while read -r words; do
		# shellcheck disable=SC2086
		run "$SOCKT" $words </dev/null
		assertEquals "$words" 2 "$rc"
		assertEquals "$words: one line" 1 "$(wc -l <"$D/err")"
	done <<-END
		connect --insecure localhost 80
		connect --pin x localhost 80
		connect --ca-file $C/ca.pem localhost 80
		http-get --ca-file $C/ca.pem http://localhost/
		http-get --tls http://localhost/
		listen --cert $C/good.pem 0
		connect --tls --pin sha256:12 localhost 80
		connect --tls --pin $C localhost 80
		connect --tls --insecure --pin $(pin_of "$C/good.pem") localhost 80
		connect --tls --insecure --ca-file $C/ca.pem localhost 80
		connect --tls --alpn a,,b localhost 80
		connect --tls --tls-min 1.1 localhost 80
		connect --tls --key $C/good.key localhost 80
		connect --tls --ca-file $D/none localhost 80
		connect --tls --ca-file $D/bad localhost 80
		connect --tls --cert $D/none localhost 80
		connect --tls --cert $D/bad localhost 80
		connect --tls --cert $C/good.pem localhost 80
		connect --tls --cert $C/good.pem --key $C/self.key localhost 80
		connect --tls --cert $C/good.pem --key $C/locked.key localhost 80
		connect --tls --key-log $D/none/log localhost 80
		listen --tls --client-ca $D/none 0
		listen --tls --cert $C/good.pem --key $D/bad 0
	END
	run "$SOCKT" connect --tls --cert "$C/good.pem" --key "$C/locked.key" \
		localhost 80 </dev/null
	assertTrue "$(cat "$D/err")" "grep -q 'needs a passphrase' $D/err"
	run "$SOCKT" connect --tls --ca-file "$D/none" localhost 80
	told "--ca-file '$D/none': no such file (ENOENT)" \
		"(try 'sockt help connect')"
}

test_who_does_not_use_it_does_not_have_it() {
	if [ ! -d "$BUILT/modules" ] || [ ! -e "$BUILT/modules/tls.so" ]; then
		skip 'the modules are linked in'
		return
	fi
	assertEquals '' "$(ldd "$SOCKT" | grep -e ssl -e crypto)"
	mkdir "$D/alone"
	cp "$SOCKT" "$D/alone/sockt"
	run "$D/alone/sockt" connect --tls localhost 80
	if [ "$rc" = 11 ]; then
		assertTrue "$(cat "$D/err")" "grep -q 'module tls is neither.*apt install libssl-dev' $D/err"
	else
		skip 'a module is installed here'
	fi
	mkdir "$D/alone/modules"
	echo nonsense >"$D/alone/modules/tls.so"
	chmod 644 "$D/alone/modules/tls.so"
	run "$D/alone/sockt" connect --tls localhost 80
	assertEquals 11 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'cannot be loaded.*apt install libssl3' $D/err"
}

. "$SHUNIT2"
