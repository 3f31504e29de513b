#!/bin/sh
# sockt port-check 1-65535: what it finds open is what listens, no more and no
# less, every time. In a network of its own, where no other test listens.
if [ -z "${PRIVATE:-}" ] && unshare -rnm true 2>/dev/null; then
	PRIVATE=1 exec unshare -rnm --kill-child sh "$0" "$@"
fi
. ./lib.sh

oneTimeSetUp() {
	[ -n "${PRIVATE:-}" ] || { skip 'no private network here (unshare)'; return; }
	ip link set lo up
	printf '%s\n' '127.0.0.1 localhost' '::1 localhost' >"$D/hosts"
	mount --bind "$D/hosts" /etc/hosts
}

setUp() { [ -n "${PRIVATE:-}" ] || startSkipping; }

listen_on() {
	bg python3 peers/listeners.py "$D/ready" "$@"
	await "$D/ready"
}

sweep() { run "$SOCKT" port-check "$1" 1-65535; }
opened() { awk -F'\t' '$3 == "open" { print $2 }' "$D/out" >"$D/got"; }

# listening - the ports of 127.0.0.1, as the kernel knows them
listening() {
	ss -ltnH | awk '$4 !~ /^\[::1\]|^127\.0\.0\.2:/ {
		sub(/.*:/, "", $4); print $4 }' | sort -n
}

test_agrees_with_ss_on_all_ports_twenty_times() {
	listen_on 127.0.0.1:1 127.0.0.1:80 0.0.0.0:1024 :::2000 ::1:2001 \
		127.0.0.2:2002 127.0.0.1:32768 127.0.0.1:45000 \
		127.0.0.1:60999 127.0.0.1:61000 127.0.0.1:63000 127.0.0.1:65535
	listening >"$D/want"
	assertEquals 10 "$(wc -l <"$D/want")"
	for i in $(seq 20); do
		sweep 127.0.0.1
		opened
		assertEquals "run $i" "$(cat "$D/want")" "$(cat "$D/got")"
	done
	assertEquals "lines" 65535 "$(wc -l <"$D/out")"
	assertEquals 'open or closed' 'closed open' \
		"$(cut -f 3 "$D/out" | sort -u | xargs)"
	sweep localhost
	opened
	{ cat "$D/want"; echo 2001; } | sort -n >"$D/both"
	assertEquals 'both families' "$(cat "$D/both")" "$(cat "$D/got")"
}

# Where the kernel may take every port for itself, none is left to bind, and
# a port that is asked may be the very one that asks.
test_no_port_answers_itself() {
	range=$(cat /proc/sys/net/ipv4/ip_local_port_range)
	echo 1024 65535 >/proc/sys/net/ipv4/ip_local_port_range
	for i in 1 2 3; do
		sweep 127.0.0.1
		assertEquals "run $i" 'closed' "$(cut -f 3 "$D/out" | sort -u)"
	done
	echo "$range" >/proc/sys/net/ipv4/ip_local_port_range
}

. "$SHUNIT2"
