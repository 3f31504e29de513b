#!/bin/sh
# Being a proxy: listen --proxy-server, with curl, ncat and nc as its clients;
# what is asked for without CONNECT is in proxy-plain_test.sh.
. ./lib.sh

setUp() {
	rm -rf "${D:?}"/*
	printf 'hello\n' >"$D/in"
}

# page - a web server with the file "in", $far
page() {
	bg timeout 60 "$SOCKT" serve-static --port-file "$D/far" "$D" 0 \
		</dev/null >/dev/null 2>&1
	await "$D/far" && far=$(cat "$D/far")
}

# peer ACTION... - a far side that does just that, $far
peer() {
	rm -f "$D/far"
	bg timeout 60 python3 peers/tcp_peer.py "$D/far" "$@"
	await "$D/far" && far=$(cat "$D/far")
}

# proxy KIND OPTION... - on loopback, $proxy; events in $D/log
proxy() {
	_kind=$1
	shift
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen -k --proxy-server "$_kind" \
		--port-file "$D/port" "$@" 0 </dev/null >"$D/log" 2>"$D/err.us"
	await "$D/port" && proxy=127.0.0.1:$(cat "$D/port")
}

through() { run "$SOCKT" connect --proxy "$@" <"$D/in"; }

test_curl_goes_through_it() {
	page
	proxy http
	run curl -sS -p -x "http://$proxy" "http://localhost:$far/in"
	assertEquals "0 hello" "$rc $(cat "$D/out" "$D/err")"
	proxy socks5
	for kind in socks5 socks5h; do
		run curl -sS -x "$kind://$proxy" "http://localhost:$far/in"
		assertEquals "$kind" "0 hello" "$rc $(cat "$D/out" "$D/err")"
	done
}

test_ncat_and_nc_go_through_it() {
	page
	printf 'GET /in HTTP/1.0\r\n\r\n' >"$D/get"
	proxy http
	run nc.openbsd -X connect -x "$proxy" 127.0.0.1 "$far" <"$D/get"
	assertEquals nc hello "$(tail -n 1 "$D/out")"
	run ncat --proxy "$proxy" --proxy-type http 127.0.0.1 "$far" <"$D/get"
	assertEquals ncat hello "$(tail -n 1 "$D/out")"
	proxy socks5
	run nc.openbsd -X 5 -x "$proxy" localhost "$far" <"$D/get"
	assertEquals nc hello "$(tail -n 1 "$D/out")"
	run ncat --proxy "$proxy" --proxy-type socks5 127.0.0.1 "$far" \
		<"$D/get"
	assertEquals ncat hello "$(tail -n 1 "$D/out")"
}

test_we_go_through_it_and_half_closed_ends_stay() {
	for kind in http socks5 socks5h; do
		proxy "${kind%h}"
		peer drain:"$D/got.$kind" 'send:late answer' close
		through "$kind://$proxy" localhost "$far"
		assertEquals "$kind" "0 late answer" "$rc $(cat "$D/out")"
		assertEquals hello "$(cat "$D/got.$kind")"
	done
}

test_what_follows_the_request_at_once_is_not_lost() {
	proxy http
	peer drain:"$D/got" 'send:yes' close
	printf 'CONNECT 127.0.0.1:%s HTTP/1.1\r\nHost: x\r\n\r\nearly' \
		"$far" >"$D/ask"
	run nc.openbsd -N 127.0.0.1 "${proxy#*:}" <"$D/ask"
	assertEquals early "$(cat "$D/got")"
	assertEquals yes "$(tail -n 1 "$D/out")"
	proxy socks5
	peer drain:"$D/got2" 'send:yes' close
	python3 -c 'import sys, struct
sys.stdout.buffer.write(b"\5\1\0\5\1\0\3\x09localhost" +
	struct.pack(">H", int(sys.argv[1])) + b"early")' "$far" >"$D/ask"
	run nc.openbsd -N 127.0.0.1 "${proxy#*:}" <"$D/ask"
	assertEquals early "$(cat "$D/got2")"
}

test_credentials_are_wanted() {
	page
	for kind in http socks5h; do
		proxy "${kind%h}" --proxy-auth 'me:se:cret'
		run curl -sS -p -x "$kind://$proxy" -U me:se:cret \
			"http://localhost:$far/in"
		assertEquals "$kind: curl" "0 hello" \
			"$rc $(cat "$D/out" "$D/err")"
		through "$kind://me:se%3acret@$proxy" localhost "$far"
		assertEquals "$kind: ours" 0 $rc
		for bad in me:se:cres me:se:cre you:se:cret; do
			run curl -sS -p -x "$kind://$proxy" -U $bad \
				"http://localhost:$far/in"
			assertNotEquals "$kind $bad" 0 $rc
		done
		through "$kind://$proxy" localhost "$far"
		assertEquals "$kind: none" 6 $rc
		assertNotContains "$(cat "$D/log")" se:cret
	done
	_pid=$(pgrep -P "${pids##* }" sockt)
	assertEquals 0 "$(grep -ca 'se:cret' "/proc/$_pid/cmdline")"
}

test_it_leads_only_where_it_may() {
	page
	proxy socks5 --to "*.example.org:80,127.0.0.1:$far,[::1]:1"
	through "socks5h://$proxy" localhost "$far"
	assertEquals "$(cat "$D/err")" 0 $rc
	for to in "127.0.0.1 1" "127.0.0.2 $far" "localhost 1"; do
		# shellcheck disable=SC2086
		through "socks5h://$proxy" $to
		assertEquals "$to" 6 $rc
		assertContains "$to" "$(cat "$D/err")" 'not allowed'
	done
	proxy http --to LocalHost
	through "http://$proxy" localhost "$far"
	assertEquals "by its name" 0 $rc
	through "http://$proxy" 127.0.0.1 "$far"
	assertEquals "not by its address" 6 $rc
	assertContains "$(cat "$D/err")" '403 Forbidden'
}

test_why_it_failed_is_answered() {
	_closed=$(free_port)
	proxy socks5
	through "socks5h://$proxy" 127.0.0.1 "$_closed"
	assertEquals refused 4 $rc
	through "socks5h://$proxy" no.such.name.invalid 1
	assertEquals "no name" 6 $rc
	proxy http
	through "http://$proxy" 127.0.0.1 "$_closed"
	assertEquals 6 $rc
	assertContains "$(cat "$D/err")" '502 Bad Gateway'
	for ask in 'CONNECT x HTTP/1.1' 'CONNECT x:0 HTTP/1.1' 'what is this'; do
		printf '%s\r\nHost: x\r\n\r\n' "$ask" >"$D/ask"
		run nc.openbsd -N 127.0.0.1 "${proxy#*:}" <"$D/ask"
		assertContains "$ask" "$(cat "$D/out")" 'HTTP/1.1 400'
	done
}

test_what_socks_does_not_do_is_refused_by_its_code() {
	proxy socks5
	for row in '\1\0\11\0\0\0\0\0\0:8' '\2\0\1\177\0\0\1\0\1:7' \
		'\3\0\1\177\0\0\1\0\1:7'; do
		# shellcheck disable=SC2059
		printf "\\5\\1\\0\\5${row%:*}" >"$D/ask"
		run nc.openbsd -N 127.0.0.1 "${proxy#*:}" <"$D/ask"
		assertEquals "$row" "5${row#*:}" "$(tail -c +3 "$D/out" |
			od -An -tu1 -N2 | tr -d ' ')"
	done
	printf '\4\1\0\1\177\0\0\1\0' >"$D/ask"
	run nc.openbsd -N 127.0.0.1 "${proxy#*:}" <"$D/ask"
	assertEquals "SOCKS 4" '' "$(cat "$D/out")"
}

test_a_request_without_end_is_given_up() {
	proxy http
	head -c 100000 /dev/zero | tr '\0' x >"$D/ask"
	run nc.openbsd -N 127.0.0.1 "${proxy#*:}" <"$D/ask"
	assertNotEquals 124 $rc
	await_text "$D/log" '"closed"'
}

# A silent client, and one whose name is looked up for long, delay nobody.
test_nobody_delays_anybody() {
	page
	proxy socks5
	bg nc.openbsd 127.0.0.1 "${proxy#*:}"
	_silent=$!
	await_text "$D/log" '"accepted"'
	through "socks5h://$proxy" localhost "$far"
	assertEquals 0 $rc
	assertTrue "kill -0 $_silent"
}

test_it_stays_on_this_machine_and_with_its_options() {
	proxy http
	assertEquals machine \
		"$(jq -r 'select(.ev=="listening").reach' "$D/log" | head -n 1)"
	for args in '--proxy-auth a:b' '--to x' '--proxy-server http -e cat' \
		'--proxy-server http --tls' '--proxy-server http -u' \
		'--proxy-server ftp' '--proxy-server http --proxy-auth a' \
		'--proxy-server http --to 10/8' '--proxy-server http --to a:0' \
		'--proxy-server http --to [::1' '--proxy-server http --to a,,b'; do
		# shellcheck disable=SC2086
		run "$SOCKT" listen $args 0
		assertEquals "$args: $(cat "$D/err")" 2 $rc
	done
}

. "$SHUNIT2"
