#!/bin/sh
# Programs at a connection: who is told what, and that they end when they
# should, with listen and with connect.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

listener() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen "$@" --port-file "$D/port" 0 \
		</dev/null >"$D/log" 2>"$D/err.us"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
}

ev() { jq -r "$1" "$D/log"; }
has() { [ "$(grep -c "^{\"ev\":\"$1\"" "$D/log")" = "$2" ]; }
ours() { ss -ltnpH "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/; q'; }

test_tcpservers_names() {
	listener -k --sh-exec 'echo $PROTO $TCPREMOTEIP $TCPREMOTEPORT \
		$TCPLOCALIP $TCPLOCALPORT'
	for host in 127.0.0.1 ::1; do
		run "$SOCKT" --json connect $host "$port" </dev/null
		us_port=$(jq -r 'select(.ev=="connected").local.port' "$D/out")
		assertEquals "TCP $host $us_port $host $port" \
			"$(jq -r 'select(.ev=="received").text' "$D/out")"
	done
	# what we inherited is of another connection
	TCPREMOTEHOST=evil TCPREMOTEIP=9.9.9.9 PROTO=X listener -k \
		--sh-exec 'env | grep -c -e evil -e 9.9.9.9 -e PROTO=X'
	run nc.openbsd -N 127.0.0.1 "$port" </dev/null
	assertEquals 0 "$(cat "$D/out")"
}

test_stderr_goes_to_the_client_if_asked_for() {
	listener -k --sh-exec 'echo out; echo err >&2'
	run nc.openbsd -N 127.0.0.1 "$port" </dev/null
	assertEquals out "$(cat "$D/out")"
	await_text "$D/err.us" err
	listener -k --stderr --sh-exec 'echo out; echo err >&2'
	run nc.openbsd -N 127.0.0.1 "$port" </dev/null
	assertEquals 'out err' "$(paste -sd ' ' "$D/out")"
}

# The clients are killed; the programs neither read nor write.
test_a_program_is_ended_when_its_client_is_gone() {
	listener -k --sh-exec 'tail -f /dev/null & tail -f /dev/null'
	mkfifo "$D/in"
	clients=
	for client in 'nc.openbsd -d' ncat 'socat -'; do
		case $client in
		socat*) to=TCP:127.0.0.1:$port ;;
		*) to="127.0.0.1 $port" ;;
		esac
		# shellcheck disable=SC2086
		bg $client $to <>"$D/in"
		clients="$clients $!"
	done
	until_ok has spawn 3
	# shellcheck disable=SC2086
	kill -s KILL $clients
	until_ok has note 3
	until_ok has exit 3
	for pid in $(ev 'select(.ev=="spawn").pid'); do
		until_ok makes '' ps --no-headers -o pid -g "$pid"
	done
}

test_a_program_that_ignores_it_is_killed() {
	listener -k --sh-exec 'trap "" HUP TERM; echo ready
		while :; do tail -f /dev/null; done'
	run python3 -c 'import socket, struct, sys
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
assert c.recv(100) == b"ready\n"
c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
c.close()' "$port"
	until_ok has exit 1
	assertEquals SIGKILL "$(ev 'select(.ev=="exit").signal')"
	assertEquals gone "$(ev 'select(.ev=="note").code')"
}

# Half-closed is not gone: the answer takes longer than our first look.
test_who_only_ended_sending_is_waited_for() {
	listener -k --sh-exec 'cat >/dev/null; timeout 7 tail -f /dev/null
		echo late'
	run nc.openbsd -N 127.0.0.1 "$port" </dev/null
	assertEquals late "$(cat "$D/out")"
	assertFalse "$(ev .ev)" 'grep -q "\"gone\"" $D/log'
}

# Its input is complete, though the client has gone; none of it is lost.
test_input_is_worked_on_after_the_client_has_gone() {
	head -c 5000000 /dev/urandom >"$D/in"
	listener -k --sh-exec "timeout 2 tail -f /dev/null; cat >$D/got; :"
	run python3 -c 'import socket, sys
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
c.sendall(sys.stdin.buffer.read())
c.close()' "$port" <"$D/in"
	until_ok has closed 1
	assertBytes "what was sent" "$D/in" "$D/got"
}

# Half of them end sending at once; some are read a while after their end.
test_two_hundred_answers_are_whole() {
	answers='import socket, ssl, sys
port, runs, size, tls = map(int, sys.argv[1:])
for i in range(runs):
    c = socket.create_connection(("127.0.0.1", port))
    c.settimeout(20)
    if tls:
        x = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        x.check_hostname, x.verify_mode = False, ssl.CERT_NONE
        c = x.wrap_socket(c, suppress_ragged_eofs=False)
    elif i % 2:
        c.shutdown(socket.SHUT_WR)
    else:
        c.sendall(b"never read\n")
    n = 0
    while p := c.recv(100000):
        n += len(p)
    assert n == size, (i, n)
    c.close()'
	listener -k --exec 'head -c 60000 /dev/zero'
	run python3 -c "$answers" "$port" 200 60000 0
	assertEquals "$(cat "$D/err")" 0 "$rc"
	listener -k --exec 'head -c 3000000 /dev/zero'
	run python3 -c "$answers" "$port" 20 3000000 0
	assertEquals "$(cat "$D/err")" 0 "$rc"
	listener -k --tls --exec 'head -c 3000000 /dev/zero'
	run python3 -c "$answers" "$port" 20 3000000 1
	assertEquals "TLS: $(cat "$D/err")" 0 "$rc"
}

# Behind TLS, too: one in order, one killed, one with a reset. What hears
# nothing and says nothing would never learn of it.
test_a_program_behind_tls_is_ended_when_its_client_is_gone() {
	listener -k --tls --sh-exec 'trap "" PIPE; tail -f /dev/null'
	sockt=$(ours)
	run python3 -c 'import socket, ssl, struct, sys
x = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
x.check_hostname, x.verify_mode = False, ssl.CERT_NONE
def call():
    c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    return x.wrap_socket(c)
a, b, c = call(), call(), call()
c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
c.close()
b.close()
try:
    a.settimeout(0.2)
    a.unwrap()
except OSError:
    pass
a.close()' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	until_ok has exit 3
	assertEquals 3 "$(ev 'select(.ev=="note" and .code=="gone").conn' |
		sort -u | wc -l)"
	for pid in $(ev 'select(.ev=="spawn").pid'); do
		until_ok makes '' ps --no-headers -o pid -g "$pid"
	done
	until_ok has closed 3
	assertEquals '' "$(ss -tnpH state all "sport = :$port" |
		grep -v LISTEN | grep "pid=$sockt,")"
}

test_who_asks_for_a_program_that_is_not_there_is_let_go() {
	listener -k --exec /no/such/program
	for n in 1 2 3; do
		run nc.openbsd -d 127.0.0.1 "$port"
		assertEquals 0 "$rc"
		until_ok has closed $n
	done
	assertEquals 'ENOENT ENOENT ENOENT' \
		"$(ev 'select(.ev=="error").errno' | xargs)"
	listener -k --tls --exec /no/such/program
	run ncat --ssl --recv-only 127.0.0.1 "$port"
	until_ok has closed 1
	assertEquals ENOENT "$(ev 'select(.ev=="error").errno')"
}

# As a shell gives them: no signal ignored or blocked, its own limits.
test_a_program_finds_signals_and_limits_as_usual() {
	(
		trap '' HUP USR1
		# shellcheck disable=SC3045
		ulimit -Sn 100
		listener -k --max-clients 400 --sh-exec \
			'grep -E "^Sig(Blk|Ign)" /proc/self/status; ulimit -Sn
			ls -l /proc/self/fd | grep -c -e socket -e anon_inode
			ps -o pid=,pgid= $$'
		run nc.openbsd -d 127.0.0.1 "$port"
		tearDown
	)
	# 1 to 28; 32 and 33 are the C library's own, and stay as they came
	assertEquals '0000000 0000000 100' "$(awk '/^Sig/ {
		print substr($2, 10) } NR == 3' "$D/out" | xargs)"
	assertEquals "its stdin" 1 "$(sed -n 4p "$D/out")"
	assertEquals 1 "$(sed -n 5p "$D/out" | xargs -n 1 | sort -u | wc -l)"
}

test_two_thousand_clients_leave_nothing_behind() {
	listener -k --exec true
	sockt=$(ours)
	run nc.openbsd -N 127.0.0.1 "$port" </dev/null
	until_ok has closed 1
	before=$(find "/proc/$sockt/fd" | wc -l)
	run python3 -c 'import socket, sys
for i in range(2000):
    c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    while c.recv(200): pass
    c.close()' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	until_ok has closed 2001
	assertEquals '' "$(ps --no-headers --ppid "$sockt")"
	assertEquals "$before" "$(find "/proc/$sockt/fd" | wc -l)"
}

test_programs_of_ours_end_with_us() {
	listener -k --exec 'tail -f /dev/null'
	bg nc.openbsd -d 127.0.0.1 "$port"
	until_ok has spawn 1
	pid=$(ev 'select(.ev=="spawn").pid')
	kill -s TERM "$(ours)"
	await_end $us
	until_ok has_ended "$pid"
}

test_connect_runs_a_program_too() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" listen --port-file "$D/port" 0 \
		</dev/null >"$D/got"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
	run "$SOCKT" connect --sh-exec 'echo $TCPREMOTEPORT; head -c 3000000 \
		/dev/zero' 127.0.0.1 "$port" </dev/null
	assertEquals 0 "$rc"
	await_end $us
	(echo "$port"; head -c 3000000 /dev/zero) >"$D/want"
	assertBytes "from the program" "$D/want" "$D/got"
}

test_connect_feeds_a_program() {
	head -c 3000000 /dev/urandom >"$D/in"
	for server in 'nc.openbsd -N -l 127.0.0.1' 'ncat -l 127.0.0.1'; do
		port=$(free_port)
		# shellcheck disable=SC2086
		bg timeout 20 $server "$port" <"$D/in"
		until_ok sh -c "ss -ltnH 'sport = :$port' | grep -q ."
		run "$SOCKT" connect --sh-exec "cat >$D/got" 127.0.0.1 "$port"
		assertEquals "$server" 0 "$rc"
		assertBytes "$server" "$D/in" "$D/got"
		tearDown
	done
}

test_connect_tells_how_its_program_ended() {
	listener -k --service discard --local
	run "$SOCKT" connect --sh-exec 'exit 3' 127.0.0.1 "$port"
	assertEquals 1 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'ended with status 3' $D/err"
	run "$SOCKT" connect --exec /no/such/program 127.0.0.1 "$port"
	assertEquals 127 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q ENOENT $D/err"
	for words in '--exec a --sh-exec b' --stderr --exec=; do
		# shellcheck disable=SC2086
		run "$SOCKT" connect $words 127.0.0.1 "$port"
		assertEquals "$words" 2 "$rc"
	done
}

. "$SHUNIT2"
