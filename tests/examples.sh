# shellcheck shell=sh disable=SC2154,SC2034
# examples.sh - runs the examples of a page. After lib.sh, and for those with
# a transcript screen.sh. What an example needs is said in comments before it,
# in the page's source (.\" ...) or in README's (<!-- ... -->):
#
#	before PORT: COMMAND	runs first, in the background, until PORT listens
#	input: TEXT		stdin, as printf '%b' makes it
#	after PORT: COMMAND	runs once the example listens; then it gets SIGINT
#	status: N		the exit status, if not 0
#	shows: TEXT		is somewhere in the output
#	terminal		runs on a terminal
#
#	transcript		is typed on a terminal, and what stands below it,
#				to the end of the display, is all that is seen
#	when TEXT: KEYS		once that is seen, these are pressed, as words of
#				tmux; then it is not told to end, the keys do it
#	unprivileged		by one who may not listen on ports below 1024
#
# In a transcript numbers that no standard gives stand for others: times, dates,
# pids, ports that the kernel chose; and who ends first when a page was fetched.
# What is too long for the page goes on in the next line, behind 12 blanks, which
# is more than a line of the conversation has.

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
	*.7) source_text <"$1" | sed 's/^# /$ /' ;;
	*) sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$1" | source_text ;;
	esac | awk '
	/^\.\\" (before|after|input|status|shows|terminal|transcript|when|unpriv)/ {
		sub(/^\.\\" /, ""); what = $0; sub(/:.*/, "", what)
		sub(/^[^:]*: /, ""); note[++notes] = what "\t" $0; next
	}
	/^```/ || /^\.[A-Z]/ { fenced = 0 }
	fenced && !/^\$ / { print n "\texpect\t" $0 }
	/^\$ / {
		n++
		if (fenced && told) print n "\tcontinues\t1\n" n "\ttranscript\t1"
		else told = 0
		fenced = 1
		for (i = 1; i <= notes; i++) {
			print n "\t" note[i]
			if (note[i] ~ /^transcript/) told = 1
		}
		notes = 0
		print n "\trun\t" substr($0, 3)
	}'
}

# what mdoc's source says, but for its comments and macros
source_text() {
	sed 's/^\.Dl //; /^\.\\"/!{s/\\e/\\/g; s/\\&//g; s/\\-/-/g; s/\\(dq/"/g
		s/\\(->/→/g; s/\\(<-/←/g; }'
}

# continues N - example N is another command of the same display
continues() { grep -q "^$1	continues	" "$D/list"; }

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

# Typed on a terminal, and answered there and from elsewhere as it says.
run_transcript() {
	[ -z "$(of unprivileged)" ] ||
		set -- setpriv --bounding-set -net_bind_service
	caller=
	continues "$n" || screen 80 50
	type_command "$* $command"
	if [ -n "$(of after)" ]; then
		until_ok listens "$(port_of after)"
		bg timeout 20 sh -c "$(of after)" >"$D/caller" 2>&1 </dev/null
		caller=$!
	fi
	of_when >"$D/whens"
	while IFS='	' read -r text press <&5; do
		await_screen "$text"
		eval "keys $press"
	done 5<"$D/whens"
	left
	if [ -n "$caller" ]; then
		timed_rc=$rc
		await_end $caller
		assertEquals "$where: the caller's status" 0 "$rc"
		rc=$timed_rc
	fi
	tm capture-pane -p -J -S -500 |
		sed "/END$ends /,\$d" >"$D/shown"
}

# lines "TEXT <TAB> KEYS"
of_when() {
	awk -F'\t' -v n="$n" '$1 == n && sub(/^when /, "", $2) {
		print $2 "\t" $3 }' "$D/list"
}

# A transcript without what differs from run to run, each line whole. Ports and
# numbers of processes become <1>, <2>..., the same one the same.
told() {
	awk '/^            / { sub(/^ +/, " "); line = line $0; next }
	NR > 1 { print line }
	{ line = $0 }
	END { print line }' "$1" | sed -E \
		-e 's/[A-Z][a-z]{2},? .* (GMT|UTC)( [0-9]{4})?/DATE/' \
		-e 's/"[0-9a-f]+-[0-9a-f-]+"/"TAG"/' \
		-e 's/^ +[0-9]+\.[0-9]{4} //' \
		-e 's/[0-9.]+ (ms|s)\>/TIME/g' \
		-e 's/by (us|the server) first/FIRST/' \
		-e 's/[[:blank:]]+/ /g' -e 's/^ //' -e 's/ $//' -e '/^$/d' |
	awk '{
		rest = $0
		$0 = ""
		while (match(rest, /(pid|process,?|thread,?) [0-9]+|[3-6][0-9][0-9][0-9][0-9]/)) {
			what = substr(rest, RSTART, RLENGTH)
			number = what
			sub(/.* /, "", number)
			if (!(number in names)) names[number] = "<" ++n ">"
			sub(/[0-9]+$/, names[number], what)
			$0 = $0 substr(rest, 1, RSTART - 1) what
			rest = substr(rest, RSTART + RLENGTH)
		}
		print $0 rest
	}'
}

compare_transcript() {
	of expect >"$D/expected"
	told "$D/expected" >"$D/expect"
	told "$D/shown" >"$D/told"
	assertEquals "$where: the page (<) shows other things than come (>)" '' \
		"$(diff "$D/expect" "$D/told")"
}

run_example() {
	command=$(of run)
	where="$page: $command"
	: >"$D/shown"
	[ -n "$(of continues)" ] || prepare
	if [ -n "$(of transcript)" ]; then
		run_transcript
	elif [ -n "$(of after)" ]; then
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
	[ -z "$(of transcript)" ] || compare_transcript
	continues $((n + 1)) && [ -n "$(of transcript)" ] && return
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

