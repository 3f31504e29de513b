# bash completion for sockt; made by 'make completions', do not edit

_sockt_words() {
	COMPREPLY=($(compgen -W "$1" -- "$cur"))
	[[ ${COMPREPLY-} != *= ]] || compopt -o nospace
}

_sockt() {
	local cur prev words cword split
	_init_completion -s || return
	local i command=sockt operand=1
	for ((i = 1; i < cword; i++)); do
		case $command:${words[i]} in
		sockt:--color | sockt:--marks | sockt:--time) ((i++)) ;;
		listen:--exec | listen:-e | listen:--sh-exec | listen:-c | listen:--port-file | listen:--idle-timeout | listen:--timeout | listen:--color | listen:--marks | listen:--time) ((i++)) ;;
		connect:--source | connect:-s | connect:--connect-timeout | connect:--idle-timeout | connect:--timeout | connect:--color | connect:--marks | connect:--time) ((i++)) ;;
		*:-*) ;;
		sockt:*) command=${words[i]} ;;
		*) ((operand++)) ;;
		esac
	done
	case $command:$prev in
	sockt:--color) _sockt_words 'auto always never'; return ;;
	sockt:--marks) _sockt_words 'auto ascii words'; return ;;
	sockt:--time) _sockt_words 'rel delta wall none'; return ;;
	listen:--exec|listen:-e) :; return ;;
	listen:--sh-exec|listen:-c) :; return ;;
	listen:--port-file) _filedir; return ;;
	listen:--idle-timeout) :; return ;;
	listen:--timeout) :; return ;;
	listen:--color) _sockt_words 'auto always never'; return ;;
	listen:--marks) _sockt_words 'auto ascii words'; return ;;
	listen:--time) _sockt_words 'rel delta wall none'; return ;;
	connect:--source|connect:-s) :; return ;;
	connect:--connect-timeout) :; return ;;
	connect:--idle-timeout) :; return ;;
	connect:--timeout) :; return ;;
	connect:--color) _sockt_words 'auto always never'; return ;;
	connect:--marks) _sockt_words 'auto ascii words'; return ;;
	connect:--time) _sockt_words 'rel delta wall none'; return ;;
	esac
	$split && return
	case $command:$cur in
	sockt:-*) _sockt_words '--version --verbose --quiet --text --raw --json --color= --marks= --time= --help' ;;
	listen:-*) _sockt_words '--keep --exec= --sh-exec= --ipv4 --ipv6 --local --public --port-file= --idle-timeout= --timeout= --crlf --verbose --quiet --text --raw --json --color= --marks= --time= --help' ;;
	connect:-*) _sockt_words '--ipv4 --ipv6 --source= --connect-timeout= --idle-timeout= --timeout= --crlf --verbose --quiet --text --raw --json --color= --marks= --time= --help' ;;
	sockt:*) _sockt_words 'listen connect help' ;;
	help:*) _sockt_words 'listen connect exits' ;;
	*) case $command:$operand in
	listen:1) _known_hosts_real -- "$cur" ;;
	listen:*) COMPREPLY=($(compgen -s -- "$cur")) ;;
	connect:1) _known_hosts_real -- "$cur" ;;
	connect:*) COMPREPLY=($(compgen -s -- "$cur")) ;;
	esac ;;
	esac
} && complete -F _sockt sockt
