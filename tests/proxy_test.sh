#!/bin/sh
# By way of a proxy: --proxy, with ncat, tinyproxy, microsocks and scripts.
. ./lib.sh

setUp() {
	rm -rf "${D:?}"/*
	printf 'hello\n' >"$D/in"
	unset SOCKT_PROXY_AUTH
}

# far - an echo, $far
far() {
	bg timeout 60 "$SOCKT" listen -k -e cat --public --port-file "$D/far" \
		0 </dev/null >/dev/null 2>&1
	await "$D/far" && far=$(cat "$D/far")
}

# socks OPTION... - a SOCKS proxy, $proxy is its HOST:PORT; $D/asked
socks() {
	rm -f "$D/proxy"
	: >"$D/asked"
	bg timeout 60 python3 peers/socks_peer.py "$D/proxy" "$D/asked" "$@"
	await "$D/proxy" && proxy=127.0.0.1:$(cat "$D/proxy")
}

# says ACTION... - a proxy that just says it, $proxy
says() {
	rm -f "$D/proxy"
	bg timeout 60 python3 peers/tcp_peer.py "$D/proxy" "$@"
	await "$D/proxy" && proxy=127.0.0.1:$(cat "$D/proxy")
}

# ncat_proxy OPTION... - an HTTP proxy, $proxy
ncat_proxy() {
	_port=$(free_port)
	bg ncat -l -k --proxy-type http "$@" 127.0.0.1 "$_port" 2>"$D/ncat"
	proxy=127.0.0.1:$_port
	until_ok accepts "$_port"
}
accepts() { "$SOCKT" -q connect 127.0.0.1 "$1" </dev/null >/dev/null; }

# page - a web server with the file "in", $far
page() {
	bg timeout 60 "$SOCKT" serve-static --port-file "$D/far" "$D" 0 \
		</dev/null >/dev/null 2>&1
	await "$D/far" && far=$(cat "$D/far")
}

# asks PROXY - for the page, ending after it has come; its last line is $D/got
asks() {
	run "$SOCKT" --json connect --proxy "$1" localhost "$far" \
		-c "printf 'GET /in HTTP/1.0\r\n\r\n'; tail -n 1 >'$D/got'"
}

through() { run "$SOCKT" connect --proxy "$@" <"$D/in"; }
ev() { jq -r "$1" "$D/out"; }

test_bytes_go_through_every_kind_of_socks() {
	far
	socks
	for kind in socks4 socks4a socks5 socks5h; do
		through $kind://"$proxy" localhost "$far"
		assertEquals "$kind: $(cat "$D/err")" 0 $rc
		assertEquals "$kind" hello "$(cat "$D/out")"
	done
	assertEquals "names are looked up here or there" \
		"4 addr 127.0.0.1 $far
4 name localhost $far
5 name localhost $far" "$(grep -v '5 addr' "$D/asked")"
	assertEquals 1 "$(grep -c '5 addr' "$D/asked")"
}

test_an_address_is_sent_as_one() {
	far
	socks
	through socks5h://"$proxy" 127.0.0.1 "$far"
	through socks4a://"$proxy" 127.0.0.1 "$far"
	through socks5h://"$proxy" ::1 "$far"
	assertEquals "5 addr 127.0.0.1 $far
4 addr 127.0.0.1 $far
5 addr ::1 $far" "$(cat "$D/asked")"
}

test_answers_in_single_bytes_are_understood() {
	far
	for bound in v4 v6 name; do
		socks split login:me:secret bound:$bound
		through socks5h://me:secret@"$proxy" localhost "$far"
		assertEquals "$bound: $(cat "$D/err")" "0 hello" \
			"$rc $(cat "$D/out")"
	done
	socks split
	through socks4://"$proxy" localhost "$far"
	assertEquals "0 hello" "$rc $(cat "$D/out")"
}

test_what_follows_in_the_segment_of_the_answer_is_not_lost() {
	far
	socks early:first.
	for kind in socks4 socks4a socks5 socks5h; do
		through $kind://"$proxy" localhost "$far"
		assertEquals "$kind" first.hello "$(cat "$D/out")"
	done
	says read:20 'send:HTTP/1.1 200 fine\r\n\r\nfirst.' drain:"$D/got"
	through http://"$proxy" there.test 80
	assertEquals 0 $rc
	assertEquals first. "$(cat "$D/out")"
	until_ok test -e "$D/got"
	assertEquals hello "$(tail -n 1 "$D/got")"
}

test_the_end_of_one_direction_is_kept() {
	socks
	bg timeout 20 python3 peers/tcp_peer.py "$D/far" drain:"$D/got" \
		'send:late answer' close
	await "$D/far"
	through socks5://"$proxy" 127.0.0.1 "$(cat "$D/far")"
	assertEquals "0 late answer" "$rc $(cat "$D/out")"
}

test_a_user_is_told_to_socks() {
	far
	socks login:me:secret
	through socks5h://me:secret@"$proxy" localhost "$far"
	assertEquals "0 hello" "$rc $(cat "$D/out")"
	through socks4://me@"$proxy" localhost "$far"
	assertEquals "0 hello" "$rc $(cat "$D/out")"
	assertEquals "login me secret
login me" "$(grep login "$D/asked")"
	through socks5h://me:wrong@"$proxy" localhost "$far"
	assertEquals 6 $rc
	assertContains "$(cat "$D/err")" 'does not accept this user and password'
	through socks5h://"$proxy" localhost "$far"
	assertEquals 6 $rc
	assertContains "$(cat "$D/err")" SOCKT_PROXY_AUTH
}

test_the_environment_has_the_password() {
	far
	socks login:me:se:cret%41
	export SOCKT_PROXY_AUTH=me:se:cret%41
	through socks5h://"$proxy" localhost "$far"
	assertEquals "0 hello" "$rc $(cat "$D/out")"
	through socks5h://other:one@"$proxy" localhost "$far"
	assertEquals "the URL counts more" 6 $rc
	SOCKT_PROXY_AUTH=nocolon
	through socks5h://"$proxy" localhost "$far"
	assertEquals 2 $rc
	assertContains "$(cat "$D/err")" SOCKT_PROXY_AUTH
	unset SOCKT_PROXY_AUTH
}

test_other_variables_are_left_alone() {
	far
	run env http_proxy=http://127.0.0.1:1 all_proxy=socks5://127.0.0.1:1 \
		"$SOCKT" connect localhost "$far" <"$D/in"
	assertEquals "0 hello" "$rc $(cat "$D/out")"
}

test_no_password_is_ever_shown() {
	far
	socks login:me:s3cret
	for out in --json '--text -vv'; do
		run "$SOCKT" $out connect --proxy socks5h://me:s3cret@"$proxy" \
			localhost "$far" <"$D/in"
		assertEquals "$out" 0 $rc
		assertNotContains "$(cat "$D/out" "$D/err")" s3cret
	done
	run "$SOCKT" connect --proxy socks9://me:s3cret@"$proxy" localhost 1
	assertEquals 2 $rc
	assertNotContains "$(cat "$D/err")" s3cret
	# From the outside: the command line of a run that waits.
	says read:3 await:"$D/never"
	bg "$SOCKT" connect --timeout 20 --proxy socks5://me:s3cret@"$proxy" \
		127.0.0.1 1 </dev/null >/dev/null 2>&1
	_pid=$!
	until_ok grep -qa 'me:\*' "/proc/$_pid/cmdline"
	assertEquals 1 "$(grep -ca 'me:\*\*\*' "/proc/$_pid/cmdline")"
}

test_the_codes_of_socks_have_their_exit_status() {
	for row in 1:6:general 2:6:rules 3:6:network 4:6:host 5:4:refused \
		6:5:TTL 7:6:command 8:6:address 9:10:nobody; do
		code=${row%%:*} rest=${row#*:}
		says read:3 'send:\x05\x00' read:10 \
			"send:\\x05\\x0$code\\x00\\x01\\0\\0\\0\\0\\0\\0" close
		through socks5://"$proxy" 127.0.0.1 80
		assertEquals "code $code: $(cat "$D/err")" "${rest%%:*}" $rc
		assertContains "$(cat "$D/err")" "${row##*:}"
		assertContains "$(cat "$D/err")" "($code)"
	done
	for code in 5b 5c 5d; do
		says read:9 "send:\\x00\\x$code\\0\\0\\0\\0\\0\\0" close
		through socks4://"$proxy" 127.0.0.1 80
		assertEquals "code $code" 6 $rc
		assertContains "$(cat "$D/err")" reject
	done
}

test_a_proxys_refusal_is_told_in_its_words() {
	for row in 403:6:Forbidden 502:6:'Bad \x1b[31mGateway' \
		504:5:'too late' 301:6:moved 200x:10: ; do
		status=${row%%:*} rest=${row#*:}
		says read:20 "send:HTTP/1.1 $status ${row##*:}\r\n\r\n" close
		through http://"$proxy" there.test 80
		assertEquals "$status" "${rest%%:*}" $rc
	done
	says read:20 'send:HTTP/1.1 502 Bad \x1b[31m way\r\n\r\n' close
	through http://"$proxy" there.test 80
	assertContains "$(cat "$D/err")" 'there.test:80: 502 Bad '
	assertEquals 0 "$(grep -c "$(printf '\033')" "$D/err")"
}

test_the_next_address_is_asked_for_where_one_fails() {
	unshare -rm true 2>/dev/null || { skip 'no unshare'; return; }
	far
	socks first:5
	printf '127.0.0.1 two.test\n127.0.0.2 two.test\n' >"$D/hosts"
	run unshare -rm sh -c 'mount --bind "$0" /etc/hosts && "$@"' \
		"$D/hosts" "$SOCKT" --json connect --proxy \
		socks5://"$proxy" two.test "$far" <"$D/in"
	assertEquals "$(cat "$D/err")" 0 $rc
	assertEquals 2 "$(grep -c '5 addr' "$D/asked")"
	assertEquals aGVsbG8K "$(ev 'select(.ev=="received")|.text|@base64')"
}

test_garbage_and_too_much_of_it_are_refused() {
	says read:3 'send:HTTP/1.1 400 Bad\r\n\r\n' close
	through socks5://"$proxy" 127.0.0.1 80
	assertEquals 10 $rc
	assertContains "$(cat "$D/err")" 'not SOCKS 5'
	says read:9 'send:SSH-2.0-x\r\n' close
	through socks4://"$proxy" 127.0.0.1 80
	assertEquals 10 $rc
	says read:3 'send:\x05\x00' read:10 'send:\x05\x00\x00\x09xxxxxx' close
	through socks5://"$proxy" 127.0.0.1 80
	assertEquals 10 $rc
	assertContains "$(cat "$D/err")" 'kind of address'
	says read:20 'send:\x05\xff' 'send:no http' close
	through http://"$proxy" there.test 80
	assertEquals 10 $rc
	says read:20 'send:HTTP/1.1 200 ' fill:9000 await:"$D/never"
	through http://"$proxy" there.test 80
	assertEquals 10 $rc
	assertContains "$(cat "$D/err")" 'longer than the limit'
	python3 -c 'print("send:HTTP/1.1 200 x\\r\\n" + "a: b\\r\\n" * 200,
		end="")' >"$D/many"
	says read:20 "$(cat "$D/many")" await:"$D/never"
	through http://"$proxy" there.test 80
	assertEquals 10 $rc
}

test_a_proxy_that_goes_or_says_nothing() {
	says read:3 close
	through socks5://"$proxy" 127.0.0.1 80
	assertEquals 9 $rc
	assertContains "$(cat "$D/err")" 'before it had answered'
	says read:20 'send:HTTP/1.1 200 f' rst
	through http://"$proxy" there.test 80
	assertEquals 9 $rc
	says read:3 'send:\x05' await:"$D/never"
	run "$SOCKT" connect --connect-timeout 0.3 --proxy \
		socks5://"$proxy" 127.0.0.1 80
	assertEquals 5 $rc
	assertContains "$(cat "$D/err")" 'no answer in time'
	through http://127.0.0.1:"$(free_port)" there.test 80
	assertEquals 4 $rc
	assertContains "$(cat "$D/err")" 'proxy: connect 127.0.0.1:'
}

test_an_http_proxy_of_ncats_lets_us_through() {
	page
	ncat_proxy
	asks http://"$proxy"
	assertEquals "0 hello" "$rc $(cat "$D/got")"
	through http://"$proxy" localhost "$(free_port)"
	assertEquals 5 $rc
	assertContains "$(cat "$D/err")" '504 Gateway Timeout'
}

test_a_digest_is_answered() {
	page
	ncat_proxy --proxy-auth 'me:se cret'
	asks http://me:se%20cret@"$proxy"
	assertEquals "0 hello" "$rc $(cat "$D/got")"
	assertContains "$(ev 'select(.ev=="proxy").text')" 'digest MD5'
	assertNotContains "$(cat "$D/out")" cret
	through http://me:wrong@"$proxy" localhost "$far"
	assertEquals 6 $rc
	assertContains "$(cat "$D/err")" '407 Proxy Authentication Required'
	assertContains "$(cat "$D/err")" 'does not accept'
	through http://"$proxy" localhost "$far"
	assertEquals 6 $rc
	assertContains "$(cat "$D/err")" SOCKT_PROXY_AUTH
}

# RFC 7616 3.9.1: the answer is computed as there, with both algorithms.
test_the_best_of_several_challenges_is_answered() {
	for row in SHA-256:'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, Digest realm="r", nonce="n", qop="auth", algorithm=MD5' \
		MD5:'Basic realm="x", Digest realm="r", nonce="n"' \
		basic:'Negotiate, Basic realm="x"'; do
		says read:20 "send:HTTP/1.1 407 No\\r\\nProxy-Authenticate: \
${row#*:}\\r\\nContent-Length: 4\\r\\n\\r\\npage" \
			read:80 'send:HTTP/1.1 200 OK\r\n\r\nin' close
		run "$SOCKT" --json connect --proxy http://me:x@"$proxy" \
			there.test 80 </dev/null
		assertContains "${row#*:}: $(cat "$D/out")" \
			"$(ev 'select(.ev=="proxy").text')" "${row%%:*}"
		assertEquals "on the same connection" in \
			"$(ev 'select(.ev=="received").text')"
	done
}

test_tls_is_spoken_with_the_far_side() {
	bg timeout 60 "$SOCKT" --json listen -k --tls -e cat \
		--port-file "$D/far" 127.0.0.1 0 </dev/null >"$D/log" 2>&1
	await "$D/far"
	pin=$(jq -r 'select(.ev=="certificate").pin' "$D/log" | head -n 1)
	socks
	run "$SOCKT" connect --tls --pin "$pin" --proxy socks5h://"$proxy" \
		localhost "$(cat "$D/far")" <"$D/in"
	assertEquals "$(cat "$D/err")" "0 hello" "$rc $(cat "$D/out")"
}

test_telnet_goes_by_way_of_it_as_well() {
	far
	socks
	run "$SOCKT" telnet --proxy socks5h://"$proxy" localhost "$far" <"$D/in"
	assertEquals "0 hello" "$rc $(tr -d '\r' <"$D/out")"
}

test_totals_begin_with_the_far_side() {
	far
	socks
	run "$SOCKT" --json connect --proxy socks5h://"$proxy" localhost "$far" \
		<"$D/in"
	assertEquals '6 6' "$(ev 'select(.ev=="closed")|"\(.sent) \(.received)"')"
	assertEquals 0 "$(ev 'select(.ev=="received").off')"
	run "$SOCKT" --json connect --proxy socks5h://"$proxy" \
		-e 'echo five' localhost "$far"
	assertEquals 5 "$(ev 'select(.ev=="closed").sent')"
}

test_the_conversation_shows_what_was_asked_and_answered() {
	far
	socks
	run "$SOCKT" --text --marks ascii connect --proxy socks5h://"$proxy" \
		localhost "$far" <"$D/in"
	assertContains "$(cat "$D/out")" \
		"> * proxy   socks5: connect to localhost:$far"
	assertContains "$(cat "$D/out")" '< * proxy   granted'
	run "$SOCKT" --json connect --proxy socks5h://"$proxy" localhost 1
	assertEquals "socks5h localhost:1" "$(ev \
		'select(.ev=="proxy" and .dir=="out")|.proto+" "+.target' |
		tail -n 1)"
}

test_bad_proxies_are_usage_errors() {
	for bad in proxy:80 ftp://h:1 http://h socks5://h:0 socks5://h:70000 \
		http://:1 socks5://@h:1 http://u:%zz@h:1 http://h:1/path \
		socks4://u:p@h:1 'http://u%0a:p@h:1'; do
		run "$SOCKT" connect --proxy "$bad" localhost 1
		assertEquals "$bad: $(cat "$D/err")" 2 $rc
	done
	for args in '-u localhost 1' '--fast-open localhost 1' 'unix:x'; do
		run "$SOCKT" connect --proxy socks5://h:1 $args
		assertEquals "$args" 2 $rc
		assertContains "$args" "$(cat "$D/err")" --proxy
	done
	run "$SOCKT" connect --proxy socks4a://127.0.0.1:1 ::1 1
	assertEquals 2 $rc
	assertContains "$(cat "$D/err")" 'no IPv6'
	run "$SOCKT" connect --proxy http://127.0.0.1:1 'a b' 1
	assertEquals 2 $rc
}

# With other people's proxies.
test_microsocks_lets_us_through() {
	command -v microsocks >/dev/null || { skip 'no microsocks'; return; }
	page
	_port=$(free_port)
	bg microsocks -i 127.0.0.1 -p "$_port" -u me -P secret >"$D/log" 2>&1
	until_ok accepts "$_port"
	run "$SOCKT" http-get --proxy socks5h://me:secret@127.0.0.1:"$_port" \
		localhost "$far" /in
	assertEquals "0 hello" "$rc $(cat "$D/out")"
	through socks5h://me:wrong@127.0.0.1:"$_port" localhost "$far"
	assertEquals 6 $rc
	through socks5h://me:secret@127.0.0.1:"$_port" 127.0.0.1 \
		"$(free_port)"
	assertEquals "$(cat "$D/err")" 4 $rc
}

. "$SHUNIT2"
