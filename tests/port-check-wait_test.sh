#!/bin/sh
# sockt port-check --retry and --wait: asked again until all ports are open.
# In a network of its own, where no other test listens.
if [ -z "${PRIVATE:-}" ] && unshare -rnm true 2>/dev/null; then
	PRIVATE=1 exec unshare -rnm --kill-child sh "$0" "$@"
fi
. ./lib.sh

# hosts LINE... - /etc/hosts, for us alone
hosts() { printf '%s\n' "$@" >"$D/etc/hosts"; }

oneTimeSetUp() {
	[ -n "${PRIVATE:-}" ] || { skip 'no private network here (unshare)'; return; }
	ip link set lo up
	mkdir "$D/etc" && : >"$D/etc/hosts"
	mount --bind "$D/etc/hosts" /etc/hosts
}

setUp() { [ -n "${PRIVATE:-}" ] || startSkipping; }

listen_on() {
	rm -f "$D/ready"
	bg python3 peers/listeners.py "$D/ready" "$@"
	await "$D/ready"
}

# waiter OPTION... - in the background: $us; its events in $D/log
waiter() {
	rm -f "$D/log"
	bg timeout 60 "$SOCKT" --json-file "$D/log" port-check "$@" >"$D/out" \
		2>"$D/err"
	us=$!
}
check() { run "$SOCKT" --json-file "$D/log" port-check "$@"; }
ev() { jq -r "$1" "$D/log"; }
count() { grep -c "^{\"ev\":\"$1\"" "$D/log"; }
tried() { [ "$(count retry)" -ge "$1" ]; }

test_waits_until_all_are_open() {
	waiter --wait 30 127.0.0.1 8001 8002
	until_ok tried 1
	listen_on 127.0.0.1:8001
	now=$(count retry)
	until_ok tried $((now + 2))
	assertEquals 'one is not all' '' "$(cat "$D/out")"
	listen_on 127.0.0.1:8002
	await_end $us
	assertEquals 0 "$rc"
	assertEquals '8001 open 8002 open' "$(cut -f 2,3 "$D/out" | xargs)"
	assertEquals '' "$(cat "$D/err")"
}

test_what_is_open_is_not_waited_for() {
	listen_on 127.0.0.1:8001
	check --wait 30 127.0.0.1 8001
	assertEquals '0 0' "$rc $(count retry)"
	check --retry 5 127.0.0.1 8001
	assertEquals '0 0' "$rc $(count retry)"
}

test_tries_so_many_times_more() {
	check --retry 3 127.0.0.1 8001
	assertEquals 1 "$rc"
	assertEquals '100000 200000 400000' \
		"$(ev 'select(.ev=="retry").pause_us' | xargs)"
	assertEquals '8001 closed' "$(cut -f 2,3 "$D/out" | xargs)"
	assertEquals 'the last round alone is told' '1 1' \
		"$(count port) $(count scanned)"
	assertEquals '' "$(cat "$D/err")"
}

test_waits_no_longer_than_told() {
	check --wait 700ms 127.0.0.1 8001
	assertEquals 1 "$rc"
	assertEquals '100000 200000' \
		"$(ev 'select(.ev=="retry").pause_us' | head -n 2 | xargs)"
	assertTrue "$(cat "$D/log")" '[ "$(ev \
		"select(.ev==\"port\").t_ns > 700000000")" = true ]'
	check --wait 30 --retry 1 127.0.0.1 8001
	assertEquals 'the first that is reached' '1 1' "$rc $(count retry)"
}

# Its pauses end with the time, and so does the silence that it bears.
test_a_silent_port_does_not_prolong_it() {
	command -v nft >/dev/null || { skip 'nftables is not installed'; return; }
	nft 'add table inet t; add chain inet t in { type filter hook input priority 0; }
		add rule inet t in tcp dport 8003 drop'
	check --wait 300ms --silence 10 127.0.0.1 8003
	nft flush ruleset
	assertEquals 1 "$rc"
	assertEquals 'filtered true' "$(ev 'select(.ev=="port")|
		"\(.state) \(.rtt_us < 5000000)"')"
}

test_one_address_of_a_name_is_enough() {
	hosts '127.0.0.1 trio' '127.0.0.2 trio' '127.0.0.3 trio'
	waiter --wait 30 trio 8001
	until_ok tried 1
	listen_on 127.0.0.2:8001
	await_end $us
	assertEquals '0 open' "$rc $(cut -f 3 "$D/out")"
}

test_a_name_is_looked_up_anew() {
	hosts '127.0.0.5 moves'
	listen_on 127.0.0.6:8001
	waiter --wait 30 moves 8001
	until_ok tried 1
	hosts '127.0.0.6 moves'
	await_end $us
	assertEquals 0 "$rc"
	assertEquals 127.0.0.6 "$(ev 'select(.ev=="port").peer.ip')"
	hosts '127.0.0.7 moves'
	waiter --wait 1500ms moves 8001
	until_ok tried 1
	hosts '127.0.0.8 moves'
	listen_on 127.0.0.7:8001
	await_end $us
	assertEquals 'where it was is of no use' '1 closed' \
		"$rc $(cut -f 3 "$D/out")"
}

test_a_name_that_nobody_knows_is_final() {
	hosts '127.0.0.1 known'
	printf 'hosts: files\n' >"$D/etc/nsswitch.conf"
	mount --bind "$D/etc/nsswitch.conf" /etc/nsswitch.conf
	check --wait 30 no-such.invalid 8001
	assertEquals '3 0' "$rc $(count retry)"
	check --wait 30 no-such.invalid,known 8001
	umount /etc/nsswitch.conf
	assertEquals '3 0' "$rc $(count retry)"
	assertEquals 'error closed' "$(cut -f 3 "$D/out" | xargs)"
}

# A resolver that is there, but cannot say now.
test_a_name_server_that_is_silent_is_asked_again() {
	printf 'nameserver 127.0.0.9\noptions timeout:1 attempts:1\n' \
		>"$D/etc/resolv.conf"
	mount --bind "$D/etc/resolv.conf" /etc/resolv.conf
	hosts '127.0.0.1 known'
	waiter --wait 30 later.example 8001
	until_ok tried 1
	assertEquals '' "$(cat "$D/err")"
	hosts '127.0.0.1 later.example'
	listen_on 127.0.0.1:8001
	await_end $us
	assertEquals '0 open' "$rc $(cut -f 3 "$D/out")"
	hosts '127.0.0.1 known'
	check --retry 1 later.example 8001
	umount /etc/resolv.conf
	assertEquals '3 error' "$rc $(cut -f 3 "$D/out")"
}

test_a_time_limit_and_a_signal_end_it_with_what_is_known() {
	check --wait 30 --timeout 500ms 127.0.0.1 8001
	assertEquals 5 "$rc"
	assertEquals closed "$(cut -f 3 "$D/out")"
	waiter --wait 30 127.0.0.1 8001
	until_ok tried 2
	kill -INT "$(ps --no-headers -o pid --ppid $us)"
	await_end $us
	assertEquals '130 130' "$rc $(ev 'select(.ev=="summary").exit')"
}

test_a_line_says_that_it_waits() {
	listen_on 127.0.0.1:8001
	terminal "$SOCKT" port-check --wait 2500ms 127.0.0.1 8001 8002
	assertEquals 1 "$rc"
	assertContains "$(cat -v "$D/tty")" 'waiting: 1 of 2 open at try '
	assertEquals 'and the table, once' 1 "$(grep -c 'PORT   STATE' "$D/tty")"
	run "$SOCKT" --text port-check --retry 1 127.0.0.1 8001 8002
	assertEquals '' "$(cat "$D/err")"
	assertNotContains "$(cat "$D/out")" retry
	run "$SOCKT" --text -v port-check --retry 1 127.0.0.1 8001 8002
	assertContains "$(cat "$D/out")" 'retry     once more in 0.1 s; 1 try so far'
}

test_what_a_wait_cannot_be() {
	for words in '--retry x' '--retry -1' '--wait x' '--wait -1'; do
		# shellcheck disable=SC2086
		run "$SOCKT" port-check $words 127.0.0.1 8001
		assertEquals "$words" 2 "$rc"
	done
}

. "$SHUNIT2"
