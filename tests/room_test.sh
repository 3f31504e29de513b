#!/bin/sh
# Many clients at once: what stdin says to all, --broker, --chat.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

# listener OPTION... - on a port of the kernel's, $port; events in $D/log; its
# standard input is ours
listener() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen "$@" --port-file "$D/port" 0 \
		>"$D/log" 2>"$D/err.us"
	await "$D/port" && port=$(cat "$D/port")
}

ev() { jq -r "$1" "$D/log"; }
has() { [ "$(grep -c "^{\"ev\":\"$1\"" "$D/log")" = "$2" ]; }

# client NAME PROGRAM - stays, reads what is written into $D/NAME.in (which
# ends with close_in NAME), writes $D/NAME
client() {
	_here=$(ev 'select(.ev=="accepted").n' | wc -l)
	mkfifo "$D/$1.in"
	case $2 in
	nc)	bg nc.openbsd -N 127.0.0.1 "$port" <>"$D/$1.in" >"$D/$1" ;;
	ncat)	bg ncat 127.0.0.1 "$port" <>"$D/$1.in" >"$D/$1" ;;
	socat)	bg socat -t 5 - "TCP:127.0.0.1:$port" <>"$D/$1.in" >"$D/$1" ;;
	esac
	until_ok has accepted $((_here + 1))
}
says() { printf '%b\n' "$2" >"$D/$1.in"; }

# py TEXT ARGUMENT... - a script with who talks to the port
py() {
	_text=$1
	shift
	run python3 -c "import socket, sys
files = {}
def client():
    c = socket.create_connection(('127.0.0.1', $port))
    c.settimeout(15)
    files[c] = c.makefile('rb')
    return c
def line(c):
    return files[c].readline().decode().rstrip('\\n')
$_text" "$@"
	assertEquals "$(cat "$D/err")" 0 "$rc"
}

test_stdin_goes_to_everybody_and_its_end_too() {
	mkfifo "$D/in"
	exec 9<>"$D/in"
	listener -k <"$D/in" 9>&-
	for i in 1 2 3; do
		case $i in
		1) set -- nc.openbsd -N 127.0.0.1 "$port" ;;
		2) set -- ncat 127.0.0.1 "$port" ;;
		3) set -- socat -t 20 - "TCP:127.0.0.1:$port" ;;
		esac
		bg "$@" </dev/null >"$D/$i" 9>&-
		eval "c$i=$!"
		until_ok has accepted $i
	done
	echo one >&9
	for i in 1 2 3; do await "$D/$i"; done
	echo two >&9
	exec 9>&-
	for i in 1 2 3; do
		until_ok makes 'one two' paste -sd ' ' "$D/$i"
	done
	for c in $c1 $c2 $c3; do
		await_end "$c"
		assertEquals "their end" 0 "$rc"
	done
	assertEquals "two lines" 2 "$(ev 'select(.ev=="sent" and
		.conn==1).bytes' | wc -l)"
}

# The whole file, though nobody is there when it begins.
test_a_file_goes_to_its_first_client_whole() {
	head -c 3000000 /dev/urandom >"$D/file"
	listener -k <"$D/file"
	for c in 1 2; do
		timeout 20 nc.openbsd -N 127.0.0.1 "$port" </dev/null >"$D/$c"
		assertEquals "its end is theirs" 0 $?
	done
	assertBytes first "$D/file" "$D/1"
	assertEquals "the second gets the end" 0 "$(wc -c <"$D/2")"
}

test_one_who_does_not_read_delays_nobody() {
	head -c 30000000 /dev/urandom >"$D/file"
	mkfifo "$D/in"
	exec 9<>"$D/in"
	listener -k <"$D/in" 9>&-
	py 'import os
slow = client()
quick = client()
if os.fork() == 0:
    with open(sys.argv[1], "wb") as f:
        f.write(open(sys.argv[2], "rb").read())
    os._exit(0)
n = 0
data = open(sys.argv[2], "rb").read()
while n < len(data):
    got = quick.recv(1 << 20)
    assert got == data[n:n + len(got)] and got
    n += len(got)' "$D/in" "$D/file"
	exec 9>&-
	until_ok makes queue ev 'select(.ev=="warning").code'
	assertEquals "it is closed" 1 "$(ev 'select(.ev=="warning").conn')"
	until_ok makes 1 ev 'select(.ev=="closed" and .conn==1).conn'
}

test_dev_null_is_nobodys_input() {
	listener -k </dev/null
	py 'c = client()
c.settimeout(0.3)
try:
    assert False, c.recv(1)
except TimeoutError:
    pass'
}

test_stdin_gets_CR_LF_if_asked_for() {
	printf 'a\nb\r\nc\n' >"$D/in"
	listener -k -C <"$D/in"
	timeout 20 nc.openbsd -N 127.0.0.1 "$port" </dev/null >"$D/got"
	printf 'a\r\nb\r\nc\r\n' >"$D/want"
	assertBytes "CR LF" "$D/want" "$D/got"
}

test_a_broker_passes_on_to_all_others() {
	listener --broker </dev/null
	for c in nc ncat socat; do client $c $c; done
	says nc 'from nc'
	await "$D/ncat"
	await "$D/socat"
	says ncat 'from ncat'
	await_text "$D/socat" 'from ncat'
	says socat '\0001\0377 exact'
	await_text "$D/nc" exact
	await_text "$D/ncat" exact
	assertEquals 'from ncat' "$(sed -n 1p "$D/nc")"
	printf 'from nc\n\001\377 exact\n' >"$D/want"
	assertBytes "to ncat" "$D/want" "$D/ncat"
	assertEquals "told once, where it came from" '1 2 3' \
		"$(ev 'select(.ev=="received").conn' | paste -sd ' ')"
}

test_a_broker_moves_much_without_loss() {
	listener --broker </dev/null
	py 'import threading, hashlib
a, b, c = client(), client(), client()
data = bytes(range(256)) * 40000
def take(s, out):
    n = 0
    h = hashlib.sha1()
    while n < len(data):
        got = s.recv(1 << 16)
        assert got, "closed after %d" % n
        n += len(got)
        h.update(got)
    out.append(h.digest())
got = []
t = threading.Thread(target=take, args=(b, got))
t.start()
a.settimeout(20)
for i in range(0, len(data), 4096):
    a.sendall(data[i:i + 4096])
t.join()
assert got == [hashlib.sha1(data).digest()]'
}

test_a_chat_with_names() {
	listener --chat </dev/null
	for c in nc ncat socat; do
		client $c $c
		await_text "$D/$c" '* your name?'
		says $c "by_$c"
		await_text "$D/$c" "* you are by_$c"
	done
	await_text "$D/nc" '* by_socat joined'
	says nc 'hello all'
	await_text "$D/socat" '<by_nc> hello all'
	await_text "$D/ncat" '<by_nc> hello all'
	says ncat /who
	await_text "$D/ncat" '* 2 others are here: by_socat, by_nc'
	says socat /quit
	await_text "$D/nc" '* by_socat left'
	assertEquals "not to oneself" 0 "$(grep -c '<by_nc>' "$D/nc")"
	assertEquals 'by_nc by_ncat by_socat' "$(ev 'select(.ev=="note" and
		.code=="joined").text|split(" ")[0]' | paste -sd ' ')"
}

test_newcomers_get_what_was_said() {
	listener --chat </dev/null
	py 'a = client()
a.sendall(b"ann\n")
for i in range(60):
    a.sendall(b"line %d\n" % i)
a.sendall(b"/who\n")
while line(a) != "* nobody else is here": pass
a.sendall(b"/who\n")
while line(a) != "* nobody else is here": pass
b = client()
b.sendall(b"bob\n")
assert line(b) == "* your name?"
said = [line(b) for i in range(50)]
assert said == ["<ann> line %d" % i for i in range(10, 60)], said
assert line(b) == "* 1 other is here: ann"
assert line(b) == "* you are bob; /who lists, /quit leaves"'
}

test_names_are_unique_and_bounded() {
	listener --chat </dev/null
	py 'a, b = client(), client()
a.sendall(b"ann\n")
line(a), line(a), line(a), line(b)
for bad in (b"ann", b"ANN", b"host", b"", b"x" * 25, b"a b", b"<a>", b"*",
        b"\x1b[2J", b"\xff", b"a\xe2\x80\xaeb", b"y" * 5000):
    b.sendall(bad + b"\n")
    got = line(b)
    assert got.startswith("* ") and "you are" not in got, (bad, got)
b.sendall("j\u00f6rg\r\n".encode())
assert line(b) == "* ann joined"
assert line(b) == "* 1 other is here: ann"
assert line(b).startswith("* you are j\u00f6rg;")'
}

test_a_chat_refuses_what_would_move_a_cursor() {
	listener --chat </dev/null
	py 'a, b = client(), client()
a.sendall(b"a\n"), b.sendall(b"b\n")
while "you are" not in line(b): pass
a.sendall(b"\x1b]0;x\x07\n\x9b2J\n\xe2\x80\xaehi\n\x00\nx\rfake\nend\n")
while True:
    got = line(b)
    if "joined" in got: continue
    assert got == "<a> end", got
    break
a.sendall(b"z" * 1001 + b"\n" + b"y" * 100000 + b"\nunfinished")
a.shutdown(socket.SHUT_WR)
assert line(b) == "<a> unfinished"
assert line(b) == "* a left"
text = files[a].read()
assert text.count(b"control bytes") == 5, text
assert text.count(b"over 1000 bytes") == 2, text'
}

test_lines_of_many_are_never_torn() {
	listener --chat </dev/null
	py 'n = 20
all = [client() for i in range(n)]
for i, c in enumerate(all):
    c.sendall(b"c%d\n" % i)
    while "you are" not in line(c): pass
for k in range(50):
    for i, c in enumerate(all):
        c.sendall(b"li")
    for i, c in enumerate(all):
        c.sendall(b"ne %d of %d\n" % (k, i))
want = {"<c%d> line %d of %d" % (i, k, i) for i in range(1, n)
    for k in range(50)}
while want:
    got = line(all[0])
    assert got.endswith("joined") or got in want, got
    want.discard(got)'
}

test_two_thousand_idle_clients_in_little_memory() {
	listener -k --max-clients 2000 </dev/null
	sockt=$(ss -ltnpH "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/')
	py 'def private():
    with open("/proc/%s/smaps_rollup" % sys.argv[1]) as f:
        return sum(int(l.split()[1]) for l in f
            if l.startswith("Private_"))
first = client()
before = private()
rest = [client() for i in range(1999)]
rest[-1].sendall(b"x")
extra = client()
assert line(extra) == "no room: 2000 clients are here already"
assert line(extra) == "" and extra.recv(1) == b""
print((private() - before) * 1024 // 1999)' "$sockt"
	assertEquals '' "$(ps --no-headers --ppid "$sockt")"
	assertEquals full "$(ev 'select(.ev=="turned_away").code')"
	[ "$BUILT" != "${BUILT%/release}" ] || skip "only the plain build counts"
	assertEquals "one process, one thread" 1 \
		"$(find "/proc/$sockt/task" -mindepth 1 -maxdepth 1 | wc -l)"
	assertTrue "$(cat "$D/out") B each" "[ $(cat "$D/out") -le 4096 ]"
}

test_what_a_person_types_in_a_chat() {
	cat >"$D/person.sh" <<-END
		(until [ -s $D/port ]; do :; done
		nc.openbsd -N 127.0.0.1 \$(cat $D/port) <$D/in >$D/got &
		echo ann >$D/in
		until grep -qs 'you are' $D/got; do :; done
		echo 'hello all'; until grep -q '<host>' $D/got; do :; done
		) | script -qec "$SOCKT --time none listen --chat \
			--port-file $D/port 0" $D/tty >/dev/null 2>&1
	END
	mkfifo "$D/in"
	exec 9<>"$D/in"
	bg timeout 20 sh "$D/person.sh" 9>&-
	await_text "$D/got" '<host> hello all'
	await_text "$D/tty" 'ann joined'
	exec 9>&-
}

test_only_one_of_them() {
	for two in '--chat --broker' '--chat --exec date' \
		'--broker --sh-exec date'; do
		# shellcheck disable=SC2086
		run "$SOCKT" listen $two 0 </dev/null
		assertEquals "$two" 2 "$rc"
	done
}

. "$SHUNIT2"
