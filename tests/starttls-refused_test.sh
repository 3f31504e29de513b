#!/bin/sh
# connect --starttls: servers that refuse, that speak something else, that put
# more behind an answer.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

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
	run "$SOCKT" "$@" connect --starttls "$proto" \
		localhost "$port" <"$D/in"
}

# told WORD... - exactly that is on stderr
told() { assertEquals "$proto" "sockt: $*" "$(cat "$D/err")"; }

# Each in its words, with the exit status of TLS that cannot be had.
test_a_refusal_is_told_in_the_words_of_the_server() {
	while IFS='|' read -r p status sentence actions; do
		proto=$p
		eval "plain $actions"
		ask "$p"
		assertEquals "$p: $sentence" "$status" "$rc"
		assertEquals "$p" '' "$(cat "$D/out")"
		assertTrue "$p: $sentence: $(cat "$D/err")" \
			"grep -qF \"starttls localhost:$port: $sentence\" $D/err"
		assertEquals "$p: one line" 1 "$(wc -l <"$D/err")"
	done <<-'END'
		smtp|8|it refused: '554 go away'|'send:554 go away\r\n' drain:$D/got
		smtp|8|it refused: '502 no EHLO'|'send:220 a\r\n' read:16 'send:502 no EHLO\r\n' drain:$D/got
		smtp|8|it does not offer STARTTLS|'send:220 a\r\n' read:16 'send:250-a\r\n250-NOSTARTTLS\r\n250 SIZE\r\n' drain:$D/got
		smtp|8|it refused: '454 4.7.0 not now'|'send:220 a\r\n' read:16 'send:250 STARTTLS\r\n' read:10 'send:454 4.7.0 not now\r\n' drain:$D/got
		imap|8|it refused: '* BYE full'|'send:* BYE full\r\n' drain:$D/got
		imap|8|it refused: '* PREAUTH hello'|'send:* PREAUTH hello\r\n' drain:$D/got
		imap|8|it refused: 'a BAD what'|'send:* OK a\r\n' read:12 'send:a BAD what\r\n' drain:$D/got
		pop3|8|it refused: '-ERR no'|'send:+OK\r\n' read:6 'send:-ERR no\r\n' drain:$D/got
		ftp|8|it refused: '534 policy'|'send:220 a\r\n' read:10 'send:534 policy\r\n' drain:$D/got
		xmpp|8|it does not offer STARTTLS|read:100 'send:<stream:stream><stream:features/>' drain:$D/got
		xmpp|8|it refused: '<failure/>'|read:100 'send:<stream:stream><f:features><starttls/></f:features>' read:51 'send:<failure/></stream:stream>' drain:$D/got
		xmpp|8|it refused: '<stream:error><host-unknown/></stream:error>'|read:100 'send:<stream:stream><stream:error><host-unknown/></stream:error>' drain:$D/got
		ldap|8|it refused: result 2 (protocolError), 'no TLS'|read:31 'send:0\x12\x02\x01\x01x\r\n\x01\x02\x04\x00\x04\x06no TLS' drain:$D/got
		ldap|8|it refused: result 52 (unavailable), 'bye'|read:31 'send:0\x0f\x02\x01\x00x\n\n\x01\x34\x04\x00\x04\x03bye' drain:$D/got
		postgres|8|it refused: 'N'|read:8 send:N drain:$D/got
		postgres|8|it refused: 'too old'|read:8 'send:E\x00\x00\x00\x14SFATAL\x00Mtoo old\x00\x00' drain:$D/got
		smtp|8|it went before TLS was agreed on|'send:220 a\r\n' read:16 shut drain:$D/got
		smtp|10|it does not speak smtp, it said 'SSH-2.0-\e]0;x\x07'|'send:SSH-2.0-\x1b]0;x\x07\r\n' drain:$D/got
		imap|10|it does not speak imap, it said '220 a'|'send:220 a\r\n' drain:$D/got
		ldap|10|it does not speak ldap, it said 'HTTP/1.1 400|read:31 'send:HTTP/1.1 400 what\r\n' drain:$D/got
		postgres|10|it does not speak postgres, it said '220 a|read:8 'send:220 a\r\n' drain:$D/got
		xmpp|10|it does not speak xmpp, it said 'HTTP/1.1|read:100 'send:HTTP/1.1 400 what\r\n' drain:$D/got
	END
}

# CVE-2011-0411, CVE-2021-23222: what stands behind the answer that agrees
# must not pass for what comes under TLS.
test_bytes_behind_the_answer_are_refused() {
	while IFS='|' read -r p what actions; do
		proto=$p
		eval "plain $actions"
		ask "$p"
		assertEquals "$p" 10 "$rc"
		assertEquals "$p" '' "$(cat "$D/out")"
		told "starttls localhost:$port: behind its answer it went on" \
			"in clear, or somebody did: '$what'"
	done <<-'END'
		smtp|250 x\r\n|'send:220 a\r\n' read:16 'send:250 STARTTLS\r\n' read:10 'send:220 go\r\n250 x\r\n' drain:$D/got
		smtp|2|'send:220 a\r\n' read:16 'send:250 STARTTLS\r\n' read:10 'send:220 go\r\n2' drain:$D/got
		smtp|250 STARTTLS\r\n|'send:220 a\r\n250 STARTTLS\r\n' drain:$D/got
		imap|* BYE\r\n|'send:* OK a\r\n' read:12 'send:a OK\r\n* BYE\r\n' drain:$D/got
		pop3|+OK x\r\n|'send:+OK\r\n' read:6 'send:+OK go\r\n+OK x\r\n' drain:$D/got
		ftp|230 in\r\n|'send:220 a\r\n' read:10 'send:234 go\r\n230 in\r\n' drain:$D/got
		xmpp|<message/>|read:100 'send:<stream:stream><f:features><starttls/></f:features>' read:51 'send:<proceed/><message/>' drain:$D/got
		ldap|0|read:31 'send:0\x0c\x02\x01\x01x\x07\n\x01\x00\x04\x00\x04\x000' drain:$D/got
		postgres|E|read:8 send:SE drain:$D/got
	END
}

test_an_endless_answer_ends_us() {
	for p in smtp imap pop3 ftp; do
		proto=$p
		plain "send:$(head -c 20000 /dev/zero | tr '\0' 2)" \
			"drain:$D/got"
		ask "$p"
		assertEquals "$p" 10 "$rc"
		told "starttls localhost:$port: its answer is longer than" \
			"16 KiB"
	done
}

. "$SHUNIT2"
