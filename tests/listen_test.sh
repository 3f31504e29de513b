#!/bin/sh
# sockt listen: one client, many clients, a program for each; who may come in.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

# listener OPTION... - in the background, on a port of the kernel's: $port;
# its output in $D/log, its process $us
listener() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" listen "$@" --port-file "$D/port" 0 \
		>"$D/log" 2>"$D/err.us"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
}

# ev FILTER - what jq makes of the events in $D/log
ev() { jq -r "$1" "$D/log"; }
# many KIND - how many events of that kind
many() { grep -c "^{\"ev\":\"$1\"" "$D/log"; }

# both_ways CLIENT - 100 MB each way at once
both_ways() {
	head -c 100000000 /dev/urandom >"$D/ours"
	head -c 100000000 /dev/urandom >"$D/theirs"
	listener <"$D/ours"
	"$1" "$port" <"$D/theirs" >"$D/got"
	assertEquals "their status" 0 $?
	await_end $us
	assertEquals "our status" 0 "$rc"
	assertBytes "to us" "$D/theirs" "$D/log"
	assertBytes "from us" "$D/ours" "$D/got"
	rm -f "$D/ours" "$D/theirs" "$D/log" "$D/got"
}

by_nc() { timeout 60 nc.openbsd -N 127.0.0.1 "$1"; }
by_ncat() { timeout 60 ncat 127.0.0.1 "$1"; }
by_socat() { timeout 60 socat -t 60 - "TCP:127.0.0.1:$1"; }

test_100_MB_each_way_with_nc() { both_ways by_nc; }
test_100_MB_each_way_with_ncat() { both_ways by_ncat; }
test_100_MB_each_way_with_socat() { both_ways by_socat; }

test_one_client_and_no_second() {
	listener --text --time none </dev/null
	mkfifo "$D/in"
	exec 9<>"$D/in"
	bg "$SOCKT" connect 127.0.0.1 "$port" <"$D/in" >"$D/got" 9>&-
	first=$!
	await_text "$D/log" accept
	run "$SOCKT" connect 127.0.0.1 "$port" </dev/null
	assertEquals "the second is refused" 4 "$rc"
	exec 9>&-
	await_end $first
	assertEquals 0 "$rc"
	await_end $us
	assertEquals 0 "$rc"
}

test_several_clients_into_a_pipe_are_refused_as_a_wish() {
	run "$SOCKT" listen -k 0 </dev/null
	assertEquals 2 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q -e --json $D/err"
}

test_says_the_port_that_the_kernel_chose() {
	bg timeout 60 "$SOCKT" listen 0 </dev/null 2>"$D/err"
	us=$!
	await "$D/err"
	port=$(sed -n 's/^sockt: listening on .*:\([0-9]*\)$/\1/p' "$D/err")
	run "$SOCKT" connect 127.0.0.1 "$port" </dev/null
	assertEquals 0 "$rc"
	await_end $us
	assertEquals 0 "$rc"
}

test_serves_IPv4_and_IPv6_at_once() {
	listener -k --json </dev/null
	for host in 127.0.0.1 ::1; do
		echo hello >"$D/in"
		run "$SOCKT" connect "$host" "$port" <"$D/in"
		assertEquals "$host" 0 "$rc"
	done
	until_ok makes 2 many closed
	assertEquals "127.0.0.1 ::1" \
		"$(ev 'select(.ev=="accepted").peer.ip' | paste -sd ' ')"
	assertEquals true "$(ev 'select(.ev=="listening").dual_stack')"
}

test_local_is_for_this_machine_only() {
	listener -k --json --local </dev/null
	assertEquals machine "$(ev 'select(.ev=="listening").reach')"
	assertEquals "127.0.0.1 [::1]" "$(ss -ltnH "sport = :$port" |
		awk '{ sub(/:[0-9]*$/, "", $4); print $4 }' | sort |
		paste -sd ' ')"
}

test_a_second_listener_is_refused_and_told_who_is_there() {
	listener -k --json </dev/null
	run "$SOCKT" --text listen "$port" </dev/null
	assertEquals 7 "$rc"
	pid=$(ss -ltnpH "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/')
	assertTrue "$(cat "$D/err")" "grep -q 'sockt, pid $pid' $D/err"
	assertTrue "$(cat "$D/out")" "grep -q EADDRINUSE $D/out"
	run "$SOCKT" --text listen 127.0.0.1 "$port" </dev/null
	assertEquals "one of its addresses" 7 "$rc"
}

test_starts_again_at_once_after_closing_first() {
	listener </dev/null
	run nc.openbsd -d 127.0.0.1 "$port"
	await_end $us
	assertEquals 0 "$rc"
	assertNotEquals "" "$(ss -tanH "sport = :$port")"
	bg timeout 20 "$SOCKT" --text listen 127.0.0.1 "$port" </dev/null \
		>"$D/again"
	await "$D/again"
	assertTrue "$(cat "$D/again")" "grep -q '\\* listen' $D/again"
}

test_explains_a_privileged_port() {
	cp "$SOCKT" "$D/sockt" && chmod 755 "$D" "$D/sockt"
	chmod 711 "${TMPDIR:-/tmp}" "$(dirname "${TMPDIR:-/tmp}")" \
		"$(dirname "$(dirname "${TMPDIR:-/tmp}")")" 2>/dev/null
	run setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$D/sockt" listen 80 </dev/null
	if [ "$(id -u)" != 0 ]; then
		skip "not root, cannot become somebody else"
	fi
	assertEquals 7 "$rc"
	assertTrue "$(cat "$D/err")" \
		"grep -q 'ports below [0-9]* are for root .*(EACCES)' $D/err"
}

test_an_address_of_another_machine_is_told() {
	run "$SOCKT" listen 192.0.2.1 0 </dev/null
	assertEquals 7 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q EADDRNOTAVAIL $D/err"
}

test_a_port_file_that_cannot_be_written_is_told() {
	run "$SOCKT" listen --port-file "$D/no/such" 0 </dev/null
	assertEquals 11 "$rc"
}

test_misuse_is_told_before_listening() {
	while read -r words; do
		# shellcheck disable=SC2086
		run "$SOCKT" listen $words </dev/null
		assertEquals "listen $words" 2 "$rc"
		assertEquals "listen $words: one line" 1 "$(wc -l <"$D/err")"
	done <<-END

		070
		-1
		65536
		80x
		localhost:0 1
		--local --public 0
		--exec date --sh-exec date 0
		--exec= 0
		--stderr 0
		--exec ' 0
		localhost 0 0
		--allow 10.0.0.0/33 0
		--deny 10/8 0
		--allow 127.0.0.1,,::1 0
		--deny fe80::1%lo 0
		--max-clients 0 0
		--max-per-address x 0
		--service echo --chat 0
		--service finger 0
		--per-client thread 0
	END
}

test_a_program_says_everything_to_everybody() {
	listener -k --exec 'head -c 60000 /dev/zero' </dev/null
	head -c 60000 /dev/zero >"$D/want"
	echo unread >"$D/question"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		timeout 10 "$SOCKT" connect 127.0.0.1 "$port" \
			<"$D/question" >"$D/got"
		assertBytes "$i, with unread input" "$D/want" "$D/got"
		timeout 10 nc.openbsd -N 127.0.0.1 "$port" \
			</dev/null >"$D/got"
		assertBytes "$i, after the client's end" "$D/want" "$D/got"
	done
}

test_a_program_answers_after_the_end_of_its_client() {
	listener -k --exec 'wc -c' </dev/null
	head -c 3000000 /dev/zero >"$D/in"
	for client in by_nc by_ncat by_socat; do
		$client "$port" <"$D/in" >"$D/got"
		assertEquals "$client" 3000000 "$(cat "$D/got")"
	done
}

test_a_program_knows_both_ends() {
	listener -k --sh-exec 'echo $SOCKT_REMOTE_ADDR $SOCKT_REMOTE_PORT \
		$SOCKT_LOCAL_ADDR $SOCKT_LOCAL_PORT' </dev/null
	run "$SOCKT" --json connect 127.0.0.1 "$port" </dev/null
	us_port=$(jq -r 'select(.ev=="connected").local.port' "$D/out")
	assertEquals "127.0.0.1 $us_port 127.0.0.1 $port" \
		"$(jq -r 'select(.ev=="received").text' "$D/out")"
}

test_programs_are_for_this_machine_unless_public() {
	listener -k --json -e date </dev/null
	assertEquals machine "$(ev 'select(.ev=="listening").reach')"
	listener -k --json -e date --public </dev/null
	assertEquals network "$(ev 'select(.ev=="listening").reach')"
}

test_how_a_program_ended_is_told() {
	listener --json --sh-exec 'exit 3' </dev/null
	run "$SOCKT" connect 127.0.0.1 "$port" </dev/null
	await_end $us
	assertEquals 1 "$rc"
	assertEquals 3 "$(ev 'select(.ev=="exit").status')"
	listener --json --sh-exec 'kill -s KILL $$' </dev/null
	run "$SOCKT" connect 127.0.0.1 "$port" </dev/null
	await_end $us
	assertEquals SIGKILL "$(ev 'select(.ev=="exit").signal')"
	listener --exec /no/such/program </dev/null
	run "$SOCKT" connect 127.0.0.1 "$port" </dev/null
	assertEquals "the client gets an end" 0 "$rc"
	await_end $us
	assertEquals "as a shell has it" 127 "$rc"
	assertTrue "$(cat "$D/err.us")" "grep -q ENOENT $D/err.us"
}

test_forwards_both_ways_to_the_last_byte() {
	head -c 20000000 /dev/urandom >"$D/ours"
	head -c 20000000 /dev/urandom >"$D/theirs"
	listener <"$D/ours"
	far=$us far_port=$port
	mv "$D/log" "$D/heard"
	listener --forward "localhost:$far_port" </dev/null
	by_nc "$port" <"$D/theirs" >"$D/got"
	assertEquals 0 $?
	await_end $far
	assertEquals 0 "$rc"
	await_end $us
	assertEquals 0 "$rc"
	assertBytes "back" "$D/ours" "$D/got"
	assertBytes "there" "$D/theirs" "$D/heard"
}

test_forwards_each_end_by_itself() {
	listener -k --exec 'wc -c' </dev/null
	far_port=$port
	listener -k --forward "127.0.0.1:$far_port" </dev/null
	for client in by_nc by_ncat by_socat; do
		printf 12345 >"$D/in"
		$client "$port" <"$D/in" >"$D/got"
		assertEquals "$client" 5 "$(cat "$D/got")"
	done
}

test_forwarding_to_nobody_is_told() {
	listener --json --forward "127.0.0.1:$(free_port)" </dev/null
	assertEquals machine "$(ev 'select(.ev=="listening").reach')"
	run "$SOCKT" connect 127.0.0.1 "$port" </dev/null
	assertEquals "the client gets an end" 0 "$rc"
	await_end $us
	assertEquals 4 "$rc"
	run "$SOCKT" listen --forward localhost 0 </dev/null
	assertEquals "no port" 2 "$rc"
	run "$SOCKT" listen --forward no-such.invalid:80 0 </dev/null
	assertEquals "no such name" 3 "$rc"
}

test_leaves_no_zombies_and_no_descriptors_behind() {
	listener -k --json --exec true </dev/null
	sockt=$(ss -ltnpH "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/')
	before=$(find "/proc/$sockt/fd" | wc -l)
	for _ in $(seq 50); do
		timeout 10 "$SOCKT" connect 127.0.0.1 "$port" </dev/null
	done
	until_ok makes 50 many closed
	assertEquals "" "$(ps --no-headers --ppid "$sockt")"
	assertEquals "$before" "$(find "/proc/$sockt/fd" | wc -l)"
}

test_many_clients_keep_their_numbers_and_whole_lines() {
	listener -k --text --time none </dev/null
	clients=
	for c in a b c d; do
		seq -f "$c %.0f end" 500 >"$D/in.$c"
		bg timeout 20 "$SOCKT" connect 127.0.0.1 "$port" <"$D/in.$c"
		clients="$clients $!"
	done
	for c in $clients; do
		await_end "$c"
		assertEquals 0 "$rc"
	done
	until_ok makes 4 grep -c '\* closed' "$D/log"
	assertEquals 2000 "$(grep -c '^#[1-4] ← [a-d] [0-9]* end$' "$D/log")"
	for n in 1 2 3 4; do
		assertEquals "lines of one client under #$n" 1 \
			"$(sed -n "s/^#$n ← \([a-d]\) .*/\1/p" "$D/log" |
				sort -u | wc -l)"
	done
}

test_a_thousand_clients_at_once() {
	listener -k --json </dev/null
	run python3 -c 'import socket, sys
s = [socket.create_connection(("127.0.0.1", int(sys.argv[1])))
     for _ in range(1000)]
for c in s:
    c.sendall(b"x")
for c in s:
    c.shutdown(socket.SHUT_WR)
for c in s:
    assert c.recv(1) == b""' "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	until_ok makes 1000 many closed
	assertEquals 1000 "$(ev 'select(.ev=="closed" and .received==1).n' |
		wc -l)"
}

test_a_signal_ends_it_in_order() {
	listener -k --json </dev/null
	sockt=$(ss -ltnpH "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/')
	kill -s TERM "$sockt"
	await_end $us
	assertEquals "signal summary" "$(ev .ev | tail -n 2 | paste -sd ' ')"
	assertEquals 143 "$(ev 'select(.ev=="summary").exit')"
}

test_a_silent_client_is_closed_in_time() {
	listener -k --json --idle-timeout 100ms </dev/null
	bg nc.openbsd -d 127.0.0.1 "$port"
	await_end $!
	until_ok makes 1 ev 'select(.ev=="idle").conn'
	assertEquals 1 "$(ev 'select(.ev=="closed").conn')"
}

test_a_port_file_that_is_no_file_is_written_to_and_stays() {
	mkfifo "$D/pipe"
	cat "$D/pipe" >"$D/told" &
	reader=$!
	bg timeout 10 "$SOCKT" listen --local --port-file "$D/pipe" 0
	await_end $reader
	assertTrue 'a port' "grep -qx '[0-9]*' $D/told"
	assertTrue 'still a pipe' "[ -p $D/pipe ]"
}

test_who_has_gone_before_it_was_accepted_is_told() {
	rm -f "$D/port"
	bg "$SOCKT" --text listen -k --port-file "$D/port" 127.0.0.1 0 \
		>"$D/out" </dev/null
	us=$!
	await "$D/port"
	kill -STOP "$us"
	theirs=$(python3 -c 'import socket, struct, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
print(s.getsockname()[1])' "$(cat "$D/port")")
	kill -CONT "$us"
	await_text "$D/out" closed
	kill "$us"
	await_end "$us"
	assertTrue "$(cat "$D/out")" \
		"grep -q '\* accept 127.0.0.1:$theirs →' '$D/out'"
}

. "$SHUNIT2"
