#!/bin/sh
# Unix sockets for datagrams, by connect -u and listen -u.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

# listener OPTION... - on $D/s, in the background: its output in $D/log
listener() {
	rm -f "$D/ready"
	bg timeout 60 "$SOCKT" listen -u "$@" --port-file "$D/ready" \
		"unix:$D/s" >"$D/log" 2>"$D/err.us"
	us=$!
	await "$D/ready"
}

ev() { jq -r "$1" "$D/log"; }
has() { [ "$(ev "$1" | grep -c .)" -ge "$2" ]; }
size_is() { [ "$(stat -c %s "$1")" = "$2" ]; }

by_nc() { exec timeout 20 nc.openbsd -uU -w 2 "$D/s"; }
by_socat() { exec timeout 20 socat -t 2 - "UNIX-SENDTO:$D/s,bind=$D/theirs.s"; }
by_us() { exec timeout 20 "$SOCKT" connect -u "unix:$D/s"; }

test_every_client_is_heard_and_answered() {
	for client in by_nc by_socat by_us; do
		mkfifo "$D/in" "$D/theirs"
		exec 9<>"$D/in" 8<>"$D/theirs"
		listener --idle-timeout 5 <"$D/in" 9>&- 8>&-
		$client <"$D/theirs" >"$D/got" 2>/dev/null 9>&- 8>&- &
		pids="$pids $!"
		echo "by $client" >&8
		await_text "$D/log" "by $client"
		echo "hello $client" >&9
		await_text "$D/got" "hello $client"
		exec 9>&- 8>&-
		await_end $us
		assertEquals "$client" 0 "$rc"
		assertFalse "$client: the file is gone" "[ -e $D/s ]"
		rm "$D/in" "$D/theirs"
	done
}

of_nc() { exec nc.openbsd -uU -l "$D/s"; }
of_socat() { exec socat - "UNIX-RECVFROM:$D/s"; }

test_every_server_hears_and_is_heard() {
	mkfifo "$D/in" "$D/theirs"
	for server in of_nc of_socat; do
		exec 9<>"$D/in" 8<>"$D/theirs"
		rm -f "$D/s"
		$server <"$D/theirs" >"$D/got" 2>/dev/null 9>&- 8>&- &
		far=$!
		pids="$pids $far"
		until_ok test -S "$D/s"
		bg timeout 20 "$SOCKT" connect -u "unix:$D/s" <"$D/in" \
			>"$D/out" 9>&- 8>&-
		us=$!
		echo "to $server" >&9
		await_text "$D/got" "to $server"
		echo "by $server" >&8
		await_text "$D/out" "by $server"
		exec 9>&- 8>&-
		kill $us $far
		await_end $us
		await_end $far
	done
}

test_boundaries_stay() {
	listener -k --json
	printf 'one\n\nthree' >"$D/in"
	run "$SOCKT" connect -u --idle-timeout 1 "unix:$D/s" <"$D/in"
	assertEquals 0 "$rc"
	head -c 65507 /dev/zero | tr '\0' x >"$D/big"
	run "$SOCKT" connect -u --idle-timeout 1 --datagram-size 65507 \
		"unix:$D/s" <"$D/big"
	assertEquals 0 "$rc"
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.sendto(b"", sys.argv[1])' "$D/s"
	until_ok has 'select(.ev=="datagram_in").n' 5
	assertEquals '4 1 5 65507 0' "$(ev 'select(.ev=="datagram_in").bytes' |
		paste -sd ' ')"
	assertEquals '1 1 1 2 3' "$(ev 'select(.ev=="datagram_in").conn' |
		paste -sd ' ')"
}

test_senders_are_told_with_process_and_user() {
	listener -k --json
	echo hello >"$D/in"
	bg timeout 20 "$SOCKT" connect -u "unix:$D/s" <"$D/in"
	until_ok has 'select(.ev=="sender").n' 1
	assertEquals "unixgram $(cat "/proc/$!/task/$!/children")$(id -u)" \
		"$(ev 'select(.ev=="sender") | "\(.proto) \(.pid) \(.uid)"')"
	assertTrue "$(ev .peer)" \
		"ev 'select(.ev==\"sender\").peer.unix' | grep -q '^@.....'"
}

test_who_has_no_name_cannot_be_answered() {
	echo answer >"$D/answer"
	listener --json <"$D/answer"
	echo hello | timeout 5 socat -u - "UNIX-SENDTO:$D/s"
	await_end $us
	assertEquals 6 "$rc"
	assertEquals "its socket has no name: it cannot be answered" \
		"$(ev 'select(.code=="unnamed").text')"
	assertEquals "sockt: a datagram of 7 B to unix was not sent: it has no \
address (EDESTADDRREQ) (the sender has to give its socket a name)" \
		"$(cat "$D/err.us")"
}

test_nothing_is_lost_when_a_queue_is_full() {
	seq 20000 >"$D/want"
	listener --idle-timeout 6 </dev/null
	run "$SOCKT" connect -u --idle-timeout 1 "unix:$D/s" <"$D/want"
	assertEquals 0 "$rc"
	await_end $us
	assertEquals 0 "$rc"
	assertBytes 'to us' "$D/want" "$D/log"
	seq 300 >"$D/want"
	listener <"$D/want"
	cat >"$D/slow.py" <<-'E'
		import os, select, socket, sys
		s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		s.bind(sys.argv[1] + '.slow')
		s.sendto(b'go\n', sys.argv[1])
		pid = int(sys.argv[2])
		ticks = lambda: sum(map(int, open(f'/proc/{pid}/stat').read()
		                        .rsplit(')', 1)[1].split()[11:13]))
		s.recv(9, socket.MSG_PEEK)
		before = ticks()
		select.select([], [], [], 0.5)      # its queue stays full
		print('busy', ticks() - before > 10, file=sys.stderr)
		n = 0
		while n < 300:
		    os.write(1, s.recv(99))
		    n += 1
	E
	run python3 "$D/slow.py" "$D/s" "$(cat /proc/$us/task/$us/children)"
	assertBytes 'to them' "$D/want" "$D/out"
	assertEquals 'busy False' "$(cat "$D/err")"
}

test_what_is_too_long_is_told() {
	listener --text --idle-timeout 500ms </dev/null
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.sendto(b"x" * 100000, sys.argv[1])' "$D/s"
	await_end $us
	assertEquals 9 "$rc"
	assertTrue "$(cat "$D/log")" "grep -q 'that datagram was longer: all \
after its first 65536 B is lost' '$D/log'"
}

test_nobody_hands_us_files() {
	listener -k --json
	pid=$(cat /proc/$us/task/$us/children)
	before=$(ls "/proc/${pid% }/fd" | wc -l)
	python3 -c 'import array, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
for n in (1, 2, 20, 200):
    s.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
              array.array("i", [0] * n))], 0, sys.argv[1])' "$D/s"
	until_ok has 'select(.ev=="datagram_in").n' 4
	assertEquals "$before" "$(ls "/proc/${pid% }/fd" | wc -l)"
}

test_nobody_there_is_refused() {
	run "$SOCKT" connect -u "unix:$D/none" </dev/null
	assertEquals 4 "$rc"
	assertEquals "sockt: connect unix:$D/none: no such file (ENOENT)" \
		"$(cat "$D/err")"
	python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind(sys.argv[1])' "$D/s"
	run "$SOCKT" connect -u "unix:$D/s" </dev/null
	assertEquals 4 "$rc"
	assertEquals "sockt: connect unix:$D/s: refused (ECONNREFUSED)" \
		"$(cat "$D/err")"
	rm "$D/s"
	bg timeout 60 "$SOCKT" listen --port-file "$D/ready" "unix:$D/s"
	await "$D/ready"
	run "$SOCKT" connect -u "unix:$D/s" </dev/null
	assertEquals 6 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'without --udp: what is there \
takes no datagrams' '$D/err'"
}

test_who_goes_while_we_send_is_told() {
	mkfifo "$D/in"
	exec 9<>"$D/in"
	listener </dev/null 9>&-
	bg timeout 20 "$SOCKT" connect -u "unix:$D/s" <"$D/in" 2>"$D/err" 9>&-
	them=$!
	echo one >&9
	await "$D/log"
	kill $us
	await_end $us
	echo two >&9
	exec 9>&-
	await_end $them
	assertEquals 4 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'a datagram of 4 B to unix:$D/s \
was not sent: refused' '$D/err'"
}

test_whose_file_it_is() {
	echo precious >"$D/s"
	run "$SOCKT" listen -u "unix:$D/s" </dev/null
	assertEquals 7 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'a regular file is there, and is \
left alone' '$D/err'"
	assertEquals precious "$(cat "$D/s")"
	rm "$D/s"
	python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind(sys.argv[1])' "$D/s"
	listener --text
	assertTrue "$(cat "$D/log")" "grep -q 'was left behind by a program \
that is gone; it is taken over' '$D/log'"
	assertTrue "$(cat "$D/log")" "grep -q 'unix:$D/s for datagrams, this \
machine only' '$D/log'"
	run "$SOCKT" listen -u "unix:$D/s" </dev/null
	assertEquals 7 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'in use by sockt, pid .*sockt \
connect -u.* with this one' '$D/err'"
	run "$SOCKT" listen "unix:$D/s" </dev/null
	assertEquals 7 "$rc"
	assertTrue 'still there' "[ -S '$D/s' ]"
	kill -s INT "$(cat /proc/$us/task/$us/children)"
	await_end $us
	assertFalse 'gone with it' "[ -e '$D/s' ]"
}

test_an_abstract_name() {
	bg timeout 60 "$SOCKT" listen -u --json --port-file "$D/ready" \
		--idle-timeout 2 "unix:@sockt test $$" >"$D/log" </dev/null
	us=$!
	await "$D/ready"
	echo hello >"$D/in"
	run "$SOCKT" connect -u --idle-timeout 1 "unix:@sockt test $$" \
		<"$D/in"
	assertEquals 0 "$rc"
	await_end $us
	assertEquals 0 "$rc"
	assertEquals hello "$(ev 'select(.ev=="datagram_in").text')"
}

test_what_cannot_be_is_told() {
	for o in 'connect -u --broadcast' 'listen -u --join 224.0.0.9' \
	    'connect -u --ipv4' 'connect -u --source 127.0.0.1' \
	    'listen -u --public' 'connect -u --tls' 'listen -u --ttl 9' \
	    'connect -u --exec cat' 'listen -u --service echo'; do
		# shellcheck disable=SC2086
		run "$SOCKT" $o "unix:$D/s" </dev/null
		assertEquals "$o" 2 "$rc"
		assertTrue "$o: $(cat "$D/err")" \
			"grep -qE '(not for|cannot|there is no)' '$D/err'"
	done
	run "$SOCKT" connect -u "unix:$(printf %0108d 0)" </dev/null
	assertEquals 2 "$rc"
}

. "$SHUNIT2"
