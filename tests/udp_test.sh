#!/bin/sh
# UDP, by connect and listen: datagrams whole, senders apart, refusals told.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

# listener OPTION... - in the background: $port, its output in $D/log
listener() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" listen -u "$@" --port-file "$D/port" 0 \
		>"$D/log" 2>"$D/err.us"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
}

ev() { jq -r "$1" "$D/log"; }
has() { [ "$(ev "$1" | grep -c .)" -ge "$2" ]; }
size_is() { [ "$(stat -c %s "$1")" = "$2" ]; }
bound() { [ -n "$(ss -lunH "sport = :$1")" ]; }
stop() { kill -s TERM "$(ss -lunpH "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/')"; }

by_nc() { timeout 20 nc.openbsd -u -w 1 127.0.0.1 "$1"; }
by_ncat() { timeout 20 ncat -u -i 1 127.0.0.1 "$1"; }
by_socat() { timeout 20 socat -t 1 - "UDP:127.0.0.1:$1"; }
by_us() { timeout 20 "$SOCKT" connect -u 127.0.0.1 "$1"; }

test_every_client_is_heard_and_answered() {
	for client in by_nc by_ncat by_socat by_us; do
		mkfifo "$D/in" "$D/theirs"
		exec 9<>"$D/in" 8<>"$D/theirs"
		listener --idle-timeout 5 <"$D/in" 9>&- 8>&-
		$client "$port" <"$D/theirs" >"$D/got" 2>/dev/null 9>&- 8>&- &
		pids="$pids $!"
		echo "by $client" >&8
		await_text "$D/log" "by $client"
		echo "hello $client" >&9
		await_text "$D/got" "hello $client"
		exec 9>&- 8>&-
		rm "$D/in" "$D/theirs"
	done
}

of_nc() { exec nc.openbsd -u -l 127.0.0.1 "$1"; }
of_ncat() { exec ncat -u -l 127.0.0.1 "$1"; }
of_socat() { exec socat - "UDP-LISTEN:$1,bind=127.0.0.1"; }

test_every_server_hears_and_is_heard() {
	mkfifo "$D/in" "$D/theirs"
	exec 9<>"$D/in" 8<>"$D/theirs"
	for server in of_nc of_ncat of_socat; do
		port=$(free_port)
		$server "$port" <"$D/theirs" >"$D/got" 2>/dev/null 9>&- 8>&- &
		far=$!
		until_ok bound "$port"
		bg timeout 20 "$SOCKT" connect -u 127.0.0.1 "$port" \
			<"$D/in" >"$D/out" 9>&- 8>&-
		us=$!
		echo "to $server" >&9
		await_text "$D/got" "to $server"
		echo "by $server" >&8
		await_text "$D/out" "by $server"
		kill $us $far
		await_end $us
		await_end $far
	done
	exec 9>&- 8>&-
}

test_65507_bytes_are_one_datagram() {
	head -c 65507 /dev/urandom >"$D/in"
	listener --json --idle-timeout 600ms </dev/null
	run "$SOCKT" connect -u --datagram-size 65507 127.0.0.1 "$port" \
		<"$D/in"
	assertEquals 0 "$rc"
	await_end $us
	assertEquals 0 "$rc"
	assertEquals 65507 "$(ev 'select(.ev=="datagram_in").bytes')"
	ev 'select(.ev=="datagram_in").b64' | base64 -d >"$D/got"
	assertBytes whole "$D/in" "$D/got"
	listener --idle-timeout 600ms </dev/null
	python3 -c 'import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
    open(sys.argv[2], "rb").read(), ("127.0.0.1", int(sys.argv[1])))' \
		"$port" "$D/in"
	await_end $us
	assertBytes "into a file" "$D/in" "$D/log"
}

test_an_empty_datagram_is_shown() {
	listener --text --time none --idle-timeout 600ms </dev/null
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for d in b"", b"one\ntwo\n", b"\x1b[2J":
    s.sendto(d, ("127.0.0.1", int(sys.argv[1])))' "$port"
	await_end $us
	printf '#1 ← %s\n' '0 B' '8 B  one' '     two' '4 B  \e[2J' >"$D/want"
	grep ← "$D/log" >"$D/got"
	assertBytes text "$D/want" "$D/got"
}

# datagrams WANT OPTION... - input $D/in leaves in datagrams of such sizes
datagrams() {
	want=$1
	shift
	listener --json --idle-timeout 600ms </dev/null
	run "$SOCKT" connect -u --idle-timeout 300ms "$@" 127.0.0.1 "$port" \
		<"$D/in"
	assertEquals "$want" 0 "$rc"
	await_end $us
	assertEquals "$want" "$(ev 'select(.ev=="datagram_in").bytes' |
		paste -sd ' ')"
}

test_input_is_cut_at_line_ends_or_by_size() {
	printf 'one\n\nthree' >"$D/in"
	datagrams "4 1 5"
	datagrams "5 2 5" -C
	datagrams "4 4 2" --datagram-size 4
	head -c 60000 /dev/zero >"$D/in"
	datagrams 60000
	datagrams "25000 25000 10000" --datagram-size 25000
}

test_a_line_that_does_not_fit_is_told() {
	head -c 65508 /dev/zero >"$D/in"
	listener --json --idle-timeout 600ms </dev/null
	run "$SOCKT" connect -u 127.0.0.1 "$port" <"$D/in"
	assertEquals 11 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q -e --datagram-size $D/err"
	assertEquals "" "$(ev 'select(.ev=="datagram_in").bytes')"
}

test_a_closed_port_is_told() {
	port=$(free_port)
	echo hello >"$D/in"
	run "$SOCKT" connect -u 127.0.0.1 "$port" <"$D/in"
	assertEquals 4 "$rc"
	assertEquals \
		"sockt: connect 127.0.0.1:$port/udp: refused (ECONNREFUSED)" \
		"$(cat "$D/err")"
	run "$SOCKT" --text --time none connect -u 127.0.0.1 "$port" <"$D/in"
	assertEquals "! refused   127.0.0.1:$port/udp (ICMP port unreachable, seen after the datagram left)" \
		"$(grep '^!' "$D/out")"
	run "$SOCKT" connect -u "[::1]:$port" <"$D/in"
	assertEquals "IPv6" 4 "$rc"
}

test_a_listener_learns_who_is_gone() {
	for to in 127.0.0.1 ::1; do
		mkfifo "$D/in"
		exec 9<>"$D/in"
		listener --json <"$D/in" 9>&-
		python3 -c 'import socket, sys
f = socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET
s = socket.socket(f, socket.SOCK_DGRAM)
s.sendto(b"bye", (sys.argv[2], int(sys.argv[1])))' "$port" $to
		until_ok has 'select(.ev=="datagram_in").n' 1
		echo answer >&9
		await_end $us
		assertEquals "$to" 4 "$rc"
		assertEquals "$to" ECONNREFUSED \
			"$(ev 'select(.ev=="refused").errno')"
		exec 9>&-
		rm "$D/in"
	done
}

test_the_next_address_is_tried() {
	printf '::1 localhost\n127.0.0.1 localhost\n' >"$D/hosts"
	listener -4 --json --idle-timeout 600ms </dev/null
	echo hello >"$D/in"
	# shellcheck disable=SC2016
	run unshare -m sh -c 'mount --bind "$0" /etc/hosts && "$@"' \
		"$D/hosts" "$SOCKT" --json connect -u --idle-timeout 300ms \
		localhost "$port" <"$D/in"
	if [ "$rc" = 1 ]; then
		skip "no mount namespace here"
		return
	fi
	assertEquals 0 "$rc"
	assertEquals "::1" "$(jq -r 'select(.ev=="refused").peer.ip' "$D/out")"
	await_end $us
	assertEquals 6 "$(ev 'select(.ev=="datagram_in").bytes')"
}

test_the_answer_comes_from_the_address_that_was_asked() {
	for to in 127.0.0.2 ::1; do
		echo hello >"$D/in"
		listener --json <"$D/in"
		run "$SOCKT" connect -u "$to" "$port" <"$D/in"
		assertEquals "$to" 0 "$rc"
		assertEquals "$to" hello "$(cat "$D/out")"
		assertEquals "$to" "$to $port" \
			"$(ev 'select(.ev=="sender").local | "\(.ip) \(.port)"')"
		stop
		await_end $us
	done
}

test_senders_are_told_apart() {
	listener -k --json </dev/null
	python3 -c 'import socket, sys
a, b = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in "ab")
for s in a, b, a:
    s.sendto(b"x", ("127.0.0.1", int(sys.argv[1])))' "$port"
	until_ok has 'select(.ev=="datagram_in").n' 3
	assertEquals "1 2 1" "$(ev 'select(.ev=="datagram_in").conn' |
		paste -sd ' ')"
	stop
	await_end $us
	assertEquals "2 2" "$(ev 'select(.ev=="summary") |
		"\(.clients) \(.exit-141)"')"
}

test_who_is_not_allowed_is_not_heard() {
	listener -k --json --allow 127.0.0.2 </dev/null
	echo hello >"$D/in"
	for from in 127.0.0.1 127.0.0.2; do
		run "$SOCKT" connect -u --idle-timeout 300ms --source $from \
			127.0.0.1 "$port" <"$D/in"
	done
	until_ok has 'select(.ev=="datagram_in").n' 1
	assertEquals 127.0.0.2 "$(ev 'select(.ev=="datagram_in").peer.ip')"
	assertEquals 127.0.0.1 "$(ev 'select(.ev=="turned_away").peer.ip')"
}

test_the_silent_are_forgotten() {
	listener -k --json --idle-timeout 100ms </dev/null
	echo hello >"$D/in"
	by_nc "$port" <"$D/in" >/dev/null
	until_ok has 'select(.ev=="closed").n' 1
	assertEquals "1 6" "$(ev 'select(.ev=="closed") |
		"\(.datagrams_in) \(.received)"')"
}

test_no_more_than_1024_are_remembered() {
	listener -k --json </dev/null
	run python3 -c 'import socket, sys, time
for i in range(1030):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((f"127.0.{1 + i // 250}.{1 + i % 250}", 0))
    s.sendto(b"x", ("127.0.0.1", int(sys.argv[1])))
    # Its queue has a limit, too.
    while i % 100 == 0 and open(sys.argv[2]).read().count(
            "\"sender\"") <= i:
        time.sleep(0.01)' "$port" "$D/log"
	until_ok has 'select(.ev=="sender").n' 1030
	assertEquals 6 "$(ev 'select(.ev=="closed").n' | wc -l)"
}

test_into_a_pipe_there_is_one_partner() {
	listener --idle-timeout 300ms </dev/null
	echo first >"$D/in"
	by_us "$port" <"$D/in"
	echo second >"$D/in"
	by_us "$port" <"$D/in"
	await_end $us
	assertEquals 0 "$rc"
	assertEquals first "$(cat "$D/log")"
}

test_waits_for_the_answer_after_its_own_end() {
	port=$(free_port)
	bg python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
_, who = s.recvfrom(100)
time.sleep(0.5)
s.sendto(b"late", who)' "$port"
	until_ok bound "$port"
	echo question >"$D/in"
	run "$SOCKT" connect -u 127.0.0.1 "$port" <"$D/in"
	assertEquals 0 "$rc"
	assertEquals late "$(cat "$D/out")"
}

test_silence_before_its_own_end_is_a_timeout() {
	listener -k --json </dev/null
	mkfifo "$D/in"
	exec 9<>"$D/in"
	run "$SOCKT" connect -u --idle-timeout 100ms 127.0.0.1 "$port" <&9
	assertEquals 5 "$rc"
	exec 9>&-
}

test_a_port_is_not_shared() {
	listener -k --json </dev/null
	pid=$(ss -lunpH "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/')
	for at in "$port" "127.0.0.1 $port"; do
		# shellcheck disable=SC2086
		run "$SOCKT" listen -u $at </dev/null
		assertEquals "$at" 7 "$rc"
		assertTrue "$(cat "$D/err")" \
			"grep -q '/udp: in use by sockt, pid $pid' $D/err"
	done
}

test_serves_IPv4_and_IPv6_at_once() {
	listener -k --json </dev/null
	echo hello >"$D/in"
	for to in 127.0.0.1 ::1; do
		run "$SOCKT" connect -u --idle-timeout 300ms $to "$port" \
			<"$D/in"
	done
	until_ok has 'select(.ev=="datagram_in").n' 2
	assertEquals "127.0.0.1 ::1" "$(ev 'select(.ev=="sender").peer.ip' |
		paste -sd ' ')"
	assertEquals "true udp" "$(ev 'select(.ev=="listening") |
		"\(.dual_stack) \(.proto)"')"
}

test_what_is_sent_to_a_group_is_heard() {
	listener --json --join 239.255.7.7%lo --idle-timeout 300ms </dev/null
	echo hello >"$D/in"
	run "$SOCKT" connect -u --source 127.0.0.1 --idle-timeout 300ms \
		239.255.7.7 "$port" <"$D/in"
	await_end $us
	assertEquals 0 "$rc"
	assertEquals 6 "$(ev 'select(.ev=="datagram_in").bytes')"
	listener --json --join ff15::7:7%lo </dev/null
	assertEquals :: "$(ev 'select(.ev=="listening").local[0].ip')"
	assertNotEquals "" "$(ip -6 maddr show dev lo | grep ff15::7:7)"
}

test_a_group_answers_one_by_one() {
	port=$(free_port)
	bg python3 -c 'import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("239.255.7.9", int(sys.argv[1])))
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
    struct.pack("=4s4si", socket.inet_aton("239.255.7.9"), bytes(4),
    socket.if_nametoindex("lo")))
print("ready", flush=True)
_, who = s.recvfrom(100)
for i in 5, 6:
    a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    a.bind((f"127.0.0.{i}", 0))
    a.sendto(b"here", who)' "$port" >"$D/ready"
	await "$D/ready"
	echo who >"$D/in"
	run "$SOCKT" --text --time none connect -u --source 127.0.0.1 \
		239.255.7.9 "$port" <"$D/in"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals 2 "$(grep -c 'from 127.0.0.[56]:[0-9]*  here' "$D/out")"
}

test_broadcast_has_to_be_allowed() {
	echo hello >"$D/in"
	run "$SOCKT" connect -u 255.255.255.255 9 <"$D/in"
	assertEquals 6 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q -e --broadcast $D/err"
	listener -4 --json --idle-timeout 300ms </dev/null
	run "$SOCKT" connect -u --broadcast --idle-timeout 100ms \
		127.255.255.255 "$port" <"$D/in"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	await_end $us
	assertEquals 6 "$(ev 'select(.ev=="datagram_in").bytes')"
}

test_a_person_answers_several() {
	port=$(free_port)
	cat >"$D/script" <<-END
		NO_COLOR=1 exec "$SOCKT" --time none listen -u $port
	END
	mkfifo "$D/keys" "$D/in1" "$D/in2"
	timeout -k 2 20 script -qefc "sh $D/script" "$D/tty" \
		<"$D/keys" >/dev/null 2>&1 &
	far=$!
	pids="$pids $far"
	exec 9>"$D/keys" 7<>"$D/in1" 8<>"$D/in2"
	await_text "$D/tty" listen
	for i in 1 2; do
		bg timeout 20 "$SOCKT" connect -u 127.0.0.1 "$port" \
			<"$D/in$i" >"$D/got$i" 7>&- 8>&- 9>&-
		[ $i = 1 ] && echo one >&7 || echo two >&8
		await_text "$D/tty" "#$i ←"
	done
	echo to two >&9
	await "$D/got2"
	echo /to 1 >&9
	echo to one >&9
	await "$D/got1"
	echo two again >&8
	await_text "$D/tty" "two again"
	echo to one again >&9
	await_text "$D/got1" again
	echo /who >&9
	await_text "$D/tty" "/udp, hears what you type"
	echo /all >&9
	echo //all >&9
	await_text "$D/got1" "/all"
	await_text "$D/got2" "/all"
	printf '\004' >&9
	exec 7>&- 8>&- 9>&-
	await_end $far
	assertEquals "to one.to one again./all" "$(paste -sd . "$D/got1")"
	assertEquals "to two./all" "$(paste -sd . "$D/got2")"
}

test_ends_when_nobody_reads_its_output() {
	mkfifo "$D/pipe" "$D/in"
	exec 8<>"$D/pipe" 9<>"$D/in"
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" listen -u --port-file "$D/port" 0 \
		<"$D/in" >"$D/pipe" 8>&- 9>&-
	us=$!
	await "$D/port"
	exec 8>&-
	await_end $us
	assertEquals 141 "$rc"
	exec 9>&-
}

test_what_was_not_taken_in_time_is_told() {
	mkfifo "$D/pipe"
	exec 8<>"$D/pipe"
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" listen -u --idle-timeout 1 \
		--port-file "$D/port" 0 </dev/null >"$D/pipe" 2>"$D/err" 8>&-
	us=$!
	await "$D/port"
	head -c 60000 /dev/zero >"$D/in"
	yes "$D/in" | head -n 1000 | xargs cat |
		"$SOCKT" connect -u --datagram-size 60000 \
		127.0.0.1 "$(cat "$D/port")"
	cat <&8 >/dev/null 8>&- &
	pids="$pids $!"
	exec 8>&-
	until_ok has_ended $us || return
	await_end $us
	assertTrue "$(cat "$D/err")" "[ $rc = 9 ] && grep -q 'came faster' $D/err"
}

test_a_service_may_be_of_UDP_alone() {
	run "$SOCKT" --json connect -u --source 127.0.0.1 \
		--idle-timeout 300ms 127.0.0.1 tftp </dev/null
	assertEquals 69 "$(jq -r 'select(.ev=="connected").peer.port' \
		"$D/out")"
}

test_misuse_is_told() {
	while read -r words; do
		# shellcheck disable=SC2086
		run "$SOCKT" $words </dev/null
		assertEquals "$words" 2 "$rc"
		assertEquals "$words: one line" 1 "$(wc -l <"$D/err")"
	done <<-END
		connect --datagram-size 5 localhost 9
		connect --broadcast localhost 9
		connect -u --datagram-size 0 localhost 9
		connect -u --datagram-size 65508 localhost 9
		connect -u -C --datagram-size 5 localhost 9
		connect -u localhost 0
		listen -u -k 0
		listen -u --exec cat 0
		listen -u --sh-exec cat 0
		listen --join 239.1.1.1 0
		listen -u --max-clients 5 0
		listen -u --max-per-address 5 0
		listen -u --join 192.0.2.1 0
		listen -u --join 239.1.1.1%nosuch 0
		listen -u -6 --join 239.1.1.1 0
	END
}

. "$SHUNIT2"
