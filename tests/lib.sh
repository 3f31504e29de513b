# shellcheck shell=sh disable=SC2034,SC2086
# lib.sh - what every suite starts from; the last line of a suite is
# . "$SHUNIT2". A suite runs in tests/, with a time limit, alone in its
# process group. Beware: a test whose last command is false counts as failed,
# and an assertion in a pipe or a subshell is not counted at all.
SOCKT=${SOCKT:?run the suites with: make check T=NAME}
SHUNIT2=/usr/share/shunit2/shunit2
[ -r "$SHUNIT2" ] || SHUNIT2=/usr/bin/shunit2
export SHUNIT_COLOR=none LC_ALL=C.UTF-8 TERM=xterm
unset NO_COLOR FORCE_COLOR CLICOLOR CLICOLOR_FORCE POSIXLY_CORRECT
D=$(mktemp -d) || exit 2		# this suite's own directory
# What is typed in tests is nobody's history, and edited in nobody's way.
export XDG_STATE_HOME="$D/state" EDITRC=
pids=""
staying=""

# run COMMAND... - at most 20 s; leaves $rc, $D/out and $D/err
run() {
	timeout -k 2 20 "$@" >"$D/out" 2>"$D/err"
	rc=$?
}

# bg COMMAND... - starts it with our stdin (an asynchronous list would get
# /dev/null), its process being $!; tearDown ends it
bg() {
	{ "$@" <&3 3<&- & } 3<&0
	pids="$pids $!"
}

# stay COMMAND... - starts it for the whole suite
stay() {
	"$@" </dev/null &
	staying="$staying $!"
}

# until_ok COMMAND... - repeats it until it succeeds, at most 10 s
until_ok() {
	_n=0
	until "$@" 2>/dev/null; do
		_n=$((_n + 1))
		[ $_n -lt 1000 ] || { fail "10 s without: $*"; return 1; }
		sleep 0.01
	done
}

# await FILE - until it has a whole line; await_text FILE TEXT - until TEXT
# stands in it; await_end PID - until our child has ended, with status $rc
await() { until_ok has_line "$1"; }
await_text() { until_ok grep -qF -e "$2" "$1"; }
await_end() { until_ok has_ended "$1" && { wait "$1"; rc=$?; }; }
# makes TEXT COMMAND... - its output is that; for until_ok, which repeats it
makes() { _t=$1; shift; [ "$("$@")" = "$_t" ]; }
has_line() { [ "$(wc -l <"$1")" -gt 0 ]; }
has_ended() { ! grep -qs '^State:.[^Z]' "/proc/$1/status"; }

# a free port, as the kernel gives it, for programs that cannot ask for one
free_port() {
	python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# terminal COMMAND... - runs it on a terminal of 80 columns; all that would be
# seen goes to $D/tty, with CR LF line ends
terminal() {
	timeout -k 2 20 script -qec "stty cols 80 rows 24; $*" "$D/tty.raw" \
		>/dev/null 2>&1 </dev/null
	rc=$?
	sed -e '/^Script started/d' -e '/^Script done/d' "$D/tty.raw" >"$D/tty"
}

# assertBytes MESSAGE EXPECTED-FILE ACTUAL-FILE
assertBytes() {
	cmp -s "$2" "$3" && { assertTrue 0; return; }
	fail "$1: expected $(wc -c <"$2") bytes, got $(wc -c <"$3")
$(od -An -tx1z "$2" | head -8)
--- got
$(od -An -tx1z "$3" | head -8)"
}

# skip WHY - the rest of this test's assertions do not count
skip() {
	echo "SKIP: $1"
	startSkipping
}

# shunit2 calls both of these a second time when it exits.
tearDown() {
	[ -z "$pids" ] || kill $pids 2>/dev/null
	for _p in $pids; do
		wait "$_p" 2>/dev/null
	done
	pids=
	return 0
}

oneTimeTearDown() {
	[ -z "$staying" ] || kill $staying 2>/dev/null
	staying=
	[ -z "${TALLY:-}" ] || echo "${__shunit_testsPassed:-0}" \
		"${__shunit_testsFailed:-0} ${__shunit_testsTotal:-0}" >"$TALLY"
	return 0
}
