#!/bin/sh
# sockt http-get: the content to the last byte or an error, whatever the server
# says; the conversation on a terminal; files, fields and addresses.
. ./lib.sh

oneTimeSetUp() {
	mkdir "$D/srv"
	python3 peers/http_peer.py "$D/srv" &
	server=$!
	await "$D/srv/port" && port=$(cat "$D/srv/port")
	at=http://127.0.0.1:$port
}

oneTimeTearDown() {
	kill "$server" 2>/dev/null
	wait "$server" 2>/dev/null
	rm -rf "${D:?}"
	[ -z "${TALLY:-}" ] || echo "${__shunit_testsPassed:-0}" \
		"${__shunit_testsFailed:-0} ${__shunit_testsTotal:-0}" >"$TALLY"
	return 0
}

setUp() { n=0; }

# reply TEXT - what the server says to the next request, as printf '%b' has it
reply() {
	n=$((n + 1))
	printf '%b' "$1" >"$D/srv/r$n"
}

# get WORDS OPTION... - asks for that reply; WORDS as in peers/http_peer.py
get() {
	words=$1
	shift
	run "$SOCKT" http-get "$@" "$at/r$n?$words"
}

# reads CONTENT REPLY [WORDS] - is understood, in one piece and byte by byte
reads() {
	reply "$2"
	printf '%b' "$1" >"$D/want"
	for w in ${3:-fin by1}; do
		get "$w"
		assertEquals "$w, $2: $(cat "$D/err"): status" 0 $rc
		assertBytes "$w, $2" "$D/want" "$D/out"
	done
}

# refuses STATUS PATTERN CONTENT REPLY [WORDS] - is an error with such words,
# after no more than CONTENT was delivered
refuses() {
	reply "$4"
	printf '%b' "$3" >"$D/want"
	for w in ${5:-fin by1}; do
		get "$w"
		assertEquals "$w, $4: status" "$1" $rc
		assertBytes "$w, $4" "$D/want" "$D/out"
		# shellcheck disable=SC2254 # a pattern
		case $(sed "s/^sockt: \(read \)*127.0.0.1:$port:* *//" "$D/err") in
		$2) ;;
		*) fail "$w, $4: $(cat "$D/err")" ;;
		esac
	done
}

OK='HTTP/1.1 200 OK\r\n'
CL5='Content-Length: 5\r\n'
TE='Transfer-Encoding: chunked\r\n'

test_reads_each_way_to_end_a_reply() {
	reads hello "$OK$CL5\r\nhello"
	reads 'hello world' "$OK$TE\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
	reads hello 'HTTP/1.0 200 OK\r\n\r\nhello'
	reads hello "$OK\r\nhello"
	reads '' "${OK}Content-Length: 0\r\n\r\n"
	reads '' "$OK$TE\r\n0\r\n\r\n"
}

test_stops_at_the_end_of_the_reply_without_waiting_for_the_servers() {
	reads hello "$OK$CL5\r\nhello" hold
	reads hello "$OK$TE\r\n5\r\nhello\r\n0\r\n\r\n" hold
	reads '' "HTTP/1.1 204 No Content\r\n$TE\r\n" hold
	reads '' "HTTP/1.1 304 Not Modified\r\n$CL5\r\n" hold
}

test_what_comes_behind_the_reply_is_not_delivered() {
	reads hello "$OK$CL5\r\nhelloEXTRA"
	reads hello "$OK$TE\r\n5\r\nhello\r\n0\r\n\r\nEXTRA"
	reads hello "$OK$CL5\r\nhello${OK}Content-Length: 4\r\n\r\nevil"
}

test_reads_what_the_rfc_lets_vary() {
	reads hello "HTTP/1.1 200\r\n$CL5\r\nhello"
	reads hello "HTTP/1.9 200 d\0351j\0340 vu\r\n$CL5\r\nhello"
	reads hello "HTTP/1.1 200 OK\n$CL5\nhello"
	reads hello "${OK}content-length:\t5 \t\r\n\r\nhelloEXTRA"
	reads hello "${OK}X: a\r\n b\r\nContent-Length:\r\n 5\r\n\r\nhelloEXTRA"
	reads hello "$OK$CL5$CL5\r\nhelloEXTRA"
	reads hello "$OK${CL5}Transfer-Encoding: ChUnKeD\r\n\r\n05 ;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n"
}

test_says_what_it_meets_instead_of_http() {
	refuses 10 'this is SSH, *sockt connect 127.0.0.1 *' '' 'SSH-2.0-x\r\n'
	refuses 10 'this is TLS, *https*' '' '\0025\0003\0001\0000\0002\0002\0106'
	refuses 10 'this is HTTP/2,*' '' '\0000\0000\0006\0004\0000\0000\0000\0000\0000'
	refuses 10 '*HTTP/0.9*' '' '<html>hello</html>\n'
	refuses 10 'this is not HTTP*' '' 'HELLO 200 OK\r\n\r\n'
	refuses 10 'this is not HTTP*' '' 'http/1.1 200 OK\r\n\r\n'
}

test_refuses_malformed_heads() {
	refuses 10 '*not HTTP/1.x*' '' 'HTTP/2.0 200 OK\r\n\r\n'
	refuses 10 '*start line is malformed*' '' 'HTTP/1.10 200 OK\r\n\r\n'
	refuses 10 '*not three digits*' '' 'HTTP/1.1 2000 OK\r\n\r\n'
	refuses 10 'a CR without LF*' '' "HTTP/1.1 200 OK\r${CL5%?n}\rhello"
	refuses 10 'a NUL byte*' '' "${OK}Content-Length: 5\00000\r\n\r\nhello"
	refuses 10 'white space*colon*' '' "${OK}Content-Length : 5\r\n\r\nhello"
	refuses 10 'a field name*' '' "${OK}X A: b\r\n\r\n"
	refuses 10 '*no colon*' '' "${OK}hello\r\n\r\n"
}

test_refuses_lengths_that_two_readers_would_understand_differently() {
	refuses 10 '*twice and differs*' '' "$OK${CL5}Content-Length: 10\r\n\r\nhelloEXTRA"
	refuses 10 '*twice and differs*' '' "${OK}Content-Length: 5, 10\r\n\r\nhelloEXTRA"
	for bad in +5 -5 0x5 5abc five '5 5' 5.0 ''; do
		refuses 10 '*not a number*' '' "${OK}Content-Length: $bad\r\n\r\nhello"
	done
	refuses 10 '*beyond 2^63-1*' '' "${OK}Content-Length: 18446744073709551621\r\n\r\nhello"
	for bad in foo 'gzip, chunked' identity; do
		refuses 10 'a transfer coding other*' '' "${OK}Transfer-Encoding: $bad\r\n\r\n0\r\n\r\n"
	done
	refuses 10 '*not the last*' '' "${OK}Transfer-Encoding: chunked, gzip\r\n\r\n"
	refuses 10 '*more than once*' '' "$OK$TE$TE\r\n0\r\n\r\n"
	refuses 10 '*HTTP/1.0*' '' "HTTP/1.0 200 OK\r\n$TE\r\n0\r\n\r\n"
}

test_refuses_malformed_chunks() {
	for bad in xyz -5 0x5 '' ' 5'; do
		refuses 10 '*not a hexadecimal*' '' "$OK$TE\r\n$bad\r\nhello\r\n0\r\n\r\n"
	done
	refuses 10 '*beyond 2^63-1*' '' "$OK$TE\r\n10000000000000005\r\nhello"
	refuses 10 '*CR LF*' '' "$OK$TE\r\n5\nhello\n0\n\n"
	refuses 10 '*after a chunk*' hello "$OK$TE\r\n5\r\nhello5\r\nworld\r\n0\r\n\r\n"
	refuses 10 'a trailer field*' hello "$OK$TE\r\n5\r\nhello\r\n0\r\n X: y\r\n\r\n"
}

test_a_reply_that_ends_too_early_is_an_error() {
	refuses 9 '*without an answer' '' ''
	refuses 9 '*head is not complete' '' "$OK$CL5"
	refuses 9 '*got 5 of 10 bytes' hello "${OK}Content-Length: 10\r\n\r\nhello"
	refuses 9 '*got 3 bytes*' hel "$OK$TE\r\n5\r\nhel"
	refuses 9 '*got 5 bytes, but not the end of the chunks' hello "$OK$TE\r\n5\r\nhello\r\n"
	refuses 9 '*got 5 bytes*' hello "$OK$TE\r\n5\r\nhello\r\n0\r\n"
	refuses 9 '*reset*got 5 of 10 bytes*' hello "${OK}Content-Length: 10\r\n\r\nhello" rst
	refuses 9 '*reset*got 5 bytes*' hello "$OK\r\nhello" rst
}

# repeat N TEXT - that often
repeat() { S=$2 awk -v n="$1" 'BEGIN { while (n--) printf "%s", ENVIRON["S"] }'; }

test_every_limit_has_its_own_error() {
	refuses 10 'a line of the head*' '' "${OK}X: $(repeat 70000 a)\r\n\r\n" fin
	refuses 10 'the start line is longer*' '' "HTTP/1.1 200 $(repeat 70000 a)\r\n\r\n" fin
	refuses 10 '*more fields*' '' "$OK$(repeat 1001 'X: a\r\n')\r\n" fin
	refuses 10 'the head is longer*' '' "$OK$(repeat 300 "X: $(repeat 1000 a)\r\n")\r\n" fin
	refuses 10 'more than 32 interim*' '' \
		"$(repeat 33 'HTTP/1.1 103 Early Hints\r\n\r\n')$OK$CL5\r\nhello" fin
	refuses 10 'chunk extensions*' '' "$OK$TE\r\n5;$(repeat 5000 a)\r\nhello" fin
	refuses 10 'the trailers*' hello \
		"$OK$TE\r\n5\r\nhello\r\n0\r\n$(repeat 1001 'X: a\r\n')\r\n" fin
}

test_interim_replies_are_skipped() {
	reads hello "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n$CL5\r\n$OK$CL5\r\nhello"
	reads hello "$(repeat 32 'HTTP/1.1 103 Early Hints\r\n\r\n')$OK$CL5\r\nhello"
	refuses 10 '*101*not asked for' '' "HTTP/1.1 101 Switching Protocols\r\n\r\nhello"
}

test_a_status_from_400_on_delivers_the_content_and_is_a_no() {
	for status in 400 404 500 999 099; do
		reply "HTTP/1.1 $status Not\0033[2J\r\n$CL5\r\nhello"
		get fin
		assertEquals "$status" 1 $rc
		assertEquals "$status" hello "$(cat "$D/out")"
		assertEquals "sockt: $at/r$n?fin: $status Not\\e[2J" "$(cat "$D/err")"
	done
	reply "HTTP/1.1 302 Found\r\nLocation: /x\r\n$CL5\r\nhello"
	get fin
	assertEquals 'a redirection' 0 $rc
}

test_time_limits() {
	reply "$OK$CL5\r\nhel"
	get hold --idle-timeout 0.1
	assertEquals 5 $rc
	assertEquals "sockt: 127.0.0.1:$port: nothing came for 0.1 s (got 3 of 5 bytes)" "$(cat "$D/err")"
	get hold --timeout 100ms
	assertEquals 5 $rc
	assertEquals 'sockt: not done after 0.1 s (--timeout)' "$(cat "$D/err")"
}

test_sends_what_it_shall() {
	# asks REQUEST OPTION... - the server got exactly this
	asks() {
		printf '%b' "$1" >"$D/want"
		shift
		reply "$OK$CL5\r\nhello"
		run "$SOCKT" http-get "$@" "127.0.0.1:$port/r$n"
		sed -i "s/VERSION/$("$SOCKT" --version | sed -n '1s/sockt //p')/; s/PORT/$port/" "$D/want"
		sed -i "s/ r / \/r$n /" "$D/want"
		assertBytes "$*" "$D/want" "$D/srv/r$n.request"
	}
	first='GET r HTTP/1.1\r\n'
	host='Host: 127.0.0.1:PORT\r\n'
	agent='User-Agent: sockt/VERSION\r\n'
	close='Connection: close\r\n'
	asks "$first$host$agent$close\r\n" --raw
	asks "HEAD r HTTP/1.1\r\n$host$agent$close\r\n" -I
	asks "$first$host$agent${close}X: a b\r\nY:\r\n\r\n" -H 'X:  a b ' -H 'Y;'
	asks "$first${host}User-Agent: me\r\n$close\r\n" --header 'User-Agent: me'
	asks "${first}host: x\r\n\r\n" -H 'host: x' -H 'User-Agent:' -H connection:
	run "$SOCKT" http-get 127.0.0.1 "$port" "r$n#there"
	assertEquals 0 $rc
	assertTrue 'HOST PORT PATH' "grep -q '^GET /r$n HTTP' '$D/srv/r$n.request'"
	run "$SOCKT" http-get "127.0.0.1:$port/a b/r$n?caf$(printf '\303\251')"
	assertTrue encoded "grep -q '^GET /a%20b/r$n?caf%C3%A9 HTTP' '$D/srv/r$n.request'"
}

# misuse PATTERN WORD... - 2, and a line like this
misuse() {
	pattern=$1
	shift
	run "$SOCKT" http-get "$@"
	assertEquals "$*" 2 $rc
	assertEquals "$*: stdout" '' "$(cat "$D/out")"
	# shellcheck disable=SC2254 # a pattern
	case $(sed 's/^sockt: //' "$D/err") in
	$pattern) ;;
	*) fail "$*: $(cat "$D/err")" ;;
	esac
}

test_says_what_is_wrong_with_the_command_line() {
	misuse '*not an http*' ftp://localhost/
	misuse '*not an http*' "$at/" localhost
	misuse '*user name*' http://u:p@localhost/
	misuse '*host*' 'http://a b/'
	misuse '*port*' http://localhost:070/
	misuse '*port*' localhost:/
	misuse '*a path, where the port*HOST PORT PATH*' localhost /x
	misuse '*port*' localhost 70000
	misuse '*port*' localhost 80x
	misuse '*not an http*' a 80 / more
	misuse '*--output is for one*' -o f "$at/" "$at/"
	misuse '*output file is empty*' -o '' "$at/"
	for bad in name ': x' 'a b: c' "X: a$(printf '\r\nY: b')" 'X: a
Y: b' 'X; y'; do
		misuse '--header: *not*' -H "$bad" "$at/"
	done
}

test_heads_before_the_content() {
	head="HTTP/1.1 200 OK\r\nX: y\r\n$CL5\r\n"
	reply "$head"hello
	printf '%b' "${head}hello" >"$D/want"
	get fin -i
	assertBytes include "$D/want" "$D/out"
	printf '%b' "$head" >"$D/want"
	get fin -I
	assertEquals 'HEAD with a body' 0 $rc
	assertBytes head "$D/want" "$D/out"
	reply "HTTP/1.1 200 OK\r\n$TE\r\n"
	get hold --head
	assertEquals 'HEAD promises chunks' 0 $rc
}

test_a_file_is_whole_or_not_touched() {
	f=$D/page
	rm -f "$f" "$f.part"
	reply "$OK$CL5\r\nhello"
	get fin -o "$f"
	assertEquals 0 $rc
	assertEquals hello "$(cat "$f")"
	assertEquals 'nothing on stdout' '' "$(cat "$D/out")"
	assertFalse 'no part is left' "[ -e '$f.part' ]"
	reply "${OK}Content-Length: 10\r\n\r\nother"
	get fin -o "$f"
	assertEquals 9 $rc
	assertEquals 'the file of before' hello "$(cat "$f")"
	assertEquals 'what came' other "$(cat "$f.part")"
	assertEquals "sockt: 127.0.0.1:$port: the connection ended too early: got 5 of 10 bytes (what \
came is in '$f.part')" "$(cat "$D/err")"
	rm "$f" "$f.part"
	reply "${OK}Content-Length: 10\r\n\r\n"
	get fin -o "$f"
	assertEquals 'nothing came' 9 $rc
	assertFalse 'an empty part' "[ -e '$f.part' ] || [ -e '$f' ]"
	reply 'SSH-2.0-x\r\n'
	get fin -o "$f"
	assertEquals 10 $rc
	assertFalse 'no reply' "[ -e '$f.part' ] || [ -e '$f' ]"
}

test_links_stay_links_and_are_not_walked_into() {
	f=$D/page
	rm -f "$f" "$f.part" "$D/link"
	echo old >"$f"
	ln -s "$f" "$D/link"
	reply "$OK$CL5\r\nhello"
	get fin -o "$D/link"
	assertEquals 0 $rc
	assertTrue 'still a link' "[ -L '$D/link' ]"
	assertEquals hello "$(cat "$f")"
	echo mine >"$D/victim"
	ln -s "$D/victim" "$f.part"
	get fin -o "$f"
	assertEquals 'a link lies in wait' 11 $rc
	assertEquals mine "$(cat "$D/victim")"
	rm -f "$f.part"
}

test_files_that_are_none() {
	reply "$OK$CL5\r\nhello"
	for f in - /dev/stdout; do
		get fin -o "$f"
		assertEquals "$f" 0 $rc
		assertEquals "$f" hello "$(cat "$D/out")"
	done
	get fin -o /dev/null
	assertEquals 0 $rc
	assertTrue 'still a device' '[ -c /dev/null ]'
	mkfifo "$D/fifo"
	cat "$D/fifo" >"$D/got" &
	reader=$!
	get fin -o "$D/fifo"
	await_end $reader
	assertEquals hello "$(cat "$D/got")"
	get fin -o "$D/fifo" --timeout 0.1
	assertEquals 'nobody reads the pipe' 5 $rc
	for f in /dev/full "$D/none/x" "$D"; do
		get fin -o "$f"
		assertEquals "$f" 11 $rc
	done
	timeout 10 "$SOCKT" http-get "$at/r$n" >/dev/full 2>"$D/err"
	assertEquals 'a full disk' 11 $?
	assertEquals 'sockt: stdout: no space left on the device (ENOSPC)' "$(cat "$D/err")"
}

test_a_file_that_may_not_grow_is_an_error() {
	reply "$OK\r\n"
	head -c 300000 /dev/zero >>"$D/srv/r$n"
	run sh -c 'ulimit -f 1; exec "$@"' - "$SOCKT" http-get -o "$D/page" "$at/r$n"
	assertEquals 11 $rc
	assertEquals "sockt: cannot write '$D/page.part': larger than a file may be (EFBIG) (what came \
is in '$D/page.part')" "$(cat "$D/err")"
	rm -f "$D/page.part"
}

test_several_addresses_are_fetched_in_turn() {
	reply "$OK$CL5\r\nhello"
	one=$at/r$n
	reply "HTTP/1.1 404 No\r\n$CL5\r\nworld"
	two=$at/r$n
	run "$SOCKT" http-get "$one" "$one"
	assertEquals 0 $rc
	assertEquals hellohello "$(cat "$D/out")"
	run "$SOCKT" http-get "$one" "$two" "http://127.0.0.1:$(free_port)/" "$one"
	assertEquals 'the first failure counts' 1 $rc
	assertEquals helloworldhello "$(cat "$D/out")"
	assertEquals 'each failure is told' 2 "$(wc -l <"$D/err")"
}

test_failures_to_connect_have_their_statuses() {
	run "$SOCKT" http-get 127.0.0.1 "$(free_port)"
	assertEquals refused 4 $rc
	run "$SOCKT" http-get http://nobody.invalid/
	assertEquals 'no such name' 3 $rc
}

# A server's own error may be there before it was asked.
test_a_reader_that_goes_away_ends_it_quietly() {
	head -c 3000000 /dev/zero >"$D/srv/big"
	reply "${OK}Content-Length: 3000000\r\n\r\n"
	cat "$D/srv/big" >>"$D/srv/r$n"
	{ timeout 10 "$SOCKT" http-get "$at/r$n" 2>"$D/err"; echo $? >"$D/rc"; } | head -c 1 >/dev/null
	await "$D/rc"
	assertEquals 141 "$(cat "$D/rc")"
	assertEquals '' "$(cat "$D/err")"
	rm "$D/rc"
	reply "${OK}Content-Length: 10\r\n\r\nhello"
	slow="$at/r$n?hold"
	{ timeout 10 "$SOCKT" http-get "$slow" "$slow" 2>"$D/err"; echo $? >"$D/rc"; } |
		head -c 1 >/dev/null
	await "$D/rc"
	assertEquals 'a server that says no more' 141 "$(cat "$D/rc")"
	assertEquals '' "$(cat "$D/err")"
}

test_events_account_for_every_byte() {
	reply "HTTP/1.1 100 Continue\r\n\r\n$OK$TE\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\nEXTRA"
	get fin --json
	assertEquals 0 $rc
	jq -sr '[.[] | select(.ev == "received")] | .[0].off as $first
		| (map(.bytes) | add), $first, (map(.part) | join(" ")),
		  (map(.text) | join(""))' "$D/out" >"$D/sum"
	{
		wc -c <"$D/srv/r$n"
		echo 0
		echo head head framing body framing trailer framing extra
		cat "$D/srv/r$n"
		echo
	} >"$D/want"
	assertBytes parts "$D/want" "$D/sum"
	assertEquals '100 0,200 5' "$(jq -sr '[.[] | select(.ev == "http" and .dir == "in")
		| "\(.status) \(.body_bytes)"] | join(",")' "$D/out")"
	assertEquals "$(wc -c <"$D/srv/r$n")" \
		"$(jq -r 'select(.ev == "closed").received' "$D/out")"
	assertEquals 0 "$(jq -r 'select(.ev == "summary").exit' "$D/out")"
}

# view WORDS OPTION... - the terminal, without times and ports
view() {
	words=$1
	shift
	terminal "$SOCKT" http-get --color=never "$@" "'$at/r$n?$words'"
	tr -d '\r' <"$D/tty" | sed -e 's/^.........//' -e "s/:$port/:PORT/g" \
		-e 's/from 127.0.0.1:[0-9]*/from US/' -e 's/([0-9.]* ms)/(MS)/' \
		-e 's/, [0-9.]* m*s, no retr/, MS, no retr/' \
		-e "s/sockt\/[0-9.]*/sockt\/V/" -e 's/by \(us\|the server\) first/by X first/' >"$D/view"
}

test_the_conversation_on_a_terminal() {
	reply "${OK}Content-Type: text/html\r\nContent-Length: 15\r\n\r\n<h1>hello</h1>\n"
	view fin
	assertEquals 0 $rc
	cat >"$D/want" <<-END
		* connect   127.0.0.1:PORT, from US (MS)
		→ GET /r1?fin HTTP/1.1
		→ Host: 127.0.0.1:PORT
		→ User-Agent: sockt/V
		→ Connection: close
		→
		← HTTP/1.1 200 OK
		← Content-Type: text/html
		← Content-Length: 15
		←
		← <h1>hello</h1>
		* closed    by X first; sent 90 B, received 79 B, MS, no retransmits
	END
	sed -i 's/sent [0-9]* B/sent 90 B/' "$D/view"
	assertEquals "$(cat "$D/want")" "$(cat "$D/view")"
}

test_nothing_a_server_says_commands_the_terminal() {
	reply "HTTP/1.1 200 O\0033]0;x\0007K\r\nX: \0033]52;c;eA==\0007\0302\0233\0342\0200\0256\r\n\r\n\0033[6n\b\b\0302\0233\0342\0200\0256$(repeat 30 'plain ')evil\rnice\n"
	view fin
	LC_ALL=C tr -d '\n' <"$D/view" >"$D/one"
	assertFalse "$(cat -v "$D/view")" \
		"LC_ALL=C grep -q '[[:cntrl:]]' '$D/one'"
	assertFalse 'C1' "grep -q '$(printf '\302\233')' '$D/one'"
	assertFalse 'bidi' "grep -q '$(printf '\342\200\256')' '$D/one'"
	assertTrue 'in words' "grep -qF 'evil\\rnice' '$D/one'"
	reply "HTTP/1.1 404 \0033]0;x\0007\r\nContent-Length: 0\r\n\r\n"
	get fin
	assertFalse 'on stderr' "LC_ALL=C grep -q '$(printf '\033')' '$D/err'"
}

test_much_content_is_counted_on_a_terminal() {
	reply "$OK\r\n$(repeat 3000 'a line of thirty-two characters\n')"
	view fin
	assertTrue "$(tail -n 3 "$D/view")" "grep -q '← … 30 kB not shown' '$D/view'"
	assertEquals 2048 "$(grep -c '← a line of thirty' "$D/view")"
	reply "$OK\r\n\0000\0001\0002\0003"
	view fin
	assertTrue "$(cat "$D/view")" "grep -q '← … 4 B of binary data not shown' '$D/view'"
}

test_framing_is_shown_when_asked_for() {
	reply "$OK$TE\r\n5;x\r\nhello\r\n0\r\nX: y\r\n\r\n"
	view fin
	assertEquals 'trailers are' 1 "$(grep -c '← X: y' "$D/view")"
	assertEquals 'framing is not' 0 "$(grep -c '← 5;x' "$D/view")"
	view fin -v
	assertEquals 'framing is' 1 "$(grep -c '← 5;x' "$D/view")"
	get fin -v
	assertEquals hello "$(cat "$D/out")"
	assertTrue 'heads on stderr' "grep -q '← HTTP/1.1 200 OK' '$D/err'"
	assertFalse 'content is not' "grep -q '← hello' '$D/err'"
}

test_a_warning_says_what_is_odd() {
	reply "HTTP/1.1 200 OK\nContent-Length: 9\n$TE\r\n5\r\nhello\r\n0\r\n\r\nEXTRA"
	view fin
	assertEquals 0 $rc
	for words in 'LF alone' 'both Transfer-Encoding' '5 bytes behind the end'; do
		assertTrue "$words: $(cat "$D/view")" "grep -q '^! warning .*$words' '$D/view'"
	done
}

# nginx_here - serves $D/www on $port of 127.0.0.1, from the foreground
nginx_here() {
	mkdir -p "$D/www" "$D/tmp"
	cat >"$D/nginx.conf" <<-END
		daemon off; master_process off; pid $D/nginx.pid; error_log $D/nginx.err;
		events {}
		http {
			access_log off; root $D/www; default_type text/plain;
			client_body_temp_path $D/tmp; proxy_temp_path $D/tmp;
			fastcgi_temp_path $D/tmp; uwsgi_temp_path $D/tmp; scgi_temp_path $D/tmp;
			server { listen 127.0.0.1:$1; }
		}
	END
	bg nginx -e "$D/nginx.err" -c "$D/nginx.conf"
	until_ok answers "$1"
}
answers() { "$SOCKT" http-get -q 127.0.0.1 "$1" >/dev/null; [ $? -le 1 ]; }

test_100_MB_of_nginx_are_exact() {
	command -v nginx >/dev/null || { skip 'nginx is not installed'; return; }
	mkdir -p "$D/www"
	head -c 100000000 /dev/urandom >"$D/www/big"
	web=$(free_port)
	nginx_here "$web"
	timeout 60 "$SOCKT" http-get 127.0.0.1 "$web" /big | cmp - "$D/www/big"
	assertEquals 'through a pipe' 0 $?
	timeout 60 "$SOCKT" http-get "127.0.0.1:$web/big" >"$D/big"
	assertTrue 'redirected' "cmp '$D/big' '$D/www/big'"
	run "$SOCKT" http-get -o "$D/big" "127.0.0.1:$web/big"
	assertEquals 0 $rc
	assertTrue 'to a file' "cmp '$D/big' '$D/www/big'"
	run "$SOCKT" http-get "127.0.0.1:$web/nothing"
	assertEquals 1 $rc
	rm -f "$D/big" "$D/www/big"
}

test_a_small_page_costs_few_instructions() {
	command -v valgrind >/dev/null || { skip 'valgrind is not installed'; return; }
	case $SOCKT in
	*/asan/* | */tsan/* | */cov/*) skip 'not the release build'; return ;;
	esac
	reply "${OK}Content-Length: 1024\r\n\r\n$(repeat 1024 a)"
	run valgrind --tool=callgrind --callgrind-out-file=/dev/null \
		"$SOCKT" http-get 127.0.0.1 "$port" "/r$n"
	assertEquals 1024 "$(wc -c <"$D/out")"
	count=$(sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p' "$D/err")
	assertTrue "$count instructions" "[ ${count:-9999999} -lt 800000 ]"
}

. "$SHUNIT2"
