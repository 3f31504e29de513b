#!/bin/sh
# Unix sockets, by connect and listen: bytes, names, and whose file it is.
# shellcheck disable=SC2016 # what programs expand
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

# listener OPTION... - on $D/s, in the background: its output in $D/log
listener() {
	bg timeout 60 "$SOCKT" listen "$@" --port-file "$D/ready" \
		"unix:$D/s" >"$D/log" 2>"$D/err.us"
	us=$!
	await "$D/ready"
}

ev() { jq -r "$1" "$D/log"; }

by_ncat() { timeout 60 ncat -U "$D/s"; }
by_socat() { timeout 60 socat -t 60 - "UNIX-CONNECT:$D/s"; }
by_us() { timeout 60 "$SOCKT" connect "unix:$D/s"; }

test_20_MB_each_way_with_every_client() {
	head -c 20000000 /dev/urandom >"$D/ours"
	head -c 20000000 /dev/urandom >"$D/theirs"
	for client in by_ncat by_socat by_us; do
		rm -f "$D/ready"
		listener <"$D/ours"
		$client <"$D/theirs" >"$D/got"
		assertEquals "$client, their status" 0 $?
		await_end $us
		assertEquals "$client, our status" 0 "$rc"
		assertBytes "$client, to us" "$D/theirs" "$D/log"
		assertBytes "$client, from us" "$D/ours" "$D/got"
		assertFalse "$client: the file is gone" "[ -e $D/s ]"
	done
}

of_ncat() { ncat -l -U "$D/s"; }
of_socat() { socat -t 60 - "UNIX-LISTEN:$D/s"; }
of_nc() { nc.openbsd -N -l -U "$D/s"; }

# server NAME - in the background
server() {
	rm -f "$D/s"
	"$1" <"$D/theirs" >"$D/got" &
	far=$!
	pids="$pids $far"
	until_ok listening
}

test_20_MB_each_way_with_every_server() {
	head -c 20000000 /dev/urandom >"$D/ours"
	head -c 20000000 /dev/urandom >"$D/theirs"
	for server in of_ncat of_socat; do
		server $server
		timeout 60 "$SOCKT" connect "unix:$D/s" <"$D/ours" >"$D/out"
		assertEquals "$server, our status" 0 $?
		await_end $far
		assertEquals "$server, their status" 0 "$rc"
		assertBytes "$server, to us" "$D/theirs" "$D/out"
		assertBytes "$server, from us" "$D/ours" "$D/got"
	done
}

# nc -U leaves at its caller's end, whatever it still had to send.
test_20_MB_to_nc_and_from_nc() {
	head -c 20000000 /dev/urandom >"$D/ours"
	: >"$D/theirs"
	server of_nc
	timeout 60 "$SOCKT" connect "unix:$D/s" <"$D/ours"
	assertEquals 0 $?
	await_end $far
	assertBytes "from us" "$D/ours" "$D/got"
	mv "$D/ours" "$D/theirs"
	server of_nc
	mkfifo "$D/in"
	exec 9<>"$D/in"
	bg timeout 60 "$SOCKT" connect "unix:$D/s" <"$D/in" >"$D/out" 9>&-
	us=$!
	until_ok cmp -s "$D/theirs" "$D/out"
	exec 9>&-
	await_end $us
	assertEquals 0 "$rc"
	assertBytes "to us" "$D/theirs" "$D/out"
}

listening() { [ -n "$(ss -lxH src "$D/s")" ]; }

test_each_direction_has_its_own_end() {
	listener --sh-exec 'read -r q; echo "[$q]"; cat; echo end'
	printf 'question\nrest' >"$D/in"
	run "$SOCKT" connect "unix:$D/s" <"$D/in"
	assertEquals 0 "$rc"
	printf '[question]\nrestend\n' >"$D/want"
	assertBytes "after our end" "$D/want" "$D/out"
}

test_an_abstract_name_is_no_file() {
	name=@sockt.$$
	bg timeout 60 "$SOCKT" listen --json --port-file "$D/ready" \
		"unix:$name" </dev/null >"$D/log"
	us=$!
	await "$D/ready"
	assertEquals "unix:$name" "$(cat "$D/ready")"
	run "$SOCKT" listen "unix:$name" </dev/null
	assertEquals "a second one" 7 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'by sockt, pid' $D/err"
	echo hello | timeout 10 socat -t 10 - "ABSTRACT-CONNECT:${name#@}"
	await_end $us
	assertEquals "$name" "$(ev 'select(.ev=="listening").local[0].unix')"
	assertEquals "hello" "$(ev 'select(.ev=="received").text')"
	assertFalse "no file" "[ -e $name ]"
}

test_who_calls_is_told() {
	listener -k --json </dev/null
	bg timeout 10 nc.openbsd -N -U "$D/s" </dev/null
	await_text "$D/log" '"accepted"'
	assertEquals "$(id -u)" "$(ev 'select(.ev=="accepted").uid')"
	assertEquals "machine" "$(ev 'select(.ev=="listening").reach')"
	run "$SOCKT" --json connect "unix:$D/s" </dev/null
	assertEquals "the server" "$(ss -lxpH src "$D/s" |
		sed 's/.*pid=\([0-9]*\).*/\1/')" \
		"$(jq -r 'select(.ev=="connected").pid' "$D/out")"
}

test_a_file_of_another_kind_is_left_alone() {
	echo precious >"$D/s"
	mkdir "$D/dir"
	ln -s "$D/nowhere" "$D/link"
	for f in s dir link; do
		run "$SOCKT" listen "unix:$D/$f" </dev/null
		assertEquals $f 7 "$rc"
	done
	assertEquals precious "$(cat "$D/s")"
	assertTrue "[ -d $D/dir ] && [ -L $D/link ]"
	assertTrue "$(cat "$D/err")" "grep -q 'a symbolic link' $D/err"
}

test_a_dead_socket_is_taken_over() {
	python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$D/s"
	assertTrue "it is there" "[ -S $D/s ]"
	listener --json </dev/null
	assertEquals reclaimed "$(ev 'select(.ev=="note").code')"
	run "$SOCKT" connect "unix:$D/s" </dev/null
	assertEquals 0 "$rc"
}

test_a_live_socket_is_not() {
	listener --json </dev/null
	run "$SOCKT" listen "unix:$D/s" </dev/null
	assertEquals 7 "$rc"
	pid=$(ss -lxpH src "$D/s" | sed 's/.*pid=\([0-9]*\).*/\1/')
	assertTrue "$(cat "$D/err")" "grep -q 'by sockt, pid $pid' $D/err"
	assertEquals "and was not disturbed" "" \
		"$(ev 'select(.ev=="accepted").n')"
	run "$SOCKT" connect "unix:$D/s" </dev/null
	assertEquals "it still answers" 0 "$rc"
	run python3 -c 'import socket, subprocess, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
sys.exit(subprocess.call(sys.argv[2:]))' "$D/d" \
		"$SOCKT" listen "unix:$D/d"
	assertEquals "one for datagrams" 7 "$rc"
	assertTrue "[ -S $D/d ]"
}

test_our_file_is_removed_in_the_end() {
	for sig in INT:130 TERM:143; do
		rm -f "$D/ready"
		bg env --default-signal=INT "$SOCKT" listen -k --json \
			--port-file "$D/ready" "unix:$D/s" \
			</dev/null >"$D/log"
		us=$!
		await "$D/ready"
		assertTrue "$sig, before" "[ -S $D/s ]"
		kill -s "${sig%:*}" $us
		await_end $us
		assertEquals "$sig" "${sig#*:}" "$rc"
		assertFalse "$sig, after" "[ -e $D/s ]"
	done
}

test_a_file_that_is_no_longer_ours_is_not_removed() {
	listener -k --json </dev/null
	pid=$(ss -lxpH src "$D/s" | sed 's/.*pid=\([0-9]*\).*/\1/')
	rm "$D/s"
	echo precious >"$D/s"
	kill -s TERM "$pid"
	await_end $us
	assertEquals precious "$(cat "$D/s")"
}

test_a_name_has_up_to_107_bytes() {
	cd "$D" || return
	name=$(printf '%0107d' 0)
	bg timeout 20 "$SOCKT" listen --port-file ready "unix:$name" \
		</dev/null
	us=$!
	await ready
	run "$SOCKT" connect "unix:$name" </dev/null
	assertEquals 0 "$rc"
	await_end $us
	for name in "${name}0" "@${name}0" "" @; do
		run "$SOCKT" listen "unix:$name" </dev/null
		assertEquals "listen ${#name}" 2 "$rc"
		run "$SOCKT" connect "unix:$name" </dev/null
		assertEquals "connect ${#name}" 2 "$rc"
	done
	assertEquals "" "$(find . -type s)"
	cd - >/dev/null || return
}

test_says_why_nobody_answers() {
	run "$SOCKT" connect "unix:$D/none" </dev/null
	assertEquals 4 "$rc"
	assertEquals "sockt: connect unix:$D/none: no such file (ENOENT)" \
		"$(cat "$D/err")"
	run "$SOCKT" listen "unix:$D/none/s" </dev/null
	assertEquals 7 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q ENOENT $D/err"
}

test_clients_beyond_max_clients_are_told_and_closed() {
	listener -k --json --max-clients 1 </dev/null
	bg nc.openbsd -d -U "$D/s"
	first=$!
	await_text "$D/log" '"accepted"'
	timeout 10 socat -t 60 - "UNIX-CONNECT:$D/s" </dev/null >"$D/out"
	assertEquals socat 'no room: 1 client is here already' "$(cat "$D/out")"
	run nc.openbsd -N -U "$D/s" </dev/null
	assertEquals nc 'no room: 1 client is here already' "$(cat "$D/out")"
	assertEquals 'full full' \
		"$(ev 'select(.ev=="turned_away").code' | paste -sd ' ')"
	kill "$first"
	await_text "$D/log" '"closed"'
	bg nc.openbsd -d -U "$D/s"
	until_ok in_again
}

in_again() { [ "$(ev 'select(.ev=="accepted").conn' | wc -l)" = 2 ]; }

# A Unix socket with a full queue turns callers away; we wait our turn.
test_waits_for_a_place_in_a_full_queue() {
	bg python3 -c 'import os, socket, sys, time
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1] + "/s")
s.listen(0)
c = socket.socket(socket.AF_UNIX)
c.connect(sys.argv[1] + "/s")
open(sys.argv[1] + "/full", "w").write("full\n")
while not os.path.exists(sys.argv[1] + "/go"):
    time.sleep(0.01)
s.accept()
s.accept()[0].sendall(b"your turn")' "$D"
	await "$D/full"
	run "$SOCKT" connect --connect-timeout 200ms "unix:$D/s" </dev/null
	assertEquals 5 "$rc"
	bg timeout 20 "$SOCKT" -v connect "unix:$D/s" </dev/null \
		>"$D/got" 2>"$D/log"
	us=$!
	await_text "$D/log" trying
	: >"$D/go"
	await_end $us
	assertEquals 0 "$rc"
	assertEquals "your turn" "$(cat "$D/got")"
}

test_a_program_knows_the_name() {
	listener --sh-exec 'echo $SOCKT_LOCAL_ADDR-$SOCKT_LOCAL_PORT' \
		</dev/null
	run "$SOCKT" connect "unix:$D/s" </dev/null
	assertEquals "unix:$D/s-" "$(cat "$D/out")"
}

test_clients_are_forwarded_from_one_to_another() {
	bg timeout 20 "$SOCKT" listen -k -e cat --port-file "$D/far" \
		"unix:$D/t" </dev/null
	await "$D/far"
	listener -k --json --forward "unix:$D/t" </dev/null
	head -c 3000000 /dev/urandom >"$D/in"
	run "$SOCKT" connect "unix:$D/s" <"$D/in"
	assertEquals 0 "$rc"
	assertBytes "there and back" "$D/in" "$D/out"
}

test_a_person_answers_several() {
	cat >"$D/script" <<-END
		exec "$SOCKT" --time none listen "unix:$D/s"
	END
	mkfifo "$D/keys"
	timeout -k 2 20 script -qefc "sh $D/script" "$D/tty" \
		<"$D/keys" >/dev/null 2>&1 &
	far=$!
	pids="$pids $far"
	exec 9>"$D/keys"
	until_ok listening
	mkfifo "$D/in1" "$D/in2"
	exec 7<>"$D/in1" 8<>"$D/in2"
	for i in 1 2; do
		bg timeout 20 "$SOCKT" connect "unix:$D/s" <"$D/in$i" \
			>"$D/got$i" 7>&- 8>&- 9>&-
		await_text "$D/tty" "#$i * accept"
	done
	echo one >&7
	await_text "$D/tty" "← one"
	echo hi one >&9
	await "$D/got1"
	echo /to 2 >&9
	echo hi two >&9
	await "$D/got2"
	exec 7>&- 8>&-
	printf '\003' >&9
	exec 9>&-
	await_end $far
	assertEquals "hi one" "$(cat "$D/got1")"
	assertEquals "hi two" "$(cat "$D/got2")"
	assertFalse "the file is gone" "[ -e $D/s ]"
}

test_misuse_is_told() {
	while read -r words; do
		# shellcheck disable=SC2086
		run "$SOCKT" $words </dev/null
		assertEquals "$words" 2 "$rc"
		assertEquals "$words: one line" 1 "$(wc -l <"$D/err")"
	done <<-END
		connect unix:x 80
		connect -4 unix:x
		connect --source 127.0.0.1 unix:x
		listen unix:x 80
		listen -6 unix:x
		listen --public unix:x
		listen -k --allow 127.0.0.1 unix:x
		listen -k --deny no.such.name.invalid unix:x
		listen -k --max-per-address 2 unix:x
		listen -u --deny ::1 unix:x
		serve-static . unix:x
	END
	assertFalse "[ -e x ]"
}

. "$SHUNIT2"
