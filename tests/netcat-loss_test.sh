#!/bin/sh
# What goes over a connection between sockt and another netcat, in both roles:
# every byte arrives or is told to be lost; and who has the port.
# shellcheck disable=SC2154,SC2016,SC2034
if [ -z "${PRIVATE:-}" ] && unshare -rn true 2>/dev/null; then
	PRIVATE=1 exec unshare -rn --kill-child sh "$0" "$@"
fi
. ./lib.sh
. ./netcat.sh

oneTimeSetUp() { [ -z "${PRIVATE:-}" ] || ip link set lo up; }
setUp() { rm -rf "${D:?}"/*; }

### losses

# What the peer's system has taken is certain, and no more.
test_a_reset_while_we_send_tells_what_is_certain() {
	py 'c = listen()
c.recv(1000, socket.MSG_WAITALL)
print(1000 + full(c), flush=True)
reset(c)'
	await "$D/port"
	head -c 20000000 /dev/zero | timeout 20 "$SOCKT" --json-file \
		"$D/log" connect 127.0.0.1 "$(cat "$D/port")" 2>"$D/err"
	rc=$?
	certain connect
	rm "$D/port" "$D/far"
	bg timeout 60 "$SOCKT" listen --json-file "$D/log" --port-file \
		"$D/port" 127.0.0.1 0 </dev/zero 2>"$D/err"
	us=$!
	await "$D/port"
	py 'c = s
c.connect(("127.0.0.1", int(sys.argv[1])))
c.recv(1000, socket.MSG_WAITALL)
print(1000 + full(c), flush=True)
reset(c)' "$(cat "$D/port")"
	await_end $us
	certain listen
}

# certain ROLE - the last run of ours says just what $far got
certain() {
	assertEquals "$1: $(cat "$D/err")" 9 "$rc"
	await "$D/far"
	read -r sent unacked <<-END
		$(sed -n 's/.* after \([0-9]*\) B sent (\([0-9]*\) B of them not acknowledged).*(ECONNRESET)$/\1 \2/p' "$D/err")
	END
	assertEquals "$1: $(cat "$D/err" "$D/far.err")" "$(cat "$D/far")" \
		$((${sent:-0} - ${unacked:-0}))
	assertEquals "$1" "$unacked" \
		"$(jq 'select(.ev=="reset").unacked' "$D/log")"
}

test_a_listener_hands_out_every_byte_before_a_reset() {
	d=$D
	ours /dev/null
	py 'c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
c.sendall(b"x" * 100000)
while os.path.getsize(sys.argv[2]) < 100000:
    time.sleep(0.01)
reset(c)' "$port" "$D/heard"
	await_end $us
	assertEquals 9 "$rc"
	assertEquals 100000 "$(stat -c %s "$D/heard")"
	assertContains "$(cat "$D/said")" ' 100000 B received: reset by the peer'
}

# Both are silent then: neither has ended by itself.
test_a_killed_peer_of_tls_has_cut_its_stream_short() {
	d=$D
	silent
	mkfifo "$D/mute"
	exec 7<>"$D/mute"
	ours "$D/mute" --tls
	bg openssl s_client -quiet -connect "127.0.0.1:$port" <>"$D/silent" \
		2>/dev/null
	far=$!
	echo hello >&8
	cut_short openssl
	port=$(free_port)
	bg ncat --ssl -l 127.0.0.1 "$port" <>"$D/silent" 2>/dev/null
	far=$!
	until_ok listening "$port"
	: >"$D/heard"
	bg timeout 20 "$SOCKT" connect --tls --insecure 127.0.0.1 "$port" \
		<"$D/mute" >"$D/heard" 2>"$D/said"
	us=$!
	echo hello >&8
	cut_short ncat
	exec 7>&- 8>&-
}

# cut_short NAME - it is killed once it has said hello
cut_short() {
	await "$D/heard"
	kill -s KILL $far
	await_end $us
	assertEquals "$1: $(cat "$D/said")" 9 "$rc"
	assertContains "$(cat "$D/said")" truncated
	assertEquals "$1" hello "$(cat "$D/heard")"
}

test_the_reader_that_left_ends_us_and_our_peer() {
	silent			# at our end, nc and ncat would leave
	for p in $clients $servers; do
		d=$D
		rm -f "$D/rc" "$D/port"
		mkfifo "$D/pipe"
		head -c 1 <"$D/pipe" >"$D/first" &
		case $p in
		by_*)	bg timeout 20 "$SOCKT" listen --local --port-file \
				"$D/port" 0 >"$D/pipe" 2>"$D/said"
			us=$!
			await "$D/port"
			bg $p "$(cat "$D/port")" </dev/zero 2>/dev/null
			far=$! ;;
		of_*)	theirs $p /dev/zero
			bg timeout 20 "$SOCKT" connect 127.0.0.1 "$port" \
				>"$D/pipe" 2>"$D/said" <"$D/silent"
			us=$! ;;
		esac
		await_end $us
		assertEquals "$p" 141 "$rc"
		assertEquals "$p" '' "$(cat "$D/said")"
		await_end $far
		assertEquals "$p: what was read" 1 "$(stat -c %s "$D/first")"
		rm "$D/pipe"
	done
	exec 8>&-
}

### much

test_a_slow_reader_costs_time_and_no_memory() {
	head -c 20000000 /dev/urandom >"$D/in"
	py 'import hashlib
c, h = listen(), hashlib.sha256()
end = time.monotonic() + 1
while time.monotonic() < end:
    h.update(c.recv(4096))
    time.sleep(1 / 16)
with open("/proc/%s/status" % open(sys.argv[1]).read().strip()) as f:
    peak = [l.split()[1] for l in f if l.startswith("VmHWM")]
while data := c.recv(1 << 18):
    h.update(data)
print(h.hexdigest(), *peak)' "$D/pid"
	await "$D/port"
	"$SOCKT" connect 127.0.0.1 "$(cat "$D/port")" <"$D/in" &
	us=$!
	echo $us >"$D/pid"
	await_end $us
	assertEquals 0 "$rc"
	await_end $far
	read -r digest peak <"$D/far"
	assertEquals "$(sha256sum <"$D/in")" "$digest  -"
	case $BUILT in
	*/release) assertTrue "$peak KiB" "[ $peak -lt 4096 ]" ;;
	esac
}

test_lines_of_several_netcats_are_whole_and_have_their_number() {
	d=$D
	ours /dev/null -k --text --time none
	for p in $clients; do
		seq -f "$p %.0f end" 3000 >"$D/$p.in"
		bg "$p" "$port" <"$D/$p.in"
		eval "$p=$!"
	done
	for p in $clients; do
		eval "await_end \$$p"
		assertEquals "$p" 0 "$rc"
	done
	until_ok makes 3 grep -c '\* closed' "$D/heard"
	for p in $clients; do
		sed -n "s/^#[1-3] ← \($p .*\)/\1/p" "$D/heard" >"$D/$p.got"
		assertBytes "$p" "$D/$p.in" "$D/$p.got"
		assertEquals 1 "$(sed -n "s/^#\([1-3]\) ← $p .*/\1/p" \
			"$D/heard" | sort -u | wc -l)"
	done
}

### who has the port

test_a_port_is_never_shared() {
	d=$D
	for p in of_nc of_ncat of_socat; do
		theirs $p /dev/null
		run "$SOCKT" listen "$port" </dev/null
		assertEquals "$p" 7 "$rc"
		held=${p#of_}
		assertTrue "$(cat "$D/err")" \
			"grep -q ':$port.*by $held.*, pid ' $D/err"
	done
	ours /dev/null -k --json
	for p in of_nc of_ncat of_socat; do
		run "$p" "$port" </dev/null
		assertNotEquals "$p" 0 "$rc"
		assertNotEquals "$p is still there" 124 "$rc"
	done
}

test_both_families_are_served() {
	d=$D
	rm -f "$D/port"
	bg timeout 60 "$SOCKT" --json listen -k --port-file "$D/port" 0 \
		</dev/null >"$D/heard"
	await "$D/port"
	port=$(cat "$D/port")
	run nc.openbsd -4 -N localhost "$port" </dev/null
	run nc.openbsd -6 -N ::1 "$port" </dev/null
	run ncat -4 127.0.0.1 "$port" </dev/null
	run ncat -6 ::1 "$port" </dev/null
	run socat -u /dev/null "TCP4:127.0.0.1:$port"
	run socat -u /dev/null "TCP6:[::1]:$port"
	until_ok makes 6 grep -c '^{"ev":"closed"' "$D/heard"
	assertEquals '127.0.0.1 ::1 127.0.0.1 ::1 127.0.0.1 ::1' "$(jq -r \
		'select(.ev=="accepted").peer.ip' "$D/heard" | xargs)"
}

test_a_port_may_be_the_name_of_a_service() {
	[ -n "${PRIVATE:-}" ] || { skip 'no private network here'; return; }
	echo hello >"$D/in"
	bg nc.openbsd -N -l 127.0.0.1 80 <"$D/in"
	until_ok listening 80
	run "$SOCKT" connect 127.0.0.1 http </dev/null
	assertEquals "0 hello" "$rc $(cat "$D/out")"
	bg nc.openbsd -u -l 127.0.0.1 53 >"$D/got"
	until_ok makes 1 eval 'ss -lunH "sport = :53" | wc -l'
	run "$SOCKT" connect -u --idle-timeout 100ms 127.0.0.1 domain <"$D/in"
	await "$D/got"
	assertEquals hello "$(cat "$D/got")"
	bg timeout 20 "$SOCKT" listen --local --port-file "$D/port" http \
		>"$D/heard" </dev/null
	us=$!
	await "$D/port"
	run nc.openbsd -N 127.0.0.1 80 <"$D/in"
	await_end $us
	assertEquals hello "$(cat "$D/heard")"
}

. "$SHUNIT2"
