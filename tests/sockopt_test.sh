#!/bin/sh
# What is set on a socket: asked of the kernel from outside, and read from the
# packets themselves.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

# listener OPTION... - in the background: $us, $port, its output in $D/log
listener() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" listen "$@" --port-file "$D/port" 0 \
		>"$D/log" 2>"$D/err.us"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
}

# client OPTION... - in the background, held open by descriptor 9: $them
client() {
	[ -p "$D/in" ] || mkfifo "$D/in"
	exec 9<>"$D/in"
	bg timeout 60 "$SOCKT" -v connect "$@" <"$D/in" >"$D/out" 2>"$D/err" \
		9>&-
	them=$!
}

# no_raw - true, and said: packets cannot be looked at
no_raw() {
	python3 -c 'import socket; socket.socket(17, 2, 768)' 2>/dev/null &&
		return 1
	skip "no right to look at packets"
}

watch_packets() {
	rm -f "$D/packets"
	bg python3 peers/headers.py "$port" "$D/packets"
	await "$D/packets"
}

# child PID - of the command that timeout runs
child() { cat "/proc/$1/task/$1/children"; }

# has PID NAME=VALUE... - the connected socket of that process has all these
has() {
	python3 peers/sockopt_of.py "$(child "$1")" >"$D/has" || return 1
	shift
	for _o; do
		grep '^listens=0' "$D/has" | grep -qw -e "$_o" || return 1
	done
}

test_tcp_packets_carry_dscp_and_ttl() {
	no_raw && return
	for to in 127.0.0.1 ::1; do
		listener --dscp af41 --ttl 77
		watch_packets
		echo hello >"$D/in"
		run "$SOCKT" connect --dscp EF --ttl 99 "$to" "$port" <"$D/in"
		assertEquals "$to" 0 "$rc"
		await_end $us
		assertEquals "$to" 0 "$rc"
		until_ok grep -q "^$port>[0-9]* FA" "$D/packets"
		assertTrue "$to: SYN" "grep -q '>$port S dscp 46 ttl 99 ' \
			'$D/packets'"
		assertTrue "$to: SYN ACK" "grep -q '^$port>[0-9]* SA dscp 34 \
ttl 77 ' '$D/packets'"
		assertEquals "$to: others" '' "$(sed 1d "$D/packets" |
			grep -v -e ">$port [A-Z]* dscp 46 ttl 99 " \
				-e "^$port>[0-9]* [A-Z]* dscp 34 ttl 77 ")"
	done
}

test_datagrams_carry_dscp_and_ttl() {
	no_raw && return
	echo hello >"$D/hello"
	for to in 127.0.0.1 ::1; do
		listener -u --dscp 5 --ttl 77 --idle-timeout 20 \
			<"$D/hello"
		watch_packets
		run "$SOCKT" connect -u --dscp le --ttl 99 --idle-timeout 1 \
			"$to" "$port" <"$D/hello"
		assertEquals "$to" 0 "$rc"
		until_ok grep -q "^$port>[0-9]* U dscp 5 ttl 77 " "$D/packets"
		assertTrue "$to" "grep -q '>$port U dscp 1 ttl 99 ' \
			'$D/packets'"
		kill $us
		await_end $us
	done
}

test_a_segment_is_no_longer_than_mss() {
	no_raw && return
	listener --local --mss 700
	watch_packets
	run "$SOCKT" connect --mss 600 127.0.0.1 "$port" </dev/null
	assertEquals 0 "$rc"
	until_ok grep -q " SA " "$D/packets"
	assertTrue SYN "grep -q '>$port S .* mss 600 ' '$D/packets'"
	assertTrue 'SYN ACK' "grep -q ' SA .* mss 700 ' '$D/packets'"
}

test_packets_that_came_too_far_are_dropped() {
	listener --min-ttl 200
	for to in 127.0.0.1 ::1; do
		run "$SOCKT" connect --connect-timeout 500ms --ttl 199 "$to" \
			"$port" </dev/null
		assertEquals "$to" 5 "$rc"
	done
	run "$SOCKT" connect --ttl 200 127.0.0.1 "$port" </dev/null
	assertEquals 0 "$rc"
}

test_the_kernel_has_what_was_asked_for() {
	listener --local
	client --keepalive=1m,10,5 --nagle --user-timeout 1500ms \
		--sndbuf 64k --rcvbuf 32k --min-ttl 3 --interface lo \
		127.0.0.1 "$port"
	until_ok has $them keepalive=1 keepidle=60 keepintvl=10 keepcnt=5 \
		nodelay=0 user_timeout=1500 sndbuf=131072 rcvbuf=65536 min_ttl=3 \
		interface=lo
	await_text "$D/err" 'note      interface lo, keepalive after 60 s '
	assertTrue "$(cat "$D/err")" "grep -q 'every 10 s 5 times, nagle on, \
min-ttl 3, sndbuf 65536, rcvbuf 32768, user-timeout 1500 ms' '$D/err'"
	exec 9>&-
	await_end $them
	assertEquals 0 "$rc"
	listener --local
	client --keepalive 127.0.0.1 "$port"
	until_ok has $them keepalive=1 \
		"keepidle=$(cat /proc/sys/net/ipv4/tcp_keepalive_time)"
	exec 9>&-
	await_end $them
}

test_without_a_word_small_writes_leave_at_once() {
	listener --local --service discard
	client 127.0.0.1 "$port"
	until_ok has $them keepalive=0 nodelay=1
	assertFalse 'no note' "grep -q ' note ' '$D/err'"
	exec 9>&-
	await_end $them
}

test_clients_of_a_listener_have_it_too() {
	for to in 127.0.0.1 ::1; do
		listener --keepalive=50 --nagle --rcvbuf 32k --ttl 5 --json
		client "$to" "$port"
		until_ok has $us keepalive=1 keepidle=50 nodelay=0 rcvbuf=65536
		exec 9>&-
		await_end $them
		await_end $us
		assertEquals "socket keepalive after 50 s, nagle on, ttl 5, \
rcvbuf 32768 1" "$(jq -r 'select(.ev=="note") |
			"\(.code) \(.text) \(.conn)"' "$D/log")"
	done
}

# silent - a server that never says anything, on $port
silent() { listener --local --service discard </dev/null; }

test_http_get_and_telnet_have_them() {
	silent
	for words in http-get 'telnet -n'; do
		[ -p "$D/in" ] || mkfifo "$D/in"
		exec 9<>"$D/in"
		# shellcheck disable=SC2086
		bg timeout 60 "$SOCKT" -v $words --keepalive=1m,10,5 --nagle \
			--dscp af11 --ttl 7 --mss 600 --user-timeout 1500ms \
			127.0.0.1 "$port" <"$D/in" >"$D/out" 2>"$D/err" 9>&-
		until_ok has $! keepalive=1 keepidle=60 keepintvl=10 keepcnt=5 \
			nodelay=0 user_timeout=1500 ttl=7 tos=40
		await_text "$D/err" 'note      keepalive after 60 s every 10 s 5'
		kill $!
		exec 9>&-
		for o in '--ttl 256' '--interface nosuch' '--congestion nosuch'
		do
			# shellcheck disable=SC2086
			run "$SOCKT" $words $o 127.0.0.1 "$port" </dev/null
			assertEquals "$words $o" 2 "$rc"
		done
	done
}

# those PID NAME=VALUE - how many sockets of that process have it
those() {
	python3 peers/sockopt_of.py "$(child "$1")" |
		grep '^listens=0' | grep -cw -e "$2"
}

test_what_is_carried_onwards_has_it_too() {
	silent
	far=$port
	listener --local --forward "127.0.0.1:$far" --keepalive=50 --nagle \
		--ttl 5 --interface lo --congestion reno --rcvbuf 32k </dev/null
	client 127.0.0.1 "$port"
	until_ok makes 2 those $us keepidle=50
	assertEquals 'both' '2 2' \
		"$(those $us nodelay=0) $(those $us rcvbuf=65536)"
	assertEquals 'who may reach us is not where to' '1 1' \
		"$(those $us ttl=5) $(those $us interface=lo)"
	exec 9>&-
	await_end $them
	listener --local --forward "unix:$D/none" --keepalive=50 -k </dev/null
	assertEquals '' "$(cat "$D/err.us")"
}

test_datagrams_are_carried_onwards_with_it() {
	listener -u --local --dscp af11 --ttl 5 --forward 127.0.0.1:9 \
		</dev/null
	before=$(those $us tos=40)
	echo hello | timeout 20 nc.openbsd -u -w 1 127.0.0.1 "$port"
	assertEquals "$((before + 1))" "$(those $us tos=40)"
	assertEquals "$before" "$(those $us ttl=5)"
}

test_congestion_is_ours_to_choose() {
	for name in $(cat /proc/sys/net/ipv4/tcp_available_congestion_control)
	do
		listener --local --congestion "$name" -v
		client --congestion "$name" 127.0.0.1 "$port"
		until_ok has $them "congestion=$name"
		exec 9>&-
		await_end $them
		await_end $us
		assertTrue "$name" "grep -q 'congestion $name' '$D/err.us'"
		assertTrue "$name" "grep -q 'congestion $name' '$D/err'"
	done
	run "$SOCKT" connect --congestion nosuch 127.0.0.1 "$port" </dev/null
	assertEquals 2 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q \"has no 'nosuch'; it has \
.*reno\" '$D/err'"
}

test_a_limit_of_the_system_is_told() {
	max=$(cat /proc/sys/net/core/rmem_max)
	listener --local
	run "$SOCKT" -v connect --rcvbuf 1G 127.0.0.1 "$port" </dev/null
	assertEquals 0 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'rcvbuf $max (of 1073741824: the \
system.s limit)' '$D/err'"
}

test_an_interface_is_all_there_is() {
	# shellcheck disable=SC2016
	run unshare -n sh -c 'ip link set lo up && ip link add d0 type bridge'
	if [ "$rc" != 0 ]; then
		skip "no network namespace with a second interface"
		return
	fi
	# shellcheck disable=SC2016
	run unshare -n sh -c 'ip link set lo up && ip link add d0 type bridge &&
		ip addr add 192.0.2.1/24 dev d0 && ip link set d0 up
		exec 2>&1
		cd "$2"
		"$1" --text --time none listen --interface d0 80 >log &
		until grep -q listen log; do :; done
		"$1" connect 127.0.0.1 80 </dev/null; echo d0 $?
		kill $!
		wait
		"$1" --text listen --interface lo 80 >log2 &
		until grep -q listen log2; do :; done
		"$1" connect --interface lo 127.0.0.1 80 </dev/null; echo lo $?
		wait' - "$SOCKT" "$D"
	assertTrue "$(cat "$D/out")" "grep -q '^d0 4' '$D/out'"
	assertTrue "$(cat "$D/out")" "grep -q '^lo 0' '$D/out'"
	assertEquals '* listen    [::]:80 and 0.0.0.0:80, by interface d0 alone; stop with Ctrl-C' \
		"$(head -n 1 "$D/log")"
}

test_the_source_port_is_ours_to_choose() {
	from=$(free_port)
	for source in ":$from" "127.0.0.1:$from" ":$from"; do
		listener --local --json
		run "$SOCKT" connect --source "$source" 127.0.0.1 "$port" \
			</dev/null
		assertEquals "$source: $(cat "$D/err")" 0 "$rc"
		await_end $us
		assertEquals "$from" "$(jq -r 'select(.ev=="accepted") |
			.peer.port' "$D/log")"
	done
	listener --local
	run "$SOCKT" connect --source ":$port" 127.0.0.1 "$port" </dev/null
	assertEquals 11 "$rc"
	assertEquals "sockt: connect 127.0.0.1:$port from --source: address \
in use (EADDRINUSE)" "$(cat "$D/err")"
	run "$SOCKT" connect --source :http 127.0.0.1 "$port" </dev/null
	assertNotEquals 'a service' 2 "$rc"
	listener --local -u --json --idle-timeout 300ms </dev/null
	echo x >"$D/in"
	run "$SOCKT" connect -u --idle-timeout 100ms --source ":$from" \
		127.0.0.1 "$port" <"$D/in"
	assertEquals 0 "$rc"
	await_end $us
	assertEquals "$from" "$(jq -r 'select(.ev=="datagram_in") |
		.peer.port' "$D/log")"
}

no_mptcp() {
	python3 -c 'import socket; socket.socket(2, 1, 262)' 2>/dev/null &&
		return 1
	skip "no MPTCP here"
}

test_20_MB_each_way_by_mptcp() {
	no_mptcp && return
	head -c 20000000 /dev/urandom >"$D/ours"
	head -c 20000000 /dev/urandom >"$D/theirs"
	listener --local --mptcp -v <"$D/ours"
	bg timeout 60 "$SOCKT" -v connect --mptcp --dscp ef 127.0.0.1 "$port" \
		<"$D/theirs" >"$D/out" 2>"$D/err"
	await_end $!
	assertEquals theirs 0 "$rc"
	await_end $us
	assertEquals ours 0 "$rc"
	assertBytes 'to them' "$D/ours" "$D/out"
	assertBytes 'to us' "$D/theirs" "$D/log"
	assertTrue "$(cat "$D/err")" "grep -q 'note .*mptcp, dscp ef' '$D/err'"
	assertTrue ours "grep -q 'note  *mptcp$' '$D/err.us'"
}

test_mptcp_is_tcp_with_a_peer_that_has_none() {
	no_mptcp && return
	for who in client server; do
		mptcp=--mptcp
		[ $who = client ] || mptcp=
		listener --local $mptcp --json
		[ $who = server ] && mptcp=--mptcp || mptcp=
		echo hello >"$D/in"
		run "$SOCKT" -v connect $mptcp 127.0.0.1 "$port" <"$D/in"
		assertEquals "$who" 0 "$rc"
		await_end $us
		cat "$D/log" >>"$D/err"
		assertTrue "$who: $(cat "$D/err")" "grep -q \
			'no mptcp: the peer speaks plain TCP' '$D/err'"
	done
}

test_a_foreign_server_sees_mptcp() {
	no_mptcp && return
	cat >"$D/peer.py" <<-E
		import socket, struct, sys
		s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)
		s.bind(("127.0.0.1", 0))
		s.listen()
		print(s.getsockname()[1], flush=True)
		c, _ = s.accept()
		flags = struct.unpack_from("<BBBBBBxxI",
		                           c.getsockopt(284, 1, 128))[6]
		c.sendall(b"fallback %d\\n" % (flags & 1))
	E
	bg timeout 20 python3 "$D/peer.py" >"$D/port"
	await "$D/port"
	run "$SOCKT" connect --mptcp 127.0.0.1 "$(cat "$D/port")" </dev/null
	assertEquals 0 "$rc"
	assertEquals 'fallback 0' "$(cat "$D/out")"
}

test_a_system_without_mptcp_says_so() {
	no_mptcp && return
	# shellcheck disable=SC2016
	run unshare -n sh -c 'ip link set lo up
		echo 0 >/proc/sys/net/mptcp/enabled || exit 99
		"$1" connect --mptcp 127.0.0.1 9' - "$SOCKT"
	if [ "$rc" = 1 ] || [ "$rc" = 99 ]; then
		skip "no network namespace"
		return
	fi
	assertEquals 11 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'mptcp: not on this system.*try: \
sudo sysctl net.mptcp.enabled=1' '$D/err'"
}

# fast_open PROGRAM... - a shell script's words, where the system allows it
fast_open() {
	# shellcheck disable=SC2016
	run unshare -n sh -c 'ip link set lo up &&
		echo 3 >/proc/sys/net/ipv4/tcp_fastopen || exit 99
		cd "$2" && exec sh -c "$3"' - "$SOCKT" "$D" \
		"sockt='$SOCKT' peers='$PWD/peers'
		listening() { until [ -s \$1 ]; do :; done; }
		$1"
	[ "$rc" != 99 ] && [ "$rc" != 1 ] && return 0
	skip "no network namespace to allow fast open in"
	return 1
}

test_data_goes_with_the_syn() {
	seq 100000 >"$D/in"
	# shellcheck disable=SC2016
	fast_open '
		python3 $peers/headers.py 80 packets & watch=$!
		listening packets
		for from in file file pipe; do
			rm -f ready
			$sockt -v listen --local --fast-open --port-file ready \
				80 >got.$from 2>server & us=$!
			listening ready
			if [ $from = file ]; then
				$sockt -v connect --fast-open localhost 80 <in
			else
				cat in | $sockt -v connect --fast-open \
					localhost 80
			fi || exit 2
			wait $us || exit 2
			cmp in got.$from || exit 2
			cat server >&2
		done
		kill $watch' || return
	assertEquals 0 "$rc"
	assertEquals 1200 "$(sed -n 's/.*>80 S .* len //p' "$D/packets" |
		sort -n | tail -n 1)"
	assertEquals '2 and 3' "$(grep -c 'note .* SYN carried no data' \
		"$D/err") and $(grep -c 'closed .*received 588 kB' "$D/err")"
	assertEquals "$(cat "$D/err")" 4 \
		"$(grep -c 'note .*fast-open: the SYN carried data' "$D/err")"
}

test_fast_open_with_a_foreign_server() {
	cat >"$D/server.py" <<-E
		import socket
		s = socket.socket()
		s.setsockopt(6, 23, 16)
		s.bind(("127.0.0.1", 80))
		s.listen()
		print("ready", file=open("ready", "w"), flush=True)
		for _ in range(2):
		    c, _ = s.accept()
		    got = b""
		    while data := c.recv(99):
		        got += data
		    syn = c.getsockopt(6, 11, 8)[5] >> 5 & 1
		    c.sendall(b"%s %d\\n" % (got, syn))
		    c.close()
	E
	# shellcheck disable=SC2016
	fast_open 'python3 server.py & listening ready
		for i in 1 2; do
			printf "hello, $i" | $sockt --json connect \
				--fast-open 127.0.0.1 80
		done' || return
	assertEquals 0 "$rc"
	assertEquals 'hello, 1 0
hello, 2 1' "$(jq -r 'select(.ev=="received").text' "$D/out" | grep .)"
	assertEquals 'hello, 1
hello, 2' "$(jq -r 'select(.ev=="sent").text' "$D/out")"
}

test_without_data_at_hand_fast_open_is_a_plain_call() {
	listener --local
	run "$SOCKT" -v connect --fast-open 127.0.0.1 "$port" </dev/null
	assertEquals 0 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'fast-open: the SYN carried no \
data' '$D/err'"
	echo x >"$D/in"
	port=$(free_port)
	run "$SOCKT" connect --fast-open 127.0.0.1 "$port" <"$D/in"
	assertEquals 4 "$rc"
}

test_a_system_without_fast_open_says_so() {
	# shellcheck disable=SC2016
	fast_open 'echo 0 >/proc/sys/net/ipv4/tcp_fastopen
		$sockt -v listen --local --fast-open --port-file ready 80 >got &
		us=$!
		listening ready
		echo hello | $sockt -v connect --fast-open 127.0.0.1 80 || exit 2
		wait $us' || return
	assertEquals 0 "$rc"
	assertEquals hello "$(cat "$D/got")"
	assertTrue "$(cat "$D/err")" "grep -q 'this system gives its callers \
no fast open; try: sudo sysctl net.ipv4.tcp_fastopen=3' '$D/err'"
}

# wrong PATTERN WORD... - a usage error like it, before anything is sent
wrong() {
	pattern=$1
	shift
	run "$SOCKT" "$@" </dev/null
	assertEquals "$*: status" 2 "$rc"
	case $(cat "$D/err") in
	"sockt: "$pattern) ;;
	*) fail "$*: $(cat "$D/err")" ;;
	esac
}

test_what_cannot_be_is_told_before_any_packet() {
	for cmd in connect listen; do
		to='127.0.0.1 9'
		wrong "--interface: this machine has no 'nosuch'; it has *lo*" \
			$cmd --interface nosuch $to
		wrong "--dscp: 'af44' is no DSCP: ef, *" $cmd --dscp af44 $to
		wrong "--dscp: '64' is not a number from 0 to 63*" \
			$cmd --dscp 64 $to
		wrong "--ttl: '0' is *" $cmd --ttl 0 $to
		wrong "--ttl: '256' is *" $cmd --ttl 256 $to
		wrong "--min-ttl: '256' is *" $cmd --min-ttl 256 $to
		wrong "--mss: '87' is *" $cmd --mss 87 $to
		wrong "--sndbuf: 'much' is *" $cmd --sndbuf much $to
		wrong "--rcvbuf: '2G' is *" $cmd --rcvbuf 2G $to
		wrong "--keepalive: '10,x' is *" $cmd --keepalive=10,x $to
		wrong "--keepalive: '10,' is *" $cmd --keepalive=10, $to
		wrong "--keepalive: '10,1,128' is *" \
			$cmd --keepalive=10,1,128 $to
		wrong "--keepalive: '1500ms' is not in whole seconds*" \
			$cmd --keepalive=1500ms $to
		wrong "--user-timeout: *" $cmd --user-timeout -1 $to
		for o in --nagle --mptcp --fast-open '--mss 99' '--min-ttl 1' --keepalive \
		    '--user-timeout 1' '--congestion reno'; do
			wrong "${o% *} is not for --udp*" $cmd -u $o $to
		done
		for o in --nagle --mptcp --fast-open '--ttl 9' '--dscp ef' '--rcvbuf 9' \
		    '--interface lo'; do
			wrong "${o% *} is not for a Unix socket*" \
				$cmd $o unix:x
		done
	done
	for o in --tls '--starttls smtp' --crlf '--send x' '--expect x' \
	    '--exec cat' '--sh-exec cat'; do
		wrong "--fast-open and ${o% *} contradict each other*" \
			connect --fast-open $o $to
	done
	wrong "--source: port 'nosuch' is not a service*" \
		connect --source :nosuch $to
	wrong "--source: '?::1?5' is not ADDRESS, ADDRESS:PORT or :PORT*" \
		connect --source '[::1]5' $to
	wrong "--source: 'a:5' is not an IP address*" \
		connect --source a:5 $to
}

. "$SHUNIT2"
