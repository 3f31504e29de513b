#!/bin/sh
# shellcheck disable=SC1090,SC1091,SC2154
# --record: every kind of conversation, as tshark reads it. The suite has a
# network of its own, if that can be had, for a firewall.
if [ -z "${PRIVATE:-}" ] && unshare -rnm true 2>/dev/null; then
	PRIVATE=1 exec unshare -rnm --kill-child sh "$0" "$@"
fi
. ./lib.sh
. ./shark.sh

oneTimeSetUp() { [ -z "${PRIVATE:-}" ] || ip link set lo up; }

setUp() { rm -rf "${D:?}"/*; }

### streams

test_follow_stream_equals_the_bytes() {
	for host in 127.0.0.1 ::1; do
		head -c 300000 /dev/urandom >"$D/in"
		head -c 200000 /dev/urandom >"$D/theirs"
		server --record "$D/l" listen "$host" 0 <"$D/theirs"
		run "$SOCKT" --record "$D/c" connect "$host" "$port" <"$D/in"
		assertEquals "$host: status" 0 "$rc"
		await_end "$us"
		assertEquals "$host: their status" 0 "$rc"
		assertBytes "$host: received" "$D/theirs" "$D/out"
		look "$D/l"
		look "$D/c"
		stream "$D/c"
		assertBytes "$host: up" "$D/in" "$D/up"
		assertBytes "$host: down" "$D/theirs" "$D/down"
	done
}

test_addresses_directions_and_the_handshake_are_described() {
	peer close
	run "$SOCKT" --json --record "$D/c" connect 127.0.0.1 "$port" </dev/null
	look "$D/c"
	ours=$(jq 'select(.ev == "connected").local.port' "$D/out")
	assertEquals "$ours $port" "$(sed -n 1p "$D/seen" | cut -d '|' -f 9,10 |
		tr '|' ' ')"
	assertTrue "$(comments)" "comments | grep -q \
		'^#1: connect() took [0-9]* us; the handshake is synthesised'"
	shark "$D/c" -V -c 2 >"$D/first"
	for text in 'Src: 127.0.0.1, Dst: 127.0.0.1' 'Direction: Outbound' \
		'Direction: Inbound' 'Maximum segment size: 65495' \
		'Window scale: 10'; do
		assertTrue "$text: $(cat "$D/first")" \
			"grep -q '$text' '$D/first'"
	done
	capinfos "$D/c" >"$D/info"
	for text in 'application:.*sockt' 'synthesised by sockt' nanosecond; do
		assertTrue "$text: $(cat "$D/info")" "grep -q '$text' '$D/info'"
	done
}

test_what_left_with_the_SYN_is_recorded() {
	# 1 + 4: a client, even without a cookie
	[ -n "${PRIVATE:-}" ] && sysctl -qw net.ipv4.tcp_fastopen=5 ||
		{ skip 'no private network here'; return; }
	peer "drain:$D/drained" close
	echo early >"$D/in"
	run "$SOCKT" --record "$D/c" connect --fast-open 127.0.0.1 "$port" \
		<"$D/in"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	look "$D/c"
	assertEquals early "$(payload)"
}

test_a_name_is_known_to_Wireshark() {
	peer close
	run "$SOCKT" --record "$D/c" connect -4 localhost "$port" </dev/null
	timeout 60 tshark -r "$D/c" -N n -Y tcp.flags.syn==1 -T fields \
		-e ip.dst_host >"$D/names" 2>"$D/shark"
	assertEquals localhost "$(head -n 1 "$D/names")"
}

### ends

test_half_closed_is_a_FIN_each_in_its_time() {
	peer "drain:$D/drained" send:late close
	run "$SOCKT" --record "$D/c" connect 127.0.0.1 "$port" <<-'EOF'
		question
	EOF
	look "$D/c"
	assertEquals 'S0 AS0 A0 AP9 A0 AF0 A0 AP4 A0 AF0 A0 ' "$(flags)"
}

test_their_reset_is_a_RST() {
	peer send:x rst
	run "$SOCKT" --record "$D/c" connect 127.0.0.1 "$port" </dev/null
	look "$D/c"
	assertEquals "of them: $(flags)" "$port" \
		"$(grep 'R··|' "$D/seen" | cut -d '|' -f 9)"
	assertEquals ECONNRESET "$(comments | tail -n 1)"
}

test_what_we_leave_unread_is_our_RST() {
	peer fill:3000000 "drain:$D/drained"
	"$SOCKT" --record "$D/c" connect 127.0.0.1 "$port" >/dev/full \
		2>"$D/err" </dev/null
	rc=$?
	assertEquals "$(cat "$D/err")" 11 $rc
	look "$D/c"
	assertEquals 'to them' "$port" "$(grep 'R··|' "$D/seen" |
		cut -d '|' -f 10)"
}

test_refused_is_a_SYN_and_a_RST() {
	for host in 127.0.0.1 ::1; do
		run "$SOCKT" --record "$D/c" connect "$host" 1 </dev/null
		assertEquals "$host" 4 "$rc"
		look "$D/c"
		assertEquals "$host" 'S0 AR0 ' "$(flags)"
		assertTrue "$host: our port" \
			"[ $(head -n 1 "$D/seen" | cut -d '|' -f 9) -gt 1023 ]"
	done
}

# firewall RULE... - of nftables, for this suite's network
firewall() {
	[ -n "${PRIVATE:-}" ] || { skip 'no private network here'; return 1; }
	command -v nft >/dev/null || { skip 'no nftables'; return 1; }
	nft flush ruleset
	nft -f - <<-EOF
		table inet f { chain in {
			type filter hook input priority 0
			$*
		}
		}
	EOF
}

test_a_timeout_is_a_SYN_alone() {
	firewall tcp dport 9 drop || return 0
	run "$SOCKT" --record "$D/c" connect --connect-timeout 0.3 127.0.0.1 9 \
		</dev/null
	nft flush ruleset
	assertEquals 5 "$rc"
	look "$D/c"
	assertEquals 'S0 ' "$(flags)"
	assertTrue "$(comments)" "comments | grep -q \
		'^no answer in [0-9.]* s; the kernel sent [1-9] SYNs*\$'"
}

test_unreachable_is_a_SYN_and_an_ICMP_message() {
	firewall 'tcp dport 9 reject with icmpx type host-unreachable' ||
		return 0
	for host in 127.0.0.1 ::1; do
		run "$SOCKT" --record "$D/c" connect "$host" 9 </dev/null
		assertEquals "$host: $(cat "$D/err")" 6 "$rc"
		look "$D/c"
		assertEquals "$host" 2 "$(wc -l <"$D/seen")"
		case $host in
		*:*) assertEquals "$host" '1 3' "$(icmp)" ;;
		*) assertEquals "$host" '3 1' "$(icmp)" ;;
		esac
	done
	nft flush ruleset
}

test_what_never_left_is_not_recorded() {
	[ -n "${PRIVATE:-}" ] || { skip 'no private network here'; return; }
	run "$SOCKT" --record "$D/c" connect 192.0.2.1 80 </dev/null
	assertEquals 6 "$rc"
	look "$D/c"
	assertEquals '' "$(cat "$D/seen")"
}

### ports asked

# probes OPTION... - one host's; what its packets are
probes() {
	run "$SOCKT" --record "$D/c" port-check "$@"
	look "$D/c"
}

test_an_open_port_is_a_connection_with_what_was_said() {
	peer 'send:220 hello\r\n' "drain:$D/drained" close
	probes --banner 127.0.0.1 "$port"
	assertEquals "$(cat "$D/err")" 0 "$rc"
	assertEquals 'S0 AS0 A0 AP11 A0 AF0 A0 ' "$(flags)"
	assertEquals '220 hello' "$(payload "$port" | tr -d '\r')"
	assertTrue "$(comments)" "comments | grep -q \
		'^the port is open: SYN-ACK after [0-9]* us; '"
}

test_among_many_ports_an_open_one_is_reset() {
	peer "drain:$D/drained" close
	probes 127.0.0.1 1-20 "$port"
	assertEquals 'S0 AS0 A0 AR0 ' "$(awk -F '|' -v p="$port" \
		'$9 == p || $10 == p' "$D/seen" >"$D/one"
		tr -d '·' <"$D/one" | awk -F '|' '{ printf "%s%s ", $8, $11 }')"
	assertEquals 'the others' 20 "$(cut -d '|' -f 16 "$D/seen" |
		grep -c '^connect() failed: refused (ECONNREFUSED)')"
}

test_a_closed_port_is_a_SYN_and_a_RST() {
	for host in 127.0.0.1 ::1; do
		probes "$host" 1
		assertEquals "$host" 'S0 AR0 ' "$(flags)"
		assertTrue "$host: our port" \
			"[ $(head -n 1 "$D/seen" | cut -d '|' -f 9) -gt 1023 ]"
	done
}

test_a_silent_port_is_a_SYN_alone() {
	firewall tcp dport 9 drop || return 0
	probes --silence 0.2 127.0.0.1 9
	nft flush ruleset
	assertEquals 'S0 ' "$(flags)"
	assertTrue "$(comments)" "comments | grep -q \
		'^no answer in [0-9.]* s; the kernel sent [1-9] SYNs*\$'"
}

test_a_firewall_s_answer_is_its_ICMP_message() {
	while read -r what t4 c4 t6 c6; do
		firewall tcp dport 9 reject with icmpx type "$what" || return 0
		probes 127.0.0.1 9
		assertEquals "$what" "$t4 $c4" "$(icmp)"
		assertEquals "$what: from whom is known" '' \
			"$(comments | grep 'not known')"
		probes ::1 9
		assertEquals "$what" "$t6 $c6" "$(icmp)"
		nft flush ruleset
	done <<-'EOF'
		admin-prohibited 3 13 1 1
		port-unreachable 3 3 1 4
		host-unreachable 3 1 1 3
	EOF
}

### datagrams, Unix sockets

test_datagrams_are_what_they_were() {
	for host in 127.0.0.1 ::1; do
		server --record "$D/l" --json listen -k -u "$host" 0 </dev/null
		head -c 60000 /dev/urandom >"$D/in"
		run "$SOCKT" --record "$D/c" connect -u --datagram-size 20000 \
			--idle-timeout 0.2 "$host" "$port" <"$D/in"
		until_ok makes 3 grep -c datagram_in "$D/heard"
		stop
		for f in "$D/c" "$D/l"; do
			look "$f"
			payload >"$D/up"
			assertBytes "$host" "$D/in" "$D/up"
		done
	done
}

test_an_undelivered_datagram_is_an_ICMP_message() {
	for host in 127.0.0.1 ::1; do
		echo x >"$D/in"
		run "$SOCKT" --record "$D/c" connect -u "$host" 9 <"$D/in"
		assertEquals "$host" 4 "$rc"
		look "$D/c"
		case $host in
		*:*) assertEquals "$host" '1 4' "$(icmp)" ;;
		*) assertEquals "$host" '3 3' "$(icmp)" ;;
		esac
	done
}

test_Unix_sockets_have_addresses_made_up() {
	echo hello >"$D/in"
	server --record "$D/l" listen "unix:$D/s" </dev/null
	run "$SOCKT" --record "$D/c" connect "unix:$D/s" <"$D/in"
	await_end "$us"
	for f in "$D/c" "$D/l"; do
		look "$f"
		assertEquals "$f" hello "$(payload 50001)"
		assertTrue "$(comments)" "comments | grep -qF 'unix:$D/s: #1: '"
	done
	run "$SOCKT" --record "$D/c" connect "unix:$D/none" </dev/null
	assertEquals 4 "$rc"
	look "$D/c"
	assertEquals 'S0 AR0 ' "$(flags)"
}

### what passes through others

test_a_program_s_bytes_are_recorded() {
	server --record "$D/l" listen --local --exec cat 0
	head -c 200000 /dev/urandom >"$D/in"
	run "$SOCKT" connect 127.0.0.1 "$port" <"$D/in"
	await_end "$us"
	assertBytes 'answered' "$D/in" "$D/out"
	look "$D/l"
	payload "$port" >"$D/down"
	assertBytes 'recorded' "$D/in" "$D/down"
}

test_what_a_process_moved_is_said_to_be_missing() {
	server --record "$D/l" listen -k --local --service echo \
		--per-client process 0
	echo hello >"$D/in"
	run "$SOCKT" connect 127.0.0.1 "$port" <"$D/in"
	stop
	look "$D/l"
	assertTrue "$(comments)" "comments | grep -q \
		'^not recorded: 6 B sent and 6 B received'"
}

test_HTTP_is_put_together_again() {
	mkdir "$D/site"
	head -c 3000000 /dev/urandom >"$D/site/big"
	server --record "$D/l" serve-static "$D/site" 0
	run "$SOCKT" --record "$D/c" http-get "http://127.0.0.1:$port/big"
	assertBytes 'fetched' "$D/site/big" "$D/out"
	stop
	for f in "$D/c" "$D/l"; do
		look "$f"
		timeout 60 tshark -r "$f" -n -d "tcp.port==$port,http" \
			--export-objects "http,$D/objects" >"$D/x" 2>&1
		assertBytes "$f, as Wireshark has it" "$D/site/big" \
			"$D/objects/big"
		rm -r "$D/objects"
	done
}

test_telnet_is_recorded_with_its_negotiation() {
	peer 'send:\xff\xfb\x01\xff\xfb\x03hello\xff\xff\r\n' \
		"drain:$D/drained" close
	run "$SOCKT" --record "$D/c" telnet 127.0.0.1 "$port" </dev/null
	look "$D/c"
	printf '\377\373\001\377\373\003hello\377\377\r\n' >"$D/theirs"
	payload "$port" >"$D/down"
	assertBytes 'as they came' "$D/theirs" "$D/down"
}

### many

test_a_thousand_conversations_without_a_complaint() {
	server --record "$D/l" listen -k --local --service echo 0
	assertTrue "timeout 60 python3 peers/echo_callers.py $port 1000"
	stop
	look "$D/l"
	tr -d '·' <"$D/seen" | cut -d '|' -f 8 | sort | uniq -c |
		awk '$2 == "S" || $2 == "AR" { print $2, $1 }' >"$D/counted"
	assertEquals 'AR 400
S 1000' "$(cat "$D/counted")"
}

. "$SHUNIT2"
