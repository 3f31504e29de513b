# manopts.awk - the options that a manual page describes, in the form of
# sockt --dump-options: letter or -, long name, argument or -. Help has no row.
/^\.It Fl / {
	sub(/^\.It /, "")
	maybe = sub(/ Ns Op = Ns Ar /, " ")	# --hex[=WHICH]
	gsub(/ Ns /, "")
	gsub(/ , /, " ")
	letter = arg = "-"
	name = ""
	n = split($0, word, " ")
	for (i = 1; i <= n; i++) {
		if (word[i] != "Fl")
			continue
		i++
		if (word[i] !~ /^-/) {
			letter = word[i]
			continue
		}
		name = substr(word[i], 2)
		if (sub(/=Ar$/, "", name))
			arg = word[i + 1]
		if (maybe)
			arg = "[" word[i + 1] "]"
	}
	if (name != "help")
		print letter "\t" name "\t" arg
}
