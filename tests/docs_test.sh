#!/bin/sh
# The option tables, --help, the manual pages, the completions and README say
# one thing.
. ./lib.sh
PATH=${SOCKT%/*}:$PATH	# the completions ask it
"$SOCKT" --dump-options >"$D/dump"

commands() { awk -F'\t' '$2 == "" && $1 != "sockt" { print $1 }' "$D/dump"; }

# field COMMAND N - of the command's own line: 4 operands, 5 help
field() { awk -F'\t' -v c="$1" -v n="$2" '$1 == c && $2 == "" { print $n }' "$D/dump"; }

# options COMMAND - as manopts.awk puts them
options() {
	awk -F'\t' -v OFS='\t' -v c="$1" '$1 == c && $2 != "" { print $2, $3, $4 }' "$D/dump" | sort
}

page() { [ "$1" = sockt ] && echo ../man/sockt.1 || echo "../man/sockt-$1.1"; }

test_every_command_has_a_manual_page() {
	for c in sockt $(commands); do
		assertTrue "$c: no $(page "$c")" "[ -r '$(page "$c")' ]"
	done
	for p in ../man/sockt-*.1; do
		c=${p#../man/sockt-}
		assertTrue "$p: no such command" \
			"commands | grep -qx '${c%.1}'"
	done
}

test_pages_refer_to_pages_that_are_there() {
	sed -n 's/^\.Xr \(sockt[a-z-]*\) \([0-9]\).*/\1.\2/p' ../man/*.[157] |
		sort -u >"$D/meant"
	assertTrue 'no page refers to the tutorial' "grep -qx sockt.7 '$D/meant'"
	while read -r p; do
		assertTrue "$p is meant, but not there" "[ -r ../man/$p ]"
	done <"$D/meant"
}

# The conversation options are described once, in sockt(1).
test_pages_and_tables_have_the_same_options() {
	options sockt >"$D/common"
	for c in sockt $(commands); do
		options "$c" >"$D/table"
		awk -f manopts.awk "$(page "$c")" | sort >"$D/page"
		assertEquals "$c: the page has options the program has not" '' \
			"$(comm -13 "$D/table" "$D/page")"
		[ "$c" = sockt ] || cat "$D/common" >>"$D/page"
		sort -u "$D/page" >"$D/said"
		assertEquals "$c: options the page does not describe" '' \
			"$(comm -23 "$D/table" "$D/said")"
	done
}

test_same_name_means_the_same_everywhere() {
	assertEquals 'one long name, several letters, arguments or helps' '' "$(
		awk -F'\t' '$2 != "" { print $3 "\t" $2 "\t" $4 "\t" $5 }' "$D/dump" |
		sort -u | awk -F'\t' '$1 == last { print } { last = $1 }')"
	assertEquals 'one letter, several long names' '' "$(
		awk -F'\t' '$2 != "" && $2 != "-" { print $1, $2 }' "$D/dump" |
		sort | uniq -d)"
	assertEquals 'one long name twice in a command' '' "$(
		awk -F'\t' '$2 != "" { print $1, $3 }' "$D/dump" | sort | uniq -d)"
	assertEquals 'help is built in' '' "$(
		awk -F'\t' '$2 == "h" || $3 == "help"' "$D/dump")"
}

test_one_sentence_says_what_a_command_is_for() {
	for c in sockt $(commands); do
		assertEquals "$c: the page's NAME" "$(field "$c" 5)" \
			"$(sed -n 's/^\.Nd //p' "$(page "$c")")"
	done
	for c in $(commands); do
		assertTrue "cmd/$c.c does not begin with: sockt $c - $(field "$c" 5)" \
			"head -n 5 ../cmd/$c.c | grep -qF 'sockt $c - $(field "$c" 5)'"
	done
}

test_synopsis_has_the_operands() {
	for c in $(commands); do
		for word in $(field "$c" 4 | tr -c '[:upper:]\n' ' '); do
			assertTrue "$c: $word is not in the page" "grep -qi \
			    '^\.\(Op \|Ar \|Oo \|Fl \).*$word\|^\.Ar $word' '$(page "$c")'"
		done
	done
}

test_brief_examples_are_examples_of_the_page() {
	for c in $(commands); do
		"$SOCKT" "$c" -h | sed -n 's/^  \(sockt .*\)/\1/p' |
			sed 's/   *.*//' >"$D/brief"
		sed -n 's/^\(\.Dl \)*\$ //p' "$(page "$c")" |
			sed 's/\\e/\\/g; s/\\&//g' >"$D/long"
		while read -r line; do
			assertTrue "$c: not in the page's EXAMPLES: $line" \
				"grep -qxF -e \"\$line\" '$D/long'"
		done <"$D/brief"
	done
}

test_exit_statuses_are_in_the_manual() {
	"$SOCKT" help exits | sed -n 's/^ *\([0-9]*\)  .*/\1/p' | sed 's/^128$/128 + n/' >"$D/told"
	sed -n '/^\.Sh EXIT STATUS/,/^\.El/s/^\.It //p' ../man/sockt.1 | tr -d '"' >"$D/page"
	assertEquals '' "$(diff "$D/told" "$D/page")"
	for c in $(commands); do
		assertTrue "$c" "grep -q '^\.Sh EXIT STATUS' '$(page "$c")'"
	done
}

test_readme_lists_the_commands() {
	commands | while read -r c; do
		echo "| \`$c $(field "$c" 4 | sed 's/|/\\|/g')\` | $(field "$c" 5) |"
	done >"$D/told"
	sed -n '/^## Commands/,/^## /s/^\(| `.*\)/\1/p' ../README.md >"$D/readme"
	assertEquals '' "$(diff "$D/told" "$D/readme")"
}

test_readme_maps_the_tree() {
	sed -n '/^## The tree/,/^## /p' ../README.md >"$D/map"
	for d in $(cd .. && find cmd lib completions man tests \
		-maxdepth 1 -mindepth 0 -type d); do
		assertTrue "$d/ is not on README's map of the tree" \
			"grep -q '^ *${d##*/}/ ' '$D/map'"
	done
	for d in $(sed -n 's/^ *\([a-z]*\)\/ .*/\1/p' "$D/map"); do
		assertTrue "README's map has $d/, the tree has not" \
			"[ -d ../$d ] || [ -d ../lib/$d ] || [ -d ../tests/$d ]"
	done
}

test_completions_are_fresh() {
	for s in bash zsh fish; do
		file=../completions/$(echo sockt.$s | sed 's/sockt.zsh/_sockt/')
		awk -v shell=$s -f ../completions/generate.awk "$D/dump" >"$D/new"
		assertEquals "$s: run 'make completions'" '' \
			"$(diff "$file" "$D/new" | head -5)"
	done
}

# bash_completes EXPECTED WORD... - what TAB offers after the last word. The
# words are as bash breaks the line: "--color", "=", "al".
bash_completes() {
	expected=$1
	shift
	assertEquals "$*" "$expected" "$(bash --norc -c '
		. /usr/share/bash-completion/bash_completion
		. ../completions/sockt.bash
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE=$*
		COMP_LINE=${COMP_LINE// = /=}
		COMP_POINT=${#COMP_LINE} COMP_TYPE=9
		_sockt; printf "%s\n" "${COMPREPLY[@]}" | sort -u | xargs' \
		bash "$@" 2>/dev/null)"
}

test_bash_completes() {
	[ -r /usr/share/bash-completion/bash_completion ] ||
		skip 'bash-completion is not installed'
	touch "$D/a-file"
	mkdir "$D/a-folder"
	bash_completes 'listen' sockt li
	bash_completes "$( (commands; echo help) | sort | xargs)" sockt --json ''
	bash_completes '--color=' sockt --co
	bash_completes 'always auto' sockt --color = a
	bash_completes 'listen' sockt --color always lis
	bash_completes 'listen' sockt -v --color = always lis
	bash_completes '--port-file=' sockt listen --port
	bash_completes 'delta' sockt -q listen --time = d
	bash_completes 'delta' sockt listen --time d
	bash_completes "$D/a-file $D/a-folder" sockt listen --port-file = "$D/a-"
	bash_completes 'exits' sockt help ex
	bash_completes 'https' sockt listen :: https
	bash_completes 'https' sockt connect --timeout 5 localhost https
	bash_completes "$D/a-folder" sockt serve-static "$D/a-"
}

fish_completes() {
	assertEquals "$2" "$1" "$(HOME=$D fish --no-config -c '
		source ../completions/sockt.fish
		complete -C $argv[1]' "$2" | cut -f1 | sort | xargs)"
}

test_fish_completes() {
	command -v fish >/dev/null || skip 'fish is not installed'
	fish_completes 'listen' 'sockt li'
	fish_completes '--port-file' 'sockt listen --port'
	fish_completes '--color=always --color=auto' 'sockt listen --color=a'
	fish_completes 'exits' 'sockt help ex'
}

test_zsh_takes_its_completions() {
	command -v zsh >/dev/null || skip 'zsh is not installed'
	assertEquals '#compdef sockt' "$(head -n 1 ../completions/_sockt)"
	assertEquals '' "$(zsh -n ../completions/_sockt 2>&1)"
}

. "$SHUNIT2"
