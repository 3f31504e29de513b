#!/bin/sh
# Standard input, output and error may be full, closed, or left by their
# reader, for every command and every form of output: never a false success,
# never a byte in the wrong place, always one line that says why.
. ./lib.sh

oneTimeSetUp() {
	mkdir "$D/site"
	seq 2000 >"$D/site/page"
	stay "$SOCKT" -q serve-static --port-file "$D/web" "$D/site" 0 >"$D/log"
	stay "$SOCKT" -q listen -k -e "cat $D/site/page" --port-file "$D/says" \
		127.0.0.1 0
	await "$D/web"
	await "$D/says"
}

# client COMMAND - $words is a run of it that receives something and ends
client() {
	case $1 in
	connect) words="connect 127.0.0.1 $(cat "$D/says")" ;;
	telnet) words="telnet 127.0.0.1 $(cat "$D/says")" ;;
	http-get) words="http-get http://127.0.0.1:$(cat "$D/web")/page" ;;
	port-check) words="port-check 127.0.0.1 $(cat "$D/says")" ;;
	esac
}
clients='connect telnet http-get port-check'

# called WORD... - a run of a server, which is called upon once. $rc
called() {
	rm -f "$D/port"
	"$SOCKT" "$@" --port-file "$D/port" &
	server=$!
	pids="$pids $server"
	await "$D/port"
	case $* in
	*listen*) echo hello | timeout 10 "$SOCKT" connect 127.0.0.1 \
		"$(cat "$D/port")" ;;
	*) timeout 10 "$SOCKT" http-get "http://127.0.0.1:$(cat "$D/port")/page" ;;
	esac >/dev/null 2>&1
	await_end "$server"
}

# told WHAT STATUS SYMBOL - of the last run
told() {
	assertEquals "$1: status" "$2" "$rc"
	assertEquals "$1: lines on stderr: $(cat "$D/err")" 1 \
		"$(grep -c '^sockt: ' "$D/err")"
	assertTrue "$1: $(cat "$D/err")" "grep -q '($3)' '$D/err'"
}

test_a_full_disk_ends_every_client() {
	for c in $clients; do
		client "$c"
		for form in --raw --text --json; do
			"$SOCKT" $form $words >/dev/full 2>"$D/err" </dev/null
			rc=$?
			told "$form $words" 11 ENOSPC
		done
	done
}

test_a_full_disk_ends_every_server() {
	for form in --raw --text --json; do
		called $form listen 127.0.0.1 0 >/dev/full 2>"$D/err" </dev/null
		told "$form listen" 11 ENOSPC
		called $form serve-static "$D/site" 0 >/dev/full 2>"$D/err" </dev/null
		told "$form serve-static" 11 ENOSPC
	done
}

test_a_closed_stdout_ends_every_client() {
	for c in $clients; do
		client "$c"
		for form in --raw --text --json; do
			"$SOCKT" $form $words >&- 2>"$D/err" </dev/null
			rc=$?
			told "$form $words" 11 EBADF
		done
	done
}

test_a_closed_stdin_has_ended() {
	for c in $clients; do
		client "$c"
		"$SOCKT" $words >"$D/a" 2>"$D/err" </dev/null
		assertEquals "$c: status" 0 $?
		"$SOCKT" $words >"$D/b" 2>"$D/err" <&-
		assertEquals "$c: status, closed" 0 $?
		[ "$c" = port-check ] || assertBytes "$c" "$D/a" "$D/b"
		[ "$c" = port-check ] || assertBytes "$c" "$D/site/page" "$D/a"
	done
}

test_a_closed_stderr_changes_nothing() {
	for c in $clients; do
		client "$c"
		"$SOCKT" -v $words >"$D/out" 2>&- </dev/null
		assertEquals "$c: status" 0 $?
		[ "$c" = port-check ] || assertBytes "$c" "$D/site/page" "$D/out"
	done
	"$SOCKT" connect 127.0.0.1 1 2>&- </dev/null
	assertEquals 'refused' 4 $?
}

test_a_reader_that_left_ends_every_client_quietly() {
	for c in $clients; do
		client "$c"
		for form in --raw --text --json; do
			mkfifo "$D/pipe"
			sh -c 'exec 3<"$1"' sh "$D/pipe" &
			exec 4>"$D/pipe"
			wait $!
			rm "$D/pipe"
			"$SOCKT" $form $words >&4 2>"$D/err" </dev/null
			assertEquals "$form $words: status" 141 $?
			assertEquals "$form $words" '' "$(cat "$D/err")"
			exec 4>&-
		done
	done
}

test_head_of_a_long_answer_is_enough() {
	for c in connect telnet http-get; do
		client "$c"
		assertEquals "$c" "1 2 3 " \
			"$("$SOCKT" $words </dev/null 2>"$D/err" | head -n 3 | tr '\n' ' ')"
		assertEquals "$c" '' "$(cat "$D/err")"
	done
}

. "$SHUNIT2"
