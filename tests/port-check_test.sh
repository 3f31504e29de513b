#!/bin/sh
# sockt port-check: what is open, what is not, and how one knows.
# All of it in a network of its own, where no other test listens.
if [ -z "${PRIVATE:-}" ] && unshare -rnm true 2>/dev/null; then
	PRIVATE=1 exec unshare -rnm --kill-child sh "$0" "$@"
fi
. ./lib.sh

private_network() {
	ip link set lo up
	printf '%s\n' '127.0.0.1 localhost' '::1 localhost' \
		'127.0.0.1 trio' '127.0.0.2 trio' '127.0.0.3 trio' \
		'127.0.0.1 one' '127.0.0.2 two' >"$D/hosts"
	mount --bind "$D/hosts" /etc/hosts
}

oneTimeSetUp() {
	[ -n "${PRIVATE:-}" ] || { skip 'no private network here (unshare)'; return; }
	private_network
}

# listen_on ADDRESS:PORT... - until tearDown; what is said first: peers/
listen_on() {
	rm -f "$D/ready"
	bg python3 peers/listeners.py "$D/ready" "$@"
	await "$D/ready"
}

# firewall RULE... - about packets that come in
firewall() {
	command -v nft >/dev/null || { skip 'nftables is not installed'; return 1; }
	{
		echo 'table inet test { chain in { type filter hook input priority 0;'
		printf '%s\n' "$@" '}' '}'
	} | nft -f -
}

tear_down_firewall() { nft flush ruleset 2>/dev/null; }

setUp() { [ -n "${PRIVATE:-}" ] || startSkipping; }

# check OPTION... - in a pipe, and on a terminal with times taken out
check() { run "$SOCKT" port-check "$@"; }
view() {
	run "$SOCKT" --text port-check "$@"
	sed -E -i 's/ +[0-9.]+ m?s  / TIME  /
		s/ in [0-9.]+ m?s/ in TIME/' "$D/out"
}

test_tells_open_from_closed_in_five_fields() {
	listen_on 127.0.0.1:22
	check 127.0.0.1 22 23 24
	assertEquals 1 "$rc"
	assertEquals "$(printf '%s\t%s\t%s\t%s\n' 127.0.0.1 22 open ssh \
		127.0.0.1 23 closed telnet 127.0.0.1 24 closed -)" \
		"$(cut -f 1-4 "$D/out")"
	assertEquals 'a time that is none' '' \
		"$(cut -f 5 "$D/out" | grep -v '^[0-9]*\.[0-9]\{3\}$')"
	assertEquals '' "$(cat "$D/err")"
}

test_succeeds_only_if_all_are_open() {
	listen_on 127.0.0.1:80 127.0.0.1:81
	check 127.0.0.1 80 81
	assertEquals 'all' 0 "$rc"
	check 127.0.0.1 80-82
	assertEquals 'not all' 1 "$rc"
	check 127.0.0.1 82
	assertEquals 'none' 1 "$rc"
	check 127.0.0.1:80
	assertEquals 'in one word' 0 "$rc"
	run "$SOCKT" -q --text port-check 127.0.0.1 80
	assertEquals 'quietly' '0 ' "$rc $(cat "$D/out" "$D/err")"
}

test_takes_names_lists_and_ranges_in_order_each_once() {
	check 127.0.0.1 https http,20-22 21 8080,http
	assertEquals '20 21 22 80 443 8080' "$(cut -f 2 "$D/out" | xargs)"
	check '[::1],127.0.0.1,::1' 1,2
	assertEquals '::1 1 ::1 2 127.0.0.1 1 127.0.0.1 2 ::1 1 ::1 2' \
		"$(cut -f 1,2 "$D/out" | xargs)"
}

test_refuses_what_is_not_asked_rightly() {
	while IFS='|' read -r words says; do
		# shellcheck disable=SC2086 # several words are meant
		check $words
		assertEquals "$words: status" 2 "$rc"
		assertEquals "$words: one line" 1 "$(wc -l <"$D/err")"
		assertTrue "$words: $(cat "$D/err")" \
			"grep -qF -e \"$says\" '$D/err'"
		assertEquals "$words: output" '' "$(cat "$D/out")"
	done <<-END
		127.0.0.1|no port given
		127.0.0.1 0|'0' is no port one can ask
		127.0.0.1 70000|'70000' is too large
		127.0.0.1 080|leading zero
		127.0.0.1 80x|neither a port nor a known service name
		127.0.0.1 no-such-service|neither a port nor a known service name
		127.0.0.1 25-20|runs backwards
		127.0.0.1 1-2-3|not a range
		127.0.0.1 20-|not a range
		127.0.0.1 80,,81|an empty item
		127.0.0.1 80,|an empty item
		,127.0.0.1 80|host '' is empty
		[::1 80|missing its ']'
		127.0.0.1:80 81|has its own port
		127.0.0.1:80,::1 81|has its own port
		--silence x 127.0.0.1 80|--silence
		--nonsense 127.0.0.1 80|--nonsense
	END
	check
	assertEquals 2 "$rc"
	check "$(seq -s, -f 127.0.0.%.0f 65)" 80
	assertEquals "65 hosts: $(cat "$D/err")" 2 "$rc"
	check "$(seq -s, -f 127.0.0.%.0f 17)" 1-65535
	assertEquals "too much: $(cat "$D/err")" 2 "$rc"
}

test_shows_a_table_on_a_terminal() {
	listen_on 127.0.0.1:22='SSH-2.0-OpenSSH_9.2\r\n' 127.0.0.1:80
	view 127.0.0.1 21-23,80
	cat >"$D/want" <<-END
		PORT   STATE     SERVICE      TIME   HOW
		21     closed    ftp TIME  RST
		22     open      ssh TIME  SYN-ACK; said "SSH-2.0-OpenSSH_9.2"
		23     closed    telnet TIME  RST
		80     open      http TIME  SYN-ACK
		127.0.0.1: 2 open, 2 closed of 4 in TIME
	END
	assertEquals "$(cat "$D/want")" "$(cat "$D/out")"
	view --no-banner one,two 22
	cat >"$D/want" <<-END
		HOST  PORT   STATE     SERVICE      TIME   HOW
		one   22     open      ssh TIME  SYN-ACK
		one (127.0.0.1): 1 open of 1 in TIME
		two   22     closed    ssh TIME  RST
		two (127.0.0.2): 1 closed of 1 in TIME
	END
	assertEquals "$(cat "$D/want")" "$(cat "$D/out")"
	view -v 127.0.0.1 23
	assertTrue "$(cat "$D/out")" \
		"grep -q 'RST; remote login in clear text (RFC 854)' '$D/out'"
}

test_columns_stand_below_their_heads() {
	listen_on 127.0.0.1:22
	run "$SOCKT" --text port-check 127.0.0.1 22,443
	assertEquals 'STATE open closed' \
		"$(head -n 3 "$D/out" | cut -c 8-13 | xargs)"
	assertEquals 'HOW SYN RST' "$(head -n 3 "$D/out" | cut -c 38-40 | xargs)"
}

test_closed_ports_among_many_are_only_counted() {
	listen_on 127.0.0.1:110
	view 127.0.0.1 101-120
	cat >"$D/want" <<-END
		PORT   STATE     SERVICE      TIME   HOW
		110    open      pop3 TIME  SYN-ACK
		127.0.0.1: 1 open, 19 closed of 20 in TIME  (19 closed ports not listed; --all)
	END
	assertEquals "$(cat "$D/want")" "$(cat "$D/out")"
	view --all 127.0.0.1 101-120
	assertEquals 22 "$(wc -l <"$D/out")"
	check 127.0.0.1 101-120
	assertEquals 'in a pipe' 20 "$(wc -l <"$D/out")"
}

test_a_name_is_open_if_one_of_its_addresses_is() {
	listen_on 127.0.0.1:1001 ::1:1002 0.0.0.0:1003 127.0.0.2:1004
	check localhost 1001-1003
	assertEquals 'both families' 0 "$rc"
	view localhost 1001,1002,1004
	assertTrue "$(cat "$D/out")" "grep -q '^1001 .*SYN-ACK, 127.0.0.1 only' '$D/out' &&
		grep -q '^1002 .*SYN-ACK, ::1 only' '$D/out' &&
		grep -q '^localhost (.*): 2 open, 1 closed of 3' '$D/out'"
	view trio 1003,1004
	assertTrue "$(cat "$D/out")" "grep -q '^1003 .*SYN-ACK\$' '$D/out' &&
		grep -q '^1004 .*SYN-ACK, 127.0.0.2 only' '$D/out'"
	check -4 localhost 1002
	assertEquals 'IPv4 only' 1 "$rc"
	check -6 localhost 1002
	assertEquals 'IPv6 only' 0 "$rc"
}

test_a_name_that_is_unknown_does_not_stop_the_others() {
	listen_on 127.0.0.1:80
	check nosuch.invalid,127.0.0.1 80
	assertEquals 3 "$rc"
	assertEquals 'nosuch.invalid error 127.0.0.1 open' \
		"$(cut -f 1,3 "$D/out" | xargs)"
	assertTrue "$(cat "$D/err")" "grep -q nosuch.invalid '$D/err'"
}

test_silent_ports_are_filtered_all_at_the_same_time() {
	firewall 'tcp dport 200-299 drop' || return
	start=$(date +%s%N)
	check 127.0.0.1 199-300
	ms=$((($(date +%s%N) - start) / 1000000))
	tear_down_firewall
	assertEquals 1 "$rc"
	assertEquals '2 closed 100 filtered' \
		"$(cut -f 3 "$D/out" | sort | uniq -c | xargs)"
	assertEquals 'no time is told for silence' - \
		"$(awk -F'\t' '$3 == "filtered" { print $5 }' "$D/out" | sort -u)"
	assertTrue "$ms ms" "[ $ms -ge 1150 ] && [ $ms -lt 3000 ]"
}

test_says_how_often_it_asked() {
	firewall 'tcp dport 200 drop' || return
	view 127.0.0.1 200
	assertTrue "$(cat "$D/out")" "grep -q '^200 .*no answer to 2 SYNs' '$D/out'"
	start=$(date +%s%N)
	view --silence 200ms 127.0.0.1 200
	ms=$((($(date +%s%N) - start) / 1000000))
	tear_down_firewall
	assertTrue "$(cat "$D/out")" "grep -q '^200 .*no answer to 1 SYN ' '$D/out'"
	assertTrue "$ms ms" "[ $ms -ge 190 ] && [ $ms -lt 1000 ]"
}

test_a_firewall_that_speaks_is_quoted() {
	firewall 'tcp dport 200 reject with icmpx type admin-prohibited' \
		'tcp dport 201 reject with icmpx type port-unreachable' \
		'tcp dport 202 reject with icmpx type host-unreachable' \
		'tcp dport 203 reject with tcp reset' || return
	view 127.0.0.1 200-204
	sed -E 's/ +/ /g; s/ TIME / /' "$D/out" >"$D/got"
	cat >"$D/want" <<-END
		200 filtered - firewall at 127.0.0.1 says "administratively prohibited" (ICMP 3/13)
		201 filtered - firewall at 127.0.0.1 says "port unreachable" (ICMP 3/3)
		202 unreachable - 127.0.0.1 says "host unreachable" (ICMP 3/1)
		203 closed - RST
		204 closed - RST
	END
	assertEquals "$(cat "$D/want")" "$(grep '^2' "$D/got")"
	view ::1 201
	tear_down_firewall
	assertTrue "$(cat "$D/out")" \
		"grep -q 'firewall at ::1 says \"port unreachable\" (ICMP 1/4)' '$D/out'"
}

test_a_full_accept_queue_is_silent_too() {
	bg python3 peers/tcp_peer.py "$D/port" busy
	await "$D/port"
	check 127.0.0.1 "$(cat "$D/port")"
	assertEquals '1 filtered' "$rc $(cut -f 3 "$D/out")"
}

test_no_way_there_is_never_closed() {
	ip route add prohibit 10.8.0.1
	ip route add blackhole 10.8.0.2
	ip route add unreachable 10.8.0.3
	check 10.8.0.1,10.8.0.2,10.8.0.3,10.9.0.1 80
	ip route flush 10.8.0.0/16 2>/dev/null
	assertEquals 1 "$rc"
	assertEquals unreachable "$(cut -f 3 "$D/out" | sort -u)"
	view 10.9.0.1 80
	assertTrue "$(cat "$D/out")" \
		"grep -q 'nothing was sent: no route to there (ENETUNREACH)' '$D/out'"
}

test_few_descriptors_are_enough() {
	firewall 'tcp dport 200-219 drop' || return
	listen_on 127.0.0.1:300
	run sh -c "ulimit -n 20; exec $SOCKT port-check --silence 100ms 127.0.0.1 190-300"
	tear_down_firewall
	assertEquals '90 closed 20 filtered 1 open' \
		"$(cut -f 3 "$D/out" | sort | uniq -c | xargs)"
	seq 190 300 >"$D/want"
	assertEquals 'in order' "$(cat "$D/want")" "$(cut -f 2 "$D/out")"
}

test_hostile_words_do_not_reach_the_terminal() {
	listen_on '127.0.0.1:7=\x1b]0;t\x07\x1b[6n\xc2\x9b2J\xe2\x80\xae\b\b\rx' \
		'127.0.0.1:8=\x1b]52;c;aGk=\x07\nmore' '127.0.0.1:9=\xff\xfd\x18\0x'
	terminal "$SOCKT" port-check --color=never 127.0.0.1 7-9
	assertEquals 0 "$rc"
	assertTrue "$(cat -v "$D/tty")" "grep -qF '\\e]0;t\\x07\\e[6n\\xc2\\x9b2J\\xe2\\x80\\xae\\x08\\x08' '$D/tty' &&
		grep -qF '\\e]52;c;aGk=\\x07…\"' '$D/tty' &&
		grep -qF '\\xff\\xfd\\x18\\x00x' '$D/tty'"
	assertEquals 'raw controls' '' "$(tr -d '\n\r' <"$D/tty" |
		LC_ALL=C tr -d ' -~\200-\377' | od -An -c)"
	assertFalse 'C1 or bidi' "grep -q \"\$(printf '\302\233\\|\342\200\256')\" '$D/tty'"
}

test_tells_every_port_as_json() {
	listen_on '127.0.0.1:22=SSH-2.0-x\r\n' '127.0.0.1:23=\xff\xfd\x18\0x'
	run "$SOCKT" --json port-check --banner 127.0.0.1 22-24
	assertEquals 1 "$rc"
	assertEquals 'start resolve scan port port port scanned summary' \
		"$(jq -r .ev "$D/out" | xargs)"
	jq -r 'select(.ev == "port") |
		"\(.port) \(.state) \(.how) \(.banner // .banner_b64)"' "$D/out" >"$D/got"
	printf '%s\n' '22 open syn-ack SSH-2.0-x^M' '' '23 open syn-ack //0YAHg=' \
		'24 closed rst null' >"$D/want"
	assertEquals "$(cat "$D/want")" "$(cat -v "$D/got")"
	assertEquals '{"open":2,"closed":1,"exit":1}' "$(jq -c \
		'select(.ev == "summary") | {open, closed, exit}' "$D/out")"
}

test_tells_what_is_known_when_it_is_stopped() {
	firewall 'tcp dport 200 drop' || return
	listen_on 127.0.0.1:201
	: >"$D/out"
	bg env --default-signal=INT "$SOCKT" --text port-check --silence 20s \
		127.0.0.1 200-201 >"$D/out" 2>&1
	us=$!
	until_ok sh -c "ss -tnH state syn-sent | grep -q :200"
	kill -INT $us
	await_end $us
	tear_down_firewall
	assertEquals 130 "$rc"
	assertTrue "$(cat "$D/out")" "grep -q '^201 *open' '$D/out' &&
		grep -q '1 open of 2 in .*ended before' '$D/out'"
}

test_ends_when_its_time_is_over() {
	firewall 'tcp dport 200 drop' || return
	check --timeout 100ms 127.0.0.1 200
	tear_down_firewall
	assertEquals 5 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q -e --timeout '$D/err'"
}

test_output_that_fails_is_no_success() {
	listen_on 127.0.0.1:80
	timeout 20 "$SOCKT" port-check 127.0.0.1 80 >/dev/full 2>"$D/err"
	assertEquals "$(cat "$D/err")" 11 $?
	timeout 20 "$SOCKT" port-check 127.0.0.1 1-65535 2>"$D/err" | head -n 1 >"$D/out"
	assertEquals 'a reader that leaves' '' "$(cat "$D/err")"
	assertEquals 1 "$(wc -l <"$D/out")"
}

test_progress_is_for_a_terminal_and_leaves_no_trace() {
	firewall 'tcp dport 200-220 drop' || return
	terminal "$SOCKT" port-check 127.0.0.1 200-219
	assertTrue "$(cat -v "$D/tty")" "grep -q '0 of 20 answers, 0 open' '$D/tty'"
	assertTrue 'cleared before the table' \
		"grep -q \"\$(printf '\\r\\033')\[KPORT\" '$D/tty'"
	run "$SOCKT" --text port-check 127.0.0.1 200-219
	tear_down_firewall
	assertEquals '' "$(cat "$D/err")"
}

. "$SHUNIT2"
