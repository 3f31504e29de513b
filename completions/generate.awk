# generate.awk - sockt --dump-options | awk -v shell=bash|zsh|fish -f this
#
# The dump has a line for each command (name, "", "", operands, help) and one
# for each option (command, letter or -, long name, argument or -, help); the
# command "sockt" stands for what comes before the command. The names of
# arguments and operands say what to complete: FILE, DIR, HOST, PORT or a|b|c.
# (mawk: a "]" in a bracket expression needs its backslash.)
BEGIN {
	FS = "\t"
	made = "made by 'make completions', do not edit"
}
$2 == "" {
	if ($1 != "sockt")
		name[++commands] = $1
	operands[$1] = $4
	about[$1] = $5
	next
}
{
	rows[$1]++
	row = $1 SUBSEP rows[$1]
	letter[row] = $2 == "-" ? "" : $2
	long[row] = $3
	maybe[row] = gsub(/[\[\]]/, "", $4)	# it may be left out
	arg[row] = $4 == "-" ? "" : $4
	text[row] = $5
}
END {
	if (shell == "bash") bash()
	else if (shell == "zsh") zsh()
	else fish()
}

function kind(a) {
	if (a ~ /^[a-z0-9]+(\|[a-z0-9]+)+$/) return "choice"
	return a ~ /^(FILE|DIR|HOST|PORT)$/ ? a : a == "" ? "" : "other"
}
# What --source and --interface take can be listed, too.
function value(r) {
	if (long[r] == "source") return "SOURCE"
	return long[r] == "interface" ? "INTERFACE" : arg[r]
}
function words(s) { gsub(/\|/, " ", s); return s }
function quoted(s) { gsub(/'/, "'\\''", s); return s }

# The kinds of a command's operands, in order: "HOST PORT". Of alternatives
# the first counts.
function operand_kinds(c,   s) {
	s = operands[c]
	sub(/ [|] .*/, "", s)
	gsub(/,[A-Z]+/, "", s)
	gsub(/[^A-Za-z ]/, " ", s)
	gsub(/  +/, " ", s)
	sub(/^ /, "", s)
	sub(/ $/, "", s)
	return s
}

function bash_action(a) {
	if (kind(a) == "choice") return "_sockt_words '" words(a) "'"
	if (a == "FILE") return "_filedir"
	if (a == "DIR") return "_filedir -d"
	if (a == "PORT") return "_sockt_offer $port \"$host\" \"$cur\""
	if (a ~ /^(HOST|SOURCE|INTERFACE)$/) return "_sockt_offer " tolower(a)
	return ":"
}
function bash_values(c,   i, r) {
	for (i = 1; i <= rows[c]; i++) {
		r = c SUBSEP i
		if (arg[r] != "" && !maybe[r])
			print "\t" c ":--" long[r] \
			    (letter[r] == "" ? "" : "|" c ":-" letter[r]) \
			    ") " bash_action(value(r)) "; return ;;"
	}
}
function bash_options(c,   i, r, s) {
	for (i = 1; i <= rows[c]; i++) {
		r = c SUBSEP i
		s = s "--" long[r] (arg[r] == "" || maybe[r] ? "" : "=") " "
		if (maybe[r]) s = s "--" long[r] "= "
	}
	print "\t" c ":-*) _sockt_words '" s "--help' ;;"
}
function bash_operands(c,   i, n, k) {
	n = split(operand_kinds(c), k, " ")
	for (i = 1; i <= n; i++)
		print "\t" c ":" (i < n ? i : "*") ") " bash_action(k[i]) " ;;"
}
function bash(   i, all) {
	for (i = 1; i <= commands; i++)
		all = all name[i] " "
	print "# bash completion for sockt; " made "\n"
	print "_sockt_words() {"
	print "\tCOMPREPLY=($(compgen -W \"$1\" -- \"$cur\"))"
	print "\t[[ ${COMPREPLY-} != *= ]] || compopt -o nospace\n}\n"
	print "# Descriptions are for looking at, not for the line."
	print "_sockt_offer() {\n\tlocal line"
	print "\twhile IFS= read -r line; do"
	print "\t\t[[ $line == \"$cur\"* ]] || continue"
	print "\t\t((COMP_TYPE == 63)) || line=${line%%$'\\t'*}"
	print "\t\tCOMPREPLY+=(\"${line/$'\\t'/  }\")"
	print "\tdone < <(\"${words[0]}\" __complete \"$@\" 2>/dev/null)"
	print "\t((${#COMPREPLY[@]} != 1)) || COMPREPLY=(\"${COMPREPLY%%  *}\")"
	print "\t__ltrim_colon_completions \"$cur\"\n}\n"
	print "_sockt() {\n\tlocal host port=port cur prev words cword split"
	print "\t_init_completion -s || return"
	print "\tlocal i command=sockt operand=1"
	print "\tfor ((i = 1; i < cword; i++)); do"
	print "\t\tcase $command:${words[i]} in"
	bash_skipped("sockt")
	for (i = 1; i <= commands; i++)
		bash_skipped(name[i])
	print "\t\t*:--udp | *:-u | *:-?u) port=udp-port ;;"
	print "\t\t*:-*) ;;"
	print "\t\tsockt:*) command=${words[i]} ;;"
	print "\t\t*) host=${words[i]}; ((operand++)) ;;\n\t\tesac\n\tdone"
	print "\tcase $command:$prev in"
	bash_values("sockt")
	for (i = 1; i <= commands; i++)
		bash_values(name[i])
	print "\tesac\n\t$split && return\n\tcase $command:$cur in"
	bash_options("sockt")
	for (i = 1; i <= commands; i++)
		bash_options(name[i])
	print "\tsockt:*) _sockt_words '" all "help' ;;"
	print "\thelp:*) _sockt_words '" all "events exits' ;;"
	print "\t*) case $command:$operand in"
	for (i = 1; i <= commands; i++)
		bash_operands(name[i])
	print "\tesac ;;\n\tesac\n} && complete -F _sockt sockt"
}
# Options whose value is the next word, which is then no operand.
function bash_skipped(c,   i, r, s) {
	for (i = 1; i <= rows[c]; i++) {
		r = c SUBSEP i
		if (arg[r] == "" || maybe[r]) continue
		s = s (s == "" ? "" : " | ") c ":--" long[r]
		if (letter[r] != "") s = s " | " c ":-" letter[r]
	}
	if (s != "")
		print "\t\t" s ") ((i++)) ;;"
}

# A blank before the function: it gets our words alone.
function zsh_action(a,   label) {
	label = tolower(a)
	gsub(/:/, "\\:", label)
	if (kind(a) == "choice") return ":value:(" words(a) ")"
	if (a == "FILE") return ":file:_files"
	if (a == "DIR") return ":directory:_files -/"
	if (a == "PORT") return ":port: _sockt_offer port"
	if (a ~ /^(HOST|SOURCE|INTERFACE)$/)
		return ":" label ": _sockt_offer " label
	return a == "" ? "" : ":" label ": "
}
function zsh_options(c, indent,   i, r, t) {
	for (i = 1; i <= rows[c]; i++) {
		r = c SUBSEP i
		t = text[r]
		gsub(/[\[\]:]/, "\\\\&", t)
		t = "[" quoted(t) "]"
		if (letter[r] != "" && maybe[r])
			print indent "'*-" letter[r] t "' \\"
		t = t (maybe[r] ? ":" : "") zsh_action(value(r))
		if (letter[r] != "" && !maybe[r])
			print indent "'*-" letter[r] \
			    (arg[r] == "" ? "" : "+") t "' \\"
		print indent "'*--" long[r] (maybe[r] ? "=-" : \
		    arg[r] == "" ? "" : "=") t "' \\"
	}
	print indent "'(- *)'{-h,--help}'[help]' \\"
}
function zsh(   i, j, n, k) {
	print "#compdef sockt\n# " made "\n"
	print "# $line: the operands so far"
	print "_sockt_offer() {\n\tlocal -a all; local one what=$1"
	print "\t[[ $1 != port || -z ${opt_args[(i)(-u|--udp)]} ]] || what=udp-port"
	print "\tfor one in ${(f)\"$(_call_program offer sockt __complete $what \\\n" \
	    "\t    ${(q)line[1]} ${(q)PREFIX} 2>/dev/null)\"}; do"
	print "\t\tall+=(\"${${one%%$'\\t'*}//:/\\\\:}:${one#*$'\\t'}\")"
	print "\tdone\n\t_describe $1 all\n}\n"
	print "local context state line\ntypeset -A opt_args\nlocal -a commands=("
	for (i = 1; i <= commands; i++)
		print "\t'" name[i] ":" quoted(about[name[i]]) "'"
	print "\t'help:describe a command'\n)\n\n_arguments -C -s -S \\"
	zsh_options("sockt", "\t")
	print "\t'1:command:->command' \\\n\t'*::argument:->argument' && return\n"
	print "if [[ $state == command ]]; then"
	print "\t_describe command commands\n\treturn\nfi\n\ncase $words[1] in"
	for (i = 1; i <= commands; i++) {
		print name[i] ")\n\t_arguments -s \\"
		zsh_options(name[i], "\t\t")
		n = split(operand_kinds(name[i]), k, " ")
		for (j = 1; j <= n; j++)
			print "\t\t'" (j < n ? j : "*") zsh_action(k[j]) "'" \
			    (j < n ? " \\" : "")
		print "\t;;"
	}
	print "help)\n\tcommands+=('exits:the exit statuses'" \
	    " 'events:the events of --json')"
	print "\t_describe command commands\n\t;;\nesac"
}

function fish_action(a) {
	if (kind(a) == "choice") return " -x -a '" words(a) "'"
	if (a == "FILE") return " -r -F"
	if (a == "DIR") return " -x -a '(__fish_complete_directories)'"
	if (a ~ /^(HOST|SOURCE|INTERFACE)$/)
		return " -x -a '(sockt __complete " tolower(a) " 2>/dev/null)'"
	return a == "" ? "" : " -x"
}
# Options whose value is the next word, which is then no operand.
function fish_skipped(c,   i, r, s) {
	for (i = 1; i <= rows[c]; i++) {
		r = c SUBSEP i
		if (arg[r] == "" || maybe[r]) continue
		s = s " '" c ":--" long[r] "'"
		if (letter[r] != "") s = s " '" c ":-" letter[r] "'"
	}
	if (s != "")
		print "\t\tcase" s "\n\t\t\tset value 1"
}
function fish_options(c, when,   i, r) {
	for (i = 1; i <= rows[c]; i++) {
		r = c SUBSEP i
		print "complete -c sockt -n '" when "'" \
		    (letter[r] == "" ? "" : " -s " letter[r]) " -l " long[r] \
		    (maybe[r] ? " -f -a '" words(arg[r]) "'" : \
		    fish_action(value(r))) " -d '" quoted(text[r]) "'"
	}
	print "complete -c sockt -n '" when "' -s h -l help -d help"
}
function fish(   i, when, all) {
	print "# fish completion for sockt; " made "\n"
	print "function __sockt_operand"
	print "\tset -l w (commandline -opc)\n\tset -e w[1]"
	print "\tset -l command sockt\n\tset -l port port"
	print "\tset -l operands\n\tset -l value 0\n\tfor i in $w"
	print "\t\tif test $value = 1\n\t\t\tset value 0\n\t\t\tcontinue\n\t\tend"
	print "\t\tswitch \"$command:$i\""
	fish_skipped("sockt")
	for (i = 1; i <= commands; i++)
		fish_skipped(name[i])
	print "\t\tcase '*:--udp' '*:-u' '*:-?u'\n\t\t\tset port udp-port"
	print "\t\tcase '*:-*'"
	print "\t\tcase 'sockt:*'\n\t\t\tset command $i"
	print "\t\tcase '*'\n\t\t\tset -a operands $i\n\t\tend\n\tend"
	print "\tif test (count $operands) = 0"
	print "\t\tsockt __complete host 2>/dev/null\n\telse"
	print "\t\tsockt __complete $port $operands[1] (commandline -ct) 2>/dev/null"
	print "\tend\nend\ncomplete -c sockt -f"
	fish_options("sockt", "__fish_use_subcommand")
	for (i = 1; i <= commands; i++) {
		all = all name[i] " "
		when = "__fish_seen_subcommand_from " name[i]
		print "complete -c sockt -n __fish_use_subcommand -a " name[i] \
		    " -d '" quoted(about[name[i]]) "'"
		fish_options(name[i], when)
		if (operands[name[i]] ~ /DIR/)
			print "complete -c sockt -n '" when \
			    "' -a '(__fish_complete_directories)'"
		if (operands[name[i]] ~ /HOST/)
			print "complete -c sockt -n '" when \
			    "' -a '(__sockt_operand)'"
	}
	print "complete -c sockt -n __fish_use_subcommand -a help" \
	    " -d 'describe a command'"
	print "complete -c sockt -n '__fish_seen_subcommand_from help'" \
	    " -a '" all "events exits'"
}
