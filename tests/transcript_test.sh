#!/bin/sh
# shellcheck disable=SC1090,SC1091,SC2034,SC2154
# Whole conversations, played with real peers, as they are to be shown: in a
# pipe, in ASCII, in words, and on a terminal; transcripts/NAME.text is what
# each has to look like once times, ports and the like are taken out of it.
# RENEW=1 writes these texts anew. In a network of its own, where the ports
# below 1024 are free and names are what we say.
if [ -z "${PRIVATE:-}" ] && unshare -rnm true 2>/dev/null; then
	PRIVATE=1 exec unshare -rnm --kill-child sh "$0" "$@"
fi
. ./lib.sh
. ./screen.sh

HERE=$PWD/transcripts
PATH=$(dirname "$SOCKT"):$PATH
export PATH
FIREFOX='Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'

oneTimeSetUp() {
	[ -n "${PRIVATE:-}" ] || { skip 'no private network here (unshare)'; return; }
	ip link set lo up
	ip link add cable type veth peer name nobody
	ip addr add 192.0.2.80/24 dev cable
	sysctl -qw net.ipv6.conf.cable.disable_ipv6=1
	ip link set cable up
	mkdir "$D/tls" "$D/public"
	(sh peers/tls_certs.sh "$D/tls")
	echo '<h1>hello</h1>' >"$D/public/index.html"
	echo 'body {}' >"$D/public/style.css"
}
setUp() {
	drop=""
	must=""
	[ -n "${PRIVATE:-}" ] || startSkipping
}

# hosts LINE... - /etc/hosts, for us alone
hosts() { printf '%s\n' "$@" >"$D/hosts" && mount --bind "$D/hosts" /etc/hosts; }

listens() { ss -ltnH "sport = :$1" | grep -q .; }

# up PORT COMMAND... - a server that listens there
up() {
	_port=$1
	shift
	bg "$@" </dev/null >"$D/server" 2>&1
	until_ok listens "$_port" || cat "$D/server"
}

### comparing

# golden NAME HOW FILE - what FILE shows is that transcript, told in that way;
# lines that match $drop may stand anywhere
golden() {
	sed -f "$HERE/plain.sed" ${drop:+-e "/$drop/d"} "$3" >"$D/plain"
	[ -z "${RENEW:-}" ] || [ "$2" != text ] || cp "$D/plain" "$HERE/$1.text"
	case $2 in
	ascii) sed 's/→/>/g; s/←/</g; s/…/.../g' "$HERE/$1.text" ;;
	words) sed -f "$HERE/words.sed" "$HERE/$1.text" ;;
	*) cat "$HERE/$1.text" ;;
	esac >"$D/golden"
	diff -u "$D/golden" "$D/plain" >"$D/diff" ||
		fail "$1, $2: $(cat "$D/diff")"
	[ "$2" != ascii ] || assertFalse "$1: not ASCII" \
		"LC_ALL=C grep -q '[^ -~	]' '$D/plain'"
	assertTrue "$1, $2: no time in front" \
		"grep -qE '^ {1,2}[0-9]{1,2}\.[0-9]{4} |^PORT ' '$3'"
}

# in_a_pipe HOW COMMAND - by sh, into $D/shown, with the options for HOW in
# $SOCKT_HOW; sets $rc
in_a_pipe() {
	case $1 in
	ascii) how='--text --marks=ascii' ;;
	words) how='--text --marks=words' ;;
	*) how=--text ;;
	esac
	timeout -k 2 20 sh -c "$(echo "$2" | sed "s/sockt /sockt $how /")" \
		>"$D/shown" 2>&1 </dev/null
	rc=$?
}

# on_a_terminal COMMAND - into $D/shown; sets $rc
on_a_terminal() {
	type_command "$1"
	left
	screen_text >"$D/shown"
}

# all that stands there between the command and the next prompt
screen_text() {
	tm capture-pane -pJ -S -500 | grep -v '^END[0-9]* *' | sed '/^READY/d
		/^ *$/d'
}

# playing HOW COMMAND... - again if what must come was late, once in a while
playing() {
	_tries=0
	while "$@"; [ $_tries -lt 9 ] && ! grep -qF -e "$must" "$D/shown"; do
		_tries=$((_tries + 1))
	done
}

# told NAME COMMAND STATUS - the command ends by itself; each way to tell it
told() {
	for way in text ascii words; do
		playing in_a_pipe $way "$2"
		assertEquals "$1, $way: status" "$3" "$rc"
		golden "$1" $way "$D/shown"
	done
	playing on_a_terminal "$2"
	assertEquals "$1, terminal: status" "$3" "$rc"
	golden "$1" terminal "$D/shown"
}
# roomy - a screen on which no line is wrapped
roomy() { screen 250 50; }

### the transcripts

# T1: a page of nginx, which has no IPv6 here
test_http_get() {
	command -v nginx >/dev/null || { skip 'nginx is not installed'; return; }
	hosts '::1 localhost' '127.0.0.1 localhost'
	cat >"$D/nginx.conf" <<-END
		user root; daemon off; master_process off; pid $D/nginx.pid;
		error_log $D/nginx.err; events {}
		http {
			access_log off; types { text/html html; }
			server_tokens off; root $D/public;
			client_body_temp_path $D/n1; proxy_temp_path $D/n2;
			fastcgi_temp_path $D/n3; uwsgi_temp_path $D/n4;
			scgi_temp_path $D/n5;
			server { listen 127.0.0.1:80; }
		}
	END
	up 80 nginx -e "$D/nginx.err" -c "$D/nginx.conf"
	roomy
	told http-get 'sockt http-get localhost 80 /' 0
	assertEquals 15 "$("$SOCKT" http-get localhost 80 / | wc -c)"
}

# T3: nothing listens
test_a_closed_port() {
	roomy
	told closed-port 'sockt connect --explain 127.0.0.1 8081' 4
}

# T2: two clients, the first of which leaves, on a terminal where one types
two_clients() {
	rm -f "$D/one" "$D/two"
	mkfifo "$D/one" "$D/two"
	exec 7<>"$D/one" 8<>"$D/two"
	type_command "sockt $1 listen 8080"
	until_ok listens 8080
	bg nc.openbsd 127.0.0.1 8080 <"$D/one" >"$D/got-one" 7>&- 8>&-
	one=$!
	echo 'hello from one' >&7
	await_screen 'hello from one'
	bg nc.openbsd 127.0.0.1 8080 <"$D/two" >"$D/got-two" 7>&- 8>&-
	echo 'hello from two' >&8
	await_screen 'hello from two'
	keys 'hi two' Enter
	await "$D/got-two"
	kill "$one"
	await_screen 'by the peer first'
	keys C-c
	left
	exec 7>&- 8>&-
	assertEquals 130 "$rc"
	assertEquals 'hi two' "$(cat "$D/got-two")"
	assertFalse "said to the one that did not speak last" "[ -s '$D/got-one' ]"
	screen_text >"$D/shown"
	tearDown
}

test_listen_with_two_clients() {
	for way in text ascii words; do
		roomy
		two_clients "--marks=$(echo $way | sed s/text/auto/)"
		golden listen $way "$D/shown"
	done
}

# T4: a server that takes over the echo
test_telnet() {
	for way in text ascii words; do
		roomy
		rm -rf "$D/peer"
		mkdir "$D/peer"
		bg python3 peers/telnet_peer.py "$D/peer" \
			'send:fffb01fffb03fffd1ffffd18' 'expect:fffd03' \
			'send:6c6f67696e3a20' 'expect:610d' end
		await "$D/peer/port"
		type_command "sockt --marks=$(echo $way | sed s/text/auto/) telnet -v 127.0.0.1 $(cat "$D/peer/port")"
		await_screen 'login:'
		keys a Enter
		left
		screen_text >"$D/shown"
		golden telnet $way "$D/shown"
		tearDown
	done
}

# T5: two browsers; one is idle until we close
browse() {
	tag=$(curl -sI -A curl/8.0 http://localhost:8000/style.css | tr -d '\r' |
		sed -n 's/^ETag: //p')
	curl -s -A "$FIREFOX" http://localhost:8000/ \
		--next -s -A "$FIREFOX" -H "If-None-Match: $tag" http://localhost:8000/style.css \
		--next -s -A "$FIREFOX" http://localhost:8000/favicon.ico >/dev/null
	printf 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' |
		timeout 10 nc.openbsd localhost 8000 >/dev/null
}

test_serve_static() {
	hosts '127.0.0.1 localhost'
	cd "$D" || return
	for way in text ascii words; do
		how="--text --marks=$(echo $way | sed s/text/auto/)"
		up 8000 env --default-signal=INT sh -c "exec '$SOCKT' $how \
			serve-static --keep-alive=1 ./public 8000 >'$D/shown'"
		us=$!
		browse
		await_text "$D/shown" keep-alive
		kill -INT $us
		await_end $us
		golden serve-static $way "$D/shown"
	done
	roomy
	keys "cd $D" Enter
	type_command 'sockt serve-static --keep-alive=1 ./public 8000'
	until_ok listens 8000
	browse
	await_screen keep-alive
	keys C-c
	left
	screen_text | sed '/^^C$/d' >"$D/shown"
	golden serve-static terminal "$D/shown"
	assertTrue "Ctrl-C has a line of its own" "shown | grep -q '^^C *\$'"
	cd "$HERE/.." || return
}

test_serve_static_logs_in_a_pipe() {
	bg "$SOCKT" serve-static "$D/public" 127.0.0.1 8001 >"$D/log"
	until_ok listens 8001
	curl -s -A "$FIREFOX" http://127.0.0.1:8001/ >/dev/null
	await "$D/log"
	assertEquals '127.0.0.1 - - [DATE] "GET / HTTP/1.1" 200 15 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"' \
		"$(sed -f "$HERE/plain.sed" "$D/log")"
}

# T6: open, closed, and a firewall
test_port_check() {
	hosts '127.0.0.1 localhost'
	nft 'add table inet t; add chain inet t in { type filter hook input priority 0; }' &&
		nft 'add rule inet t in tcp dport 8080 drop' ||
		{ skip 'no firewall here'; return; }
	up 22 socat TCP-LISTEN:22,bind=127.0.0.1,fork,reuseaddr \
		'SYSTEM:printf "SSH-2.0-OpenSSH_9.2\r\n"; cat'
	up 80 "$SOCKT" serve-static "$D/public" 127.0.0.1 80
	roomy
	must='said "SSH'		# sockt does not wait long for it
	told port-check \
		'sockt port-check --banner --timeout=60 localhost 7-25,80,8080' 1
	nft delete table inet t
	assertEquals '20	closed
21	closed
22	open' "$("$SOCKT" port-check localhost 20-25 | cut -f2,3 | head -n 3)"
	assertEquals 'both open' \
		"$("$SOCKT" port-check localhost 22 80 >/dev/null && echo both open)"
}

test_port_check_lists_what_is_few() {
	hosts '127.0.0.1 localhost'
	up 80 "$SOCKT" serve-static "$D/public" 127.0.0.1 80
	roomy
	told port-check-few 'sockt port-check localhost 23,80' 1
}

# T7: trusted, and not
test_tls() {
	hosts '127.0.0.1 localhost'
	up 443 openssl s_server -quiet -accept 127.0.0.1:443 \
		-cert "$D/tls/good.pem" -key "$D/tls/good.key"
	roomy
	# who closes first, and whether TIME_WAIT is seen in time, is chance
	drop='closed  *by \| after \|why: We closed\|why: The kernel keeps'
	drop="$drop"'\|why: The other side closed\|why: 1 segment'
	told tls "sockt connect --tls --ca-file $D/tls/ca.pem --explain localhost 443 </dev/null" 0
}

test_tls_with_a_certificate_nobody_vouches_for() {
	hosts '127.0.0.1 localhost'
	up 9443 openssl s_server -quiet -accept 127.0.0.1:9443 \
		-cert "$D/tls/self.pem" -key "$D/tls/self.key"
	roomy
	told tls-self-signed 'sockt connect --tls localhost 9443 </dev/null' 8
}

# T8: a datagram for nobody
test_udp() {
	roomy
	told udp 'echo ping | sockt connect --udp --explain 127.0.0.1 9999' 4
}

# T10: why one cannot listen
test_listen_where_another_program_does() {
	bg python3 -c 'import socket, time
s = socket.socket(); s.bind(("127.0.0.1", 8083)); s.listen(); time.sleep(99)'
	until_ok listens 8083
	roomy
	told in-use 'sockt listen 8083' 7
}

test_listen_where_a_finished_connection_rests() {
	python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 8082)); s.listen()
c = socket.create_connection(("127.0.0.1", 8082)); a, _ = s.accept()
a.close(); c.recv(1); c.close(); s.close()'
	roomy
	told time-wait 'sockt listen 8082' 7
}

test_listen_without_the_privilege() {
	roomy
	told privilege 'setpriv --bounding-set -net_bind_service sockt listen 80' 7
}

# T11: bytes
test_hex() {
	hosts '127.0.0.1 localhost'
	up 7 "$SOCKT" listen -k --service=echo 127.0.0.1 7
	screen 110 50
	drop=' half '		# which may come before the echo, or after it
	told hex 'printf "\\000\\001hi\\r\\n" | sockt connect --hex localhost 7' 0
}

# More callers than were accepted yet.
waiting() { ss -ltnH "sport = :$1" | awk '{ print $2 }'; }

test_the_accept_queue() {
	bg "$SOCKT" --text -v listen -k --service=echo 127.0.0.1 7000 >"$D/shown"
	us=$!
	until_ok listens 7000
	kill -STOP $us
	for i in 1 2 3; do
		bg nc.openbsd 127.0.0.1 7000 0<>"$D/alive" >/dev/null
	done
	until_ok makes 3 waiting 7000
	kill -CONT $us
	await_text "$D/shown" '#3 * accept'
	grep accept "$D/shown" | sed 's/; congestion control [a-z]*$//' >"$D/accepts"
	golden accept-queue text "$D/accepts"
}

. "$SHUNIT2"
