#!/bin/sh
# connect --starttls: words in clear first, then TLS.
. ./lib.sh

C=$(mktemp -d)		# certificates, for all tests; under TMPDIR, which goes
sh peers/tls_certs.sh "$C" || exit 2
unset SSLKEYLOGFILE
export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/nonexistent

setUp() { rm -rf "${D:?}"/*; }

# secure PROTOCOL... - a peer that speaks it and then TLS; sets $port
secure() {
	rm -f "$D/port"
	bg timeout 30 python3 peers/starttls_peer.py "$D/port" "$C/good.pem" \
		"$C/good.key" "$@" 2>"$D/peer"
	await "$D/port" && port=$(cat "$D/port")
}

# plain ACTION... - see peers/tcp_peer.py; sets $port
plain() {
	rm -f "$D/port"
	bg timeout 30 python3 peers/tcp_peer.py "$D/port" "$@" 2>"$D/peer"
	await "$D/port" && port=$(cat "$D/port")
}

# ask PROTOCOL WORD... - connects to $port of localhost, our stdin being $D/in
ask() {
	proto=$1
	shift
	[ -e "$D/in" ] || echo hello >"$D/in"
	run "$SOCKT" "$@" connect --starttls "$proto" --ca-file "$C/ca.pem" \
		localhost "$port" <"$D/in"
}

# told WORD... - exactly that is on stderr
told() { assertEquals "$proto" "sockt: $*" "$(cat "$D/err")"; }

all='smtp imap pop3 ftp xmpp ldap postgres'

test_each_protocol_goes_over_to_tls() {
	for p in $all; do
		for pace in '' slow; do
			secure "$p" $pace
			ask "$p"
			assertEquals "$p $pace: $(cat "$D/err" "$D/peer")" 0 \
				"$rc"
			assertEquals "$p $pace" hello "$(cat "$D/out")"
			assertEquals "$p $pace" '' "$(cat "$D/err")"
		done
	done
}

# So our peers are no invention of ours.
test_openssl_says_the_same_to_these_peers() {
	mkfifo "$D/words"
	exec 9<>"$D/words"
	for p in $all; do
		secure "$p"
		bg timeout 20 openssl s_client -starttls "$p" \
			-xmpphost localhost -quiet -verify_return_error \
			-CAfile "$C/ca.pem" -connect "localhost:$port" \
			<"$D/words" >"$D/out" 2>"$D/err" 9>&-
		echo "hello $p" >&9
		await_text "$D/out" "hello $p"
	done
	exec 9>&-
}

test_much_passes_afterwards() {
	head -c 3000000 /dev/urandom >"$D/in"
	secure smtp
	ask smtp
	assertEquals "$(cat "$D/err" "$D/peer")" 0 "$rc"
	assertBytes 'there and back' "$D/in" "$D/out"
}

test_the_words_in_clear_are_shown() {
	secure smtp
	ask smtp --text
	assertEquals 0 "$rc"
	for words in '← 220 ESMTP' '→ EHLO localhost' '← 250-starttls' \
		'→ STARTTLS' '← 220 2.0.0 go ahead' 'tls       TLS 1.3' \
		'→ hello' '← hello'; do
		assertTrue "$words: $(cat "$D/out")" \
			"grep -q -e '$words' $D/out"
	done
	secure pop3
	ask pop3 --json
	assertEquals '+OK ready STLS +OK begin TLS tls' "$(jq -r \
		'select(.ev == "sent" or .ev == "received" or .ev == "tls") |
		.text // "tls" | rtrimstr("\r\n")' "$D/out" | head -n 4 |
		xargs)"
}

test_the_time_for_connecting_covers_the_words() {
	proto=smtp
	plain "drain:$D/got"
	run "$SOCKT" connect --starttls smtp --connect-timeout 200ms \
		localhost "$port" </dev/null
	assertEquals 5 "$rc"
	told "starttls localhost:$port: TLS was not agreed on in time" \
		"(--connect-timeout) (if it speaks TLS from the start: --tls)"
	plain 'send:220 a\r\n' "drain:$D/got"
	run "$SOCKT" connect --starttls smtp --connect-timeout 200ms \
		localhost "$port" </dev/null
	assertEquals 5 "$rc"
	told "starttls localhost:$port: TLS was not agreed on in time" \
		"(--connect-timeout)"
}

test_the_certificate_counts_as_ever() {
	secure smtp
	run "$SOCKT" connect --starttls smtp localhost "$port" </dev/null
	assertEquals untrusted 8 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'not trusted' $D/err"
	secure xmpp
	run "$SOCKT" connect --starttls xmpp --server-name localhost \
		--ca-file "$C/ca.pem" 127.0.0.1 "$port" </dev/null
	assertEquals "name: $(cat "$D/err" "$D/peer")" 0 "$rc"
}

test_a_refusal_is_an_event() {
	plain 'send:554 go away\r\n' "drain:$D/got"
	ask smtp --json
	assertEquals "refused it refused: '554 go away'" "$(jq -r \
		'select(.ev == "tls_failed") | "\(.code) \(.text)"' "$D/out")"
}

test_misuse_is_told_before_anything_is_sent() {
	while read -r words; do
		# shellcheck disable=SC2086
		run "$SOCKT" connect $words </dev/null
		assertEquals "$words" 2 "$rc"
		assertEquals "$words: one line" 1 "$(wc -l <"$D/err")"
	done <<-END
		--starttls nntp localhost 80
		--starttls smtp --tls localhost 80
		--starttls smtp --udp localhost 80
		--starttls smtp --ca-file $D/none localhost 80
	END
	run "$SOCKT" connect --starttls no localhost 80
	assertTrue "$(cat "$D/err")" \
		"grep -q 'none of smtp|imap|pop3|ftp|xmpp|ldap|postgres' $D/err"
}

. "$SHUNIT2"
