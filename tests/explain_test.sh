#!/bin/sh
# shellcheck disable=SC1090,SC1091,SC2154
# --explain: each sentence, where its fact is there to be measured. In a
# network of its own, where packets can be dropped and rejected.
if [ -z "${PRIVATE:-}" ] && unshare -rnm true 2>/dev/null; then
	PRIVATE=1 exec unshare -rnm --kill-child sh "$0" "$@"
fi
. ./lib.sh

# lo, and 192.0.2.1/24 on a cable with nobody at the other end
oneTimeSetUp() {
	[ -n "${PRIVATE:-}" ] || { skip 'no private network here (unshare)'; return; }
	ip link set lo up
	ip link add cable type veth peer name nobody
	ip addr add 192.0.2.1/24 dev cable
	ip link set cable up
	ip link set nobody up
	(mkdir "$D/tls" && sh peers/tls_certs.sh "$D/tls")
}
setUp() { [ -n "${PRIVATE:-}" ] || startSkipping; }

# firewall RULE... - for what comes in over lo
firewall() {
	nft delete table inet t 2>/dev/null
	nft 'add table inet t; add chain inet t in { type filter hook input priority 0; }' &&
		nft "add rule inet t in $*"
}

# peer ACTION... - sets $port
peer() {
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py "$D/port" "$@"
	await "$D/port" && port=$(cat "$D/port")
}

# explain COMMAND WORD... - into $D/out
explain() { run timeout 30 "$SOCKT" --text --explain --time=none "$@"; }

# server WORD... - sockt listen WORD..., explained into $D/heard; sets $port
server() {
	rm -f "$D/port2"
	bg timeout 30 "$SOCKT" --text --explain listen --port-file "$D/port2" "$@" \
		>"$D/heard" 2>&1
	us=$!
	await "$D/port2" && port=$(cat "$D/port2")
}

# tls NAME - a server with that certificate; sets $port
tls() { server --tls --cert "$D/tls/$1.pem" --key "$D/tls/$1.key" 127.0.0.1 0; }

# why SENTENCE [FILE] - a line says exactly that, but for numbers: N
why() {
	sed -n 's/^ *why: //p' "${2:-$D/out}" | sed 's/[0-9][0-9]*/N/g' |
		grep -qxF -e "$1" || fail "not explained: $1
$(cat "${2:-$D/out}")"
}
no_why() {
	! grep -qF -e "$1" "${2:-$D/out}" || fail "explained: $1"
}

# hosts LINE... - /etc/hosts, for us alone
hosts() {
	printf '%s\n' "$@" >"$D/hosts" && mount --bind "$D/hosts" /etc/hosts
}

### names

test_localhost_is_two_addresses() {
	hosts '127.0.0.1 localhost' '::1 localhost'
	explain connect localhost 1
	why 'localhost is two addresses, ::N (IPvN) and N.N.N.N (IPvN); a server that listens on only one of them is found on only one of them.'
}

test_a_name_from_a_file() {
	hosts '127.0.0.1 lecture' '127.0.0.2 lecture'
	explain connect lecture 1
	why 'The name lecture was looked up in /etc/hosts, no DNS server was asked; it has N addresses, and they are tried in this order.'
}

test_a_name_for_another_and_for_a_port() {
	hosts '127.0.0.1 blackboard lecture'
	explain connect lecture discard
	why "The name lecture was looked up in /etc/hosts, no DNS server was asked; it has N address. 'discard' is a name for port N, as /etc/services has them; the protocol only ever carries the number."
	assertTrue "$(cat "$D/out")" "grep -q \
		'resolve *lecture, which is blackboard, is 127.0.0.1 (/etc/hosts, .*); discard is port 9$' '$D/out'"
	explain connect 127.0.0.1 discard
	why "'discard' is a name for port N, as /etc/services has them; the protocol only ever carries the number."
}

test_a_name_that_nobody_knows() {
	printf 'hosts: files\n' >"$D/nss" && mount --bind "$D/nss" /etc/nsswitch.conf
	explain connect nobody.example 1
	umount /etc/nsswitch.conf
	why 'No source (files, DNS) knows the name nobody.example: nothing was sent to the network except perhaps the question itself.'
}

test_a_dns_server_that_does_not_answer() {
	printf 'nameserver 127.0.0.3\noptions timeout:1 attempts:1\n' >"$D/resolv"
	mount --bind "$D/resolv" /etc/resolv.conf
	explain connect example.org 1
	umount /etc/resolv.conf
	why 'The DNS server did not answer in time; the name may exist, only the question or its answer got lost.'
}

### calling

test_the_handshake_and_both_ports() {
	peer close
	explain connect 127.0.0.1 "$port" </dev/null
	why "SYN, SYN-ACK, ACK: the handshake took $(sed -n 's/.*handshake took \([^,]*\),.*/\1/p' "$D/out" | sed 's/[0-9][0-9]*/N/g'), and the other kernel finished it, its program may not even have called accept() yet; you did not choose N: the kernel took a free (ephemeral) port from N-N."
}

test_a_well_known_port() {
	bg timeout 30 "$SOCKT" serve-static . 127.0.0.1 80 --port-file "$D/80"
	await "$D/80"
	explain http-get 127.0.0.1 80 /nope
	grep -q '; 80 is a well-known port (http), which clients know without asking\.$' \
		"$D/out" || fail "$(cat "$D/out")"
}

test_a_port_that_was_chosen_is_not_called_ephemeral() {
	peer close
	explain connect --source 127.0.0.1:5555 127.0.0.1 "$port" </dev/null
	no_why 'you did not choose'
}

test_refused_says_what_came_back_and_what_to_do() {
	explain connect 127.0.0.1 8081
	assertEquals '! connect   127.0.0.1:8081 refused (ECONNREFUSED, N ms)
why: Your SYN reached 127.0.0.1 and the answer was a RST: the machine is there, but no program listens on TCP port 8081 (or a firewall answers like that on purpose).
try: '"'sockt port-check 127.0.0.1 8000-8100' or start a server: 'sockt listen 8081'" \
		"$(sed 's/, [0-9.]* ms)/, N ms)/' "$D/out")"
}

test_refused_here_but_not_at_another_address() {
	bg timeout 30 "$SOCKT" listen 127.0.0.2 7001 --port-file "$D/port2"
	await "$D/port2"
	explain connect 127.0.0.1 7001
	why 'Nothing listens on N.N.N.N:N, but a program listens on N.N.N.N:N: who calls must use an address that the server listens on.'
}

test_a_call_to_oneself() {
	explain connect --source 127.0.0.1:7002 127.0.0.1 7002
	assertEquals 4 "$rc"
	why 'You connected to yourself: the kernel gave this socket the very port it was calling, so it answered its own SYN (simultaneous open).'
}

test_no_answer_at_all() {
	firewall tcp dport 7003 drop
	explain connect --connect-timeout 1.5 127.0.0.1 7003
	assertEquals 5 "$rc"
	why 'N SYNs got no answer at all in N.N s: a firewall drops them silently, the machine is off, or the way back is broken; a closed port would have answered at once with RST.'
	why 'A SYN, the request for a connection, was sent and nothing has come back yet; the kernel keeps sending it again at growing intervals (up to N times), so this may take long unless --connect-timeout is given.'
}

test_rejected_openly() {
	firewall tcp dport 7004 reject with icmpx type admin-prohibited
	explain connect 127.0.0.1 7004
	why 'A router or the host itself answered with ICMP "unreachable" or "prohibited": somebody there rejects you openly.'
}

test_nobody_has_the_address() {
	explain connect 192.0.2.9 80
	why 'Nobody on the local network answered the question who has N.N.N.N (ARP or neighbour discovery, N tries): that address is not in use there.'
}

test_no_route() {
	explain connect 198.51.100.1 80
	why 'This machine has no route to N.N.N.N, or a router on the way has none; no connection was begun.'
}

test_forbidden_by_this_machine() {
	ip route add prohibit 203.0.113.1
	explain connect 203.0.113.1 80
	why 'The kernel forbids it locally (a prohibit route, a broadcast address or a security policy); nothing was sent.'
}

# two ports for callers, and connections that rest on both
test_no_port_left() {
	run unshare -n sh -c '
		ip link set lo up
		echo 61000 61001 >/proc/sys/net/ipv4/ip_local_port_range
		echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse
		"$0" listen -k --service discard 127.0.0.1 7005 --port-file "$1" &
		while [ ! -s "$1" ]; do :; done
		"$0" connect 127.0.0.1 7005 </dev/null
		"$0" connect 127.0.0.1 7005 </dev/null
		"$0" --text --explain connect 127.0.0.1 7005 </dev/null
		kill $!' "$SOCKT" "$D/port3"
	why 'All N ephemeral ports towards N.N.N.N:N are taken, N of them by connections in TIME_WAIT.'
}

### ports of ours

test_what_an_address_to_listen_on_means() {
	server 0
	kill $us
	why 'N.N.N.N and [::] mean every address of this machine: also from other machines, unless a firewall forbids it; use --local for N.N.N.N and ::N only (one IPvN socket serves IPvN too; to it an IPvN client is ::ffff:a.b.c.d).' "$D/heard"
	server 127.0.0.1 0
	kill $us
	why 'Only programs on this machine can reach N.N.N.N:N; from another machine it looks closed.' "$D/heard"
	server 192.0.2.1 0
	kill $us
	why 'From now on the kernel completes handshakes by itself and queues up to N finished connections until accept() takes them.' "$D/heard"
	server "unix:$D/s"
	kill $us
	why 'Only programs on this machine that may open this name can connect; it is removed when we end.' "$D/heard"
}

test_a_client_keeps_the_servers_port() {
	server -k 127.0.0.1 0
	echo hi | nc.openbsd -N 127.0.0.1 "$port"
	echo hi | nc.openbsd -N 127.0.0.1 "$port"
	kill -INT $us
	await_end $us
	why "accept() gave a new socket for this client; its local port is N as well: the server does not change ports, the client's N tells the connections apart." "$D/heard"
	assertEquals 'said once' 1 "$(grep -c 'accept() gave' "$D/heard")"
}

test_why_a_sender_has_a_socket_onwards() {
	server -u --forward 127.0.0.1:9 127.0.0.1 0
	for _ in 1 2; do echo hi | nc.openbsd -u -w 1 127.0.0.1 "$port"; done
	kill -INT $us
	await_end $us
	why 'An answer says only which port it is for: each sender has a socket of its own onwards, so that what comes to port N is for this one.' "$D/heard"
	assertEquals 'said once' 1 "$(grep -c 'of its own onwards' "$D/heard")"
}

test_a_port_in_use() {
	bg timeout 30 "$SOCKT" listen 127.0.0.1 7010 --port-file "$D/7010"
	await "$D/7010"
	explain listen 127.0.0.1 7010
	why 'Another program, sockt (pid N), has this address and port already; two of them would make it undecided who gets the next client.'
	explain listen 7010
	why '[::]:N means every address and so includes N.N.N.N:N, which sockt (pid N) holds.'
}

test_a_privileged_port() {
	explain_as_nobody listen 80
	why "Ports below N are privileged here (net.ipvN.ip_unprivileged_port_start): the old promise that only the administrator's programs answer on well-known ports."
}
# without any capability
explain_as_nobody() {
	run timeout 30 setpriv --bounding-set=-all --inh-caps=-all \
		"$SOCKT" --text --explain --time=none "$@"
}

test_an_address_that_is_not_ours() {
	explain listen 198.51.100.7 7011
	why 'N.N.N.N is not an address of this machine, so nothing sent to it would arrive here.'
}

test_a_child_and_a_thread() {
	for model in process thread; do
		server -k --service echo --per-client $model 127.0.0.1 0
		echo hi | nc.openbsd -N 127.0.0.1 "$port" >/dev/null
		kill -INT $us
		await_end $us
		case $model in
		process) why 'A child process, N, now owns this client; the parent keeps only the listening socket and goes back to accept().' "$D/heard" ;;
		*) why 'A thread, N, of this process now owns this client; it shares our memory, and the first thread goes back to accept().' "$D/heard" ;;
		esac
	done
}

### what is said

test_bytes_sent_and_received() {
	peer 'send:hello\n' read:3 close
	printf 'hi\n' >"$D/in"
	explain connect 127.0.0.1 "$port" <"$D/in"
	why "write() returned: the bytes are in the kernel's send buffer; that does not say that the other side has them, much less that its program has read them."
	why 'TCP is a stream of bytes: this is what had arrived, not a message; two writes may come as one read and one write as two.'
}

test_http_by_hand() {
	peer read:15 close
	printf 'GET / HTTP/1.1\n' >"$D/in"
	explain connect 127.0.0.1 "$port" <"$D/in"
	why 'This line ended in LF alone; HTTP wants CR LF (Nd Na, --crlf sends it), some servers answer N to that.'
	peer read:16 close
	explain connect --crlf 127.0.0.1 "$port" <"$D/in"
	why 'The server waits: an HTTP head ends with an empty line, press Enter once more when it is complete.'
}

test_telnet_negotiation_elsewhere() {
	peer 'send:\xff\xfb\x01' close
	explain connect 127.0.0.1 "$port" </dev/null
	why "ff fb ... looks like telnet negotiation; here it is shown as bytes, 'sockt telnet' would answer it."
	peer 'send:\xff\xfb\x01' read:3 close
	explain telnet 127.0.0.1 "$port" </dev/null
	why 'IAC WILL ECHO (ff fb N) is an option of telnet being negotiated: the server offers to use it.'
	peer 'send:\xff\xfd\x2a\xff\xfb\x03' drain:"$D/x" close
	explain telnet --negotiate 127.0.0.1 "$port" </dev/null
	why 'IAC DO CHARSET (ff fd Na) is an option of telnet being negotiated: the server asks us to use it.'
	why 'IAC WILL SUPPRESS-GO-AHEAD (ff fb N) is an option of telnet being negotiated: the server agrees to what we said first.'
	peer 'send:\xff\xfc\x03' drain:"$D/x" close
	explain telnet --negotiate 127.0.0.1 "$port" </dev/null
	why 'IAC WONT SUPPRESS-GO-AHEAD (ff fc N) is an option of telnet being negotiated: the server refuses what we said first.'
}

test_http_statuses() {
	while read -r status sentence; do
		peer "send:HTTP/1.1 $status x\r\nContent-Length: 0\r\n\r\n" "drain:$D/asked"
		explain http-get 127.0.0.1 "$port" /
		why "$(echo "$sentence" | sed 's/[0-9][0-9]*/N/g')"
	done <<-END
	404 404: the server is there and understood the question; it has nothing under this name.
	301 301: not here; the Location field says where to ask instead.
	403 403: the server is there, but says that the fault is in the question.
	503 503: the server says that the fault is its own, not in the question.
	END
}

test_a_file_cut_short() {
	peer 'send:HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this' shut "drain:$D/asked"
	explain http-get 127.0.0.1 "$port" /
	assertEquals 9 "$rc"
	why 'The head promised N B, the connection ended after N B: the file is incomplete.'
}

### ends

test_half_closed_by_us_and_by_them() {
	printf 'hi\n' >"$D/in"
	peer "drain:$D/x" 'send:bye\n' close
	explain connect 127.0.0.1 "$port" <"$D/in"
	why 'End of input: we sent FIN with shutdown(); we still read until the other side closes too.'
	peer 'send:bye\n' shut "drain:$D/x" close
	mkfifo "$D/later"
	exec 7<>"$D/later"
	bg timeout 30 "$SOCKT" --text --explain connect 127.0.0.1 "$port" \
		<"$D/later" >"$D/out" 2>&1 7>&-
	await_text "$D/out" 'half-closed'
	cat "$D/in" >&7
	exec 7<&-
	await_end $!
	why 'read() returned N: the other side sent FIN, it will send no more; it can still receive what we send (half-closed).'
}

test_a_last_line_without_an_end() {
	peer "drain:$D/x" close
	printf 'hi' >"$D/in"
	explain connect 127.0.0.1 "$port" <"$D/in"
	why 'End of input: we sent FIN; the last line has no line end, and a server that reads lines may wait for it.'
}

test_who_closed_first_keeps_time_wait() {
	peer "drain:$D/x" close
	explain connect 127.0.0.1 "$port" </dev/null
	why 'We closed first, so the memory of this connection (TIME_WAIT) is kept on our side.'
	why "The kernel keeps N.N.N.N:N-N.N.N.N:N in TIME_WAIT for N s (no program needed, visible with 'ss -tan') to answer a repeated FIN and to let stray packets die out."
	grep -q '^\* after     127.0.0.1:[0-9]* to 127.0.0.1:[0-9]* is in TIME_WAIT for \(60\|59\) s$' \
		"$D/out" || fail "$(cat "$D/out")"
	mkfifo "$D/idle"
	exec 7<>"$D/idle"
	peer close
	explain connect 127.0.0.1 "$port" <"$D/idle"
	exec 7<&-
	why 'The other side closed first, so TIME_WAIT is on its side; our port is free at once.'
}

# Its end is there before ours, though nobody has read it yet.
test_who_closed_first_is_whose_fin_was_first() {
	rm -f "$D/port2"
	bg "$SOCKT" --text --explain serve-static --port-file "$D/port2" . \
		127.0.0.1 0 >"$D/heard" 2>&1
	us=$!
	await "$D/port2" && port=$(cat "$D/port2")
	kill -STOP $us
	printf 'GET / HTTP/1.0\r\n\r\n' >"$D/in"
	bg nc.openbsd -N 127.0.0.1 "$port" <"$D/in" >"$D/out"
	until_ok its_end_is_here
	kill -CONT $us
	await_text "$D/heard" '#1 * closed by the client first'
	no_why 'We closed first' "$D/heard"
}
its_end_is_here() { ss -Htn state close-wait "sport = :$port" | grep -q .; }

# The client ends first, which none but the program reads.
test_who_closed_first_where_a_program_reads() {
	server -e "wc -c" 127.0.0.1 0
	echo hello | timeout 20 "$SOCKT" connect 127.0.0.1 "$port" >"$D/out"
	await_end $us
	assertEquals 6 "$(cat "$D/out")"
	why 'The other side closed first, so TIME_WAIT is on its side; our port is free at once.' "$D/heard"
	no_why 'We closed first' "$D/heard"
}

test_a_reset() {
	peer 'send:x\n' rst
	explain connect 127.0.0.1 "$port" </dev/null
	why 'The other side sent RST: it dropped the connection without goodbye; typically its program died, it closed with unread data in its buffer, or it never knew this connection.'
}

test_silence() {
	server -k --service discard --idle-timeout 1 127.0.0.1 0
	mkfifo "$D/still"
	exec 7<>"$D/still"
	timeout 10 nc.openbsd 127.0.0.1 "$port" <"$D/still" >/dev/null
	exec 7<&-
	kill -INT $us
	await_end $us
	why 'Nothing for N s; TCP sends nothing on an idle connection, so neither side would notice a pulled cable.' "$D/heard"
}

### UDP, Unix sockets, ports, TLS

test_closing_with_bytes_unread_is_a_reset() {
	peer fill:100 "await:$D/never"
	explain connect --read-bytes 10 127.0.0.1 "$port" </dev/null
	why 'We closed with received bytes unread, so the kernel sends RST instead of FIN: they are lost, and the other side will see a reset.'
	no_why 'TIME_WAIT'
}

test_udp_refused_and_unheard() {
	echo ping >"$D/in"
	explain connect -u 127.0.0.1 7020 <"$D/in"
	why 'UDP has no handshake: connect() only fixed the address here; nothing was sent and nobody knows yet whether a program listens.'
	why 'The datagram arrived at a machine where no program has this UDP port; its kernel answered with ICMP "port unreachable", which we learn only on the next call.'
	no_why 'No answer to a datagram'
	firewall udp dport 7021 drop
	explain connect -u --idle-timeout 0.3 127.0.0.1 7021 <"$D/in"
	why 'No answer to a datagram proves nothing: it was lost, or dropped, or the program has nothing to say.'
}

test_a_unix_socket() {
	bg timeout 30 "$SOCKT" listen "unix:$D/u" --port-file "$D/u.port"
	await "$D/u.port"
	explain connect "unix:$D/u" </dev/null
	why "A Unix socket has a name in this machine's files instead of address and port; no network is involved, and the kernel knows who is at the other end."
	explain connect unix:nothing </dev/null
	why "Nothing has the name unix:nothing: no program listens there, or never under this name."
}

test_the_states_of_a_port() {
	peer 'await:/nonexistent'
	firewall tcp dport 7030 drop
	explain port-check 127.0.0.1 "$port,7030,7031"
	why 'Open: our SYN was answered by SYN-ACK, so a program listens there.'
	why 'Closed: our SYN was answered by RST, so the machine is there and no program listens (or a firewall answers like that on purpose).'
	why 'Filtered: no answer at all; a firewall drops our SYNs, the machine is off or busy, or the way back is broken.'
}

test_tls_trusted_and_not() {
	tls good
	explain connect --tls --server-name localhost --ca-file "$D/tls/ca.pem" 127.0.0.1 "$port" </dev/null
	why 'The client proposed versions and keys, the server proved that it holds the key of a certificate for localhost that CN=Test CA signed and this machine trusts; from here everything is encrypted.'
	while read -r cert sentence; do
		tls "$cert"
		explain connect --tls --server-name localhost --ca-file "$D/tls/ca.pem" 127.0.0.1 "$port" </dev/null
		assertEquals "$cert" 8 "$rc"
		why "$sentence"
	done <<-'END'
	self The certificate is signed by itself: the connection would be secret, but nobody vouches for who is at the other end.
	other The certificate was signed by somebody whom this machine does not trust, so it proves nothing here.
	expired Certificates have an end date, and this one's has passed (or this machine's clock is wrong).
	early Certificates have a first day, and this one's has not come (or this machine's clock is wrong).
	wrong The certificate is for example.org and others, not for the name asked for: it may be the right machine under another name, or another machine.
	END
	peer 'send:220 plain text here\r\n' close
	explain connect --tls 127.0.0.1 "$port" </dev/null
	why 'The first bytes were no TLS record: this port speaks plain text.'
}

test_tls_with_a_certificate_made_for_this_run() {
	server --tls 127.0.0.1 0
	explain connect --tls --insecure 127.0.0.1 "$port" </dev/null
	why 'From here everything is encrypted, but who is at the other end was not proved.'
	why 'Nobody vouches for a certificate made for this run: clients trust it only if you give them its pin by another way.' "$D/heard"
}

### everywhere

test_json_has_it_too() {
	run "$SOCKT" --json --explain connect 127.0.0.1 8081
	assertEquals 'Your SYN reached 127.0.0.1 and the answer was a RST: the machine is there, but no program listens on TCP port 8081 (or a firewall answers like that on purpose).' \
		"$(jq -r 'select(.ev=="refused").why' "$D/out")"
	run "$SOCKT" --json connect 127.0.0.1 8081
	assertEquals 0 "$(jq -r 'select(has("why"))' "$D/out" | wc -l)"
}

test_a_pipe_keeps_its_bytes() {
	peer 'send:hello\n' close
	run "$SOCKT" --explain connect 127.0.0.1 "$port" </dev/null
	assertEquals hello "$(cat "$D/out")"
	grep -q 'why: SYN, SYN-ACK' "$D/err" || fail "$(cat "$D/err")"
}

test_a_reader_that_left() {
	peer fill:30000000 close
	"$SOCKT" --explain connect 127.0.0.1 "$port" </dev/null 2>"$D/err" | head -c 1 >/dev/null
	grep -qxF 'sockt: stdout: the program reading our output is gone (like head after 10 lines), so there is no one to receive for' \
		"$D/err" || fail "$(cat "$D/err")"
}

. "$SHUNIT2"
