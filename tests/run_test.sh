#!/bin/sh
# The runner counts honestly: suites that lie, hang, die or leave something
# behind are made here and handed to it. (shunit2 finds the functions of a
# suite by grep, this one's too: so theirs are made by printf.)
. ./lib.sh

setUp() {
	rm -rf "$D/t"
	mkdir "$D/t"
	cp run lib.sh "$D/t"
}

# suite NAME BODY... - each body is a test
suite() {
	{ printf '. ./lib.sh\n'
	name=$1
	shift
	n=0
	for body; do
		n=$((n + 1))
		printf 'test_%d() { %s; }\n' $n "$body"
	done
	printf '. "$SHUNIT2"\n'; } >"$D/t/${name}_test.sh"
}

# counts LINE STATUS - the last line of a run of them all, and its status
counts() {
	run env -u TALLY "$D/t/run" -j 2 -t 3
	assertEquals "$1" "$(tail -n 1 "$D/out")"
	assertEquals "status of: $1" "$2" "$rc"
}

test_good_suites_pass() {
	suite one 'assertTrue 0' 'assertEquals 1 1'
	suite two 'skip "no reason"; assertEquals 1 2'
	counts '3 passed, 0 failed' 0
	assertTrue 'the reason of a skip' "grep -q 'SKIP: no reason' '$D/out'"
}

test_one_failed_test_is_one() {
	suite bad 'assertEquals 1 2; assertEquals 3 4; false' 'assertTrue 0'
	counts '1 passed, 1 failed' 1
	assertTrue 'what it said' "grep -q 'but was:<2>' '$D/out'"
}

test_a_suite_without_tests_fails() {
	suite empty
	counts '0 passed, 1 failed' 1
}

test_a_suite_that_is_no_shell_fails() {
	echo 'if then' >"$D/t/broken_test.sh"
	counts '0 passed, 1 failed' 1
}

test_a_suite_that_dies_has_failed_what_it_did_not_run() {
	suite dies 'assertTrue 0' 'exit 0' 'assertTrue 0'
	counts '1 passed, 2 failed' 1
}

test_a_failure_in_a_subshell_is_seen() {
	suite hidden '(assertEquals 1 2); assertTrue 0'
	run env -u TALLY "$D/t/run"
	assertEquals 1 "$rc"
}

test_a_suite_that_hangs_is_ended() {
	suite hangs 'assertTrue 0' 'tail -f /dev/null'
	counts '1 passed, 1 failed' 1
	assertTrue "$(cat "$D/out")" "grep -q 'over the limit of 3 s' '$D/out'"
}

test_what_a_suite_leaves_behind_is_ended() {
	suite leaves "tail -f /dev/null & echo \$! >$D/left; assertTrue 0"
	counts '1 passed, 0 failed' 0
	until_ok has_ended "$(cat "$D/left")"
}

test_nothing_to_run_is_no_success() {
	counts '0 passed, 0 failed' 1
	suite one 'assertTrue 0'
	run env -u TALLY "$D/t/run" no-such-suite
	assertEquals 1 "$rc"
}

. "$SHUNIT2"
