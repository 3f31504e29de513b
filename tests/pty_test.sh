#!/bin/sh
# --pty: a program on a terminal of its own, for listen and for connect.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

listener() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen -k --local "$@" \
		--port-file "$D/port" 0 </dev/null >"$D/log" 2>"$D/err.us"
	await "$D/port" && port=$(cat "$D/port")
}

ev() { jq -r "$1" "$D/log"; }
has() { [ "$(grep -c "^{\"ev\":\"$1\"" "$D/log")" = "$2" ]; }
ours() { ss -ltnpH "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/; q'; }
said() { tr -d '\r' <"$D/out"; }
grows() { [ "$(wc -c <"$1")" -gt "$2" ]; }
# what follows "ready", before which the terminal may echo
answers() { said | sed '0,/ready/d'; }

test_it_is_a_terminal_and_the_controlling_one() {
	listener --pty --sh-exec 'tty; stty size; echo $TERM; test -t 2 &&
		echo error; echo seen >/dev/tty; ps -o pid=,sid=,tpgid= $$'
	run nc.openbsd -d 127.0.0.1 "$port"
	assertEquals '24 80 xterm error seen' "$(said | sed -n 2,5p | xargs)"
	assertTrue "$(said)" "head -n 1 $D/out | grep -q ^/dev/pts/"
	said | tail -n 1 | {
		read -r pid sid tpgid
		[ "$pid" = "$sid" ] && [ "$pid" = "$tpgid" ]
	}
	assertEquals "leads its session, in the foreground" 0 $?
	tearDown
	unset TERM
	listener --pty --sh-exec 'echo $TERM'
	run nc.openbsd -d 127.0.0.1 "$port"
	assertEquals vt100 "$(said)"
	TERM=xterm
}

test_a_shell_on_it_has_job_control_and_its_status_is_told() {
	listener --pty --exec 'bash --norc --noprofile -i'
	printf 'tail -f /dev/null &\njobs\nkill %%1\nexit 3\n' >"$D/in"
	run nc.openbsd 127.0.0.1 "$port" <"$D/in"
	assertTrue "$(said)" "grep -q 'Running.*tail' $D/out"
	assertFalse "$(said)" "grep -q 'no job control' $D/out"
	until_ok has exit 1
	assertEquals 3 "$(ev 'select(.ev=="exit").status')"
}

# A terminal forgets an end of input once it was read; a stream does not.
test_the_clients_end_is_typed_whenever_all_is_read() {
	listener --pty --sh-exec 'stty -echo; echo ready; cat; cat; echo end'
	for client in 'nc.openbsd -N' ncat; do
		# shellcheck disable=SC2086
		printf 'one\nno line end' | run $client 127.0.0.1 "$port"
		assertEquals "$client" "$(printf 'one\nno line endend')" \
			"$(answers)"
	done
	listener --pty --exec 'bash --norc --noprofile -i'
	echo 'expr 6 \* 7' | run nc.openbsd -N 127.0.0.1 "$port"
	assertEquals 0 "$rc"
	assertTrue "$(said)" "tr -d '\r' <$D/out | grep -q '42$'"
	until_ok has closed 1
}

test_output_comes_whole() {
	listener --pty --sh-exec 'stty raw -echo; head -c 3000000 /dev/zero'
	for client in '-d' '-N'; do
		for _ in 1 2 3 4 5; do
			run nc.openbsd $client 127.0.0.1 "$port" </dev/null
			assertEquals "$client" 3000000 "$(wc -c <"$D/out")"
		done
	done
}

test_an_editor_on_it() {
	listener --pty --exec "busybox vi $D/file"
	mkfifo "$D/in"
	bg nc.openbsd 127.0.0.1 "$port" <>"$D/in" >"$D/got"
	until_ok test -s "$D/got"
	printf ihello >"$D/in"
	until_ok grep -q hello "$D/got"
	before=$(wc -c <"$D/got")
	printf '\033' >"$D/in"	# alone, it is no part of another key
	until_ok grows "$D/got" "$before"
	printf ':wq\r' >"$D/in"
	until_ok has exit 1
	assertEquals hello "$(cat "$D/file")"
	assertEquals 0 "$(ev 'select(.ev=="exit").status')"
}

# Enter is CR LF with telnet and CR with a terminal that is raw: one key.
test_enter_is_one_key_for_telnet_too() {
	listener --pty --sh-exec 'stty -echo; echo ready
		while read -r line; do echo "<$line>"; done'
	printf 'a\r\nb\r\n\r\nc\rd\n' | run nc.openbsd -N 127.0.0.1 "$port"
	assertEquals '<a> <b> <> <c> <d>' "$(answers | xargs)"
	printf 'x\ny\n' | run "$SOCKT" telnet 127.0.0.1 "$port"
	assertEquals '<x> <y>' "$(answers | xargs)"
}

# Its jobs have process groups of their own: the terminal ends them.
test_a_client_that_goes_hangs_up() {
	listener --pty --exec 'bash --norc --noprofile -i'
	mkfifo "$D/in"
	bg nc.openbsd 127.0.0.1 "$port" <>"$D/in" >"$D/got"
	echo 'cat /dev/tty' >"$D/in"
	client=$!
	until_ok has spawn 1
	pid=$(ev 'select(.ev=="spawn").pid')
	until_ok makes cat ps --no-headers -o comm --ppid "$pid"
	kill -s KILL $client
	until_ok has exit 1
	until_ok makes '' ps --no-headers -o pid -s "$pid"
}

test_through_tls() {
	listener --tls --pty --sh-exec 'stty raw -echo; tty >&2
		head -c 1000000 /dev/zero'
	run ncat --ssl --recv-only 127.0.0.1 "$port"
	assertEquals 1000000 "$(sed 1d "$D/out" | wc -c)"
	assertTrue "$(head -c 20 "$D/out")" "head -c 9 $D/out | grep -q /dev/pts/"
}

test_the_same_as_with_socat() {
	script='stty -echo; echo ready; read -r a; echo "got $a"; stty -a'
	answer='import socket, sys
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
while not (p := c.recv(100)).endswith(b"ready\r\n"): assert p
c.sendall(b"hello\n")
while (p := c.recv(9999)): sys.stdout.write(p.decode())'
	listener --pty --sh-exec "$script"
	run python3 -c "$answer" "$port"
	sed 's/rows.*columns [0-9]*//' "$D/out" >"$D/of.us"
	theirs=$(free_port)
	bg timeout 20 socat "TCP-LISTEN:$theirs,bind=127.0.0.1" \
		"SYSTEM:'$script',pty,setsid,ctty,stderr"
	until_ok sh -c "ss -ltnH 'sport = :$theirs' | grep -q ."
	run python3 -c "$answer" "$theirs"
	sed 's/rows.*columns [0-9]*//' "$D/out" >"$D/of.socat"
	assertBytes "beside socat" "$D/of.socat" "$D/of.us"
}

test_connect_gives_its_program_one() {
	port=$(free_port)
	printf 'echo $((6*7)); exit 4\n' >"$D/in"
	bg timeout 20 nc.openbsd -l 127.0.0.1 "$port" <"$D/in" >"$D/got"
	until_ok sh -c "ss -ltnH 'sport = :$port' | grep -q ."
	run "$SOCKT" connect --pty --exec 'bash --norc --noprofile -i' \
		127.0.0.1 "$port"
	assertEquals 1 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'ended with status 4' $D/err"
	assertTrue "$(cat "$D/got")" "tr -d '\r' <$D/got | grep -q '42$'"
}

test_leaves_nothing_behind() {
	listener --pty --exec tty
	sockt=$(ours)
	run nc.openbsd -d 127.0.0.1 "$port"
	until_ok has closed 1
	before=$(find "/proc/$sockt/fd" | wc -l)
	run python3 -c 'import socket, sys
for i in range(100):
    c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    got = b""
    while True:
        p = c.recv(200)
        if not p: break
        got += p
    assert got.startswith(b"/dev/pts/"), got
    c.close()' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	until_ok has closed 101
	assertEquals '' "$(ps --no-headers --ppid "$sockt")"
	assertEquals "$before" "$(find "/proc/$sockt/fd" | wc -l)"
}

test_a_missing_program_is_told() {
	listener --pty --exec /no/such/program
	for n in 1 2; do
		run nc.openbsd -d 127.0.0.1 "$port"
		assertEquals 0 "$(wc -c <"$D/out")"
		until_ok has closed $n
	done
	assertEquals 'ENOENT ENOENT' "$(ev 'select(.ev=="error").errno' | xargs)"
}

test_it_is_for_programs_only() {
	run "$SOCKT" listen --pty 0
	assertEquals 2 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q -e '--pty is for --exec' $D/err"
	run "$SOCKT" connect --pty localhost 1
	assertEquals 2 "$rc"
	run "$SOCKT" connect --udp --pty --exec tty localhost 1
	assertEquals 2 "$rc"
}

. "$SHUNIT2"
