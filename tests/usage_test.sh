#!/bin/sh
# What sockt says about itself, what it says of mistakes, where, and with which
# status; and that output which did not arrive is never success.
. ./lib.sh

commands() { "$SOCKT" --dump-options | awk -F'\t' '$2 == "" && $1 != "sockt" { print $1 }'; }

# asked WORD... - it was asked for: stdout, 0, nothing on stderr
asked() {
	run "$SOCKT" "$@"
	assertEquals "$*: status" 0 $rc
	assertTrue "$*: nothing on stdout" "[ -s '$D/out' ]"
	assertEquals "$*: stderr" '' "$(cat "$D/err")"
}

# misuse PATTERN WORD... - one line on stderr like PATTERN, 2, no stdout
misuse() {
	pattern=$1
	shift
	run "$SOCKT" "$@" </dev/null
	assertEquals "$*: status" 2 $rc
	assertEquals "$*: stdout" '' "$(cat "$D/out")"
	assertEquals "$*: lines on stderr" 1 "$(wc -l <"$D/err")"
	case $(cat "$D/err") in
	"sockt: "$pattern) ;;
	*) fail "$*: $(cat "$D/err")" ;;
	esac
}

test_help_goes_to_stdout() {
	asked --help
	asked -h
	asked help
	asked help help
	asked help exits
	asked help events
	asked help schema
	asked --text --help
	for c in $(commands); do
		asked "$c" --help
		asked "$c" -h
		asked "$c" -v --json --help
		asked help "$c"
	done
}

test_help_names_every_command_and_every_exit_status() {
	"$SOCKT" help >"$D/help"
	for c in $(commands); do
		assertTrue "$c" "grep -q '^  $c ' '$D/help'"
	done
	"$SOCKT" help exits >"$D/exits"
	for n in 0 1 2 3 4 5 6 7 8 9 10 11 128; do
		assertTrue "$n" "grep -q '^ *$n  [A-Za-z0-9]' '$D/exits'"
	done
}

test_help_of_a_command_is_the_same_either_way() {
	for c in $(commands); do
		"$SOCKT" "$c" --help >"$D/a"
		"$SOCKT" help "$c" >"$D/b"
		assertBytes "$c" "$D/a" "$D/b"
	done
}

test_help_fits_a_terminal() {
	for c in '' $(commands); do
		"$SOCKT" $c -h >"$D/brief"
		"$SOCKT" $c --help >"$D/full"
		assertTrue "$c -h: $(wc -l <"$D/brief") lines" \
			"[ $(wc -l <"$D/brief") -le 24 ]"
		assertEquals "$c: over 80 columns" '' \
			"$(awk 'length > 80' "$D/brief" "$D/full")"
	done
}

test_brief_help_begins_with_examples() {
	for c in '' $(commands); do
		assertEquals "$c" "  sockt ${c:-listen} " "$("$SOCKT" $c -h |
			sed -n "3s/^\(  sockt ${c:-listen} \).*/\1/p")"
	done
}

test_version_is_told() {
	asked --version
	assertTrue "$(head -n 1 "$D/out")" \
		"head -n 1 '$D/out' | grep -qx 'sockt [0-9.]*'"
	assertTrue 'libraries' "grep -q '^libraries: .*libev' '$D/out'"
	assertTrue 'features' "grep -q '^features: ' '$D/out'"
}

test_nothing_said_shows_what_there_is() {
	run "$SOCKT"
	assertEquals 2 $rc
	assertEquals '' "$(cat "$D/out")"
	assertTrue 'the list of commands' "grep -q '^  listen ' '$D/err'"
	assertEquals 'sockt: no command given' "$(tail -n 1 "$D/err")"
}

test_unknown_commands_are_guessed_at() {
	misuse "no command 'lisen'; did you mean 'listen'? (try 'sockt help')" lisen
	misuse "no command 'conn'; did you mean 'connect'? (try 'sockt help')" conn 1
	misuse "no command 'frobnicate' (try 'sockt help')" frobnicate --help
	misuse "no command 'lsiten'; did you mean 'listen'? (try 'sockt help')" help lsiten
	misuse "no command '' (try 'sockt help')" ''
	misuse "no command '\\\\e\[2J' (try 'sockt help')" "$(printf '\033[2J')"
	misuse 'help describes one command*' help listen connect
}

test_unknown_options_are_guessed_at() {
	misuse "no option '--jsn'; did you mean '--json'? (try 'sockt help')" --jsn
	misuse "no option '-Z' (try 'sockt help')" -Z
	for c in $(commands); do
		misuse "no option '--nonsense' (try 'sockt help $c')" "$c" --nonsense
		misuse "no option '--verbsoe'; did you mean '--verbose'? (try 'sockt help $c')" \
			"$c" --verbsoe
		misuse "no option '-@' (try 'sockt help $c')" "$c" -v@
	done
}

test_values_are_checked() {
	for c in $(commands); do
		misuse "--color: 'red' is not one of the choices: auto|always|never*" \
			"$c" --color=red
		misuse "--color needs a value: --color=auto|always|never*" "$c" --color
		misuse "--json takes no argument*" "$c" --json=1
		misuse "write --verbose in full*" "$c" --verb
	done
	misuse "--color: 'red' is not one of*" --color=red listen 0
}

test_operands_are_counted() {
	for c in $(commands); do
		"$SOCKT" --dump-options |
			awk -F'\t' -v c="$c" '$1 == c && $2 == "" { print $4 }' >"$D/args"
		case $(cat "$D/args") in
		'['*) ;;	# all of them may be left out
		*) misuse "too few operands; it is 'sockt $c [[]OPTION...] *" "$c" ;;
		esac
	done
	misuse "too many operands; it is 'sockt listen *" listen 1 2 3
	misuse "too many operands; it is 'sockt connect *" connect 1 2 3
}

test_a_wrong_command_line_has_no_events() {
	misuse 'with --stdio, stdout is the client*' --json listen --stdio
	misuse "--deny: '10/40' is not*" --json listen --deny localhost,10/40 0
	misuse "port '70000' is too large*" --json listen --allow localhost 70000
	misuse "port '70000' is too large*" \
		--json listen --forward localhost:80 70000
	misuse '--chat and --exec contradict*' --json listen --chat -e cat 0
	misuse "port '0' is too small*" --json connect localhost 0
	misuse 'no host given*' --json telnet
	misuse "port 'x' is neither*" --json port-check localhost x
	misuse '--hex shows the conversation*' --json --hex listen 0
	misuse '*no host name has*' --json http-get http://%/
	misuse "port '70000' is too large*" --json serve-static . 70000
	misuse 'with --stdio, stdin and stdout are the client*' \
		--json-file "$D/file" listen --stdio
	assertEquals '' "$(cat "$D/file")"
}

# ended WHAT STATUS PATTERN - of the last run: one line like PATTERN on stderr
ended() {
	assertEquals "$1: status" "$2" $rc
	assertEquals "$1: lines on stderr" 1 "$(wc -l <"$D/err")"
	case $(cat "$D/err") in
	$3) ;;
	*) fail "$1: $(cat "$D/err")" ;;
	esac
}

test_a_full_disk_is_not_success() {
	for words in --help -h --version 'help exits' --dump-options; do
		"$SOCKT" $words >/dev/full 2>"$D/err"; rc=$?
		ended "$words" 11 'sockt: *stdout*(ENOSPC)'
	done
	for c in $(commands); do
		"$SOCKT" "$c" --help >/dev/full 2>"$D/err"; rc=$?
		ended "$c" 11 'sockt: *stdout*(ENOSPC)'
	done
}

test_a_closed_stdout_is_not_success() {
	"$SOCKT" --help >&- 2>"$D/err"; rc=$?
	ended '--help' 11 'sockt: *stdout*(EBADF)'
}

test_closed_stdin_and_stderr_do_no_harm() {
	"$SOCKT" --version <&- >"$D/out" 2>"$D/err"
	assertEquals 0 $?
	"$SOCKT" --version <&- >"$D/out2" 2>&-
	assertEquals 0 $?
	assertBytes 'version' "$D/out" "$D/out2"
	"$SOCKT" --nonsense <&- >&- 2>&-
	assertEquals 2 $?
}

# A pipe whose reader is certainly gone.
unread_pipe() {
	mkfifo "$D/pipe"
	sh -c 'exec 3<"$1"' sh "$D/pipe" &
	exec 4>"$D/pipe"
	wait $!
	rm "$D/pipe"
}

test_a_reader_that_left_ends_us_quietly() {
	unread_pipe
	"$SOCKT" --help >&4 2>"$D/err"
	assertEquals 141 $?
	assertEquals '' "$(cat "$D/err")"
	# ... also where our parent ignores SIGPIPE, which we then inherit
	sh -c 'trap "" PIPE; exec "$1" --help' sh "$SOCKT" >&4 2>"$D/err"
	assertEquals 141 $?
	exec 4>&-
}

. "$SHUNIT2"
