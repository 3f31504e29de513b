#!/bin/sh
# vsock: streams between a virtual machine and its host. No test may count on
# having either, so a library stands in for that part of the kernel
# (peers/vsock.c), for us and for our peers alike; where the kernel has its
# loopback, bytes go through it as well.
# shellcheck disable=SC2086
. ./lib.sh

oneTimeSetUp() {
	${CC:-cc} -shared -fPIC -o "$D/vsock.so" peers/vsock.c -ldl || exit 2
	vs="env LD_PRELOAD=$D/vsock.so"		# the library is the kernel
	mkdir "$D/t"
	export VSOCK_NET="$D" ASAN_OPTIONS=verify_asan_link_order=0
}
setUp() { rm -rf "${D:?}"/t/*; }

# listener OPTION... - in the background: $port, its output in $D/t/log
listener() {
	rm -f "$D/t/port"
	bg timeout 20 $vs "$SOCKT" listen "$@" --port-file "$D/t/port" vsock:0 \
		>"$D/t/log" 2>"$D/t/err.us"
	us=$!
	await "$D/t/port" && port=$(cat "$D/t/port")
}
ev() { jq -c "$1" "$D/t/log"; }

test_bytes_and_ends_go_both_ways() {
	head -c 3000000 /dev/urandom >"$D/t/a"
	head -c 2000000 /dev/urandom >"$D/t/b"
	listener <"$D/t/b"
	run $vs "$SOCKT" connect "vsock:local:$port" <"$D/t/a"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	await_end $us
	assertEquals 0 "$rc"
	assertBytes there "$D/t/a" "$D/t/log"
	assertBytes back "$D/t/b" "$D/out"
}

test_socat_and_ncat_are_heard_and_answered() {
	echo answer >"$D/t/in"
	for client in 'socat - VSOCK-CONNECT:1:' 'ncat --vsock 1 '; do
		listener <"$D/t/in"
		# shellcheck disable=SC2086
		assertEquals "$client" answer \
			"$(echo hello | timeout 20 $vs $client$port)"
		await_end $us
		assertEquals "$client" 'hello 0' "$(cat "$D/t/log") $rc"
	done
	for server in 'socat - VSOCK-LISTEN:4001' 'ncat -l --vsock 4002'; do
		# shellcheck disable=SC2086
		bg timeout 20 $vs $server <"$D/t/in" >"$D/t/got"
		until_ok timeout 20 $vs "$SOCKT" connect "vsock:1:${server##*[: ]}" \
			<"$D/t/in" >"$D/t/out"
		await_text "$D/t/got" answer
		assertEquals "$server" answer "$(cat "$D/t/out")"
	done
}

test_events_have_cid_and_port() {
	listener --json </dev/null
	echo hello >"$D/t/in"
	run $vs "$SOCKT" --json-file "$D/t/far" connect "vsock:3:$port" \
		<"$D/t/in"
	await_end $us
	assertEquals '"vsock" "vsock"' "$(ev 'select(.ev=="listening")|
		.proto,.reach' | xargs -n 1 printf '"%s" ' | sed 's/ $//')"
	assertEquals "[{\"cid\":4294967295,\"port\":$port}]" \
		"$(ev 'select(.ev=="listening").local')"
	assertEquals "{\"cid\":3,\"port\":$port}" \
		"$(ev 'select(.ev=="accepted").local')"
	assertEquals "$(jq -c 'select(.ev=="connected").local' "$D/t/far")" \
		"$(ev 'select(.ev=="accepted").peer')"
	assertEquals '' "$(python3 peers/json_check.py ../man/sockt.schema.json \
		"$D/t/log" "$D/t/far")"
	run "$SOCKT" show "$D/t/log"
	assertContains "$(cat "$D/out" "$D/err")" "listen    vsock:any:$port;"
	assertContains "$(cat "$D/out")" " → vsock:3:$port"
}

test_it_is_recorded() {
	listener --json --record "$D/t/r" </dev/null
	echo hello >"$D/t/in"
	run $vs "$SOCKT" connect "vsock:1:$port" <"$D/t/in"
	await_end $us
	assertContains "$(tshark -r "$D/t/r" -Y 'frame.comment' -T fields \
		-e frame.comment 2>/dev/null)" "vsock:3:"
	run "$SOCKT" show "$D/t/r"
	assertContains "$(cat "$D/out")" hello
}

test_a_program_and_a_relay() {
	# shellcheck disable=SC2016
	listener -k --sh-exec \
		'echo "$PROTO $SOCKT_LOCAL_ADDR $SOCKT_LOCAL_PORT $TCPREMOTEIP"'
	run $vs "$SOCKT" connect "vsock:1:$port" </dev/null
	assertEquals "VSOCK vsock:3 $port " "$(cat "$D/out")"
	bg timeout 20 $vs "$SOCKT" listen -k --forward "vsock:1:$port" --local \
		--port-file "$D/t/tcp" 0 </dev/null
	await "$D/t/tcp"
	assertEquals "VSOCK vsock:3 $port " \
		"$(timeout 20 nc.openbsd -d 127.0.0.1 "$(cat "$D/t/tcp")")"
	head -c 3000000 /dev/urandom >"$D/t/a"
	listener --service echo </dev/null
	rm "$D/t/tcp"
	bg timeout 20 $vs "$SOCKT" listen -k --forward "vsock:1:$port" --local \
		--port-file "$D/t/tcp" 0 </dev/null
	await "$D/t/tcp"
	timeout 20 nc.openbsd -N 127.0.0.1 "$(cat "$D/t/tcp")" <"$D/t/a" >"$D/t/b"
	assertBytes 'relayed both ways' "$D/t/a" "$D/t/b"
}

test_tls_goes_over_it() {
	listener --tls 2>/dev/null </dev/null
	echo hello >"$D/t/in"
	run $vs "$SOCKT" connect --tls --insecure "vsock:1:$port" <"$D/t/in"
	await_end $us
	assertEquals 'hello 0' "$(cat "$D/t/log") $rc"
}

test_nobody_and_no_way() {
	run $vs "$SOCKT" --text --explain connect vsock:1:4999 </dev/null
	assertEquals 4 "$rc"
	assertContains "$(cat "$D/out")" 'vsock:1:4999 refused (ECONNREFUSED'
	assertContains "$(cat "$D/out")" 'no program there listens on port 4999'
	run $vs "$SOCKT" connect vsock:77:5 </dev/null
	assertEquals 6 "$rc"
	assertEquals 'sockt: connect vsock:77:5: no such device (ENODEV) (no vsock leads from this machine to that CID)' \
		"$(cat "$D/err")"
	listener </dev/null
	run $vs "$SOCKT" listen "vsock:$port" </dev/null
	assertEquals 7 "$rc"
	assertContains "$(cat "$D/err")" "vsock:any:$port: in use (EADDRINUSE)"
	run $vs "$SOCKT" listen vsock:9:5000 </dev/null
	assertEquals 7 "$rc"
	assertContains "$(cat "$D/err")" 'vsock:5000, which is every CID'
}

test_a_server_that_comes_later_is_waited_for() {
	bg timeout 20 $vs "$SOCKT" --json-file "$D/t/log" connect --wait 15 vsock:1:4100 \
		</dev/null
	them=$!
	until_ok grep -q '"retry"' "$D/t/log"
	bg timeout 20 $vs "$SOCKT" listen vsock:4100 </dev/null
	await_end $them
	assertEquals 0 "$rc"
}

# wrong PATTERN WORD... - a usage error like it
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

test_what_cannot_be() {
	for bad in 5 '' 4294967295:5 -1:5 x:5 01:5 any:5 1:0 1:4294967295 1:x 1: \
	    1:2:3; do
		wrong "vsock:$bad: *" connect "vsock:$bad"
	done
	for bad in '' x 4294967295 x:5 1: 1:x; do
		wrong "vsock:$bad: *" listen "vsock:$bad"
	done
	wrong 'a vsock has its port in it*' connect vsock:1:5 6
	wrong 'a vsock has its port in it*' listen vsock:5 6
	for cmd in connect listen; do
		wrong '*not for --udp*' $cmd -u vsock:1:5
		for o in '--ttl 5' '--sndbuf 9k' --keepalive --nagle --mptcp \
		    '--congestion reno' '--interface lo'; do
			# shellcheck disable=SC2086
			wrong "${o% *} is not for a vsock*" $cmd $o vsock:1:5
		done
		wrong '--ipv4, *' $cmd -4 vsock:1:5
	done
	wrong '*--source*' connect --source :5 vsock:1:5
	wrong '--ipv4, *' listen --public vsock:5
	wrong '*--local*' listen --local vsock:5
	for o in --allow --deny; do
		wrong "$o goes by addresses: *a vsock*" listen $o ::1 vsock:5
	done
	wrong '*--forward is to HOST:PORT alone*' \
		listen -u --forward vsock:1:5 0
}

# The kernel's own, with nothing in between.
test_through_the_kernel() {
	if ! [ -d /sys/module/vsock_loopback ]; then
		skip "no vsock_loopback in this kernel"
		return
	fi
	head -c 3000000 /dev/urandom >"$D/t/a"
	bg timeout 20 "$SOCKT" listen --port-file "$D/t/port" vsock:0 \
		</dev/null >"$D/t/log"
	us=$!
	await "$D/t/port"
	run "$SOCKT" connect "vsock:local:$(cat "$D/t/port")" <"$D/t/a"
	await_end $us
	assertBytes there "$D/t/a" "$D/t/log"
}

# Nothing is sent for this: the port is this machine's.
test_the_kernel_gives_a_port() {
	if ! python3 -c 'import socket
socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).bind((2**32 - 1, 2**32 - 1))' \
		2>/dev/null; then
		skip "no AF_VSOCK here"
		return
	fi
	bg timeout 20 "$SOCKT" listen --port-file "$D/t/port" vsock:0 </dev/null
	await "$D/t/port"
	run "$SOCKT" listen "vsock:$(cat "$D/t/port")" </dev/null
	assertEquals 7 "$rc"
	run "$SOCKT" listen --accept-timeout 100ms vsock:0 </dev/null
	assertEquals 5 "$rc"
}

. "$SHUNIT2"
