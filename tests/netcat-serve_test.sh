#!/bin/sh
# shellcheck disable=SC1090,SC1091,SC2016,SC2086,SC2154
# Listening, programs, TLS, datagrams and terminals, with the tools that are
# there already: nc, ncat, socat, busybox and openssl at the other end.
. ./lib.sh
. ./tls_lib.sh
. ./screen.sh

# listener WORD... - sockt listen WORD... for 127.0.0.1: $port; events in $D/log
listener() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen "$@" --port-file "$D/port" \
		127.0.0.1 0 >"$D/log" 2>"$D/err.us"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
}

ev() { jq -r "$1" "$D/log"; }
has() { [ "$(grep -c "^{\"ev\":\"$1\"" "$D/log")" = "$2" ]; }

# call CLIENT - to 127.0.0.1 $port with our stdin; it stays for the answer
call() {
	case $1 in
	nc) run nc.openbsd -N 127.0.0.1 "$port" ;;
	ncat) run ncat 127.0.0.1 "$port" ;;
	socat) run socat -t 20 - "TCP:127.0.0.1:$port" ;;
	busybox) run busybox nc 127.0.0.1 "$port" ;;
	esac
}

# far SERVER - one that is not ours, on 127.0.0.1 $port, with our stdin; $far
far() {
	port=$(free_port)
	case $1 in
	nc) bg timeout 30 nc.openbsd -N -l 127.0.0.1 "$port" ;;
	ncat) bg timeout 30 ncat -l 127.0.0.1 "$port" ;;
	socat) bg timeout 30 socat -t 20 - \
		"TCP-LISTEN:$port,bind=127.0.0.1" ;;
	busybox) bg timeout 30 busybox nc -l -p "$port" ;;
	esac >"$D/heard" 2>"$D/far"
	far=$!
	until_ok listening "$port"
}

# shows FILE TEXT - which assertContains would not find: echo changes it
shows() {
	grep -qF -e "$2" "$1" && return
	fail "no $2 in $(cat -v "$1")"
}

### programs

test_the_end_of_a_program_is_told_whoever_called() {
	for client in nc ncat socat busybox; do
		listener --sh-exec 'cat >/dev/null; echo done; exit 3' \
			</dev/null
		call $client </dev/null
		assertEquals "$client" "0 done" "$rc $(cat "$D/out")"
		await_end $us
		assertEquals "$client: ours" 1 "$rc"
		assertEquals "$client" 3 "$(ev 'select(.ev=="exit").status')"
		assertTrue "$(cat "$D/err.us")" \
			"grep -q 'ended with status 3' '$D/err.us'"
	done
}

test_a_program_knows_where_its_client_calls_from() {
	listener -k --sh-exec 'echo $SOCKT_REMOTE_ADDR $SOCKT_REMOTE_PORT \
		$TCPREMOTEIP $TCPREMOTEPORT $TCPLOCALIP $TCPLOCALPORT' \
		</dev/null
	run nc.openbsd -N -s 127.0.0.2 127.0.0.1 "$port" </dev/null
	until_ok has closed 1
	from=$(ev 'select(.ev=="accepted").peer.port')
	assertEquals "127.0.0.2 $from 127.0.0.2 $from 127.0.0.1 $port" \
		"$(cat "$D/out")"
}

# Half of them end in order, half reset.
test_programs_of_who_resets_leave_nothing_behind() {
	listener -k --exec cat </dev/null
	call nc </dev/null
	until_ok has closed 1
	sockt=$(ss -ltnpH "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/')
	before=$(find "/proc/$sockt/fd" | wc -l)
	run python3 -c 'import socket, struct, sys
for i in range(400):
    c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    c.sendall(b"x")
    assert c.recv(1) == b"x"
    if i % 2:
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
            struct.pack("ii", 1, 0))
    else:
        c.shutdown(socket.SHUT_WR)
        assert c.recv(1) == b""
    c.close()' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	until_ok has closed 401
	assertEquals '' "$(ps --no-headers --ppid "$sockt")"
	assertEquals "$before" "$(find "/proc/$sockt/fd" | wc -l)"
}

### Unix sockets

test_a_socket_of_another_program_is_left_to_it_while_it_lives() {
	for server in nc ncat socat; do
		case $server in
		nc) bg timeout 30 nc.openbsd -lU "$D/s" ;;
		ncat) bg timeout 30 ncat -lU "$D/s" ;;
		socat) bg timeout 30 socat - "UNIX-LISTEN:$D/s,fork" ;;
		esac </dev/null >/dev/null 2>&1
		until_ok owned
		run "$SOCKT" listen "unix:$D/s" </dev/null
		assertEquals "$server" 7 "$rc"
		assertTrue "$server: $(cat "$D/err")" \
			"grep -q 'in use by ${server}[^,]*, pid $owner' '$D/err'"
		kill -s KILL "$owner"
		until_ok has_ended "$owner"
		assertTrue "$server left it" "[ -S '$D/s' ]"
		bg timeout 30 "$SOCKT" listen --port-file "$D/ready" \
			"unix:$D/s" </dev/null >"$D/got"
		us=$!
		await "$D/ready"
		echo "after $server" | nc.openbsd -NU "$D/s"
		await_end $us
		assertEquals "0 after $server" "$rc $(cat "$D/got")"
		rm "$D/ready"
		tearDown
	done
}

# owned - by whom, in $owner
owned() {
	owner=$(ss -lxpH src "$D/s" | sed -n 's/.*pid=\([0-9]*\).*/\1/p')
	[ -n "$owner" ]
}

### datagrams

# socat tells each datagram and its length.
test_a_datagram_of_any_size_stays_one() {
	far_port=$(free_port)
	bg timeout 30 socat -u -x -b 65507 \
		"UDP-RECV:$far_port,bind=127.0.0.1" "OPEN:$D/got,creat" \
		2>"$D/lengths"
	until_ok bound "$far_port"
	head -c 65507 /dev/urandom >"$D/big"
	run "$SOCKT" connect -u --datagram-size 65507 --idle-timeout 300ms \
		127.0.0.1 "$far_port" <"$D/big"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	until_ok cmp -s "$D/big" "$D/got"
	printf 'one\ntwo, longer\n\nlast' >"$D/lines"
	run "$SOCKT" connect -u --idle-timeout 300ms 127.0.0.1 "$far_port" \
		<"$D/lines"
	await_text "$D/lengths" length=4
	until_ok makes '65507 4 12 1 4' lengths
}
bound() { [ -n "$(ss -lunH "sport = :$1")" ]; }
lengths() {
	sed -n 's/^> .*length=\([0-9]*\) .*/\1/p' "$D/lengths" | paste -sd ' '
}

test_the_datagrams_of_socat_are_told_apart_by_sender() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen -u -k --port-file "$D/port" \
		127.0.0.1 0 </dev/null >"$D/log"
	await "$D/port" && port=$(cat "$D/port")
	head -c 65507 /dev/urandom >"$D/big"
	for from in 127.0.0.2 127.0.0.3; do
		socat -u -b 65507 "OPEN:$D/big" \
			"UDP-SENDTO:127.0.0.1:$port,bind=$from"
	done
	until_ok has datagram_in 2
	assertEquals '127.0.0.2 65507 127.0.0.3 65507' \
		"$(ev 'select(.ev=="datagram_in")|"\(.peer.ip) \(.bytes)"' |
		paste -sd ' ')"
}

### TLS

test_each_certificate_of_openssl_has_its_sentence() {
	while IFS='|' read -r name host sentence; do
		s_server -cert "$C/$name.pem" -key "$C/$name.key"
		run "$SOCKT" connect --tls --ca-file "$C/ca.pem" $host \
			"$port" </dev/null
		case $sentence in
		'') assertEquals "$name: $(cat "$D/err")" 0 "$rc" ;;
		*)	assertEquals "$name" 8 "$rc"
			assertContains "$(cat "$D/err")" "$sentence" ;;
		esac
		tearDown
	done <<-END
		good|localhost|
		ip|127.0.0.1|
		good|127.0.0.1|is for localhost, not for 127.0.0.1
		wrong|localhost|is for example.org, www.example.org, not for localhost
		other|localhost|its issuer is not known here, CN=Nobody CA
		expired|localhost|expired on 2021-01-01
		self|localhost|self-signed
	END
}

test_who_does_not_speak_TLS_is_named_by_what_was_said() {
	printf '220 mail\033[2J ready\r\n' >"$D/greeting"
	for server in nc ncat socat; do
		far $server <"$D/greeting"
		run "$SOCKT" connect --tls localhost "$port" </dev/null
		assertEquals "$server" 8 "$rc"
		shows "$D/err" \
			"does not speak TLS, it began with '220 mail\\e[2J"
		tearDown
	done
}

test_client_certificates_of_others_are_asked_for() {
	listener -k --tls --cert "$C/good.pem" --key "$C/good.key" \
		--client-ca "$C/ca.pem" -e 'echo welcome' </dev/null
	run timeout 20 ncat --ssl --ssl-cert "$C/client.pem" --ssl-key \
		"$C/client.key" --recv-only 127.0.0.1 "$port" </dev/null
	assertEquals "ncat" welcome "$(cat "$D/out")"
	run openssl s_client -quiet -ign_eof -cert "$C/client.pem" -key \
		"$C/client.key" -connect "127.0.0.1:$port" </dev/null
	assertEquals "openssl" welcome "$(cat "$D/out")"
	run socat -t 20 - "OPENSSL:127.0.0.1:$port,verify=0,cert=$C/client.pem,key=$C/client.key" </dev/null
	assertEquals "socat" welcome "$(cat "$D/out")"
	run openssl s_client -quiet -ign_eof -connect "127.0.0.1:$port" \
		</dev/null
	assertEquals "none" '' "$(cat "$D/out")"
	run openssl s_client -quiet -ign_eof -cert "$C/other.pem" -key \
		"$C/other.key" -connect "127.0.0.1:$port" </dev/null
	assertEquals "another authority's" '' "$(cat "$D/out")"
	assertEquals 'no-certificate untrusted' \
		"$(ev 'select(.ev=="tls_failed").code' | paste -sd ' ')"
}

### a proxy

test_socat_goes_through_our_proxy() {
	listener -k --service echo </dev/null
	to=$port
	listener -k --proxy-server http --proxy-auth me:secret </dev/null
	head -c 1000000 /dev/urandom >"$D/in"
	run socat -t 20 - "PROXY:127.0.0.1:127.0.0.1:$to,proxyport=$port,proxyauth=me:secret" \
		<"$D/in"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertBytes "there and back" "$D/in" "$D/out"
	run socat -t 20 - "PROXY:127.0.0.1:127.0.0.1:$to,proxyport=$port" \
		<"$D/in"
	assertContains "without a password" "$(cat "$D/err")" \
		"Proxy Authentication Required"
}

### a terminal

# assertTame FILE - of characters that command a terminal, or are not seen,
# only line ends, TAB, our colours and our prompt that is taken away; the rest
# is in $D/bare
assertTame() {
	python3 -c 'import re, sys, unicodedata
text = open(sys.argv[1], "rb").read().decode()
text = re.sub("\x1b\\[(36|33|1;31|7|27|)m|> \r\x1b\\[K", "", text)
text = text.replace("\r\n", "\n")
open(sys.argv[2], "w").write(text)
bad = [c for c in text if unicodedata.category(c)[0] == "C" and
    c not in "\n\t"]
sys.exit(repr(bad) if bad or not text else 0)' "$1" "$D/bare" 2>"$D/wild"
	assertEquals "reached the terminal: $(cat "$D/wild")" 0 $?
}

# A clipboard, a title, a question, C1 both ways, and what overwrites.
hostile() {
	printf 'words\033]52;c;cHduZWQ=\a\033]0;pwned\a\033[6n \2332J \302\233m'
	printf ' bell\a over\b\b\b\b del\177 \342\200\256bidi lone\rcr'
	printf ' plain words, so many of them that this is no binary.%.0s' \
		1 2 3 4 5 6 7 8 9 10
	echo
}

test_nothing_that_they_say_commands_the_terminal() {
	hostile >"$D/hostile"
	for server in nc ncat socat busybox; do
		far $server <"$D/hostile"
		terminal "$SOCKT connect 127.0.0.1 $port"
		assertTame "$D/tty"
		shows "$D/bare" 'words\e]52;c;cHd'
		tearDown
		far $server <"$D/hostile"
		run "$SOCKT" connect 127.0.0.1 "$port" </dev/null
		assertBytes "$server, in a pipe" "$D/hostile" "$D/out"
		tearDown
	done
}

test_nothing_in_a_certificate_commands_the_terminal() {
	s_server -cert "$C/odd.pem" -key "$C/odd.key"
	for words in --insecure "--ca-file $C/ca.pem" ''; do
		terminal "$SOCKT -vv connect --tls $words 127.0.0.1 $port"
		assertTame "$D/tty"
		shows "$D/bare" 'CN=o\\1B]0\\;t'
	done
}

# answering SERVER - one whose program answers when it has read everything
answering() {
	cat >"$D/program" <<-END
		cat >$D/heard
		echo the answer
	END
	port=$(free_port)
	case $1 in
	socat) bg timeout 30 socat -t 20 "TCP-LISTEN:$port,bind=127.0.0.1" \
		"EXEC:sh $D/program" ;;
	busybox) bg timeout 30 busybox nc -l -p "$port" -e sh "$D/program" ;;
	tcpserver) bg timeout 30 tcpserver -RHl0 127.0.0.1 "$port" \
		sh "$D/program" ;;
	esac </dev/null
	until_ok listening "$port"
}

test_ctrl_d_ends_what_we_send_and_their_answer_still_comes() {
	screen 80 24
	for server in socat busybox tcpserver; do
		answering $server
		type_command "$SOCKT --time none connect 127.0.0.1 $port"
		await_screen '* connect'
		keys "to $server" Enter
		await "$D/heard"
		keys C-d
		await_screen '← the answer'
		await_screen '* closed'
		left
		assertEquals "$server" "0 to $server" "$rc $(cat "$D/heard")"
		rm "$D/heard"
	done
}

test_ctrl_c_leaves_with_130_and_the_terminal_as_it_was() {
	mkfifo "$D/in"
	exec 8<>"$D/in"
	far nc <"$D/in" 8>&-
	screen 80 24
	type_command "$SOCKT --time none connect 127.0.0.1 $port"
	await_screen '* connect'
	keys half a line
	keys C-c
	keys C-c
	left
	assertEquals "connect" 130 "$rc"
	await_end $far
	type_command "$SOCKT --time none listen --port-file $D/port 127.0.0.1 0"
	await "$D/port" && port=$(cat "$D/port")
	bg nc.openbsd -d 127.0.0.1 "$port" >"$D/got"
	await_screen '* accept'
	keys 'hello' Enter
	await "$D/got"
	keys C-c
	left
	assertEquals "listen" 130 "$rc"
	assertEquals hello "$(cat "$D/got")"
	exec 8>&-
}

### how it ends

# told_as STATUS PATTERN WORD... - that status and one line on stderr
told_as() {
	_want=$1 _like=$2
	shift 2
	run "$SOCKT" "$@" </dev/null
	assertEquals "$*: $(cat "$D/err")" "$_want" "$rc"
	assertEquals "$*: lines" 1 "$(wc -l <"$D/err")"
	case $(cat "$D/err") in
	"sockt: "$_like) ;;
	*) fail "$*: $(cat "$D/err")" ;;
	esac
}

test_each_failure_has_its_status_and_one_line() {
	closed=$(free_port)
	told_as 4 "connect 127.0.0.1:$closed: refused (ECONNREFUSED)" \
		connect 127.0.0.1 "$closed"
	told_as 3 "*no-such-host.invalid*" connect no-such-host.invalid 80
	told_as 2 "*70000*" connect 127.0.0.1 70000
	told_as 2 "*nosuchservice*" connect 127.0.0.1 nosuchservice
	told_as 2 "too few operands*" connect
	told_as 7 "*192.0.2.1*EADDRNOTAVAIL*" listen 192.0.2.1 0
	told_as 5 "*--accept-timeout*" listen --accept-timeout 100ms \
		127.0.0.1 0 --port-file /dev/null
	for server in nc ncat socat; do
		far $server </dev/null
		told_as 7 "*127.0.0.1:$port: in use by *$server*pid*" \
			listen 127.0.0.1 "$port"
		tearDown
	done
	echo x >"$D/in"
	run "$SOCKT" connect -u 127.0.0.1 "$closed" <"$D/in"
	assertEquals "a datagram to a closed port" 4 "$rc"
	mkfifo "$D/quiet"
	exec 8<>"$D/quiet"
	far nc <"$D/quiet" 8>&-
	run "$SOCKT" connect --idle-timeout 100ms 127.0.0.1 "$port" <&8
	assertEquals "silence" 5 "$rc"
	exec 8>&-
}

. "$SHUNIT2"
