#!/bin/sh
# Every example of the manual pages and of README's tour does what it says. It
# runs by sh -c, in a fresh directory, in a network of its own, where all ports
# are free. What an example needs is said in comments before it, in the page's
# source (.\" ...) or in README's (<!-- ... -->):
#
#	before PORT: COMMAND	runs first, in the background, until PORT listens
#	input: TEXT		stdin, as printf '%b' makes it
#	after PORT: COMMAND	runs once the example listens; then it gets SIGINT
#	status: N		the exit status, if not 0
#	shows: TEXT		is somewhere in the output
#	terminal		runs on a terminal
#
# In README what stands below a command is compared with its output: each line
# has to come, numbers, dates and who closes first being whatever they are.
if [ -z "${PRIVATE:-}" ] && unshare -rnm true 2>/dev/null; then
	PRIVATE=1 exec unshare -rnm --kill-child sh "$0"
fi
. ./lib.sh

PATH=$(dirname "$SOCKT"):$PATH
export PATH

private_network() {
	ip link set lo up
	printf '%s\n' '127.0.0.1 localhost example.org example.net host' \
		'::1 localhost' >"$D/hosts"
	mount --bind "$D/hosts" /etc/hosts
}
[ -z "${PRIVATE:-}" ] || private_network

# examples PAGE - lines "EXAMPLE-NUMBER <TAB> WHAT <TAB> TEXT"
examples() {
	case $1 in
	*.md) sed 's/^<!-- \(.*\) -->$/.\\" \1/; /^\$ sudo/d' "$1" ;;
	*) sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$1" |
		sed 's/^\.Dl //; /^\.\\"/!{s/\\e/\\/g; s/\\&//g; s/\\-/-/g; s/\\(dq/"/g;}' ;;
	esac | awk '
	/^\.\\" (before|after|input|status|shows|terminal)/ {
		sub(/^\.\\" /, ""); what = $0; sub(/:.*/, "", what)
		sub(/^[^:]*: /, ""); note[++notes] = what "\t" $0; next
	}
	/^```/ { fenced = 0 }
	fenced { print n "\texpect\t" $0 }
	/^\$ / {
		n++
		fenced = 1
		for (i = 1; i <= notes; i++) print n "\t" note[i]
		notes = 0
		print n "\trun\t" substr($0, 3)
	}'
}

# of WHAT - of the example in hand: its texts
of() { awk -F'\t' -v n="$n" -v w="$1" '$1 == n && $2 ~ "^" w { print $3 }' "$D/list"; }
port_of() { awk -F'\t' -v n="$n" -v w="$1" '$1 == n && $2 ~ "^" w " " { sub(/.* /, "", $2); print $2 }' "$D/list"; }

listens() { ss -ltunH "sport = :$1" | grep -q .; }

# A shell's background job ignores SIGINT; the example must not.
start() { bg env --default-signal=INT sh -c "exec $1"; }

prepare() {
	rm -rf "$D/here"
	mkdir "$D/here"
	cd "$D/here" || exit 2
	echo '<h1>hello</h1>' >index.html
	seq 1000 >file
	seq 100 >in
	printf '%b' "$(of input)" >"$D/input"
	of before >"$D/before"
	port_of before >"$D/ports"
	exec 5<"$D/before" 6<"$D/ports"
	while read -r first <&5 && read -r port <&6; do
		start "$first" >>"$D/servers" 2>&1 </dev/null 5<&- 6<&-
		until_ok listens "$port" || cat "$D/servers"
	done
	exec 5<&- 6<&-
}

# An example that serves: called upon, then told to end as by Ctrl-C.
run_server() {
	start "$command" <"$D/input" >"$D/shown" 2>&1
	server=$!
	until_ok listens "$(port_of after)" || return
	timeout 20 sh -c "$(of after)" >"$D/caller" 2>&1 </dev/null
	assertEquals "$where: the caller's status" 0 $?
	# shellcheck disable=SC2046 # a pipeline's parts are children of its shell
	kill -INT $server $(ps -o pid= --ppid $server) 2>/dev/null
	await_end $server
	[ $rc != 130 ] || rc=0
}

# Output without what differs from run to run.
plain() {
	tr -d '\r' <"$1" | sed -e 's/[A-Z][a-z][a-z], .* GMT/DATE/' \
		-e 's/"[0-9a-f]*-[0-9a-f-]*"/"TAG"/' -e 's/by [a-z ]* first/FIRST/' \
		-e 's/[0-9][0-9.]*/N/g' -e 's/[[:blank:]][[:blank:]]*/ /g' \
		-e 's/^ //' -e 's/^N //'
}

compare() {
	of expect >"$D/expected"
	plain "$D/expected" >"$D/expect"
	plain "$D/shown" >"$D/plain"
	while read -r line; do
		assertTrue "$where: does not say: $line" \
			"grep -qxF -e \"\$line\" '$D/plain'"
	done <"$D/expect"
}

run_on_terminal() {
	NO_COLOR=1 terminal "$command"
	cp "$D/tty" "$D/shown"
}

run_example() {
	command=$(of run)
	where="$page: $command"
	: >"$D/shown"
	prepare
	if [ -n "$(of after)" ]; then
		run_server
	elif [ -n "$(of terminal)" ]; then
		run_on_terminal
	else
		timeout -k 2 20 sh -c "$command" <"$D/input" >"$D/shown" 2>&1
		rc=$?
	fi
	status=$(of status)
	assertEquals "$where: $(tail -n 3 "$D/shown")" "${status:-0}" $rc
	of shows >"$D/shows"
	while read -r text; do
		assertTrue "$where: does not show '$text': $(tail -n 5 "$D/shown")" \
			"grep -qF -e '$text' '$D/shown'"
	done <"$D/shows"
	[ "$page" != README.md ] || compare
	cd "$here" || exit 2
	tearDown
}

# run_page FILE - counts the examples in $count
run_page() {
	page=${1##*/} n=1 here=$PWD
	examples "$1" >"$D/list"
	while [ -n "$(of run)" ]; do
		run_example
		n=$((n + 1))
	done
	count=$((n - 1))
}

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
