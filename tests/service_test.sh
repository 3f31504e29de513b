#!/bin/sh
# sockt listen --service: what the classic services say, in all three models.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

listener() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen --local "$@" \
		--port-file "$D/port" 0 </dev/null >"$D/log" 2>"$D/err.us"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
}

ev() { jq -r "$1" "$D/log"; }
has() { [ "$(grep -c "^{\"ev\":\"$1\"" "$D/log")" = "$2" ]; }
models='loop process thread'

test_echo_gives_back_every_byte() {
	head -c 3000000 /dev/urandom >"$D/in"
	for m in $models; do
		listener --service echo --per-client "$m"
		timeout 20 nc.openbsd -N 127.0.0.1 "$port" <"$D/in" >"$D/got"
		assertBytes "$m, nc" "$D/in" "$D/got"
		timeout 20 ncat 127.0.0.1 "$port" <"$D/in" >"$D/got"
		assertBytes "$m, ncat" "$D/in" "$D/got"
		timeout 20 socat -t 20 - "TCP:127.0.0.1:$port" \
			<"$D/in" >"$D/got"
		assertBytes "$m, socat" "$D/in" "$D/got"
		until_ok has closed 3
		assertEquals "$m: the totals" '3000000 3000000' "$(
			ev 'select(.ev=="closed")|"\(.sent) \(.received)"' |
			sort -u)"
		assertEquals peer "$(ev 'select(.ev=="closed").who_first' |
			sort -u)"
	done
}

test_discard_says_nothing() {
	for m in $models; do
		listener --service discard --per-client "$m"
		head -c 1000000 /dev/zero >"$D/in"
		run nc.openbsd -N 127.0.0.1 "$port" <"$D/in"
		assertEquals 0 "$rc"
		assertEquals 0 "$(wc -c <"$D/out")"
		until_ok has closed 1
		assertEquals 1000000 "$(ev 'select(.ev=="closed").received')"
	done
}

test_daytime_is_a_line() {
	for m in $models; do
		listener --service daytime --per-client "$m"
		run ncat --recv-only 127.0.0.1 "$port"
		assertEquals "$m" 1 "$(tr -d '\r' <"$D/out" | LC_ALL=C grep -cE \
			'^[A-Z][a-z]+day, [A-Z][a-z]+ [0-9]+, 20[0-9]{2} [0-9:]{8}-UTC$')"
		until_ok has closed 1
		assertEquals us "$(ev 'select(.ev=="closed").who_first')"
	done
}

test_time_is_the_seconds_since_1900() {
	for m in $models; do
		listener --service time --per-client "$m"
		run ncat --recv-only 127.0.0.1 "$port"
		assertEquals "$m" 4 "$(wc -c <"$D/out")"
		told=$(($(od -An -tu4 --endian=big "$D/out") - 2208988800))
		now=$(date +%s)
		assertTrue "$told, and it is $now" \
			"[ $((now - told)) -ge 0 ] && [ $((now - told)) -lt 20 ]"
	done
}

test_chargen_goes_on_until_the_client_closes() {
	for m in $models; do
		listener --service chargen --per-client "$m"
		timeout 20 nc.openbsd -d 127.0.0.1 "$port" 2>/dev/null |
			head -c 1000000 >"$D/got"
		assertEquals "$m" 1000000 "$(wc -c <"$D/got")"
		assertEquals 95 "$(tr -d '\r' <"$D/got" | head -n 190 |
			LC_ALL=C grep -E '^.{72}$' | sort -u | wc -l)"
		until_ok has closed 1
	done
}

test_hello_names_who_serves() {
	for m in $models; do
		listener --service hello --per-client "$m"
		run ncat --recv-only 127.0.0.1 "$port"
		sockt=$(ss -ltnpH "sport = :$port" |
			sed 's/.*pid=\([0-9]*\).*/\1/; q')
		pid=$(sed 's/.*process \([0-9]*\),.*/\1/' "$D/out")
		tid=$(tr -d '\r' <"$D/out" | sed 's/.*thread //')
		until_ok has closed 1
		case $m in
		loop)	assertEquals "$sockt $sockt" "$pid $tid" ;;
		process) assertNotEquals "$sockt" "$pid"
			assertEquals "$pid" "$(ev 'select(.ev=="spawn").pid')" ;;
		thread)	assertEquals "$sockt" "$pid"
			assertNotEquals "$sockt" "$tid"
			assertEquals "$tid" "$(ev 'select(.ev=="spawn").tid')" ;;
		esac
		[ $m = loop ] || assertEquals "$m" 0 \
			"$(ev 'select(.ev=="exit").status')"
	done
}

# One does not read, one says nothing: neither delays the others, nor keeps
# their connections open.
test_clients_do_not_wait_for_each_other() {
	for m in $models; do
		listener --service echo --per-client "$m"
		bg nc.openbsd -d 127.0.0.1 "$port"
		until_ok has accepted 1
		run python3 -c 'import socket, sys
def client():
    c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    c.settimeout(10)
    return c
rude = client()
rude.setblocking(False)
try:
    while True: rude.send(b"x" * 65536)
except BlockingIOError:
    pass
all = [client() for i in range(50)]
for c in all: c.sendall(b"hello")
for c in all: assert c.recv(5) == b"hello"
for c in all: c.shutdown(socket.SHUT_WR)
for c in all: assert c.recv(5) == b""' "$port"
		assertEquals "$m: $(cat "$D/err")" 0 "$rc"
		until_ok makes 50 grep -c '"closed".*"sent":5,' "$D/log"
		tearDown
	done
}

test_leaves_nothing_behind() {
	for m in $models; do
		listener --service hello --per-client "$m"
		sockt=$(ss -ltnpH "sport = :$port" |
			sed 's/.*pid=\([0-9]*\).*/\1/; q')
		run ncat --recv-only 127.0.0.1 "$port"
		until_ok has closed 1
		before=$(find "/proc/$sockt/fd" | wc -l)
		run python3 -c 'import socket, sys
for i in range(300):
    c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    while c.recv(200): pass
    c.close()' "$port"
		assertEquals "$m: $(cat "$D/err")" 0 "$rc"
		until_ok has closed 301
		assertEquals "$m: descriptors" "$before" \
			"$(find "/proc/$sockt/fd" | wc -l)"
		assertEquals "$m: children" '' \
			"$(ps --no-headers --ppid "$sockt")"
		assertTrue "$m: threads" \
			"[ $(find "/proc/$sockt/task" -maxdepth 1 | wc -l) -le 4 ]"
	done
}

test_a_signal_ends_all_of_them() {
	for m in $models; do
		listener --service chargen --per-client "$m"
		bg nc.openbsd -d 127.0.0.1 "$port" >"$D/got"
		until_ok test -s "$D/got"
		sockt=$(ss -ltnpH "sport = :$port" |
			sed 's/.*pid=\([0-9]*\).*/\1/; q')
		children=$(ps --no-headers -o pid --ppid "$sockt")
		kill -s TERM "$sockt"
		await_end $us
		assertEquals "$m" 143 "$(ev 'select(.ev=="summary").exit')"
		assertEquals us "$(ev 'select(.ev=="closed").who_first')"
		for c in $children; do until_ok has_ended "$c"; done
		tearDown
	done
}

test_a_silent_client_is_closed_in_time() {
	for m in $models; do
		listener --service echo --per-client "$m" --idle-timeout 100ms
		bg nc.openbsd -d 127.0.0.1 "$port"
		await_end $!
		until_ok has closed 1
	done
}

# one datagram there, one back
asks() { timeout 10 nc.openbsd -u -W 1 127.0.0.1 "$port"; }

test_udp_echo_gives_back_each_datagram() {
	listener -u --service echo
	run python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.connect(("127.0.0.1", int(sys.argv[1])))
for n in 0, 1, 1400, 65507:
    d = bytes(i % 251 for i in range(n))
    s.send(d)
    assert s.recv(70000) == d, n' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals hello "$(echo hello | asks)"
	assertEquals hello "$(echo hello | timeout 10 socat -t 10 - \
		"UDP:127.0.0.1:$port,readbytes=6")"
	assertEquals '1 2 3' "$(ev 'select(.ev=="sender").conn' | xargs)"
	assertEquals 6 "$(ev .ev | grep -c datagram_out)"
}

test_udp_services_answer_as_those_by_tcp() {
	listener -u --service daytime
	assertEquals 1 "$(echo | asks | tr -d '\r' | LC_ALL=C grep -cE \
		'^[A-Z][a-z]+day, [A-Z][a-z]+ [0-9]+, 20[0-9]{2} [0-9:]{8}-UTC$')"
	listener -u --service time
	printf x | asks >"$D/got"
	told=$(($(od -An -tu4 --endian=big "$D/got") - 2208988800))
	assertTrue "$told" "[ $(($(date +%s) - told)) -lt 20 ]"
	listener -u --service hello
	assertEquals 1 "$(echo | asks | grep -c "^hello 127.0.0.1:.* process")"
	listener -u --service discard
	assertEquals '' "$(echo hello |
		timeout 10 nc.openbsd -u -w 1 127.0.0.1 "$port")"
	assertEquals 6 "$(ev 'select(.ev=="datagram_in").bytes')"
}

# RFC 864: between 0 and 512, and not always as many.
test_udp_chargen_is_one_datagram_of_512_at_most() {
	listener -u --service chargen
	run python3 -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.connect(("127.0.0.1", int(sys.argv[1])))
sizes = set()
for i in range(200):
    s.send(b"x")
    d = s.recv(70000)
    assert len(d) <= 512
    assert all(c in b"\r\n" or 32 <= c < 127 for c in d)
    assert all(len(l) == 72 for l in d.split(b"\r\n")[:-1])
    sizes.add(len(d))
assert len(sizes) > 20, sizes' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
}

# Two that answer each other never stop (CVE-1999-0103).
test_udp_services_do_not_answer_each_other() {
	listener -u --service echo
	run python3 -c 'import socket, sys
def at(host, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(10)
    s.bind((host, port))
    s.connect(("127.0.0.1", int(sys.argv[1])))
    return s
ours = [at("127.0.0.2", int(sys.argv[1]))]
try:
    ours.append(at("127.0.0.1", 19))
except PermissionError:
    pass
for s in ours:
    s.send(b"a")
    s.send(b"b")
other = at("127.0.0.1", 0)
other.send(b"c")
assert other.recv(9) == b"c"
for s in ours:
    s.setblocking(False)
    try:
        sys.exit("answered: %r" % s.recv(9))
    except BlockingIOError:
        pass
print(len(ours))' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals "$(cat "$D/out")" \
		"$(ev 'select(.ev=="warning" and .code=="loop").text' | wc -l)"
	assertEquals 1 "$(ev .ev | grep -c datagram_in)"
}

test_udp_services_obey_the_gate_and_forget() {
	listener -u --service echo --deny 127.0.0.1
	assertEquals '' "$(echo hello |
		timeout 10 nc.openbsd -u -w 1 127.0.0.1 "$port")"
	listener -u --service echo --idle-timeout 100ms
	assertEquals hello "$(echo hello | asks)"
	until_ok has closed 1
	assertEquals '6 6' "$(
		ev 'select(.ev=="closed")|"\(.sent) \(.received)"')"
	kill -s TERM "$(ss -lunpH "sport = :$port" |
		sed 's/.*pid=\([0-9]*\).*/\1/; q')"
	await_end $us
	assertEquals '1 6 6' "$(ev 'select(.ev=="summary")|
		"\(.clients) \(.sent) \(.received)"')"
}

test_udp_services_stay_on_this_machine_unless_told() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen -u --service echo \
		--port-file "$D/port" 0 </dev/null >"$D/log" 2>"$D/err.us"
	await "$D/port"
	assertEquals machine "$(ev 'select(.ev=="listening").reach')"
}

test_what_a_udp_service_cannot_be() {
	for words in '--per-client process' '--per-client thread' \
		'--datagram-size 3' --crlf '--exec cat'; do
		# shellcheck disable=SC2086
		run "$SOCKT" listen -u --service echo $words 0
		assertEquals "$words" 2 "$rc"
	done
	run "$SOCKT" listen -u --service echo "unix:$D/s"
	assertEquals 2 "$rc"
	run "$SOCKT" listen -u --per-client loop 0
	assertEquals 2 "$rc"
}

# In a network of its own: rdate asks port 37 and no other.
test_a_clock_is_set_by_it() {
	unshare -rn true 2>/dev/null || { skip "no namespaces"; return; }
	run unshare -rn sh -c "ip link set lo up
		$SOCKT listen --service time --port-file $D/port 37 &
		until [ -s $D/port ]; do :; done
		busybox rdate -p 127.0.0.1; kill \$!"
	assertEquals "$(cat "$D/err")" "$(date +%Y)" \
		"$(awk '{ print $NF }' "$D/out")"
}

. "$SHUNIT2"
