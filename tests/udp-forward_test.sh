#!/bin/sh
# sockt listen --udp --forward: datagrams there, and each answer to whom it is
# for.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

# relay OPTION... - in the background: $port, $us; its events in $D/log
relay() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen -u "$@" --port-file "$D/port" 0 \
		</dev/null >"$D/log" 2>"$D/err.us"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
}

# echo_server PORT - says what it hears; $far, $far_us
echo_server() {
	rm -f "$D/far.port"
	bg timeout 60 "$SOCKT" listen -u --service echo --local \
		--port-file "$D/far.port" "$1" </dev/null >"$D/far" 2>&1
	far_us=$!
	await "$D/far.port" && far=$(cat "$D/far.port")
}

ev() { jq -r "$1" "$D/log"; }
has() { [ "$(grep -c "^{\"ev\":\"$1\"" "$D/log")" = "$2" ]; }
bound() { ss -lunH "sport = :$1" | grep -q .; }
relay_pid() { ss -lunpH "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/; q'; }
stop() { kill -s TERM "$(relay_pid)" && await_end $us; }

by_nc() { timeout 20 nc.openbsd -u -W 1 127.0.0.1 "$port"; }
by_socat() { timeout 20 socat -t 20 - "UDP:127.0.0.1:$port,readbytes=6"; }
by_us() { timeout 20 "$SOCKT" connect -u 127.0.0.1 "$port"; }

test_every_client_is_answered() {
	echo_server 0
	relay --forward "127.0.0.1:$far"
	for client in by_nc by_socat by_us; do
		assertEquals "$client" hello "$(echo hello | $client)"
	done
	assertEquals '1 2 3' "$(ev 'select(.ev=="sender").conn' | xargs)"
	stop
	assertEquals 143 "$rc"
	assertEquals '6 1 6 1' "$(ev 'select(.ev=="closed")|
		"\(.received) \(.datagrams_in) \(.sent) \(.datagrams_out)"' |
		sort -u)"
	assertEquals '3 18 18' "$(ev 'select(.ev=="summary")|
		"\(.clients) \(.received) \(.sent)"')"
}

of_nc() { exec nc.openbsd -u -l 127.0.0.1 "$1"; }
of_socat() { exec socat - "UDP-LISTEN:$1,bind=127.0.0.1"; }

test_every_server_hears_and_is_heard() {
	mkfifo "$D/in" "$D/theirs"
	exec 9<>"$D/in" 8<>"$D/theirs"
	for server in of_nc of_socat; do
		far=$(free_port)
		$server "$far" <"$D/theirs" >"$D/got" 2>/dev/null 9>&- 8>&- &
		pids="$pids $!"
		until_ok bound "$far"
		relay --forward "127.0.0.1:$far" 9>&- 8>&-
		nc.openbsd -u 127.0.0.1 "$port" <"$D/in" >"$D/out" 9>&- 8>&- &
		pids="$pids $!"
		echo "to $server" >&9
		await_text "$D/got" "to $server"
		echo "by $server" >&8
		await_text "$D/out" "by $server"
		tearDown
	done
	exec 9>&- 8>&-
}

# Both ask before either is answered; the server answers in its own time.
test_each_has_its_own_answers() {
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(20)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
asked = [s.recvfrom(99) for i in range(40)]
assert len({a for d, a in asked}) == 20
for d, a in reversed(asked):
    s.sendto(b"to " + d, a)' >"$D/far.port" &
	pids="$pids $!"
	await "$D/far.port"
	relay --forward "127.0.0.1:$(cat "$D/far.port")"
	run python3 -c 'import socket, sys
all = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in range(20)]
for i, s in enumerate(all):
    s.settimeout(20)
    s.connect(("127.0.0.1", int(sys.argv[1])))
    s.send(b"a%d" % i)
for i, s in enumerate(all): s.send(b"b%d" % i)
for i, s in enumerate(all):
    assert {s.recv(99), s.recv(99)} == {b"to a%d" % i, b"to b%d" % i}' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals "a socket each" 20 "$(ev 'select(.code=="onwards").local.port' |
		sort -u | wc -l)"
}

test_datagrams_of_any_size_are_carried_whole() {
	echo_server 0
	relay --forward "127.0.0.1:$far"
	run python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.connect(("127.0.0.1", int(sys.argv[1])))
for n in 0, 1, 1472, 65507:
    d = bytes(i % 251 for i in range(n))
    s.send(d)
    assert s.recv(70000) == d, n' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals '0 1 1472 65507' \
		"$(ev 'select(.ev=="datagram_out").bytes' | xargs)"
}

test_ipv6_is_carried_to_ipv4() {
	echo_server 0
	relay --forward "127.0.0.1:$far"
	assertEquals hello "$(echo hello |
		timeout 20 nc.openbsd -u -W 1 ::1 "$port")"
}

test_who_refuses_is_told_of_and_may_come_back() {
	far=$(free_port)
	relay --forward "127.0.0.1:$far"
	mkfifo "$D/in"
	exec 9<>"$D/in"
	nc.openbsd -u 127.0.0.1 "$port" <"$D/in" >"$D/out" 9>&- &
	pids="$pids $!"
	echo one >&9
	until_ok has refused 1
	assertEquals "ECONNREFUSED $far" "$(ev 'select(.ev=="refused")|
		"\(.errno) \(.peer.port)"')"
	echo two >&9
	until_ok has datagram_in 2
	echo_server "$far" 9>&-
	echo three >&9
	await_text "$D/out" three
	assertEquals 'told once' 1 "$(ev .ev | grep -c refused)"
	kill -s TERM "$far_us" "$(ss -lunpH "sport = :$far" |
		sed 's/.*pid=\([0-9]*\).*/\1/; q')"
	until_ok eval '! bound "$far"'
	echo four >&9
	until_ok has refused 2
	exec 9>&-
	stop
	assertEquals 143 "$rc"
}

# The first datagram is not lost where localhost is ::1 first.
test_the_next_address_is_tried() {
	printf '::1 localhost\n127.0.0.1 localhost\n' >"$D/hosts"
	if ! unshare -rm mount --bind "$D/hosts" /etc/hosts 2>/dev/null; then
		skip "no mount namespace here"
		return
	fi
	rm -f "$D/port"
	for a in 127.0.0.1 ::1; do
		rm -f "$D/port" "$D/far.port"
		bg timeout 60 "$SOCKT" listen -u --service echo --port-file \
			"$D/far.port" "$a" 0 </dev/null >/dev/null 2>&1
		await "$D/far.port"
		# shellcheck disable=SC2016
		bg unshare -rm sh -c 'mount --bind "$0" /etc/hosts && exec "$@"' \
			"$D/hosts" timeout 60 "$SOCKT" --json listen -u \
			--forward "localhost:$(cat "$D/far.port")" \
			--port-file "$D/port" 0 </dev/null >"$D/log"
		await "$D/port" && port=$(cat "$D/port")
		for i in 1 2; do
			assertEquals "$a" "hello $i" "$(echo "hello $i" | by_nc)"
		done
		case $a in
		::1)	assertEquals 0 "$(ev .ev | grep -c refused)" ;;
		*)	assertEquals 'the second begins where the first ended' \
				'1 1 2' "$(ev 'select(.ev=="refused")|
				"\(.conn) \(.attempt) \(.of)"')" ;;
		esac
	done
}

test_a_silent_sender_is_closed_in_time() {
	echo_server 0
	relay --forward "127.0.0.1:$far" --idle-timeout 200ms
	pid=$(relay_pid)
	before=$(find "/proc/$pid/fd" | wc -l)
	assertEquals hello "$(echo hello | by_us)"
	until_ok has closed 1
	assertEquals 'its socket is closed' "$before" \
		"$(find "/proc/$pid/fd" | wc -l)"
	assertEquals hello "$(echo hello | by_us)"
	assertEquals '1 2' "$(ev 'select(.ev=="sender").conn' | xargs)"
}

# An answer that nobody takes is refused; then so is the server.
test_a_client_that_is_gone_is_forgotten() {
	bg timeout 60 python3 -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
d, a = s.recvfrom(99)
s.connect(a)
s.settimeout(0.1)
while True:
    try:
        s.send(b"too late")
        s.recv(99)
    except TimeoutError:
        continue
    except ConnectionRefusedError:
        print("refused", flush=True)
        break' >"$D/far.port"
	await "$D/far.port"
	relay --forward "127.0.0.1:$(head -n 1 "$D/far.port")"
	python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"hello", ("127.0.0.1", int(sys.argv[1])))' "$port"
	until_ok has closed 1
	assertEquals 1 "$(ev 'select(.ev=="refused").conn')"
	await_text "$D/far.port" refused
}

test_the_silent_make_room_when_1024_are_here() {
	echo_server 0
	relay --forward "127.0.0.1:$far"
	pid=$(relay_pid)
	run python3 -c 'import resource, socket, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (2000, resource.getrlimit(7)[1]))
all = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in range(1100)]
for i, s in enumerate(all):
    s.settimeout(10)
    s.connect(("127.0.0.1", int(sys.argv[1])))
    s.send(b"%d" % i)
    assert s.recv(99) == b"%d" % i' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	until_ok has closed 76
	assertEquals 'told once' '1024 senders' "$(ev 'select(.code=="full").text' |
		cut -d' ' -f1,2)"
	assertTrue "$(find "/proc/$pid/fd" | wc -l)" \
		"[ $(find "/proc/$pid/fd" | wc -l) -lt 1060 ]"
}

test_without_a_file_to_open_it_goes_on() {
	echo_server 0
	# shellcheck disable=SC2016
	bg timeout 60 sh -c 'ulimit -n 20; exec "$@"' - "$SOCKT" --json listen \
		-u --forward "127.0.0.1:$far" --port-file "$D/port" 0 \
		</dev/null >"$D/log"
	await "$D/port" && port=$(cat "$D/port")
	run python3 -c 'import socket, sys
all = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for i in range(30)]
for i, s in enumerate(all):
    s.settimeout(10)
    s.connect(("127.0.0.1", int(sys.argv[1])))
    s.send(b"%d" % i)
all[0].send(b"again")
assert {all[0].recv(99), all[0].recv(99)} == {b"0", b"again"}' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	until_ok has datagram_in 31
	assertTrue "$(cat "$D/log")" "grep -q 'no socket for it: too many' $D/log"
}

test_what_leads_to_itself_is_not_carried_for_ever() {
	port=$(free_port)
	bg timeout 60 "$SOCKT" --json listen -u --port-file "$D/port" \
		--forward "127.0.0.1:$port" "$port" </dev/null >"$D/log"
	us=$!
	await "$D/port"
	echo hello | timeout 20 nc.openbsd -u -w 1 127.0.0.1 "$port"
	assertEquals loop "$(ev 'select(.ev=="warning").code')"
	stop
	assertEquals '1 datagram in' 1 "$(ev .ev | grep -c datagram_in)"
}

test_the_lists_say_who_is_carried() {
	echo_server 0
	relay --forward "127.0.0.1:$far" --deny 127.0.0.0/8
	assertEquals '' "$(echo hello |
		timeout 20 nc.openbsd -u -w 1 127.0.0.1 "$port")"
	assertEquals hello "$(echo hello |
		timeout 20 nc.openbsd -u -W 1 ::1 "$port")"
	assertEquals 1 "$(ev .ev | grep -c turned_away)"
}

test_it_stays_on_this_machine_unless_told() {
	relay --forward 127.0.0.1:9
	assertEquals machine "$(ev 'select(.ev=="listening").reach')"
	relay --forward 127.0.0.1:9 --public
	assertEquals network "$(ev 'select(.ev=="listening").reach')"
}

test_into_a_pipe_it_says_nothing() {
	echo_server 0
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" listen -u -k --forward "127.0.0.1:$far" \
		--port-file "$D/port" 0 </dev/null >"$D/out"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
	assertEquals hello "$(echo hello | by_nc)"
	stop
	assertEquals 0 "$(wc -c <"$D/out")"
}

test_what_cannot_be() {
	while read -r words; do
		# shellcheck disable=SC2086
		run "$SOCKT" listen -u --forward $words </dev/null
		assertEquals "$words" 2 "$rc"
		assertEquals "$words: one line" 1 "$(wc -l <"$D/err")"
	done <<-END
		localhost:9 --send-proxy v2 0
		localhost:9 --accept-proxy 0
		localhost:9 --service echo 0
		localhost:9 --forward-insecure 0
		localhost:9 --exec cat 0
		localhost:9 --tls 0
		localhost:9 --crlf 0
		localhost:9 --datagram-size 5 0
		localhost:9 --send x 0
		localhost:9 --accept-timeout 5 0
		localhost:9 --max-clients 5 0
		localhost:9 unix:$D/s
		tls:localhost:9 0
		unix:$D/s 0
		localhost 0
		localhost:0 0
	END
	run "$SOCKT" listen -u --forward no-such.invalid:9 0 </dev/null
	assertEquals 3 "$rc"
}

. "$SHUNIT2"
