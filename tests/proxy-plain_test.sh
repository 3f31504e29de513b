#!/bin/sh
# Plain requests through listen --proxy-server http: what curl, wget and ncat
# ask it for, and what the server then gets.
. ./lib.sh

setUp() {
	rm -rf "${D:?}"/*
	printf 'hello\n' >"$D/in"
}

# page - a web server with our files, $far
page() {
	bg timeout 60 "$SOCKT" serve-static --port-file "$D/far" "$D" 0 \
		</dev/null >/dev/null 2>&1
	await "$D/far" && far=$(cat "$D/far")
}

# origin REPLY - one that replies just that; what it got is in $D/got, $far
origin() {
	rm -f "$D/far" "$D/got"
	bg timeout 60 python3 peers/origin_peer.py "$D/far" "$D/got" "$1"
	await "$D/far" && far=$(cat "$D/far")
}

# peer ACTION... - a far side that does just that, $far
peer() {
	rm -f "$D/far"
	bg timeout 60 python3 peers/tcp_peer.py "$D/far" "$@"
	await "$D/far" && far=$(cat "$D/far")
}

# proxy OPTION... - on loopback, $port and $proxy; events in $D/log
proxy() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen -k --proxy-server http \
		--port-file "$D/port" "$@" 0 </dev/null >"$D/log" 2>"$D/err.us"
	await "$D/port" && port=$(cat "$D/port") && proxy=127.0.0.1:$port
}

# by ARGUMENT... - curl by way of it
by() { run curl -sS -x "http://$proxy" "$@"; }
# ask TEXT - says it, with printf's escapes; nothing more, and does not end
ask() {
	printf "$1" >"$D/ask"
	run nc.openbsd 127.0.0.1 "$port" <"$D/ask"
}
# got - the request as the server got it, without CR
got() { until_ok test -e "$D/got" && tr -d '\r' <"$D/got"; }
OK='HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

test_curl_gets_pages_from_our_server_and_pythons() {
	page
	bg timeout 60 python3 -u -m http.server -d "$D" --bind 127.0.0.1 0 \
		>"$D/python" 2>&1
	await "$D/python"
	head -c 3000000 /dev/urandom >"$D/big"
	proxy
	for at in "$far" "$(sed -n 's/.*port \([0-9]*\) .*/\1/p' "$D/python")"
	do
		by "http://localhost:$at/in"
		assertEquals "0 hello" "$rc $(cat "$D/out" "$D/err")"
		by -I "http://localhost:$at/in"
		assertEquals 0 $rc
		assertContains "$(cat "$D/out")" ' 200 OK'
		assertContains "$(cat "$D/out")" 'Connection: close'
		assertContains "$(cat "$D/out")" 'Content-Length: 6'
		by -o "$D/big2" "http://localhost:$at/big"
		assertBytes "$at" "$D/big" "$D/big2"
		by "http://localhost:$at/in" "http://localhost:$at/in"
		assertEquals "several" "hello
hello" "$(cat "$D/out")"
		# Both refuse, and read not all of it.
		by -w ' %{http_code}' --data-binary @"$D/big" \
			"http://localhost:$at/in"
		assertEquals "$(cat "$D/err")" 0 $rc
		assertContains ' 405 501' "$(tail -c 4 "$D/out")"
	done
}

test_wget_and_ncat_go_through_it() {
	page
	proxy
	run env http_proxy="http://$proxy" wget -nv -O- "http://localhost:$far/in"
	assertEquals "0 hello" "$rc $(cat "$D/out")"
	printf 'GET http://127.0.0.1:%s/in HTTP/1.0\r\n\r\n' "$far" >"$D/ask"
	run ncat 127.0.0.1 "$port" <"$D/ask"
	assertEquals hello "$(tail -n 1 "$D/out")"
	assertContains "$(cat "$D/out")" 'HTTP/1.'
}

test_what_goes_on_is_meant_for_the_server() {
	proxy
	origin "$OK"
	by -A me -H 'Connection: x-one, content-length' -H 'X-One: 1' \
		-H 'X-Two: 2' -H 'TE: trailers' -H 'Keep-Alive: 9' \
		-H 'Host: elsewhere.test' -H 'Via: 1.0 first' -d a=b \
		"http://localhost:$far/x?y"
	assertEquals "0 ok" "$rc $(cat "$D/out" "$D/err")"
	assertEquals "POST /x?y HTTP/1.1
Host: localhost:$far
User-Agent: me
Accept: */*
X-Two: 2
Via: 1.0 first
Content-Type: application/x-www-form-urlencoded
Content-Length: 3
Via: 1.1 sockt
Connection: close

a=b" "$(got)"
}

test_a_body_passes_in_chunks_and_when_it_is_invited() {
	proxy
	head -c 2000000 /dev/urandom | base64 >"$D/body"
	origin "$OK"
	by -T "$D/body" -H 'Transfer-Encoding: chunked' \
		"http://localhost:$far/up"
	assertEquals "0 ok" "$rc $(cat "$D/out" "$D/err")"
	got >/dev/null
	python3 -c 'import sys
head, _, body = sys.stdin.buffer.read().partition(b"\r\n\r\n")
assert b"Transfer-Encoding: chunked" in head, head
while size := int(body[:body.index(b"\r\n")], 16):
	at = body.index(b"\r\n") + 2
	sys.stdout.buffer.write(body[at:at + size])
	body = body[at + size + 2:]' <"$D/got" >"$D/body2"
	assertBytes chunks "$D/body" "$D/body2"
	origin "$OK"
	by --expect100-timeout 60 -H 'Expect: 100-continue' \
		--data-binary @"$D/body" -v "http://localhost:$far/up"
	assertEquals "0 ok" "$rc $(cat "$D/out")"
	assertContains "$(cat "$D/err")" 'HTTP/1.1 100 Continue'
	got >/dev/null
	tail -c "$(wc -c <"$D/body")" "$D/got" >"$D/body2"
	assertBytes "a length" "$D/body" "$D/body2"
}

# A second request, whatever stands before it, must not reach the server.
test_nothing_is_smuggled_behind_a_request() {
	proxy
	_next='GET /secret HTTP/1.1\r\nHost: a\r\n\r\n'
	for row in 'GET|' 'GET|Content-Length: 0\r\n' \
		'POST|Content-Length: 3\r\nConnection: content-length\r\n|abc' \
		'POST|Transfer-Encoding: chunked\r\nConnection: transfer-encoding\r\n|3\r\nabc\r\n0\r\n\r\n' \
		'POST|Content-Length: 3, 3\r\n|abc'; do
		origin "$OK"
		_fields=${row#*|} _body=
		case $_fields in *\|*) _body=${_fields#*|} ;; esac
		ask "${row%%|*} http://localhost:$far/one HTTP/1.1\r\nHost: a\r\n${_fields%%|*}\r\n$_body$_next"
		assertEquals "$row" ok "$(tail -n 1 "$D/out")"
		assertContains "$row" "$(got)" ' /one HTTP/1.1'
		assertNotContains "$row" "$(got)" secret
		assertEquals "$row" 1 "$(grep -c HTTP/1.1 "$D/out")"
	done
	assertEquals 5 "$(grep -c '"extra"' "$D/log")"
	for row in 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n' \
		'Content-Length: 3\r\nContent-Length: 4\r\n' \
		'Transfer-Encoding : chunked\r\n' 'Content-Length: +3\r\n' \
		'Transfer-Encoding: chunked, chunked\r\n' 'A: b\r\n c\r\n'; do
		ask "POST http://localhost:1/ HTTP/1.1\r\nHost: a\r\n$row\r\nabc"
		assertEquals "$row" 'HTTP/1.1 400 Bad Request' \
			"$(head -n 1 "$D/out" | tr -d '\r')"
	done
}

test_nor_is_anything_while_the_reply_is_under_way() {
	proxy
	peer read:9 'send:HTTP/1.1 200 OK\r\n\r\nfirst' await:"$D/now" \
		shut drain:"$D/rest"
	run timeout 20 python3 - "$port" "$far" "$D" <<'END'
import os, socket, sys, time
port, far, d = sys.argv[1:]
s = socket.create_connection(('127.0.0.1', int(port)))
ask = 'GET http://localhost:%s/%s HTTP/1.1\r\nHost: a\r\n\r\n'
s.sendall((ask % (far, 'one')).encode())
got = b''
while b'first' not in got:
    got += s.recv(999)
s.sendall((ask % (far, 'secret')).encode())
while '"extra"' not in open(d + '/log').read():
    time.sleep(0.01)
open(d + '/now', 'w')
while more := s.recv(999):
    got += more
print(got.count(b'HTTP/1.1'))
END
	assertEquals 1 "$(cat "$D/out" "$D/err")"
	until_ok test -e "$D/rest"
	assertContains "$(cat "$D/rest")" 'Connection: close'
	assertNotContains "$(cat "$D/rest")" secret
}

test_a_client_may_end_its_side_and_a_server_sees_only_a_cut_one() {
	proxy
	# Whole: to some servers an end would be a farewell.
	run timeout 20 python3 - "$port" "$D/log" <<'END'
import socket, sys, time
port, log = sys.argv[1:]
server = socket.create_server(('127.0.0.1', 0))
s = socket.create_connection(('127.0.0.1', int(port)))
s.sendall(b'POST http://127.0.0.1:%d/ HTTP/1.1\r\nHost: a\r\n'
          b'Content-Length: 3\r\n\r\nabc' % server.getsockname()[1])
s.shutdown(socket.SHUT_WR)
far, _ = server.accept()
data = b''
while not data.endswith(b'\r\n\r\nabc'):
    data += far.recv(999)
while '"half_closed"' not in open(log).read():
    time.sleep(0.01)
far.settimeout(0.1)
try:
    print('an end' if far.recv(9) == b'' else 'more')
except TimeoutError:
    print('no end')
far.sendall(b'HTTP/1.1 200 OK\r\n\r\nlate')
far.close()
while more := s.recv(999):
    data += more
print(data[-4:].decode())
END
	assertEquals "no end
late" "$(cat "$D/out" "$D/err")"
	# Cut: its end says so.
	peer drain:"$D/cut" 'send:HTTP/1.1 400 No\r\n\r\ncut' close
	printf 'POST http://localhost:%s/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc' \
		"$far" >"$D/ask"
	run nc.openbsd -N 127.0.0.1 "$port" <"$D/ask"
	assertEquals cut "$(tail -n 1 "$D/out")"
	assertEquals abc "$(tail -n 1 "$D/cut")"
}

test_credentials_are_wanted_and_go_no_farther() {
	proxy --proxy-auth me:se:cret
	origin "$OK"
	by -w ' %{http_code}' "http://localhost:$far/in"
	assertEquals 'Who are you? 407' "$(tr '\n' ' ' <"$D/out" | tr -s ' ')"
	by -U me:wrong -o /dev/null -w '%{http_code}' "http://localhost:$far/in"
	assertEquals 407 "$(cat "$D/out")"
	by -I "http://localhost:$far/in"
	assertContains "$(cat "$D/out")" 'Proxy-Authenticate: Basic'
	assertEquals 'no content for HEAD' 0 "$(grep -c Who "$D/out")"
	assertFalse "it was not called" "[ -e '$D/got' ]"
	by -U me:se:cret "http://localhost:$far/in"
	assertEquals "0 ok" "$rc $(cat "$D/out" "$D/err")"
	assertNotContains "$(got)" Authorization
	_secret=$(printf me:se:cret | base64)
	assertNotContains "$(cat "$D/got" "$D/log")" "$_secret"
}

test_it_leads_only_where_it_may() {
	page
	proxy --to "127.0.0.1:$far"
	by "http://localhost:$far/in"
	assertEquals hello "$(cat "$D/out")"
	for at in "127.0.0.2:$far" 127.0.0.1:1 localhost; do
		by -o /dev/null -w '%{http_code}' "http://$at/in"
		assertEquals "$at" 403 "$(cat "$D/out")"
	done
}

test_what_is_no_request_for_a_proxy_is_refused_in_a_sentence() {
	proxy
	run curl -sS -i "http://$proxy/"
	assertContains "$(cat "$D/out")" 'HTTP/1.1 400'
	assertContains "$(cat "$D/out")" 'This is a proxy'
	for row in '400|OPTIONS * HTTP/1.1' '400|GET http:/// HTTP/1.1' \
		'400|GET http://u@b/ HTTP/1.1' '400|GET http://b:0/ HTTP/1.1' \
		'400|GET http://b:65536/ HTTP/1.1' '400|GET http://:1/ HTTP/1.1' \
		'400|GET http://[::1/ HTTP/1.1' '421|GET ftp://b/ HTTP/1.1' \
		'505|GET http://b/ HTTP/2.0' '502|GET http://no.invalid: HTTP/1.1'
	do
		ask "${row#*|}\r\nHost: x\r\n\r\n"
		assertContains "$row" "$(head -n 1 "$D/out")" " ${row%%|*} "
	done
	python3 -c 'print("GET http://b/ HTTP/1.1\\r\\nHost: b\\r\\n" +
		"A: " + "b" * 9000 + "\\r\\nB: " + "b" * 9000 + "\\r\\nC: " +
		"c" * 15000, end="")' >"$D/long"
	ask "$(cat "$D/long")"
	assertContains "$(cat "$D/out")" 'HTTP/1.1 431'
	assertContains "$(cat "$D/out")" 'the head is longer than the limit'
}

test_a_server_that_answers_badly_is_a_bad_gateway() {
	proxy
	by -w '%{http_code}' "http://127.0.0.1:$(free_port)/"
	assertContains "$(cat "$D/out")" refused
	assertContains "$(cat "$D/out")" 502
	for row in 'SSH-2.0-x|this is SSH' 'HTTP/1.1 2x0 OK|three digits' \
		'HTTP/1.1 101 Switch|not asked for' \
		'HTTP/1.1 200 OK\r\nA|not complete' '|there is none' \
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip|than chunked'; do
		_end='\r\n\r\n'
		case $row in \|*|*nA\|*) _end= ;; esac
		origin "${row%%|*}$_end"
		by -w '%{http_code}' "http://localhost:$far/"
		assertContains "$row" "$(cat "$D/out")" "${row#*|}"
		assertContains "$row" "$(cat "$D/out")" 502
	done
	peer read:3 rst
	by -o /dev/null -w '%{http_code}' "http://localhost:$far/"
	assertEquals "a reset" 502 "$(cat "$D/out")"
	peer read:3 'send:HTTP/1.1 200 OK\r\nA: ' fill:40000 await:"$D/never"
	by -w '%{http_code}' "http://localhost:$far/"
	assertContains "$(cat "$D/out")" 'longer than the limit'
}

test_replies_pass_and_say_that_it_was_the_last() {
	proxy
	origin 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 Fine\r\nConnection: keep-alive, X-A\r\nKeep-Alive: 5\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: u\r\n\r\n'
	ask "GET http://localhost:$far/ HTTP/1.1\r\nHost: a\r\n\r\n"
	assertEquals "HTTP/1.1 103 Early Hints
Link: x
Via: 1.1 sockt

HTTP/1.1 200 Fine
Transfer-Encoding: chunked
Via: 1.1 sockt
Connection: close

3;x
abc
0
T: u" "$(tr -d '\r' <"$D/out")"
}

test_the_conversation_shows_the_request_and_its_status() {
	origin "$OK"
	proxy
	by "http://localhost:$far/a%20b"
	assertEquals "in http GET http://localhost:$far/a%20b
out http 200 OK" "$(jq -r 'select(.ev=="proxy")|.dir+" "+.proto+" "+.text' \
		"$D/log")"
	assertContains "the reply as it went" "$(jq -r \
		'select(.ev=="sent" and .conn==1).text' "$D/log")" 'Via: 1.1'
	bg timeout 20 "$SOCKT" listen --proxy-server http \
		--port-file "$D/port2" 0 </dev/null >"$D/out2" 2>"$D/err2"
	_pid=$!
	await "$D/port2"
	run curl -sS -x "http://127.0.0.1:$(cat "$D/port2")" \
		http://127.0.0.1:1/
	await_end $_pid
	assertEquals "the one that it was for" 4 "$rc"
	assertContains "$(cat "$D/err2")" refused
}

. "$SHUNIT2"
