# shellcheck shell=sh disable=SC2034,SC2154,SC2086
# told.sh - every command in many situations, each told three times at once:
# as text in NAME.text, as JSON in NAME.ndjson, and exit status NAME.rc, all
# in $R. A situation is a function sit_NAME; $more are options for it.
R=$(mktemp -d)		# under TMPDIR, which goes
C=$R/tls
mkdir "$C" && sh peers/tls_certs.sh "$C" || exit 2
unset SSLKEYLOGFILE
export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/nonexistent
more=

# tell WORD... - sockt WORD..., to its end
tell() {
	timeout -k 2 30 "$SOCKT" --text --json-file="$R/$it.ndjson" $more "$@" \
		>"$R/$it.text" 2>"$R/$it.err"
	echo $? >"$R/$it.rc"
}

# serve WORD... - the same in the background, on a $port that it chooses; $us
serve() {
	rm -f "$R/port"
	bg "$SOCKT" --text --json-file="$R/$it.ndjson" $more "$@" \
		--port-file "$R/port" >"$R/$it.text" 2>"$R/$it.err"
	us=$!
	await "$R/port" && port=$(cat "$R/port")
}

# stop SIGNAL - what serves
stop() { kill "-$1" "$us" && await_end "$us"; echo "$rc" >"$R/$it.rc"; }
ends() { await_end "$us"; echo "$rc" >"$R/$it.rc"; }

# client - says what it gets on stdin, and waits for the end
client() { timeout 20 "$SOCKT" connect 127.0.0.1 "$port" >/dev/null 2>&1; }

# peer ACTION... - sets $port
peer() {
	rm -f "$R/port"
	bg python3 peers/tcp_peer.py "$R/port" "$@"
	await "$R/port" && port=$(cat "$R/port")
}

# tls_peer NAME ACTION... - sets $port
tls_peer() {
	name=$1
	shift
	rm -f "$R/port"
	bg python3 peers/tls_peer.py "$R/port" "$C/$name.pem" "$C/$name.key" \
		"$@" 2>"$R/peer"
	await "$R/port" && port=$(cat "$R/port")
}

### connect

sit_connect_ok() {
	peer 'send:hello\r\nw\xc3\xb6rld\n' read:3 close
	printf 'hi\n' | tell connect 127.0.0.1 "$port"
}
sit_connect_binary() {
	peer 'send:\x00\x01\x02\xff\x1b[2Jabc\r\nno end' read:4 close
	printf '\377\000hi' | tell connect 127.0.0.1 "$port"
}
sit_connect_long_lines() {
	peer fill:9000 'send:\n' fill:5000 read:1 close
	printf 'x' | tell connect 127.0.0.1 "$port"
}
sit_connect_in_turns() {
	peer 'send:user? ' read:4 'send:pass? ' read:8 'send:no\n' close
	tell connect --expect 'user? ' --send 'me\r\n' --expect 'pass? ' \
		--send 'secret\r\n' 127.0.0.1 "$port" </dev/null
}
sit_connect_unmet() {
	peer 'send:what?\n' close
	tell connect --expect never 127.0.0.1 "$port" </dev/null
}
sit_connect_name() {
	peer read:1 close
	printf x | tell connect localhost "$port"
}
sit_connect_refused() { tell connect 127.0.0.1 "$(free_port)" </dev/null; }
sit_connect_retry() {
	tell connect --retry=2 127.0.0.1 "$(free_port)" </dev/null
}
sit_connect_reset() {
	peer read:1 'send:x' rst
	printf x | tell connect 127.0.0.1 "$port"
}
sit_connect_timeout() {
	peer busy
	tell connect --connect-timeout=0.5 127.0.0.1 "$port" </dev/null
}
sit_connect_idle() {
	peer "await:$R/never"
	tell connect --idle-timeout=0.2 127.0.0.1 "$port" </dev/null
}
sit_connect_no_name() { tell connect no-such-name.invalid 80 </dev/null; }
sit_connect_term() {
	peer 'send:hello\n' "await:$R/never"
	bg "$SOCKT" --text --json-file="$R/$it.ndjson" $more connect 127.0.0.1 \
		"$port" <"$FIFO" >"$R/$it.text" 2>"$R/$it.err"
	us=$!
	await_text "$R/$it.text" hello
	stop TERM
}
sit_connect_tls() {
	tls_peer self 'send:secret\n' read:1 close
	printf x | tell connect --tls --insecure 127.0.0.1 "$port"
}
sit_connect_tls_failed() {
	tls_peer self 'send:secret\n' read:1 close
	tell connect --tls 127.0.0.1 "$port" </dev/null
}
sit_connect_unix() {
	bg "$SOCKT" listen "unix:$R/socket" </dev/null >/dev/null 2>&1
	until_ok test -S "$R/socket"
	printf 'over a path\n' | tell connect "unix:$R/socket"
	rm -f "$R/socket"
}
sit_connect_udp() {
	rm -f "$R/port"
	bg "$SOCKT" listen -u --service=echo --port-file "$R/port" 127.0.0.1 0 \
		</dev/null >/dev/null 2>&1
	await "$R/port"
	printf 'a\nb\n\001\002' | tell connect -u --idle-timeout=0.5 127.0.0.1 \
		"$(cat "$R/port")"
}
sit_connect_udp_refused() {
	printf 'a\n' | tell connect -u --idle-timeout=0.5 127.0.0.1 "$(free_port)"
}
sit_connect_proxy() {
	peer read:1 close
	to=$port
	rm -f "$R/port"
	bg "$SOCKT" listen -k --proxy-server=socks5 --port-file "$R/port" \
		127.0.0.1 0 >/dev/null 2>&1
	await "$R/port"
	printf x | tell connect --proxy="socks5://127.0.0.1:$(cat "$R/port")" \
		127.0.0.1 "$to"
}
sit_connect_proxy_failed() {
	rm -f "$R/port"
	bg "$SOCKT" listen -k --proxy-server=http --port-file "$R/port" \
		127.0.0.1 0 >/dev/null 2>&1
	await "$R/port"
	tell connect --proxy="http://127.0.0.1:$(cat "$R/port")" 127.0.0.1 \
		"$(free_port)" </dev/null
}

### listen

sit_listen_one() {
	echo 'from us' >"$R/in"
	serve listen 127.0.0.1 0 <"$R/in"
	printf 'hello\nhalf' | client
	ends
}
sit_listen_many() {
	serve listen -k --allow=127.0.0.1 127.0.0.1 0 </dev/null
	printf 'one\n' | client
	printf 'two\n' | client
	stop INT
}
sit_listen_denied() {
	serve listen -k --deny=127.0.0.0/8 127.0.0.1 0 </dev/null
	echo hello | client
	await_text "$R/$it.text" away
	stop TERM
}
sit_listen_exec() {
	serve listen -k --exec 'tr a-z A-Z' 127.0.0.1 0 </dev/null
	echo hello | client
	await_text "$R/$it.text" exit
	stop TERM
}
sit_listen_service() {
	serve listen -k --service=echo 127.0.0.1 0 </dev/null
	echo hello | client
	await_text "$R/$it.text" closed
	stop TERM
}
sit_listen_worker() {
	serve listen -k --service=echo --per-client=thread 127.0.0.1 0 </dev/null
	echo hello | client
	await_text "$R/$it.text" closed
	stop TERM
}
sit_listen_chat() {
	serve listen --chat 127.0.0.1 0 </dev/null
	echo hello | client
	await_text "$R/$it.text" closed
	stop TERM
}
sit_listen_forward() {
	peer 'send:from there\n' "drain:$R/drained" close
	serve listen -k --forward "127.0.0.1:$port" 127.0.0.1 0 </dev/null
	echo hello | client
	await_text "$R/$it.text" closed
	stop TERM
}
sit_listen_proxy() {
	serve listen -k --proxy-server=http 127.0.0.1 0 </dev/null
	timeout 20 "$SOCKT" connect --proxy="http://127.0.0.1:$port" 127.0.0.1 \
		"$(free_port)" >/dev/null 2>&1 </dev/null
	await_text "$R/$it.text" closed
	stop TERM
}
sit_listen_udp() {
	serve listen -u --idle-timeout=1 127.0.0.1 0 </dev/null
	printf 'one\ntwo\000\n' | timeout 20 "$SOCKT" connect -u \
		--idle-timeout=0.2 127.0.0.1 "$port" >/dev/null 2>&1
	ends
}
sit_listen_udp_forward() {
	port=$(free_port)
	serve listen -u --forward "127.0.0.1:$port" --idle-timeout=0.3 127.0.0.1 0 \
		</dev/null
	echo hello | timeout 20 "$SOCKT" connect -u --idle-timeout=0.2 127.0.0.1 \
		"$port" >/dev/null 2>&1
	await_text "$R/$it.text" closed
	stop TERM
}
sit_listen_tls() {
	serve listen --tls --cert "$C/self.pem" --key "$C/self.key" 127.0.0.1 0 \
		</dev/null
	echo hello | timeout 20 "$SOCKT" connect --tls --insecure 127.0.0.1 "$port" \
		>/dev/null 2>&1
	ends
}
sit_listen_in_use() {
	peer read:1
	tell listen 127.0.0.1 "$port" </dev/null
}
sit_listen_nobody() {
	tell listen --accept-timeout=0.2 127.0.0.1 0 </dev/null
}

sit_listen_idle() {
	serve listen -k --service=echo --idle-timeout=0.2 127.0.0.1 0 </dev/null
	timeout 20 "$SOCKT" connect 127.0.0.1 "$port" <"$FIFO" >"$R/in" 2>&1
	await_text "$R/$it.text" closed
	stop TERM
}

### HTTP

# site - something to fetch; sets $port
site() {
	mkdir -p "$R/site"
	echo '<h1>hello</h1>' >"$R/site/index.html"
	printf '\000\001\002\003' >"$R/site/data"
	head -c 70000 /dev/zero | tr '\0' x >"$R/site/long.txt"
	rm -f "$R/port"
	bg "$SOCKT" serve-static --port-file "$R/port" "$R/site" 0 \
		>/dev/null 2>&1
	await "$R/port" && port=$(cat "$R/port")
}
sit_http_get_200() { site; tell http-get 127.0.0.1 "$port" /; }
sit_http_get_404() { site; tell http-get 127.0.0.1 "$port" /none; }
sit_http_get_binary() { site; tell http-get 127.0.0.1 "$port" /data; }
sit_http_get_long() { site; tell http-get 127.0.0.1 "$port" /long.txt; }
sit_http_get_verbose() { site; tell -v http-get 127.0.0.1 "$port" /; }
sit_http_get_file() {
	site
	tell http-get -o "$R/got" 127.0.0.1 "$port" /data
}
sit_http_get_truncated() {
	peer read:1 'send:HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort' \
		shut "drain:$R/drained" close
	tell http-get 127.0.0.1 "$port" /
}
sit_http_get_chunked() {
	peer read:1 'send:HTTP/1.1 200 caf\xe9\r\nTransfer-Encoding: chunked\r\nX: \xff\r\n\r\n' \
		'send:3\r\nabc\r\n0\r\nT: r\r\n\r\nextra' close
	tell http-get 127.0.0.1 "$port" /
}
sit_http_get_nonsense() {
	peer read:1 'send:what is this?\n' close
	tell http-get 127.0.0.1 "$port" /
}
sit_serve_static() {
	site
	serve serve-static "$R/site" 0
	for path in / /none /data; do
		timeout 20 "$SOCKT" http-get 127.0.0.1 "$port" "$path" \
			>/dev/null 2>&1
	done
	printf 'GARBAGE\r\n\r\n' | client
	stop TERM
}
sit_serve_static_verbose() {
	site
	serve -v serve-static --keep-alive=0.2 "$R/site" 0
	printf 'GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: Firefox/128\r\n\r\n' |
		client
	await_text "$R/$it.text" closed
	stop INT
}

### telnet, port-check

sit_telnet() {
	peer 'send:\xff\xfb\x01\xff\xfd\x18\xff\xfd\x1flogin: ' read:3 \
		'send:\xff\xfc\x01bye\r\n' close
	printf 'me\n' | tell telnet 127.0.0.1 "$port"
}
sit_telnet_verbose() {
	peer 'send:\xff\xfb\x01\xff\xfb\x03\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0login: ' \
		read:3 close
	printf 'me\n' | tell -v telnet 127.0.0.1 "$port"
}
sit_port_check() {
	peer "await:$R/never"
	tell port-check 127.0.0.1,localhost "$port,$(free_port)"
}
sit_port_check_range() {
	peer 'send:SSH-2.0-x\r\n' "await:$R/never"
	tell -v port-check --all --banner 127.0.0.1 "1-20,$port"
}
sit_port_check_no_name() { tell port-check no-such-name.invalid 80; }

situations() { sed -n 's/^sit_\([a-z_0-9]*\)().*/\1/p' told.sh; }

# happen NAME - the situation takes place
happen() {
	it=$1
	rm -f "$R/never"
	"sit_$1" <"$FIFO"
	tearDown
}

# Input that neither has anything nor ends.
FIFO=$R/fifo
mkfifo "$FIFO"
exec 9<>"$FIFO"
