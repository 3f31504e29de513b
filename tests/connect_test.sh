#!/bin/sh
# sockt connect: bytes, ends, failures, and other people's servers.
. ./lib.sh

# peer ACTION... - see peers/tcp_peer.py; sets $port
peer() {
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py "$D/port" "$@"
	await "$D/port" && port=$(cat "$D/port")
}

setUp() { rm -rf "${D:?}"/*; }

listening() { [ -n "$(ss -ltnH "sport = :$1")" ]; }

# both_ways SERVER... - 100 MB each way at once; SERVER reads $D/theirs and
# writes $D/got on a port that stands as PORT in its words
both_ways() {
	port=$(free_port)
	head -c 100000000 /dev/urandom >"$D/ours"
	head -c 100000000 /dev/urandom >"$D/theirs"
	"$@" "$port" <"$D/theirs" >"$D/got" &
	server=$!
	pids="$pids $server"
	until_ok listening "$port"
	timeout 60 "$SOCKT" connect 127.0.0.1 "$port" <"$D/ours" >"$D/out"
	assertEquals "our status" 0 $?
	await_end $server
	assertEquals "their status" 0 "$rc"
	assertBytes "to us" "$D/theirs" "$D/out"
	assertBytes "from us" "$D/ours" "$D/got"
	rm -f "$D/ours" "$D/theirs" "$D/got" "$D/out"
}

by_nc() { nc.openbsd -N -l 127.0.0.1 "$1"; }
by_ncat() { ncat -l 127.0.0.1 "$1"; }
by_socat() { socat -t 60 - "TCP-LISTEN:$1,bind=127.0.0.1"; }

test_100_MB_each_way_with_nc() { both_ways by_nc; }
test_100_MB_each_way_with_ncat() { both_ways by_ncat; }
test_100_MB_each_way_with_socat() { both_ways by_socat; }

test_waits_for_the_answer_after_its_own_end() {
	peer "drain:$D/got" send:late close
	printf question >"$D/in"
	run "$SOCKT" connect 127.0.0.1 "$port" <"$D/in"
	assertEquals 0 "$rc"
	assertEquals question "$(cat "$D/got")"
	assertEquals late "$(cat "$D/out")"
}

test_goes_on_sending_after_the_end_of_the_peer() {
	peer shut "drain:$D/got" close
	mkfifo "$D/in"
	exec 9<>"$D/in"
	bg timeout 20 "$SOCKT" -v connect 127.0.0.1 "$port" \
		<"$D/in" 2>"$D/err" 9>&-
	us=$!
	await_text "$D/err" "finished sending"
	echo more >&9
	exec 9>&-
	await_end $us
	assertEquals 0 "$rc"
	until_ok test -e "$D/got"
	assertEquals more "$(cat "$D/got")"
}

test_hands_out_every_byte_before_a_reset_and_says_so() {
	peer fill:100000 "await:$D/all" rst
	bg timeout 20 "$SOCKT" connect 127.0.0.1 "$port" >"$D/out" 2>"$D/err"
	us=$!
	until_ok size_is "$D/out" 100000
	: >"$D/all"
	await_end $us
	assertEquals 9 "$rc"
	assertEquals 100000 "$(stat -c %s "$D/out")"
	assertTrue "$(cat "$D/err")" "grep -q 'reset by the peer (ECONNRESET) after\\|100000 B received: reset' $D/err"
}

size_is() { [ "$(stat -c %s "$1")" = "$2" ]; }

# It has answered, so it is there: not "unreachable". We are stopped meanwhile.
test_a_reset_before_we_look_is_a_broken_connection() {
	peer rst
	far=$!
	bg timeout 60 strace -qq -o "$D/trace" -e trace=connect \
		-e inject=connect:signal=SIGSTOP -E ASAN_OPTIONS=detect_leaks=0 \
		"$SOCKT" --json connect 127.0.0.1 "$port" </dev/null >"$D/out" 2>"$D/err"
	us=$!
	await_end $far
	until_ok stopped
	kill -s CONT "$ours"
	await_end $us
	assertEquals "$(cat "$D/err")" 9 "$rc"
	assertEquals "peer connect ECONNRESET" "$(jq -r '
		select(.ev=="reset")|[.who, .during, .errno]|join(" ")
		' "$D/out")"
}

# stopped - sets $ours, the process of ours that is stopped
stopped() {
	for _tracer in $(pgrep -P $us); do
		ours=$(pgrep -P "$_tracer") || continue
		case $(cut -d ' ' -f 3 "/proc/$ours/stat") in
		[tT]) return 0 ;;
		esac
	done
	return 1
}

test_a_reset_while_sending_is_no_success() {
	peer read:1000 rst
	head -c 20000000 /dev/zero >"$D/in"
	run "$SOCKT" connect 127.0.0.1 "$port" <"$D/in"
	assertEquals 9 "$rc"
	assertEquals "one line" 1 "$(wc -l <"$D/err")"
}

test_says_which_address_refused() {
	port=$(free_port)
	run "$SOCKT" connect 127.0.0.1 "$port" </dev/null
	assertEquals 4 "$rc"
	assertEquals "sockt: connect 127.0.0.1:$port: refused (ECONNREFUSED)" \
		"$(cat "$D/err")"
	assertEquals "" "$(cat "$D/out")"
}

test_says_which_name_is_unknown() {
	run "$SOCKT" connect no-such-host.invalid 80 </dev/null
	assertEquals 3 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q no-such-host.invalid $D/err"
}

test_gives_up_connecting_in_time() {
	peer busy
	run "$SOCKT" connect --connect-timeout 200ms 127.0.0.1 "$port" \
		</dev/null
	assertEquals 5 "$rc"
	assertEquals "sockt: connect 127.0.0.1:$port: timed out (ETIMEDOUT)" \
		"$(cat "$D/err")"
}

test_idle_and_whole_time_are_two_limits() {
	mkfifo "$D/quiet"
	exec 9<>"$D/quiet"
	peer "drain:$D/got"
	run "$SOCKT" connect --idle-timeout 100ms 127.0.0.1 "$port" <&9
	assertEquals 5 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'nothing came or went' $D/err"
	peer "drain:$D/got"
	run "$SOCKT" connect --timeout 100ms 127.0.0.1 "$port" <&9
	assertEquals 5 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q -e --timeout $D/err"
	exec 9>&-
}

# both_localhosts COMMAND... - run where localhost is ::1 and 127.0.0.1
both_localhosts() {
	printf '::1 localhost\n127.0.0.1 localhost\n' >"$D/hosts"
	# shellcheck disable=SC2016
	run unshare -m sh -c 'mount --bind "$0" /etc/hosts && "$@"' \
		"$D/hosts" "$@"
}

test_tries_every_address_of_a_name() {
	both_localhosts true
	if [ "$rc" != 0 ]; then
		skip "no mount namespace here"
		return
	fi
	for v in "" v6; do
		rm -f "$D/port"
		# shellcheck disable=SC2086
		bg python3 peers/tcp_peer.py $v "$D/port" send:hello close
		await "$D/port"
		both_localhosts "$SOCKT" connect localhost \
			"$(cat "$D/port")" </dev/null
		assertEquals "$v" 0 "$rc"
		assertEquals "$v" hello "$(cat "$D/out")"
		assertEquals "$v" "" "$(cat "$D/err")"
	done
	port=$(free_port)
	both_localhosts "$SOCKT" connect localhost "$port" </dev/null
	assertEquals 4 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q '\\[::1\\]:$port.*; 127' $D/err"
}

test_a_family_can_be_chosen() {
	run "$SOCKT" connect -6 127.0.0.1 80 </dev/null
	assertEquals 3 "$rc"
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py v6 "$D/port" send:six close
	await "$D/port"
	run "$SOCKT" connect -6 "[::1]:$(cat "$D/port")" </dev/null
	assertEquals 0 "$rc"
	assertEquals six "$(cat "$D/out")"
}

test_the_source_address_is_ours_to_choose() {
	peer "drain:$D/got" close
	run "$SOCKT" --json connect --source 127.0.0.9 127.0.0.1 "$port" \
		</dev/null
	assertEquals 0 "$rc"
	assertEquals 127.0.0.9 "$(jq -r 'select(.ev=="connected").local.ip' \
		"$D/out")"
	run "$SOCKT" connect --source 192.0.2.1 127.0.0.1 "$port" </dev/null
	assertEquals 6 "$rc"
	run "$SOCKT" connect --source nonsense 127.0.0.1 "$port" </dev/null
	assertEquals 2 "$rc"
}

test_crlf_is_added_once() {
	peer "drain:$D/got" close
	printf 'a\nb\r\nc\r' >"$D/in"
	run "$SOCKT" connect -C 127.0.0.1 "$port" <"$D/in"
	printf 'a\r\nb\r\nc\r' >"$D/want"
	assertEquals 0 "$rc"
	until_ok test -e "$D/got"
	assertBytes "line ends" "$D/want" "$D/got"
}

test_a_full_disk_is_told() {
	peer fill:100000 close
	timeout 20 "$SOCKT" connect 127.0.0.1 "$port" \
		</dev/null >/dev/full 2>"$D/err"
	assertEquals 11 $?
	assertTrue "$(cat "$D/err")" "grep -q ENOSPC $D/err"
}

# The kernel moves the bytes of a long stream where it can; where it cannot,
# not one may be lost either.
test_long_streams_through_every_kind_of_descriptor() {
	head -c 5000000 /dev/urandom >"$D/in"
	for way in file append pipe cat null; do
		rm -f "$D/out"
		bg timeout 20 "$SOCKT" listen --port-file "$D/back" 0 \
			<"$D/in" >"$D/heard"
		far=$!
		await "$D/back"
		p=$(cat "$D/back")
		rm "$D/back"
		case $way in
		file) timeout 20 "$SOCKT" connect 127.0.0.1 "$p" \
			<"$D/in" >"$D/out" ;;
		append) timeout 20 "$SOCKT" connect 127.0.0.1 "$p" \
			<"$D/in" >>"$D/out" ;;
		pipe) timeout 20 "$SOCKT" connect 127.0.0.1 "$p" <"$D/in" |
			cat >"$D/out" ;;
		cat) cat "$D/in" | timeout 20 "$SOCKT" connect \
			127.0.0.1 "$p" >"$D/out" ;;
		null) timeout 20 "$SOCKT" connect 127.0.0.1 "$p" \
			<"$D/in" >/dev/null
			cp "$D/in" "$D/out" ;;
		esac
		assertEquals "$way" 0 $?
		await_end $far
		assertEquals "$way" 0 "$rc"
		assertBytes "$way, to us" "$D/in" "$D/out"
		assertBytes "$way, from us" "$D/in" "$D/heard"
	done
}

test_a_disk_that_fills_up_on_the_way_is_told() {
	peer fill:5000000 close
	(
		trap '' XFSZ
		ulimit -f 2000
		exec timeout 20 "$SOCKT" connect 127.0.0.1 "$port" \
			</dev/null >"$D/out" 2>"$D/err"
	)
	assertEquals 11 $?
	assertTrue "$(cat "$D/err")" "grep -q EFBIG $D/err"
}

test_ends_when_nobody_reads_its_output() {
	peer send:hello "drain:$D/got" close
	mkfifo "$D/in" "$D/pipe"
	exec 9<>"$D/in" 8<>"$D/pipe"
	bg timeout 20 "$SOCKT" connect 127.0.0.1 "$port" <"$D/in" \
		>"$D/pipe" 8>&-
	us=$!
	head -c 1 <"$D/pipe" >"$D/first"
	exec 8>&-
	await_end $us
	assertEquals "as killed by SIGPIPE" 141 "$rc"
	exec 9>&-
}

test_a_stalled_reader_does_not_stop_what_we_send() {
	rm -f "$D/port"
	bg python3 -c 'import socket, sys, threading
s = socket.create_server(("127.0.0.1", 0))
open(sys.argv[1], "w").write(f"{s.getsockname()[1]}\n")
c, _ = s.accept()
threading.Thread(target=lambda: c.sendall(b"x" * 30000000),
    daemon=True).start()
n = 0
while data := c.recv(65536):
    n += len(data)
open(sys.argv[2], "w").write(f"{n}\n")' "$D/port" "$D/count"
	await "$D/port"
	mkfifo "$D/stalled"
	head -c 5000000 /dev/zero >"$D/in5"
	exec 8<>"$D/stalled"		# held open and never read
	bg timeout 20 "$SOCKT" connect 127.0.0.1 "$(cat "$D/port")" \
		<"$D/in5" >"$D/stalled" 8>&-
	await "$D/count"
	assertEquals 5000000 "$(cat "$D/count")"
	exec 8>&-
}

test_misuse_is_told_before_anything_is_sent() {
	while read -r want words; do
		# shellcheck disable=SC2086
		run "$SOCKT" connect $words </dev/null
		assertEquals "connect $words" "$want" "$rc"
		assertEquals "connect $words: one line" 1 \
			"$(wc -l <"$D/err")"
	done <<-END
		2 localhost
		2 localhost 0
		2 localhost 080
		2 localhost 80x
		2 localhost 70000
		2 localhost 65536
		2 localhost -1
		2 localhost +80
		2 localhost nosuchservice
		2 localhost:80 80
		2 [::1 80
		2 :80
		2 localhost 80 81
		2 --connect-timeout soon localhost 80
		2 --idle-timeout -1 localhost 80
		2 --nonsense localhost 80
	END
}

# The peer is gone before it gets what we send: its end comes first, and the
# reset that answers our bytes is not seen by who only reads.
# We are stopped meanwhile, and find its end and our input together.
test_bytes_sent_after_the_peer_has_gone_are_lost_aloud() {
	peer "await:$D/go" close
	far=$!
	mkfifo "$D/in"
	exec 9<>"$D/in"
	bg "$SOCKT" -v connect 127.0.0.1 "$port" <"$D/in" >"$D/out" \
		2>"$D/err" 9>&-
	us=$!
	await_text "$D/err" ', from'
	kill -s STOP $us
	until_ok grep -q '^State:.T' "/proc/$us/status"
	: >"$D/go"
	await_end $far
	echo hello >&9
	exec 9>&-
	kill -s CONT $us
	await_end $us
	assertEquals 9 "$rc"
	assertTrue "$(cat "$D/err")" \
		"grep -q '^sockt: .*after 6 B sent.*(ECONNRESET)' '$D/err'"
}

test_a_signal_ends_it_in_order() {
	mkfifo "$D/in"
	exec 9<>"$D/in"
	for sig in HUP:129 INT:130 TERM:143; do
		want=${sig#*:} sig=${sig%:*}
		peer "drain:$D/got.$sig" close
		: >"$D/log"
		bg env --default-signal=INT "$SOCKT" --json connect 127.0.0.1 \
			"$port" <"$D/in" >"$D/log"
		us=$!
		await_text "$D/log" '"connected"'
		kill -s "$sig" $us
		await_end $us
		assertEquals "$sig" $want "$rc"
		assertEquals "$sig" "signal closed summary" "$(tail -n 3 \
			"$D/log" | jq -r .ev | paste -sd ' ')"
		until_ok test -e "$D/got.$sig"
	done
	exec 9>&-
}

. "$SHUNIT2"
