#!/bin/sh
# Every example of the manual pages and of README's tour does what it says. It
# runs by sh -c, in a fresh directory, in a network of its own, where all ports
# are free; examples.sh has the words that say what an example needs.
#
# In README what stands below a command is compared with its output: each line
# has to come, numbers, dates and who closes first being whatever they are.
if [ -z "${PRIVATE:-}" ] && unshare -rnm true 2>/dev/null; then
	PRIVATE=1 exec unshare -rnm --kill-child sh "$0"
fi
. ./lib.sh
. ./examples.sh

test_examples_of_the_manual_pages() {
	[ -n "${PRIVATE:-}" ] ||
		{ skip 'no private network here (unshare)'; return; }
	for p in ../man/*.[15]; do
		run_page "$p"
		[ "$page" = sockt.1 ] || assertTrue "$page: no examples" "[ $count -gt 0 ]"
	done
}

test_examples_of_the_readme() {
	[ -n "${PRIVATE:-}" ] ||
		{ skip 'no private network here (unshare)'; return; }
	run_page ../README.md
	assertTrue "$page: no examples" "[ $count -gt 0 ]"
}

. "$SHUNIT2"
