# shellcheck shell=sh disable=SC2034,SC2154
# shark.sh - what Wireshark makes of a recording; for the suites of --record.
# Each run of tshark takes a while, so one run answers most of the questions.
export HOME="$D"	# its settings are not the user's

# shark FILE WORD... - what tshark says of it, checksums verified. As payload,
# bytes are what they are, whatever protocol their ports are registered for.
shark() {
	_f=$1
	shift
	timeout 60 tshark -r "$_f" -n -o tcp.check_checksum:TRUE \
		-o ip.check_checksum:TRUE -o udp.check_checksum:TRUE \
		-d tcp.port==1-65535,data -d udp.port==1-65535,data "$@" \
		2>"$D/shark"
}

# look FILE - its packets, a line each, into $D/seen: what is complained of,
# checksums, flags, ports from and to, TCP's length, ICMP's type and code, the
# comment, the payload. There may be no complaint.
look() {
	shark "$1" -T fields -E separator='|' -E occurrence=a \
		-e _ws.malformed -e tcp.analysis.flags -e ip.checksum.status \
		-e tcp.checksum.status -e udp.checksum.status \
		-e icmp.checksum.status -e icmpv6.checksum.status \
		-e tcp.flags.str -e tcp.srcport -e tcp.dstport -e tcp.len \
		-e icmp.type -e icmp.code -e icmpv6.type -e icmpv6.code \
		-e frame.comment -e data >"$D/seen"
	_rc=$?
	assertEquals "tshark: $(cat "$D/shark")" 0 $_rc
	assertEquals "$1" '' "$(cut -d '|' -f 1-7 "$D/seen" |
		grep '[a-zA-Z]\|^[^|]\|^|[^|]\|\<0\>')"
	assertFalse "$(cat "$D/shark")" "grep -q 'cut short' '$D/shark'"
}

# Of what was looked at: "S0 AS0 A0 AP5", flags and lengths; comments; the
# payload, also of one port's
flags() {
	tr -d '·' <"$D/seen" | awk -F '|' '{ printf "%s%s ", $8, $11 }'
}
comments() { cut -d '|' -f 16 "$D/seen" | grep .; }
payload() {
	awk -F '|' -v port="${1:-}" 'port == "" || $9 == port { print $17 }' \
		"$D/seen" | unhex
}
# icmp: "3 1" and "1 3", type and code
icmp() { awk -F '|' '$12 $14 { print $12 $14, $13 $15 }' "$D/seen"; }

# stream FILE - Follow Stream: the client's bytes into $D/up, the server's
# into $D/down
stream() {
	shark "$1" -q -z follow,tcp,raw,0 | sed '1,/^Node 1/d; /^====/d' \
		>"$D/stream"
	grep -v '^	' "$D/stream" | unhex >"$D/up"
	grep '^	' "$D/stream" | unhex >"$D/down"
}
unhex() { python3 -c 'import sys
sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))'; }

# peer ACTION... - see peers/tcp_peer.py; sets $port
peer() {
	rm -f "$D/port"
	bg python3 peers/tcp_peer.py "$D/port" "$@"
	await "$D/port" && port=$(cat "$D/port")
}

# server WORD... - sockt WORD... --port-file; sets $port, $us
server() {
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" "$@" --port-file "$D/port" >"$D/heard" \
		2>"$D/said"
	us=$!
	await "$D/port" && port=$(cat "$D/port")
}

# stop - the server, in order
stop() {
	kill "$us"
	await_end "$us"
}
