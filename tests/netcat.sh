# shellcheck shell=sh disable=SC2034,SC2154
# netcat.sh - other people's netcats as clients and servers. After lib.sh.

# They end sending at the end of their input, and go at ours.
clients='by_nc by_ncat by_socat'
by_nc() { exec timeout 30 nc.openbsd -N 127.0.0.1 "$1"; }
by_ncat() { exec timeout 30 ncat 127.0.0.1 "$1"; }
by_socat() { exec timeout 30 socat -t 20 - "TCP:127.0.0.1:$1"; }
servers='of_nc of_ncat of_socat'
of_nc() { exec timeout 30 nc.openbsd -N -l 127.0.0.1 "$1"; }
of_ncat() { exec timeout 30 ncat -l 127.0.0.1 "$1"; }
of_socat() { exec timeout 30 socat -t 20 - "TCP-LISTEN:$1,bind=127.0.0.1"; }

# They say what there is, and close.
hasty='by_hasty_nc by_hasty_ncat by_hasty_socat
	of_hasty_nc of_hasty_ncat of_hasty_socat'
by_hasty_nc() { exec timeout 30 nc.openbsd -w 1 127.0.0.1 "$1"; }
by_hasty_ncat() { exec timeout 30 ncat --send-only 127.0.0.1 "$1"; }
by_hasty_socat() { exec timeout 30 socat -u - "TCP:127.0.0.1:$1"; }
of_hasty_nc() { exec timeout 30 nc.openbsd -q 0 -l 127.0.0.1 "$1"; }
of_hasty_ncat() { exec timeout 30 ncat --send-only -l 127.0.0.1 "$1"; }
of_hasty_socat() {
	exec timeout 30 socat -u - "TCP-LISTEN:$1,bind=127.0.0.1"
}

listening() { [ -n "$(ss -ltnH "sport = :$1")" ]; }

# ours INPUT WORD... - sockt listen; $d/heard is what it hears. Sets $port, $us
ours() {
	_in=$1
	shift
	rm -f "$d/port"
	bg timeout 60 "$SOCKT" listen --local --port-file "$d/port" "$@" 0 \
		<"$_in" >"$d/heard" 2>"$d/said"
	us=$!
	await "$d/port" && port=$(cat "$d/port")
}

# theirs NAME INPUT - that server, $d/got being what it hears. Sets $port, $far
theirs() {
	port=$(free_port)
	bg "$1" "$port" <"$2" >"$d/got" 2>"$d/their"
	far=$!
	until_ok listening "$port"
}

# link PEER OUR-INPUT THEIR-INPUT - a client of ours or a server that we call;
# all of it in $d. Sets $us, $far
link() {
	d=$D/$1
	mkdir "$d"
	case $1 in
	by_*)
		ours "$2"
		bg "$1" "$port" <"$3" >"$d/got" 2>"$d/their"
		far=$! ;;
	*)
		theirs "$1" "$3"
		bg timeout 60 "$SOCKT" connect 127.0.0.1 "$port" \
			<"$2" >"$d/heard" 2>"$d/said"
		us=$! ;;
	esac
	linked="$linked $1:$us:$far"
}

# all_end STATUS - so ours do, of what was linked, and then their peers
all_end() {
	for l in $linked; do
		_ends=${l#*:}
		await_end "${_ends%:*}"
		assertEquals "${l%%:*}: $(cat "$D/${l%%:*}/said")" "$1" "$rc"
		await_end "${_ends#*:}"
	done
}

# late NAME - what comes through $D/NAME.late takes a second
late() {
	mkfifo "$D/$1.late"
	{ timeout 1 tail -f /dev/null; echo "late $1"; } >"$D/$1.late" &
	pids="$pids $!"
}

# silent - $D/silent never says anything and never ends
silent() {
	mkfifo "$D/silent"
	exec 8<>"$D/silent"
}

# py CODE WORD... - a peer in Python, s being its listening socket and n()
# what its system has taken and nobody read yet. Sets $port, $far
py() {
	_code=$1
	shift
	bg timeout 60 python3 -c "
import fcntl, os, socket, struct, sys, termios, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
def n(c):
    size = fcntl.ioctl(c, termios.FIONREAD, b'1234')
    return struct.unpack('i', size)[0]
def full(c):
    old, at = n(c), time.monotonic()
    while not old or time.monotonic() - at < 0.2:
        time.sleep(0.01)
        if n(c) != old:
            old, at = n(c), time.monotonic()
    return old
def reset(c):
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    c.close()
def listen():
    s.bind(('127.0.0.1', 0))
    s.listen()
    print(s.getsockname()[1], file=open('$D/port', 'w'))
    return s.accept()[0]
$_code" "$@" >"$D/far" 2>"$D/far.err"
	far=$!
}
