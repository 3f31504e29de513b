#!/bin/sh
# Who may come in: --allow, --deny, --max-clients, --max-per-address.
. ./lib.sh

setUp() { rm -rf "${D:?}"/*; }

# listener OPTION... - on a port of the kernel's, $port; events in $D/log
listener() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen -k "$@" --port-file "$D/port" 0 \
		</dev/null >"$D/log" 2>"$D/err.us"
	await "$D/port" && port=$(cat "$D/port")
}

ev() { jq -r "$1" "$D/log"; }
away() { ev 'select(.ev=="turned_away")|.code' | paste -sd ' '; }
accepted() { ev 'select(.ev=="accepted")|.peer.ip' | paste -sd ' '; }
has_away() { [ "$(away)" = "$1" ]; }
has_closed() { [ "$(ev 'select(.ev=="closed").conn')" = "$1" ]; }
has_accepted() { [ "$(accepted)" = "$1" ]; }

# call CLIENT ADDRESS - says one line, leaves the answer in $D/out
call() {
	echo hello >"$D/in"
	case $1 in
	nc)	run nc.openbsd -N -w 5 "$2" "$port" <"$D/in" ;;
	ncat)	run ncat "$2" "$port" <"$D/in" ;;
	socat)	case $2 in *:*) _to=TCP6:[$2] ;; *) _to=TCP4:$2 ;; esac
		run socat -t 5 - "$_to:$port" <"$D/in" ;;
	esac
}

# stay FROM - a client that stays until tearDown, from that address of ours
stay() {
	_here=$(accepted)
	bg nc.openbsd -d -s "$1" 127.0.0.1 "$port"
	_nc=$!
	until_ok has_accepted "${_here:+$_here }$1"
}

test_only_who_is_allowed_comes_in() {
	listener --allow 127.0.0.2,192.0.2.0/24 --allow ::1
	for from in 127.0.0.1 127.0.0.2; do
		run nc.openbsd -N -s $from 127.0.0.1 "$port" </dev/null
	done
	run nc.openbsd -N ::1 "$port" </dev/null
	until_ok has_accepted '127.0.0.2 ::1'
	assertEquals not_allowed "$(away)"
	assertEquals 127.0.0.1 "$(ev 'select(.ev=="turned_away").peer.ip')"
}

test_deny_wins_over_allow_in_either_order() {
	for order in '--allow 127.0.0.0/8 --deny 127.0.0.1' \
		'--deny 127.0.0.1 --allow 127.0.0.0/8'; do
		# shellcheck disable=SC2086
		listener $order
		for c in nc ncat socat; do
			call $c 127.0.0.1
			assertEquals "$c is told nothing" '' "$(cat "$D/out")"
		done
		run nc.openbsd -N -s 127.0.0.2 127.0.0.1 "$port" </dev/null
		until_ok has_accepted 127.0.0.2
		assertEquals "$order" 'denied denied denied' "$(away)"
		tearDown
	done
}

test_an_IPv4_client_of_a_dual_stack_socket_is_judged_as_IPv4() {
	listener --deny ::/0
	run nc.openbsd -N 127.0.0.1 "$port" </dev/null
	run nc.openbsd -N ::1 "$port" </dev/null
	until_ok has_away denied
	assertEquals 127.0.0.1 "$(accepted)"
}

test_a_name_stands_for_its_addresses() {
	listener --deny localhost
	run nc.openbsd -N 127.0.0.1 "$port" </dev/null
	run nc.openbsd -N -s 127.0.0.2 127.0.0.1 "$port" </dev/null
	until_ok has_accepted 127.0.0.2
	assertEquals denied "$(away)"
}

test_a_name_that_does_not_resolve_ends_it_before_listening() {
	run "$SOCKT" --json listen -k --allow no.such.name.invalid 0 </dev/null
	assertEquals 3 "$rc"
	assertEquals '' "$(jq -r 'select(.ev=="listening")' "$D/out")"
}

test_a_bad_network_is_a_usage_error() {
	run "$SOCKT" --json listen -k --deny ::1,10.0.0.0/33 0 </dev/null
	assertEquals 2 "$rc"
	assertTrue "$(cat "$D/err")" \
		"grep -q \"deny: '10.0.0.0/33' is not\" $D/err"
	assertEquals '' "$(jq -r 'select(.ev=="listening")' "$D/out")"
}

test_one_client_too_many_is_told_and_closed() {
	listener --max-clients 2
	stay 127.0.0.1
	first=$_nc
	stay 127.0.0.2
	for c in nc ncat socat; do
		call $c 127.0.0.1
		assertEquals "$c" 'no room: 2 clients are here already' \
			"$(cat "$D/out")"
	done
	assertEquals 'full full full' "$(away)"
	kill $first
	until_ok has_closed 1
	stay 127.0.0.3
}

test_who_writes_much_is_told_as_well() {
	listener --max-clients 1
	stay 127.0.0.1
	head -c 1000000 /dev/zero >"$D/in"
	run python3 -c 'import socket, sys
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
c.sendall(sys.stdin.buffer.read())
c.shutdown(socket.SHUT_WR)
print(c.makefile().read(), end="")' "$port" <"$D/in"
	assertEquals 'no room: 1 client is here already' "$(cat "$D/out")"
}

test_an_address_has_its_own_limit() {
	listener --max-per-address 2
	stay 127.0.0.1
	stay 127.0.0.1
	gone=$_nc
	call nc 127.0.0.1
	assertEquals 'no room: 2 clients of this address are here already' \
		"$(cat "$D/out")"
	stay 127.0.0.2
	kill $gone
	until_ok has_closed 2
	stay 127.0.0.1
	assertEquals address_full "$(away)"
}

test_programs_are_guarded_too() {
	listener --exec cat --max-clients 1 --deny 127.0.0.9
	stay 127.0.0.1
	call nc 127.0.0.1
	assertEquals 'no room: 1 client is here already' "$(cat "$D/out")"
	run nc.openbsd -N -s 127.0.0.9 127.0.0.1 "$port" </dev/null
	assertEquals 'full denied' "$(away)"
	assertEquals 1 "$(ev 'select(.ev=="spawn").n' | wc -l)"
}

test_who_is_turned_away_is_not_the_one_client() {
	bg timeout 60 "$SOCKT" listen --deny 127.0.0.1 --port-file "$D/port" \
		0 </dev/null >"$D/got"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
	call nc 127.0.0.1
	echo mine >"$D/in"
	run nc.openbsd -N -s 127.0.0.2 127.0.0.1 "$port" <"$D/in"
	await_end $us
	assertEquals 0 "$rc"
	assertEquals mine "$(cat "$D/got")"
}

test_what_is_said_about_it() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --text --time none listen -k --deny 127.0.0.1 \
		--port-file "$D/port" 0 </dev/null >"$D/log"
	await "$D/port" && port=$(cat "$D/port")
	call nc 127.0.0.1
	await_text "$D/log" 'its address is denied (--deny)'
	assertEquals 1 "$(grep -c '^! away      127.0.0.1:[0-9]*: its' "$D/log")"
}

. "$SHUNIT2"
