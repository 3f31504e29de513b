#!/bin/sh
# Sockets that are connected already: from inetd and its like (--stdio), from
# systemd with Accept=yes, or as any descriptor.
. ./lib.sh

oneTimeSetUp() {
	mkdir "$D/www"
	echo page >"$D/www/index.html"
	head -c 3000000 /dev/urandom >"$D/big"
	# client.py KIND FDS SAID GOT WORD... - runs it, connected to us as
	# descriptors FDS; sends the file SAID, then our end; GOT has the answer
	cat >"$D/client.py" <<-'EOF'
		import fcntl, os, socket, sys, threading
		kind, fds, said, got, *words = sys.argv[1:]
		fds = [int(fd) for fd in fds.split(',')]
		if kind == 'pair':
		    us, it = socket.socketpair()
		else:
		    port = socket.create_server(('127.0.0.1', 0))
		    us = socket.create_connection(port.getsockname())
		    it = port.accept()[0]
		    port.close()
		pid = os.fork()
		if pid == 0:
		    us.close()
		    high = fcntl.fcntl(it, fcntl.F_DUPFD, 50)
		    for fd in fds:
		        os.dup2(high, fd, inheritable=True)
		    os.closerange(max(fds + [2]) + 1, 100)
		    if kind == 'systemd':
		        os.environ.update(LISTEN_PID=str(os.getpid()),
		            LISTEN_FDS='1', LISTEN_FDNAMES='connection')
		    os.execvp(words[0], words)
		it.close()
		us.settimeout(15)
		def say():
		    us.sendall(open(said, 'rb').read())
		    us.shutdown(socket.SHUT_WR)
		teller = threading.Thread(target=say)
		teller.start()
		with open(got, 'wb') as f:
		    while piece := us.recv(65536):
		        f.write(piece)
		teller.join()
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOF
}

# as_client KIND FDS SAID WORD... - the answer in $D/got
as_client() {
	kind=$1 fds=$2 said=$3
	shift 3
	run python3 "$D/client.py" "$kind" "$fds" "$said" "$D/got" "$@" \
		</dev/null
}

# lets_through KIND FDS WORD... - all bytes come back, after our end
lets_through() {
	kind=$1 fds=$2
	shift 2
	as_client "$kind" "$fds" "$D/big" "$SOCKT" listen "$@"
	assertEquals "$kind $*: $(cat "$D/err")" 0 "$rc"
	assertBytes "$kind $*" "$D/big" "$D/got"
}

test_inetd_gives_the_client_as_stdin_and_stdout() {
	for kind in pair tcp; do
		lets_through $kind 0,1 --stdio -e cat
		lets_through $kind 0,1,2 -v --stdio -c 'cat; echo >&2 lost'
		lets_through $kind 0,1 --stdio --service echo
	done
}

test_the_end_of_the_client_comes_before_the_answer() {
	printf 'b\na\n' >"$D/said"
	as_client tcp 0,1 "$D/said" "$SOCKT" listen --stdio -e sort
	assertEquals "a b" "$(xargs <"$D/got")"
	as_client tcp 0,1 /dev/null "$SOCKT" listen --stdio \
		-c 'echo $TCPREMOTEIP; exit 7'
	assertEquals "127.0.0.1" "$(cat "$D/got")"
	assertEquals 1 "$rc"
}

test_the_client_of_inetd_is_connected_onwards() {
	bg "$SOCKT" listen --port-file "$D/port" -e cat 127.0.0.1 0
	await "$D/port"
	lets_through tcp 0,1 --stdio --forward "127.0.0.1:$(cat "$D/port")"
	rm "$D/port"
	bg "$SOCKT" serve-static --port-file "$D/port" "$D/www" 0 >/dev/null
	await "$D/port"
	printf 'CONNECT 127.0.0.1:%s HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n' \
		"$(cat "$D/port")" >"$D/said"
	as_client tcp 0,1 "$D/said" "$SOCKT" listen --stdio --proxy-server http
	assertEquals page "$(tail -n 1 "$D/got")"
}

test_files_are_served_to_the_client_of_inetd() {
	printf 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' >"$D/said"
	for how in --stdio fd:3 systemd:; do
		operand=$how fds=3 kind=systemd
		[ $how != --stdio ] || fds=0,1 kind=tcp
		as_client $kind $fds "$D/said" "$SOCKT" serve-static "$D/www" $operand
		assertEquals "$how $(cat "$D/err")" 0 "$rc"
		assertEquals "$how" page "$(tail -n 1 "$D/got")"
		assertEquals "$how" "HTTP/1.1 200 OK" \
			"$(head -n 1 "$D/got" | tr -d '\r')"
	done
}

test_the_conversation_with_it_is_told() {
	echo hello >"$D/said"
	as_client tcp 0,1 "$D/said" "$SOCKT" -v --json-file "$D/json" \
		listen --stdio -e cat
	assertEquals hello "$(cat "$D/got")"
	assertTrue "$(cat "$D/err")" "grep -qF '* accept' '$D/err'"
	assertEquals "accepted" "$(jq -r 'select(.ev == "accepted" or
		.ev == "listening").ev' "$D/json")"
}

test_systemd_with_accept_gives_one_client() {
	lets_through systemd 3 -e cat systemd:
	lets_through systemd 3 -e cat systemd:connection
	lets_through pair 3 -e cat fd:3
	echo hello >"$D/said"
	as_client systemd 3 "$D/said" "$SOCKT" listen systemd:
	assertEquals "0 hello" "$rc $(cat "$D/out")"
}

# served WORD... - sockt WORD... by tcpserver for each caller, on $port
served() {
	: >"$D/tcpserver"
	bg timeout 60 tcpserver -1RHl0 127.0.0.1 0 "$SOCKT" "$@" \
		</dev/null >"$D/tcpserver" 2>"$D/err"
	await "$D/tcpserver" && port=$(cat "$D/tcpserver")
}

test_tcpserver_gives_each_caller_one_of_us() {
	printf 'b\na\n' >"$D/said"
	served listen --stdio -e sort
	for client in 'nc.openbsd -N 127.0.0.1' 'ncat 127.0.0.1'; do
		run $client "$port" <"$D/said"
		assertEquals "$client: $(cat "$D/err")" "0 a b" \
			"$rc $(xargs <"$D/out")"
	done
	run socat -t 10 - "TCP:127.0.0.1:$port" <"$D/said"
	assertEquals socat "0 a b" "$rc $(xargs <"$D/out")"
	served listen --stdio --service echo
	run nc.openbsd -N 127.0.0.1 "$port" <"$D/big"
	assertBytes "there and back" "$D/big" "$D/out"
	served serve-static --stdio "$D"
	run curl -sS "http://127.0.0.1:$port/big"
	assertBytes "a file" "$D/big" "$D/out"
}

# misuse TEXT WORD... - exit 2, in these words
misuse() {
	text=$1
	shift
	run "$SOCKT" "$@" </dev/null
	assertEquals "$*" 2 "$rc"
	assertTrue "$*: $(cat "$D/err")" "grep -qF -e '$text' '$D/err'"
}

test_what_cannot_be_with_one_client_is_told() {
	misuse 'say who talks to it' listen --stdio
	misuse 'no port is opened' listen --stdio -e cat 80
	misuse 'is for several' listen --stdio -k -e cat
	misuse 'is for several' listen --stdio --chat
	misuse '--json-file' --text listen --stdio -e cat
	misuse '--public' listen --stdio --public -e cat
	misuse 'not for --udp' listen -u --stdio
	misuse 'no port is opened' serve-static --stdio "$D/www" 80
	misuse 'no port given' listen
	run "$SOCKT" listen --stdio -e cat </dev/null
	assertEquals 7 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'not a socket' '$D/err'"
}

. "$SHUNIT2"
