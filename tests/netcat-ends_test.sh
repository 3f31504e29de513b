#!/bin/sh
# What goes over a connection between sockt and another netcat, in both roles:
# each direction's end is passed on as it comes, and nobody waits in vain.
# shellcheck disable=SC2154,SC2016,SC2034
if [ -z "${PRIVATE:-}" ] && unshare -rn true 2>/dev/null; then
	PRIVATE=1 exec unshare -rn --kill-child sh "$0" "$@"
fi
. ./lib.sh
. ./netcat.sh
. ./screen.sh

oneTimeSetUp() { [ -z "${PRIVATE:-}" ] || ip link set lo up; }
setUp() { rm -rf "${D:?}"/*; }

### one end, and what comes after it

# Who opens a named FIFO that nobody writes any more is not told of its end.
test_input_that_ended_before_we_came_has_an_end() {
	d=$D
	mkfifo "$D/in"
	for words in connect 'connect -C' '--text connect' telnet; do
		theirs of_socat /dev/null
		exec 7<>"$D/in"
		echo early >&7
		exec 8<"$D/in" 7>&-
		# shellcheck disable=SC2086
		run "$SOCKT" $words 127.0.0.1 "$port" <&8
		assertEquals "$words" 0 "$rc"
		await_end $far
		assertEquals "$words" early "$(tr -d '\r' <"$D/got")"
	done
	exec 7<>"$D/in"
	echo early >&7
	exec 8<"$D/in" 7>&-
	bg timeout 20 "$SOCKT" listen --local --port-file "$D/port" 0 <&8
	us=$!
	await "$D/port"
	run nc.openbsd -N 127.0.0.1 "$(cat "$D/port")" </dev/null
	assertEquals early "$(cat "$D/out")"
	await_end $us
	assertEquals 0 "$rc"
	exec 8<&-
}

# As servers, nc and ncat leave at our end, with what they had to say.
test_an_answer_that_takes_a_second_is_waited_for() {
	linked=
	for p in $clients of_socat; do
		late "$p"
		link "$p" /dev/null "$D/$p.late"
	done
	all_end 0
	for p in $clients of_socat; do
		assertEquals "late $p" "$(cat "$D/$p/heard")"
	done
}

test_who_has_ended_gets_what_we_say_a_second_later() {
	linked=
	for p in $clients $servers; do
		late "$p"
		link "$p" "$D/$p.late" /dev/null
	done
	all_end 0
	for p in $clients $servers; do
		assertEquals "late $p" "$(cat "$D/$p/got")"
	done
}

# Our input is open and silent: nobody would hear what came of it.
test_who_has_closed_is_not_waited_for() {
	silent
	echo hello >"$D/in"
	linked=
	for p in $hasty; do
		link "$p" "$D/silent" "$D/in"
	done
	all_end 0
	for p in $hasty; do
		assertEquals "$p" hello "$(cat "$D/$p/heard")"
		assertEquals "$p" '' "$(cat "$D/$p/said")"
	done
	d=$D
	bg timeout 20 socat -u "$D/in" "UNIX-LISTEN:$D/s"
	until_ok test -S "$D/s"
	run "$SOCKT" -v connect "unix:$D/s" <"$D/silent"
	assertEquals "a Unix socket: $(cat "$D/err")" 0 "$rc"
	assertEquals hello "$(cat "$D/out")"
	exec 8>&-
}

# We are stopped while they close, and find their end and our input together.
test_what_is_said_to_who_has_closed_is_lost_aloud() {
	mkfifo "$D/in" "$D/their.in"
	for p in of_hasty_nc of_hasty_ncat of_hasty_socat; do
		exec 7<>"$D/in" 8<>"$D/their.in"
		d=$D
		theirs "$p" "$D/their.in" 7>&- 8>&-
		: >"$D/said"
		bg "$SOCKT" -v connect 127.0.0.1 "$port" <"$D/in" \
			2>"$D/said" 7>&- 8>&-
		us=$!
		await_text "$D/said" ', from'
		kill -s STOP $us
		until_ok grep -q '^State:.T' "/proc/$us/status"
		exec 8>&-
		await_end $far
		echo hello >&7
		exec 7>&-
		kill -s CONT $us
		await_end $us
		assertEquals "$p: $(cat "$D/said")" 9 "$rc"
		assertContains "$p" "$(cat "$D/said")" '(ECONNRESET)'
	done
}

# Half-closed it was, and silent; then there was a reset.
test_a_reset_after_the_end_is_seen_without_a_word_of_ours() {
	mkfifo "$D/in"
	exec 7<>"$D/in"
	py 'c = listen()
c.shutdown(socket.SHUT_WR)
c.recv(6)
reset(c)'
	await "$D/port"
	bg timeout 20 "$SOCKT" -v connect 127.0.0.1 "$(cat "$D/port")" \
		<"$D/in" 2>"$D/said"
	us=$!
	await_text "$D/said" 'half '
	echo hello >&7
	await_end $us
	assertEquals "$(cat "$D/said")" 9 "$rc"
	assertContains "$(cat "$D/said")" 'sockt: write 127.0.0.1'
	exec 7>&-
}

# To whom nothing was said, nothing can be lost.
test_a_reset_after_the_end_of_a_silent_conversation_is_none_of_ours() {
	silent
	py 'c = listen()
c.sendall(b"hello")
c.shutdown(socket.SHUT_WR)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.01)
reset(c)' "$D/go"
	await "$D/port"
	bg timeout 20 "$SOCKT" -v connect 127.0.0.1 "$(cat "$D/port")" \
		<"$D/silent" >"$D/heard" 2>"$D/said"
	us=$!
	await_text "$D/said" 'half '
	: >"$D/go"
	await_end $us
	assertEquals "$(cat "$D/said")" 0 "$rc"
	assertEquals hello "$(cat "$D/heard")"
	exec 8>&-
}

test_a_relay_passes_each_end_on_as_it_comes() {
	port=$(free_port)
	bg timeout 60 socat -t 20 "TCP-LISTEN:$port,bind=127.0.0.1,fork" \
		'SYSTEM:n=`wc -c`; timeout 1 tail -f /dev/null; echo $n'
	until_ok listening "$port"
	d=$D
	ours /dev/null -k --forward "127.0.0.1:$port"
	printf 12345 >"$D/in"
	for p in $clients; do
		bg "$p" "$port" <"$D/in" >"$D/$p.got"
		eval "$p=$!"
	done
	for p in $clients; do
		eval "await_end \$$p"
		assertEquals "$p" "0 5" "$rc $(cat "$D/$p.got")"
	done
	linked=
	for p in $clients; do		# those servers end first
		late "$p"
		d=$D/$p
		mkdir "$d"
		theirs "of_${p#by_}" /dev/null
		ours /dev/null --forward "127.0.0.1:$port"
		bg "$p" "$port" <"$D/$p.late" >/dev/null
		linked="$linked $p:$us:$far"
	done
	all_end 0
	for p in $clients; do
		assertEquals "late $p" "$(cat "$D/$p/got")"
	done
}

### on a terminal

test_a_person_is_let_go_when_the_other_side_closes() {
	screen 80 24
	echo hello >"$D/in"
	for p in of_nc of_hasty_nc of_ncat of_hasty_ncat of_socat; do
		d=$D
		theirs $p "$D/in"
		type_command "'$SOCKT' connect 127.0.0.1 $port"
		left
		assertEquals "$p" 0 "$rc"
		assertContains "$p" "$(shown)" '← hello'
		assertContains "$p" "$(shown)" 'by the peer first'
	done
	ours /dev/null
	type_command "'$SOCKT' listen --port-file $D/there 0"
	await "$D/there"
	by_hasty_nc "$(cat "$D/there")" <"$D/in" &
	await_screen '← hello'
	keys C-c
	left
}

. "$SHUNIT2"
