# bash completion for sockt; made by 'make completions', do not edit

_sockt_words() {
	COMPREPLY=($(compgen -W "$1" -- "$cur"))
	[[ ${COMPREPLY-} != *= ]] || compopt -o nospace
}

# Descriptions are for looking at, not for the line.
_sockt_offer() {
	local line
	while IFS= read -r line; do
		[[ $line == "$cur"* ]] || continue
		((COMP_TYPE == 63)) || line=${line%%$'\t'*}
		COMPREPLY+=("${line/$'\t'/  }")
	done < <("${words[0]}" __complete "$@" 2>/dev/null)
	((${#COMPREPLY[@]} != 1)) || COMPREPLY=("${COMPREPLY%%  *}")
	__ltrim_colon_completions "$cur"
}

_sockt() {
	local host port=port cur prev words cword split
	_init_completion -s || return
	local i command=sockt operand=1
	for ((i = 1; i < cword; i++)); do
		case $command:${words[i]} in
		sockt:--color | sockt:--marks | sockt:--hex-width | sockt:--json-file | sockt:--record | sockt:--payload | sockt:--time) ((i++)) ;;
		listen:--service | listen:--per-client | listen:--exec | listen:-e | listen:--sh-exec | listen:-c | listen:--forward | listen:--forward-ca-file | listen:--forward-pin | listen:--send-proxy | listen:--proxy-server | listen:--proxy-auth | listen:--to | listen:--port-file | listen:--allow | listen:--deny | listen:--max-clients | listen:--max-per-address | listen:--datagram-size | listen:--join | listen:--accept-timeout | listen:--send | listen:--expect | listen:--rate | listen:--line-delay | listen:--read-bytes | listen:--quit-after | listen:--idle-timeout | listen:--timeout | listen:--interface | listen:--user-timeout | listen:--dscp | listen:--ttl | listen:--min-ttl | listen:--sndbuf | listen:--rcvbuf | listen:--mss | listen:--congestion | listen:--cert | listen:--key | listen:--alpn | listen:--tls-min | listen:--key-log | listen:--client-ca | listen:--color | listen:--marks | listen:--hex-width | listen:--json-file | listen:--record | listen:--payload | listen:--time) ((i++)) ;;
		connect:--source | connect:-s | connect:--proxy | connect:--connect-timeout | connect:--retry | connect:--wait | connect:--send-proxy | connect:--datagram-size | connect:--exec | connect:-e | connect:--sh-exec | connect:-c | connect:--idle-timeout | connect:--timeout | connect:--send | connect:--expect | connect:--rate | connect:--line-delay | connect:--read-bytes | connect:--quit-after | connect:--interface | connect:--user-timeout | connect:--dscp | connect:--ttl | connect:--min-ttl | connect:--sndbuf | connect:--rcvbuf | connect:--mss | connect:--congestion | connect:--cert | connect:--key | connect:--alpn | connect:--tls-min | connect:--key-log | connect:--ca-file | connect:--pin | connect:--server-name | connect:--starttls | connect:--color | connect:--marks | connect:--hex-width | connect:--json-file | connect:--record | connect:--payload | connect:--time) ((i++)) ;;
		http-get:--output | http-get:-o | http-get:--header | http-get:-H | http-get:--source | http-get:-s | http-get:--proxy | http-get:--connect-timeout | http-get:--retry | http-get:--wait | http-get:--idle-timeout | http-get:--timeout | http-get:--interface | http-get:--user-timeout | http-get:--dscp | http-get:--ttl | http-get:--min-ttl | http-get:--sndbuf | http-get:--rcvbuf | http-get:--mss | http-get:--congestion | http-get:--cert | http-get:--key | http-get:--alpn | http-get:--tls-min | http-get:--key-log | http-get:--ca-file | http-get:--pin | http-get:--server-name | http-get:--color | http-get:--marks | http-get:--hex-width | http-get:--json-file | http-get:--record | http-get:--payload | http-get:--time) ((i++)) ;;
		telnet:--escape | telnet:-e | telnet:--term | telnet:--mode | telnet:--source | telnet:-s | telnet:--proxy | telnet:--connect-timeout | telnet:--retry | telnet:--wait | telnet:--idle-timeout | telnet:--timeout | telnet:--interface | telnet:--user-timeout | telnet:--dscp | telnet:--ttl | telnet:--min-ttl | telnet:--sndbuf | telnet:--rcvbuf | telnet:--mss | telnet:--congestion | telnet:--color | telnet:--marks | telnet:--hex-width | telnet:--json-file | telnet:--record | telnet:--payload | telnet:--time) ((i++)) ;;
		serve-static:--port-file | serve-static:--max-clients | serve-static:--head-timeout | serve-static:--keep-alive | serve-static:--send-timeout | serve-static:--timeout | serve-static:--cert | serve-static:--key | serve-static:--alpn | serve-static:--tls-min | serve-static:--key-log | serve-static:--client-ca | serve-static:--color | serve-static:--marks | serve-static:--hex-width | serve-static:--json-file | serve-static:--record | serve-static:--payload | serve-static:--time) ((i++)) ;;
		port-check:--silence | port-check:--retry | port-check:--wait | port-check:--timeout | port-check:--color | port-check:--marks | port-check:--hex-width | port-check:--json-file | port-check:--record | port-check:--payload | port-check:--time) ((i++)) ;;
		show:--color | show:--marks | show:--hex-width | show:--json-file | show:--record | show:--payload | show:--time) ((i++)) ;;
		*:--udp | *:-u | *:-?u) port=udp-port ;;
		*:-*) ;;
		sockt:*) command=${words[i]} ;;
		*) host=${words[i]}; ((operand++)) ;;
		esac
	done
	case $command:$prev in
	sockt:--color) _sockt_words 'auto always never'; return ;;
	sockt:--marks) _sockt_words 'auto ascii words'; return ;;
	sockt:--hex-width) _sockt_words 'auto 8 16 32'; return ;;
	sockt:--json-file) _filedir; return ;;
	sockt:--record) _filedir; return ;;
	sockt:--payload) _sockt_words 'auto b64 none'; return ;;
	sockt:--time) _sockt_words 'rel delta wall none'; return ;;
	listen:--service) _sockt_words 'echo discard daytime time chargen hello'; return ;;
	listen:--per-client) _sockt_words 'loop process thread'; return ;;
	listen:--exec|listen:-e) :; return ;;
	listen:--sh-exec|listen:-c) :; return ;;
	listen:--forward) :; return ;;
	listen:--forward-ca-file) _filedir; return ;;
	listen:--forward-pin) :; return ;;
	listen:--send-proxy) _sockt_words 'v1 v2'; return ;;
	listen:--proxy-server) _sockt_words 'http socks5'; return ;;
	listen:--proxy-auth) :; return ;;
	listen:--to) :; return ;;
	listen:--port-file) _filedir; return ;;
	listen:--allow) :; return ;;
	listen:--deny) :; return ;;
	listen:--max-clients) :; return ;;
	listen:--max-per-address) :; return ;;
	listen:--datagram-size) :; return ;;
	listen:--join) :; return ;;
	listen:--accept-timeout) :; return ;;
	listen:--send) :; return ;;
	listen:--expect) :; return ;;
	listen:--rate) :; return ;;
	listen:--line-delay) :; return ;;
	listen:--read-bytes) :; return ;;
	listen:--quit-after) :; return ;;
	listen:--idle-timeout) :; return ;;
	listen:--timeout) :; return ;;
	listen:--interface) _sockt_offer interface; return ;;
	listen:--user-timeout) :; return ;;
	listen:--dscp) :; return ;;
	listen:--ttl) :; return ;;
	listen:--min-ttl) :; return ;;
	listen:--sndbuf) :; return ;;
	listen:--rcvbuf) :; return ;;
	listen:--mss) :; return ;;
	listen:--congestion) :; return ;;
	listen:--cert) _filedir; return ;;
	listen:--key) _filedir; return ;;
	listen:--alpn) :; return ;;
	listen:--tls-min) :; return ;;
	listen:--key-log) _filedir; return ;;
	listen:--client-ca) _filedir; return ;;
	listen:--color) _sockt_words 'auto always never'; return ;;
	listen:--marks) _sockt_words 'auto ascii words'; return ;;
	listen:--hex-width) _sockt_words 'auto 8 16 32'; return ;;
	listen:--json-file) _filedir; return ;;
	listen:--record) _filedir; return ;;
	listen:--payload) _sockt_words 'auto b64 none'; return ;;
	listen:--time) _sockt_words 'rel delta wall none'; return ;;
	connect:--source|connect:-s) _sockt_offer source; return ;;
	connect:--proxy) :; return ;;
	connect:--connect-timeout) :; return ;;
	connect:--retry) :; return ;;
	connect:--wait) :; return ;;
	connect:--send-proxy) _sockt_words 'v1 v2'; return ;;
	connect:--datagram-size) :; return ;;
	connect:--exec|connect:-e) :; return ;;
	connect:--sh-exec|connect:-c) :; return ;;
	connect:--idle-timeout) :; return ;;
	connect:--timeout) :; return ;;
	connect:--send) :; return ;;
	connect:--expect) :; return ;;
	connect:--rate) :; return ;;
	connect:--line-delay) :; return ;;
	connect:--read-bytes) :; return ;;
	connect:--quit-after) :; return ;;
	connect:--interface) _sockt_offer interface; return ;;
	connect:--user-timeout) :; return ;;
	connect:--dscp) :; return ;;
	connect:--ttl) :; return ;;
	connect:--min-ttl) :; return ;;
	connect:--sndbuf) :; return ;;
	connect:--rcvbuf) :; return ;;
	connect:--mss) :; return ;;
	connect:--congestion) :; return ;;
	connect:--cert) _filedir; return ;;
	connect:--key) _filedir; return ;;
	connect:--alpn) :; return ;;
	connect:--tls-min) :; return ;;
	connect:--key-log) _filedir; return ;;
	connect:--ca-file) _filedir; return ;;
	connect:--pin) :; return ;;
	connect:--server-name) :; return ;;
	connect:--starttls) _sockt_words 'smtp imap pop3 ftp xmpp ldap postgres'; return ;;
	connect:--color) _sockt_words 'auto always never'; return ;;
	connect:--marks) _sockt_words 'auto ascii words'; return ;;
	connect:--hex-width) _sockt_words 'auto 8 16 32'; return ;;
	connect:--json-file) _filedir; return ;;
	connect:--record) _filedir; return ;;
	connect:--payload) _sockt_words 'auto b64 none'; return ;;
	connect:--time) _sockt_words 'rel delta wall none'; return ;;
	http-get:--output|http-get:-o) _filedir; return ;;
	http-get:--header|http-get:-H) :; return ;;
	http-get:--source|http-get:-s) _sockt_offer source; return ;;
	http-get:--proxy) :; return ;;
	http-get:--connect-timeout) :; return ;;
	http-get:--retry) :; return ;;
	http-get:--wait) :; return ;;
	http-get:--idle-timeout) :; return ;;
	http-get:--timeout) :; return ;;
	http-get:--interface) _sockt_offer interface; return ;;
	http-get:--user-timeout) :; return ;;
	http-get:--dscp) :; return ;;
	http-get:--ttl) :; return ;;
	http-get:--min-ttl) :; return ;;
	http-get:--sndbuf) :; return ;;
	http-get:--rcvbuf) :; return ;;
	http-get:--mss) :; return ;;
	http-get:--congestion) :; return ;;
	http-get:--cert) _filedir; return ;;
	http-get:--key) _filedir; return ;;
	http-get:--alpn) :; return ;;
	http-get:--tls-min) :; return ;;
	http-get:--key-log) _filedir; return ;;
	http-get:--ca-file) _filedir; return ;;
	http-get:--pin) :; return ;;
	http-get:--server-name) :; return ;;
	http-get:--color) _sockt_words 'auto always never'; return ;;
	http-get:--marks) _sockt_words 'auto ascii words'; return ;;
	http-get:--hex-width) _sockt_words 'auto 8 16 32'; return ;;
	http-get:--json-file) _filedir; return ;;
	http-get:--record) _filedir; return ;;
	http-get:--payload) _sockt_words 'auto b64 none'; return ;;
	http-get:--time) _sockt_words 'rel delta wall none'; return ;;
	telnet:--escape|telnet:-e) :; return ;;
	telnet:--term) :; return ;;
	telnet:--mode) _sockt_words 'auto line character'; return ;;
	telnet:--source|telnet:-s) _sockt_offer source; return ;;
	telnet:--proxy) :; return ;;
	telnet:--connect-timeout) :; return ;;
	telnet:--retry) :; return ;;
	telnet:--wait) :; return ;;
	telnet:--idle-timeout) :; return ;;
	telnet:--timeout) :; return ;;
	telnet:--interface) _sockt_offer interface; return ;;
	telnet:--user-timeout) :; return ;;
	telnet:--dscp) :; return ;;
	telnet:--ttl) :; return ;;
	telnet:--min-ttl) :; return ;;
	telnet:--sndbuf) :; return ;;
	telnet:--rcvbuf) :; return ;;
	telnet:--mss) :; return ;;
	telnet:--congestion) :; return ;;
	telnet:--color) _sockt_words 'auto always never'; return ;;
	telnet:--marks) _sockt_words 'auto ascii words'; return ;;
	telnet:--hex-width) _sockt_words 'auto 8 16 32'; return ;;
	telnet:--json-file) _filedir; return ;;
	telnet:--record) _filedir; return ;;
	telnet:--payload) _sockt_words 'auto b64 none'; return ;;
	telnet:--time) _sockt_words 'rel delta wall none'; return ;;
	serve-static:--port-file) _filedir; return ;;
	serve-static:--max-clients) :; return ;;
	serve-static:--head-timeout) :; return ;;
	serve-static:--keep-alive) :; return ;;
	serve-static:--send-timeout) :; return ;;
	serve-static:--timeout) :; return ;;
	serve-static:--cert) _filedir; return ;;
	serve-static:--key) _filedir; return ;;
	serve-static:--alpn) :; return ;;
	serve-static:--tls-min) :; return ;;
	serve-static:--key-log) _filedir; return ;;
	serve-static:--client-ca) _filedir; return ;;
	serve-static:--color) _sockt_words 'auto always never'; return ;;
	serve-static:--marks) _sockt_words 'auto ascii words'; return ;;
	serve-static:--hex-width) _sockt_words 'auto 8 16 32'; return ;;
	serve-static:--json-file) _filedir; return ;;
	serve-static:--record) _filedir; return ;;
	serve-static:--payload) _sockt_words 'auto b64 none'; return ;;
	serve-static:--time) _sockt_words 'rel delta wall none'; return ;;
	port-check:--silence) :; return ;;
	port-check:--retry) :; return ;;
	port-check:--wait) :; return ;;
	port-check:--timeout) :; return ;;
	port-check:--color) _sockt_words 'auto always never'; return ;;
	port-check:--marks) _sockt_words 'auto ascii words'; return ;;
	port-check:--hex-width) _sockt_words 'auto 8 16 32'; return ;;
	port-check:--json-file) _filedir; return ;;
	port-check:--record) _filedir; return ;;
	port-check:--payload) _sockt_words 'auto b64 none'; return ;;
	port-check:--time) _sockt_words 'rel delta wall none'; return ;;
	show:--color) _sockt_words 'auto always never'; return ;;
	show:--marks) _sockt_words 'auto ascii words'; return ;;
	show:--hex-width) _sockt_words 'auto 8 16 32'; return ;;
	show:--json-file) _filedir; return ;;
	show:--record) _filedir; return ;;
	show:--payload) _sockt_words 'auto b64 none'; return ;;
	show:--time) _sockt_words 'rel delta wall none'; return ;;
	esac
	$split && return
	case $command:$cur in
	sockt:-*) _sockt_words '--version --verbose --quiet --text --raw --json --color= --marks= --explain --hex --hex= --hex-width= --ends --full --json-file= --record= --record-keys --record-plain --payload= --time= --help' ;;
	listen:-*) _sockt_words '--keep --broker --chat --service= --per-client= --exec= --sh-exec= --stderr --pty --forward= --forward-ca-file= --forward-pin= --forward-insecure --send-proxy= --proxy-server= --proxy-auth= --to= --ipv4 --ipv6 --local --public --port-file= --accept-proxy --stdio --allow= --deny= --max-clients= --max-per-address= --udp --datagram-size= --join= --accept-timeout= --send= --expect= --rate= --line-delay= --read-bytes= --quit-after= --idle-timeout= --timeout= --crlf --interface= --keepalive --keepalive= --user-timeout= --dscp= --ttl= --min-ttl= --sndbuf= --rcvbuf= --mss= --nagle --congestion= --mptcp --fast-open --tls --cert= --key= --alpn= --tls-min= --key-log= --client-ca= --verbose --quiet --text --raw --json --color= --marks= --explain --hex --hex= --hex-width= --ends --full --json-file= --record= --record-keys --record-plain --payload= --time= --help' ;;
	connect:-*) _sockt_words '--ipv4 --ipv6 --source= --proxy= --connect-timeout= --retry= --wait= --send-proxy= --udp --datagram-size= --broadcast --exec= --sh-exec= --stderr --pty --idle-timeout= --timeout= --send= --expect= --rate= --line-delay= --read-bytes= --quit-after= --crlf --interface= --keepalive --keepalive= --user-timeout= --dscp= --ttl= --min-ttl= --sndbuf= --rcvbuf= --mss= --nagle --congestion= --mptcp --fast-open --tls --cert= --key= --alpn= --tls-min= --key-log= --ca-file= --pin= --insecure --server-name= --starttls= --verbose --quiet --text --raw --json --color= --marks= --explain --hex --hex= --hex-width= --ends --full --json-file= --record= --record-keys --record-plain --payload= --time= --help' ;;
	http-get:-*) _sockt_words '--output= --include --head --header= --ipv4 --ipv6 --source= --proxy= --connect-timeout= --retry= --wait= --idle-timeout= --timeout= --interface= --keepalive --keepalive= --user-timeout= --dscp= --ttl= --min-ttl= --sndbuf= --rcvbuf= --mss= --nagle --congestion= --mptcp --tls --cert= --key= --alpn= --tls-min= --key-log= --ca-file= --pin= --insecure --server-name= --verbose --quiet --text --raw --json --color= --marks= --explain --hex --hex= --hex-width= --ends --full --json-file= --record= --record-keys --record-plain --payload= --time= --help' ;;
	telnet:-*) _sockt_words '--escape= --term= --negotiate --mode= --ipv4 --ipv6 --source= --proxy= --connect-timeout= --retry= --wait= --idle-timeout= --timeout= --interface= --keepalive --keepalive= --user-timeout= --dscp= --ttl= --min-ttl= --sndbuf= --rcvbuf= --mss= --nagle --congestion= --mptcp --verbose --quiet --text --raw --json --color= --marks= --explain --hex --hex= --hex-width= --ends --full --json-file= --record= --record-keys --record-plain --payload= --time= --help' ;;
	serve-static:-*) _sockt_words '--ipv4 --ipv6 --local --public --port-file= --stdio --max-clients= --head-timeout= --keep-alive= --send-timeout= --timeout= --tls --cert= --key= --alpn= --tls-min= --key-log= --client-ca= --verbose --quiet --text --raw --json --color= --marks= --explain --hex --hex= --hex-width= --ends --full --json-file= --record= --record-keys --record-plain --payload= --time= --help' ;;
	port-check:-*) _sockt_words '--ipv4 --ipv6 --all --banner --no-banner --silence= --retry= --wait= --timeout= --verbose --quiet --text --raw --json --color= --marks= --explain --hex --hex= --hex-width= --ends --full --json-file= --record= --record-keys --record-plain --payload= --time= --help' ;;
	show:-*) _sockt_words '--verbose --quiet --text --raw --json --color= --marks= --explain --hex --hex= --hex-width= --ends --full --json-file= --record= --record-keys --record-plain --payload= --time= --help' ;;
	sockt:*) _sockt_words 'listen connect http-get telnet serve-static port-check show help' ;;
	help:*) _sockt_words 'listen connect http-get telnet serve-static port-check show events exits' ;;
	*) case $command:$operand in
	listen:1) _sockt_offer host ;;
	listen:*) _sockt_offer $port "$host" "$cur" ;;
	connect:1) _sockt_offer host ;;
	connect:*) _sockt_offer $port "$host" "$cur" ;;
	http-get:1) _sockt_offer host ;;
	http-get:2) _sockt_offer $port "$host" "$cur" ;;
	http-get:*) : ;;
	telnet:1) _sockt_offer host ;;
	telnet:*) _sockt_offer $port "$host" "$cur" ;;
	serve-static:1) _filedir -d ;;
	serve-static:2) _sockt_offer host ;;
	serve-static:*) _sockt_offer $port "$host" "$cur" ;;
	port-check:1) _sockt_offer host ;;
	port-check:*) _sockt_offer $port "$host" "$cur" ;;
	show:*) _filedir ;;
	esac ;;
	esac
} && complete -F _sockt sockt
