#!/bin/sh
# The tutorial, sockt(7): what it shows is what comes. Each command is typed on
# a terminal, and all that the page says will be seen has to be seen, and no
# more, in a network where all ports are free, 192.0.2.1 is an address from
# which nothing comes back, and ports below 1024 may be listened on.
if [ -z "${PRIVATE:-}" ] && unshare -rnm true 2>/dev/null; then
	PRIVATE=1 exec unshare -rnm --kill-child sh "$0"
fi
. ./lib.sh
. ./screen.sh
. ./examples.sh

nobody_there() {
	ip link add here type veth peer name there
	ip addr add 192.0.2.2/24 dev here
	ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev here
	ip link set here addrgenmode none
	ip link set here up
	ip link set there up
}
[ -z "${PRIVATE:-}" ] || nobody_there

test_the_tutorial() {
	[ -n "${PRIVATE:-}" ] ||
		{ skip 'no private network here (unshare)'; return; }
	run_page ../man/sockt.7
	assertTrue "$page: only $count examples" "[ $count -gt 20 ]"
}

. "$SHUNIT2"
