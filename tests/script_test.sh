#!/bin/sh
# What scripts need: waiting for a server, a dialogue with truth in the exit
# status, limits of time and rate, sockets that somebody else has opened.
. ./lib.sh

# peer ACTION... - see peers/tcp_peer.py; sets $port
peer() {
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py "$D/port" "$@"
	await "$D/port" && port=$(cat "$D/port")
}

setUp() { rm -rf "${D:?}"/*; }

# misuse WHAT WORD... - a usage error whose line holds WHAT
misuse() {
	what=$1
	shift
	run "$SOCKT" "$@" </dev/null
	assertEquals "$*" 2 "$rc"
	assertTrue "$*: $(cat "$D/err")" "grep -qF -e '$what' '$D/err'"
}

# events KIND - how many there are in $D/out
events() { jq -r .ev "$D/out" | grep -cx "$1"; }

test_tries_again_as_often_as_it_was_told() {
	port=$(free_port)
	run "$SOCKT" --json connect --retry 2 127.0.0.1 "$port" </dev/null
	assertEquals 4 "$rc"
	assertEquals "each try is told" 3 "$(events refused)"
	assertEquals "1 100000,2 200000" "$(jq -r 'select(.ev == "retry") |
		"\(.tries) \(.pause_us)"' "$D/out" | paste -sd ,)"
	assertTrue "$(cat "$D/err")" "grep -q 'refused (ECONNREFUSED); 3 tries in 0.[0-9] s' '$D/err'"
	run "$SOCKT" --json connect --retry 0 127.0.0.1 "$port" </dev/null
	assertEquals 1 "$(events refused)"
	assertTrue "$(cat "$D/err")" "! grep -q tries '$D/err'"
}

test_waits_until_a_server_is_there() {
	port=$(free_port)
	bg timeout 20 "$SOCKT" -v connect --wait 15 127.0.0.1 "$port" \
		</dev/null >"$D/out" 2>"$D/err"
	us=$!
	await_text "$D/err" 'retry     once more in 0.2 s; 2 tries so far'
	bg nc.openbsd -N -l 127.0.0.1 "$port" <<-END
		here I am
	END
	await_end $us
	assertEquals 0 "$rc"
	assertEquals 'here I am' "$(cat "$D/out")"
}

test_waits_for_a_unix_socket() {
	bg timeout 20 "$SOCKT" -v connect --wait 15 "unix:$D/sock" \
		</dev/null >"$D/out" 2>"$D/err"
	us=$!
	await_text "$D/err" 'once more'
	bg "$SOCKT" listen -e 'echo here' "unix:$D/sock"
	await_end $us
	assertEquals 0 "$rc"
	assertEquals here "$(cat "$D/out")"
}

test_waits_no_longer_than_it_was_told() {
	port=$(free_port)
	run "$SOCKT" --json connect --wait 350ms 127.0.0.1 "$port" </dev/null
	assertEquals "the status of the last try" 4 "$rc"
	assertEquals "pauses end with the time" true "$(jq -s '[.[] |
		select(.ev == "retry").pause_us] | add <= 350000' "$D/out")"
	peer busy
	run "$SOCKT" connect --wait 300ms 127.0.0.1 "$port" </dev/null
	assertEquals 5 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q ETIMEDOUT '$D/err'"
}

test_waits_for_a_server_of_http_and_telnet() {
	for c in "http-get 127.0.0.1" "telnet 127.0.0.1"; do
		port=$(free_port)
		# shellcheck disable=SC2086
		bg timeout 20 "$SOCKT" --json $c --wait 15 "$port" \
			</dev/null >"$D/out" 2>"$D/err"
		us=$!
		await_text "$D/out" '"retry"'
		bg "$SOCKT" listen --local -c 'read -r x
printf "HTTP/1.0 200 OK\r\n\r\nhello"' "$port"
		case $c in
		http*) await_end $us; assertEquals "$c" 0 "$rc" ;;
		*) await_text "$D/out" '"connected"' ;;
		esac
	done
}

# A name server that does not answer may do so later; a name that nobody knows
# will not be known for waiting.
test_waits_for_a_name_that_may_be_known_later() {
	printf '127.0.0.1 localhost\n' >"$D/hosts"
	echo 'nameserver 127.0.0.1' >"$D/resolv"
	# shellcheck disable=SC2016
	later() {
		unshare -rnm sh -c 'ip link set lo up &&
			mount --bind "$1/hosts" /etc/hosts &&
			mount --bind "$1/resolv" /etc/resolv.conf || exit 77
			"$2" listen --local -e "echo known" --port-file "$1/port" 0 &
			until [ -s "$1/port" ]; do :; done
			"$2" --json connect --wait 15 newcomer.test "$(cat "$1/port")" \
				</dev/null >"$1/out"
			rc=$?; kill $! 2>/dev/null; exit $rc' sh "$D" "$SOCKT"
	}
	bg later
	us=$!
	until_ok test -s "$D/out" || { wait $us; [ $? != 77 ] ||
		skip "no namespaces here"; }
	await_text "$D/out" '"retry"'
	echo '127.0.0.1 newcomer.test' >>"$D/hosts"
	await_end $us
	assertEquals 0 "$rc"
	assertTrue "none" "[ $(events resolve_failed) -gt 0 ]"
	assertEquals 1 "$(events connected)"
	run "$SOCKT" --json connect --wait 15 "x..y" 80 </dev/null
	assertEquals 3 "$rc"
	assertEquals 0 "$(events retry)"
}

test_what_cannot_get_better_is_not_tried_again() {
	run "$SOCKT" --json connect --retry 3 --source 192.0.2.1 127.0.0.1 9 \
		</dev/null
	assertEquals 6 "$rc"
	assertEquals 0 "$(events retry)"
	misuse "--retry and --wait are not for --udp" connect -u --wait 1 \
		127.0.0.1 9
	misuse "--retry and --wait are not for --udp" connect -u --retry 1 \
		127.0.0.1 9
	misuse "--retry" connect --retry -1 127.0.0.1 9
	misuse "is not a service" connect --wait 9 127.0.0.1 http:
}

test_a_signal_ends_the_waiting() {
	port=$(free_port)
	bg "$SOCKT" -v connect --wait 1h 127.0.0.1 "$port" </dev/null \
		2>"$D/err"
	us=$!
	await_text "$D/err" 'once more'
	kill -TERM $us
	await_end $us
	assertEquals 143 "$rc"
}

test_gives_up_listening_when_nobody_calls() {
	run "$SOCKT" --json listen --local --accept-timeout 200ms 0
	assertEquals 5 "$rc"
	assertEquals "sockt: nobody called within 0.2 s (--accept-timeout)" \
		"$(cat "$D/err")"
	assertEquals accept "$(jq -r 'select(.ev == "timeout").phase' \
		"$D/out")"
	run "$SOCKT" listen -k --text --accept-timeout 100ms "unix:$D/s"
	assertEquals 5 "$rc"
	assertTrue "the socket stayed" "[ ! -e '$D/s' ]"
	misuse "--accept-timeout is not for --udp" listen -u \
		--accept-timeout 1 0
}

test_who_has_called_may_take_their_time() {
	bg "$SOCKT" listen --local --accept-timeout 5 --port-file "$D/port" 0 \
		</dev/null >"$D/out"
	us=$!
	await "$D/port"
	mkfifo "$D/in"
	exec 9<>"$D/in"
	bg "$SOCKT" connect localhost "$(cat "$D/port")" <"$D/in" 9>&-
	echo one >&9
	await_text "$D/out" one
	# the limit of the listener is over when it has nobody else to wait for
	until_ok no_listener $us
	echo two >&9
	exec 9>&-
	await_end $us
	assertEquals 0 "$rc"
	assertEquals "one two" "$(paste -sd ' ' "$D/out")"
}
no_listener() { ! ss -ltnpH | grep -q "pid=$1,"; }

test_leaves_a_while_after_its_own_end() {
	peer send:hello "await:$D/never"
	echo question >"$D/in"
	for t in 0 200ms; do
		peer send:hello "read:9" send:answer "await:$D/never"
		run "$SOCKT" connect --quit-after $t 127.0.0.1 "$port" <"$D/in"
		assertEquals "$t" 0 "$rc"
		assertEquals "$t" "" "$(cat "$D/err")"
	done
	assertEquals helloanswer "$(cat "$D/out")"
	peer "drain:$D/got" send:answer close
	run "$SOCKT" connect --quit-after 15 127.0.0.1 "$port" <"$D/in"
	assertEquals 0 "$rc"
	assertEquals "an end in time" answer "$(cat "$D/out")"
}

test_leaving_early_is_no_success_if_bytes_may_be_lost() {
	peer "await:$D/never"
	head -c 1000000 /dev/zero >"$D/in"
	run "$SOCKT" connect --quit-after 100ms 127.0.0.1 "$port" <"$D/in"
	assertEquals 9 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'not all.*acknowledged' '$D/err'"
}

test_one_conversation_is_what_its_options_are_for() {
	misuse "--quit-after is for our standard input" connect -u \
		--quit-after 1 127.0.0.1 9
	misuse "--quit-after is for our standard input" connect -e cat \
		--quit-after 1 127.0.0.1 9
	for other in --chat "--service echo" "-e cat" "--forward 127.0.0.1:9" \
		--udp "--text --keep"; do
		# shellcheck disable=SC2086
		misuse "--quit-after is for one client" listen $other \
			--quit-after 1 0
	done
}

# mail - a server of SMTP that knows HELO and QUIT; sets $port
mail() {
	port=$(free_port)
	cat >"$D/mail.sh" <<-'END'
		printf '220 mail ready\r\n'
		while read -r word rest; do
			case $word in
			QUIT*) printf '221 bye\r\n'; break ;;
			*) printf '250-ok\r\n250 %s\r\n' "$rest" ;;
			esac
		done
	END
	bg socat "TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork" \
		"EXEC:sh $D/mail.sh"
	until_ok "$SOCKT" -q port-check 127.0.0.1 "$port" >/dev/null
}

test_a_dialogue_is_a_health_check() {
	mail
	run "$SOCKT" connect 127.0.0.1 "$port" --expect 220 \
		--send 'HELO x\r\n' --expect '\r\n250 x' \
		--send 'QUIT\r\n' --expect 221 </dev/null
	assertEquals 0 "$rc"
	assertEquals "" "$(cat "$D/err")"
	printf '220 mail ready\r\n250-ok\r\n250 x\r\r\n221 bye\r\n' >"$D/want"
	assertBytes "all that came" "$D/want" "$D/out"
	run "$SOCKT" connect 127.0.0.1 "$port" --expect 220 \
		--send 'QUIT\n' --crlf --expect 250 </dev/null
	assertEquals 1 "$rc"
	assertEquals "sockt: --expect '250': the other side has ended; the last line was '221 bye'" \
		"$(cat "$D/err")"
}

test_what_is_expected_may_come_in_pieces() {
	rm -f "$D/port"
	bg python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.0.1", 0))
open(sys.argv[1], "w").write(f"{s.getsockname()[1]}\n")
c, _ = s.accept()
c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for x in b"aabaabaaab":
    c.sendall(bytes([x]))
    time.sleep(0.002)
c.sendall(b"twice twice once")
print(c.recv(100))' "$D/port" >"$D/got"
	await "$D/port"
	run "$SOCKT" connect 127.0.0.1 "$(cat "$D/port")" --expect aabaaa \
		--expect twice --expect twice --send 'here' </dev/null
	assertEquals 0 "$rc"
	assertEquals aabaabaaabtwice\ twice\ once "$(cat "$D/out")"
	await "$D/got"
	assertEquals "b'here'" "$(cat "$D/got")"
}

test_each_expectation_looks_on_from_the_last() {
	peer send:once close
	run "$SOCKT" connect 127.0.0.1 "$port" --expect once --expect once \
		</dev/null
	assertEquals 1 "$rc"
	peer send:abc close
	run "$SOCKT" connect 127.0.0.1 "$port" --expect b --expect a </dev/null
	assertEquals 1 "$rc"
}

test_an_expectation_has_its_time() {
	peer 'send:\x1b[31mred\nstill \x1b]0;x\x07' "await:$D/never"
	run "$SOCKT" --json connect --idle-timeout 100ms 127.0.0.1 "$port" \
		--expect green </dev/null
	assertEquals 1 "$rc"
	assertTrue "not safe: $(cat "$D/err")" \
		"! grep -q '[[:cntrl:]]' '$D/err'"
	assertTrue "$(cat "$D/err")" "grep -qF 'nothing came or went for 0.1 s; the last line was' '$D/err'"
	assertEquals "green" "$(jq -r 'select(.ev == "unmet").awaited' "$D/out")"
	peer "await:$D/never"
	run "$SOCKT" connect --timeout 100ms 127.0.0.1 "$port" \
		--expect green </dev/null
	assertEquals 1 "$rc"
	assertEquals "sockt: --expect 'green': not within 0.1 s (--timeout); no line had come" \
		"$(cat "$D/err")"
}

test_a_reset_is_no_answer() {
	peer send:hello read:1 rst
	run "$SOCKT" connect 127.0.0.1 "$port" --expect hello --send x \
		--expect more </dev/null
	assertEquals 9 "$rc"
	assertEquals hello "$(cat "$D/out")"
}

test_standard_input_follows_the_dialogue() {
	peer send:login: "drain:$D/got" send:bye close
	printf 'from stdin\n' >"$D/in"
	run "$SOCKT" --json connect 127.0.0.1 "$port" --expect login: \
		--send 'me\r\n' <"$D/in"
	assertEquals 0 "$rc"
	until_ok test -e "$D/got"
	printf 'me\r\nfrom stdin\n' >"$D/want"
	assertBytes "said" "$D/want" "$D/got"
	assertEquals "send stdin" "$(jq -r 'select(.ev == "sent").src' \
		"$D/out" | paste -sd ' ')"
	assertEquals login: "$(jq -r 'select(.ev == "expected").awaited' \
		"$D/out")"
}

test_a_dialogue_with_who_calls() {
	for client in "nc.openbsd -N" "ncat"; do
		rm -f "$D/port"
		bg timeout 20 "$SOCKT" listen --local --port-file "$D/port" 0 \
			--send 'password: ' --expect 'sesame\n' \
			--send 'welcome\n' </dev/null >"$D/heard"
		us=$!
		await "$D/port"
		echo 'open sesame' | timeout 20 $client 127.0.0.1 \
			"$(cat "$D/port")" >"$D/out"
		await_end $us
		assertEquals "$client" 0 "$rc"
		assertEquals "$client" "password: welcome" "$(cat "$D/out")"
		assertEquals "$client" "open sesame" "$(cat "$D/heard")"
	done
}

test_a_dialogue_over_tls() {
	rm -f "$D/port"
	bg "$SOCKT" listen --local --tls --port-file "$D/port" 0 \
		-c 'echo 220 ready; read -r x; echo "221 $x"'
	await "$D/port"
	run "$SOCKT" connect --tls --insecure localhost "$(cat "$D/port")" \
		--expect 220 --send 'QUIT\n' --expect '221 QUIT' </dev/null
	assertEquals 0 "$rc"
}

# All of it, though stdout takes it slowly.
test_a_long_wait_for_a_word_keeps_every_byte() {
	peer fill:3000000 send:word "drain:$D/got" close
	timeout 20 "$SOCKT" connect 127.0.0.1 "$port" --expect xword \
		--send "done" </dev/null | dd bs=100 2>/dev/null | wc -c >"$D/n"
	until_ok test -e "$D/got"
	assertEquals "3000004" "$(cat "$D/n")"
	assertEquals "done" "$(cat "$D/got")"
}

test_what_is_no_text_is_told_at_once() {
	misuse "is wrong: after a backslash" connect --send 'a\q' 127.0.0.1 9
	misuse "two hexadecimal digits" connect --expect '\x4' 127.0.0.1 9
	misuse "ends in a backslash" connect --expect 'a\' 127.0.0.1 9
	misuse "'' is empty" connect --expect '' 127.0.0.1 9
	misuse "too long" connect --send "$(printf '%01001d' 1)" 127.0.0.1 9
	misuse "--expect is for our standard input" connect -u --expect x \
		127.0.0.1 9
	misuse "--send is for one client" listen -k --text --send x 0
	# shellcheck disable=SC2046
	misuse "one too many" connect 127.0.0.1 9 \
		$(yes -- '--send x' | head -65)
}

# The time between events is asked for, not how long all of it took: what is
# slow here must not be faster than it was told, and may be slower.
test_sends_no_faster_than_it_was_told() {
	head -c 20000 /dev/zero >"$D/in"
	peer "drain:$D/got" close
	run "$SOCKT" --json connect --rate 50k 127.0.0.1 "$port" <"$D/in"
	assertEquals 0 "$rc"
	until_ok test -e "$D/got"
	assertBytes "all of it" "$D/in" "$D/got"
	assertEquals "never ahead of the rate" true "$(jq -s '
		(map(select(.ev == "connected"))[0].t_ns) as $from |
		[.[] | select(.ev == "sent") |
		.off + .bytes <= (.t_ns - $from + 2000000) * 51200 / 1e9] |
		all' "$D/out")"
	peer "drain:$D/got2" close
	head -c 1000 /dev/zero | tr '\0' '\n' | run "$SOCKT" connect \
		-C --rate 100M --quit-after 20 127.0.0.1 "$port"
	until_ok test -e "$D/got2"
	assertEquals 2000 "$(stat -c %s "$D/got2")"
}

test_sends_a_line_at_a_time() {
	printf 'one\ntwo\n\nthree' >"$D/in"
	peer "drain:$D/got" close
	run "$SOCKT" --json connect --line-delay 60ms 127.0.0.1 "$port" \
		<"$D/in"
	assertEquals 0 "$rc"
	until_ok test -e "$D/got"
	assertBytes "all of it" "$D/in" "$D/got"
	jq -r 'select(.ev == "sent") | "\(.t_ns) \(.bytes)"' "$D/out" >"$D/sent"
	assertEquals "4 4 1 5" "$(cut -d ' ' -f 2 "$D/sent" | paste -sd ' ')"
	assertEquals "none too early" "" "$(awk 'NR > 1 && $1 - last < 59e6
		{ last = $1 }' "$D/sent")"
}

test_takes_so_many_bytes_and_not_one_more() {
	peer fill:1000000 "await:$D/never"
	run "$SOCKT" connect --read-bytes 300001 127.0.0.1 "$port" </dev/null
	assertEquals 0 "$rc"
	assertEquals "" "$(cat "$D/err")"
	assertEquals 300001 "$(stat -c %s "$D/out")"
	peer send:0123456789 "drain:$D/got"
	mkfifo "$D/open"
	exec 9<>"$D/open"
	run "$SOCKT" connect --read-bytes 10 127.0.0.1 "$port" <&9
	exec 9>&-
	assertEquals "though stdin has no end" 0 "$rc"
	assertEquals 0123456789 "$(cat "$D/out")"
	until_ok test -e "$D/got"
	bg "$SOCKT" listen --local --port-file "$D/p2" --read-bytes 3 0 \
		</dev/null >"$D/heard"
	us=$!
	await "$D/p2"
	echo abcdef | timeout 20 nc.openbsd -N 127.0.0.1 "$(cat "$D/p2")"
	await_end $us
	assertEquals 0 "$rc"
	assertEquals abc "$(cat "$D/heard")"
}

test_fewer_bytes_than_asked_for_are_no_success() {
	peer send:123 close
	run "$SOCKT" connect --read-bytes 10 127.0.0.1 "$port" </dev/null
	assertEquals 9 "$rc"
	assertEquals "sockt: 127.0.0.1:$port: 3 of 10 B came" "$(cat "$D/err")"
	assertEquals 123 "$(cat "$D/out")"
	peer send:123 "await:$D/never"
	run "$SOCKT" connect --read-bytes 10 --quit-after 100ms 127.0.0.1 \
		"$port" </dev/null
	assertEquals 9 "$rc"
}

test_a_dialogue_counts_among_the_bytes_read() {
	peer send:0123456789 "await:$D/never"
	run "$SOCKT" connect --expect 234 --read-bytes 7 127.0.0.1 "$port" \
		</dev/null
	assertEquals 0 "$rc"
	assertEquals 0123456 "$(cat "$D/out")"
	peer send:0123456789 "await:$D/never"
	run "$SOCKT" connect --expect 789 --read-bytes 7 127.0.0.1 "$port" \
		</dev/null
	assertEquals 1 "$rc"
	misuse "--rate is for" connect -u --rate 1 127.0.0.1 9
	misuse "--line-delay is for" listen -e cat --line-delay 1 0
	misuse "--read-bytes is for" listen --chat --read-bytes 1 0
	misuse "--read-bytes" connect --read-bytes 0 127.0.0.1 9
	misuse "--rate" connect --rate 0 127.0.0.1 9
}

# given KIND... - runs what follows "--" with sockets on descriptors from 3 on,
# as a service manager would; their ports go to $D/ports. KIND: tcp, tcp6, udp,
# unix, file (no socket), deaf (it does not listen). LISTEN_FDNAMES is a, b, c ...
given() {
	cat >"$D/given.py" <<-'END'
		import os, socket, sys
		d = sys.argv[1]
		end = sys.argv.index('--')
		kinds, words = sys.argv[2:end], sys.argv[end + 1:]
		fds, ports = [], []
		for kind in kinds:
		    if kind == 'file':
		        fds.append(os.open('/dev/null', os.O_RDONLY))
		        continue
		    s = socket.socket(
		        {'tcp6': socket.AF_INET6, 'unix': socket.AF_UNIX}.get(
		            kind, socket.AF_INET),
		        socket.SOCK_DGRAM if kind == 'udp' else
		        socket.SOCK_STREAM)
		    s.bind(d + '/given' if kind == 'unix' else
		           ('::1' if kind == 'tcp6' else '127.0.0.1', 0))
		    if kind not in ('udp', 'deaf'):
		        s.listen(5)
		    if kind != 'unix':
		        ports.append(str(s.getsockname()[1]))
		    fds.append(s.detach())
		fds = [os.dup2(fd, 100 + i) for i, fd in enumerate(fds)]
		for i, fd in enumerate(fds):
		    os.dup2(fd, 3 + i, inheritable=True)
		os.closerange(3 + len(fds), 200)
		with open(d + '/ports.new', 'w') as f:
		    print(*ports, file=f)
		os.rename(d + '/ports.new', d + '/ports')
		os.environ.update(
		    LISTEN_PID=os.environ.get('PRETEND', str(os.getpid())),
		    LISTEN_FDS=str(len(fds)),
		    LISTEN_FDNAMES=':'.join('abcdef'[:len(fds)]))
		os.execvp(words[0], words)
	END
	exec python3 "$D/given.py" "$D" "$@"
}

test_listens_on_what_a_service_manager_has_opened() {
	bg given tcp tcp6 unix -- "$SOCKT" listen -k \
		-c 'echo "hello, $LISTEN_FDS$LISTEN_PID$LISTEN_FDNAMES"' systemd: \
		>"$D/log" 2>&1
	await "$D/ports"
	read -r p4 p6 <"$D/ports"
	for to in "127.0.0.1 $p4" "::1 $p6" "unix:$D/given"; do
		# shellcheck disable=SC2086
		run "$SOCKT" connect --wait 10 $to </dev/null
		assertEquals "$to" "hello, " "$(cat "$D/out")"
	done
	kill $!
	await_end $!
	assertEquals 143 "$rc"
	assertTrue "a socket that is not ours was removed" "[ -S '$D/given' ]"
}

test_listens_on_one_of_them_by_name_or_by_number() {
	for which in systemd:b fd:4; do
		rm -f "$D/ports"
		bg given tcp tcp -- "$SOCKT" --json listen -e 'echo second' $which \
			>"$D/log"
		us=$!
		await "$D/ports"
		await_text "$D/log" '"listening"'
		read -r _ p <"$D/ports"
		run ncat --recv-only 127.0.0.1 "$p"
		assertEquals "$which" second "$(cat "$D/out")"
		await_end $us
		assertEquals "$which" 0 "$rc"
		assertEquals "$which" "$p" "$(jq -r 'select(.ev == "listening")
			.local[0].port' "$D/log")"
	done
}

test_a_given_Unix_socket_has_no_addresses_to_judge_by() {
	(given unix -- timeout 20 "$SOCKT" listen -ke cat --deny ::1 fd:3) \
		</dev/null 2>"$D/err"
	assertEquals 2 $?
	assertTrue "$(cat "$D/err")" "grep -q 'deny goes by addresses' $D/err"
}

test_serves_files_and_datagrams_on_sockets_that_were_given() {
	mkdir "$D/www"
	echo page >"$D/www/index.html"
	bg given tcp -- "$SOCKT" serve-static "$D/www" systemd: >"$D/log" 2>&1
	await "$D/ports"
	until_ok curl -s -o "$D/page" "http://127.0.0.1:$(cat "$D/ports")/"
	assertEquals page "$(cat "$D/page")"
	rm "$D/ports"
	bg given udp -- timeout 20 "$SOCKT" listen -u --text fd:3 >"$D/log" 2>&1
	await "$D/ports"
	echo over | timeout 20 "$SOCKT" connect -u --idle-timeout 100ms \
		127.0.0.1 "$(cat "$D/ports")" >/dev/null
	await_text "$D/log" over
}

# refuses STATUS TEXT GIVEN... -- WORD...
refuses() {
	want=$1 text=$2
	shift 2
	(given "$@") >"$D/out" 2>"$D/err" </dev/null
	rc=$?
	assertEquals "$*: $(cat "$D/err")" "$want" "$rc"
	assertTrue "$*: $(cat "$D/err")" "grep -qF -e '$text' '$D/err'"
}

test_what_was_not_given_is_told() {
	refuses 7 'descriptor 99 is not open' tcp -- "$SOCKT" listen fd:99
	refuses 7 'descriptor 3 is not a socket' file -- "$SOCKT" listen systemd:
	refuses 7 'needs --udp' udp -- "$SOCKT" listen fd:3
	refuses 7 'that is not --udp' tcp -- "$SOCKT" listen -u fd:3
	refuses 7 'neither listening' deaf -- "$SOCKT" listen fd:3
	refuses 7 'none of the 1 sockets passed' tcp -- "$SOCKT" listen systemd:web
	refuses 2 '--port-file' tcp -- "$SOCKT" listen --port-file "$D/p" fd:3
	refuses 2 '--public' tcp -- "$SOCKT" listen --public systemd:
	export PRETEND=1
	refuses 7 'passed to process 1 ' tcp -- "$SOCKT" listen systemd:
	unset PRETEND
	run "$SOCKT" listen systemd:
	assertEquals 7 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q LISTEN_FDS '$D/err'"
	misuse "from 3 on" listen fd:0
	misuse "from 3 on" listen fd:x
}

. "$SHUNIT2"
