#!/bin/sh
# Pages by way of HTTP proxies: tinyproxy, ncat's, ours and scripts.
. ./lib.sh

setUp() {
	rm -rf "${D:?}"/*
	printf 'hello\n' >"$D/in"
	unset SOCKT_PROXY_AUTH
}

# page OPTION... - a web server with the file "in", $far
page() {
	rm -f "$D/far"
	bg timeout 60 "$SOCKT" --json serve-static --port-file "$D/far" "$@" \
		"$D" 0 </dev/null >"$D/log" 2>&1
	await "$D/far" && far=$(cat "$D/far")
}

accepts() { "$SOCKT" -q connect 127.0.0.1 "$1" </dev/null >/dev/null; }

# tinyproxy LINE... - with these lines more in its settings, $proxy
tinyproxy() {
	_port=$(free_port)
	printf '%s\n' "Port $_port" 'Listen 127.0.0.1' 'Timeout 60' \
		'ConnectPort 443' 'ConnectPort 563' "LogFile \"$D/tiny.log\"" \
		"$@" >"$D/tiny.conf"
	bg command tinyproxy -d -c "$D/tiny.conf" >/dev/null 2>&1
	proxy=127.0.0.1:$_port
	until_ok accepts "$_port"
}

# says REPLY - a proxy with one reply; what it was asked is in $D/got, $proxy
says() {
	rm -f "$D/proxy" "$D/got"
	bg timeout 60 python3 peers/origin_peer.py "$D/proxy" "$D/got" "$1"
	await "$D/proxy" && proxy=127.0.0.1:$(cat "$D/proxy")
}

# get PROXY ARGUMENT...
get() {
	_by=$1
	shift
	run "$SOCKT" http-get --proxy "http://$_by" "$@"
}
got() { until_ok test -e "$D/got" && tr -d '\r' <"$D/got"; }
has_tinyproxy() {
	command -v tinyproxy >/dev/null || { skip 'no tinyproxy'; false; }
}

# Its usual settings: CONNECT leads to 443 and 563 alone.
test_tinyproxy_brings_pages_where_it_does_not_lead() {
	has_tinyproxy || return 0
	page
	tinyproxy
	run "$SOCKT" connect --proxy "http://$proxy" localhost "$far" </dev/null
	assertEquals "it does not lead there" 6 $rc
	get "$proxy" localhost "$far" /in
	assertEquals "0 hello" "$rc $(cat "$D/out" "$D/err")"
	get "$proxy" -I "http://localhost:$far/in"
	assertContains "$(cat "$D/out")" 'Content-Length: 6'
	head -c 3000000 /dev/urandom >"$D/big"
	get "$proxy" -o "$D/big2" "http://localhost:$far/big"
	assertBytes big "$D/big" "$D/big2"
	get "$proxy" "http://localhost:$far/in" "http://localhost:$far/in"
	assertEquals "hello
hello" "$(cat "$D/out")"
	get "$proxy" "http://localhost:$far/none"
	assertEquals "the server's own" 1 $rc
	get "$proxy" "http://localhost:$(free_port)/"
	assertEquals "the proxy's is a reply, too" 1 $rc
	assertContains "$(cat "$D/err")" ': 500 Unable to connect'
}

test_tinyproxy_is_told_who_we_are() {
	has_tinyproxy || return 0
	page
	tinyproxy 'BasicAuth me secret'
	get "me:secret@$proxy" localhost "$far" /in
	assertEquals "0 hello" "$rc $(cat "$D/out" "$D/err")"
	get "$proxy" localhost "$far" /in
	assertEquals 6 $rc
	assertContains "$(cat "$D/err")" SOCKT_PROXY_AUTH
	SOCKT_PROXY_AUTH=me:secret
	export SOCKT_PROXY_AUTH
	get "$proxy" localhost "$far" /in
	assertEquals "0 hello" "$rc $(cat "$D/out" "$D/err")"
	get "me:wrong@$proxy" localhost "$far" /in
	assertEquals "it says 401, as a server would" 1 $rc
	assertContains "$(cat "$D/err")" ': 401 '
}

test_ncats_digest_is_answered_and_nobody_sees_how() {
	page
	_port=$(free_port)
	bg ncat -l -k --proxy-type http --proxy-auth 'me:se cret' 127.0.0.1 \
		"$_port" 2>"$D/ncat"
	until_ok accepts "$_port"
	for out in --json '--text -vv'; do
		# shellcheck disable=SC2086
		run "$SOCKT" $out http-get --proxy \
			"http://me:se%20cret@127.0.0.1:$_port" -i -o "$D/to" \
			"http://localhost:$far/in?a=b"
		assertEquals "$out: $(cat "$D/err")" 0 $rc
		assertEquals "the reply alone" hello "$(tail -n 1 "$D/to")"
		assertEquals 1 "$(grep -c HTTP/1 "$D/to")"
		assertContains "$out" "$(cat "$D/out")" \
			'Proxy-Authorization: Digest ***'
		for secret in cret username response=; do
			assertNotContains "$out $secret" "$(cat "$D/out")" \
				$secret
		done
	done
	run "$SOCKT" --json http-get --proxy \
		"http://me:wrong@127.0.0.1:$_port" "http://localhost:$far/in"
	assertEquals 6 $rc
	assertEquals '407 407' "$(jq -r 'select(.ev=="http" and
		.dir=="in").status' "$D/out" | paste -sd ' ')"
	assertContains "$(cat "$D/err")" "http proxy 127.0.0.1:$_port: \
http://localhost:$far/in: 407 Proxy Authentication Required"
	assertContains "$(cat "$D/err")" 'does not accept'
}

test_the_proxy_gets_the_whole_url() {
	says 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
	get "$proxy" 'http://there.test/a?b#c'
	assertEquals "0 ok" "$rc $(cat "$D/out" "$D/err")"
	assertEquals "GET http://there.test/a?b HTTP/1.1
Host: there.test" "$(got | head -n 2)"
	assertNotContains "$(got)" Proxy-
	rm "$D/got"
	get "me:x@$proxy" -I -H 'Host: other.test' ::1 8000 /
	assertEquals "HEAD http://[::1]:8000/ HTTP/1.1
Host: other.test" "$(got | head -n 2)"
	assertNotContains "it has not asked" "$(got)" Proxy-
}

test_https_is_led_through() {
	page --tls
	_pin=$(jq -r 'select(.ev=="certificate").pin' "$D/log" | head -n 1)
	bg timeout 60 "$SOCKT" --json listen -k --proxy-server http \
		--port-file "$D/port" 0 </dev/null >"$D/proxied" 2>&1
	await "$D/port"
	get "127.0.0.1:$(cat "$D/port")" --pin "$_pin" \
		"https://localhost:$far/in"
	assertEquals "0 hello" "$rc $(cat "$D/out" "$D/err")"
	assertContains "$(cat "$D/proxied")" "CONNECT localhost:$far"
	page
	get "127.0.0.1:$(cat "$D/port")" "http://localhost:$far/in"
	assertContains "$(cat "$D/proxied")" "GET http://localhost:$far/in"
}

test_what_a_proxy_does_not_like_ends() {
	for row in 'Digest realm="a", nonce="b", stale=true|does not accept' \
		'Basic realm="a"|does not accept' 'Negotiate|neither'; do
		says "HTTP/1.1 407 \x1b[31mNo\r\nProxy-Authenticate: ${row%%|*}\r\nContent-Length: 4\r\n\r\npage"
		get "me:x@$proxy" -o "$D/to" http://there.test/
		assertEquals "$row" 6 $rc
		assertContains "$row" "$(cat "$D/err")" "${row#*|}"
		assertEquals "$row" 0 "$(grep -c "$(printf '\033')" "$D/err")"
		assertFalse "$row" "[ -e '$D/to' ] || [ -e '$D/to.part' ]"
		run "$SOCKT" connect --proxy "http://me:x@$proxy" there.test 1
		assertEquals "$row: CONNECT" 6 $rc
		assertContains "$row" "$(cat "$D/err")" "${row#*|}"
	done
	says 'HTTP/1.1 407 No\r\nContent-Length: 4\r\n\r\npage'
	run "$SOCKT" http-get localhost "${proxy#*:}" /
	assertEquals "from no proxy it is a reply" "1 page" \
		"$rc $(cat "$D/out")"
	get "127.0.0.1:$(free_port)" http://there.test/
	assertEquals 4 $rc
	assertContains "$(cat "$D/err")" 'proxy: connect 127.0.0.1:'
}

. "$SHUNIT2"
