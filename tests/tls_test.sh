#!/bin/sh
# TLS: what is trusted and what is not, and what is said about it.
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
