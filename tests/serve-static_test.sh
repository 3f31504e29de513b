#!/bin/sh
# sockt serve-static: what it serves, what it never serves, and how it ends.
. ./lib.sh

ROOT=$D/root

# The tree of serve-static.table and of the tests below.
oneTimeSetUp() {
	mkdir -p "$ROOT/sub/deep" "$ROOT/tour/far" "$ROOT/void" "$ROOT/odd/index.html" \
		"$ROOT/names" "$ROOT/.git" "$D/root-other"
	mkdir "$ROOT/$(printf 'f\r\nX')"
	cd "$ROOT" || exit 2
	echo ok >ok.txt
	python3 -c 'import string; print(string.ascii_lowercase * 100, end="")' \
		>letters.txt
	head -c 1048576 /dev/urandom >big.bin
	: >empty.txt
	echo 'front page of sub' >sub/index.html
	echo note >sub/note.txt
	echo HIDDEN | tee .hidden .git/config sub/.x >../root-other/x
	echo SECRET | tee ../secret.txt >../root-other/secret.txt
	echo stop | tee tour/near.txt >tour/far/end.txt
	touch style.css data.json page.html UPPER.PNG sub/deep/x
	echo two >'two words.txt'
	echo plus >a+b.txt
	echo percent >50%.txt
	echo what >'what?.txt'
	echo number >'n#1.txt'
	echo coffee >café.txt
	ln -s /etc/passwd out.txt
	ln -s /etc outdir
	ln -s letters.txt in.txt
	ln -s circle circle
	mkfifo fifo
	python3 -c 'import socket; socket.socket(1).bind("socket")'
	cd names || exit 2
	touch '<img src=x>' '%41' 'javascript:alert(1)' .x \
		"$(printf 'line\nbreak')" "$(printf 'esc\033[31m')" \
		"$(printf 'bad\377')" "$(printf 'rtl\342\200\256gnp')"
	cd .. || exit 2
	touch -d '2024-02-03 04:05:06 UTC' letters.txt
	cd "$OLDPWD" || exit 2
	cd "${SUITE:=$(dirname "$0")}" || exit 2
}
SUITE=$PWD

setUp() { rm -f "$D"/port "$D"/out "$D"/err "$D"/log; }

# serve [OPTION...] - serves $ROOT; sets $port and $server
serve() {
	bg "$SOCKT" serve-static --port-file "$D/port" "$@" "$ROOT" 0 \
		>"$D/log" 2>"$D/err"
	server=$!
	await "$D/port" && port=$(cat "$D/port")
	url=http://127.0.0.1:$port
}

# table SECTION - the conversations of serve-static.table
table() {
	serve
	timeout 60 python3 peers/http_ask.py "$port" serve-static.table "$1" \
		>"$D/out" 2>&1
	assertEquals "" "$(sed '$d' "$D/out")"
	assertTrue "$(tail -1 "$D/out")" \
		"grep -q '^[1-9][0-9]* asked$' '$D/out'"
}

test_reads_heads_as_the_standard_says() { table lines; }
test_knows_the_forms_of_a_target() { table targets; }
test_refuses_methods_in_words() { table methods; }
test_throws_away_what_requests_bring() { table content; }
test_keeps_or_closes_as_asked() { table staying; }
test_sends_ranges() { table ranges; }
test_judges_conditions() { table conditions; }
test_serves_nothing_outside_the_folder() { table paths; }
test_names_the_type_of_a_file() { table types; }
test_lists_folders_safely() { table listing; }

# Who waits for a reader must not lose to us what he writes.
test_a_pipe_is_not_opened() {
	serve
	bg sh -c "echo stays >'$ROOT/fifo'"
	writer=$!
	for i in 1 2 3 4 5 6 7 8; do
		run curl -s -o /dev/null -w '%{http_code}\n' "$url/fifo?$i"
		assertEquals 404 "$(cat "$D/out")"
	done
	assertTrue 'still waits' "kill -0 $writer"
	assertEquals stays "$(timeout 5 cat "$ROOT/fifo")"
	await_end "$writer"
}

test_curl_gets_every_byte() {
	serve
	run curl -sS -D "$D/head" "$url/big.bin"
	assertEquals 0 "$rc"
	assertBytes big "$ROOT/big.bin" "$D/out"
	run curl -sS -C 1000000 "$url/big.bin"
	tail -c +1000001 "$ROOT/big.bin" >"$D/want"
	assertBytes resumed "$D/want" "$D/out"
	run curl -sS -o /dev/null -w '%{http_code} %{num_connects} ' \
		"$url/ok.txt" -o /dev/null "$url/sub/" -o /dev/null "$url/nope"
	assertEquals "200 1 200 0 404 0 " "$(cat "$D/out")"
}

test_wget_mirrors_and_comes_back_for_less() {
	serve
	(cd "$D" && timeout 20 wget -q -r -nH -P mirror "$url/" \
		--reject 'index.html*,outdir' -X /names)
	assertBytes mirrored "$ROOT/big.bin" "$D/mirror/big.bin"
	assertEquals stop "$(cat "$D/mirror/tour/far/end.txt")"
	assertFalse "a link out" "[ -e '$D/mirror/out.txt' ]"
	(cd "$D/mirror" && timeout 20 wget -q -N "$url/letters.txt")
	await_text "$D/log" '"GET /letters.txt HTTP/1.1" 304 0 '
}

test_chromium_lists_a_folder_and_clicks_on_a_file() {
	command -v chromedriver >/dev/null ||
		{ skip 'chromedriver is not installed'; return; }
	serve
	run timeout 60 python3 peers/browser_click.py "$url/tour/" far/ end.txt
	assertEquals "$url/tour/far/end.txt
stop" "$(cat "$D/out")"
}

test_many_requests_in_one_piece_come_back_in_one_piece() {
	serve
	run timeout 10 python3 - "$port" <<'END'
import socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'GET /ok.txt HTTP/1.1\r\nHost: x\r\n\r\n' * 40)
first = s.recv(1 << 20)
print(first.count(b'HTTP/1.1 200 OK'))
END
	assertEquals 40 "$(cat "$D/out")"
}

test_a_slow_head_is_ended_with_408() {
	serve --head-timeout=0.3
	run timeout 10 python3 - "$port" <<'END'
import socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'GET /ok.txt HTTP/1.1\r\nHo')
print(s.recv(12).decode(), s.recv(9999)[-1:] != b'', s.recv(9))
END
	assertEquals "HTTP/1.1 408 True b''" "$(cat "$D/out")"
	await_text "$D/log" '"GET /ok.txt HTTP/1.1" 408 '
}

test_clients_who_dribble_do_not_mix() {
	serve
	run timeout 10 python3 - "$port" <<'END'
import socket, sys
at = ('127.0.0.1', int(sys.argv[1]))
a, b = socket.create_connection(at), socket.create_connection(at)
def ask(s, text):
    s.sendall(text)
    return s.recv(9999)
a.sendall(b'HEAD /letters.txt HTTP/1.1\r\nHost: x\r\n')
print(ask(b, b'GET /ok.txt HTTP/1.1\r\nHost: x\r\n\r\n')[-3:])
print(ask(a, b'bad\0\r\n\r\n').endswith(b'\r\n\r\n'))
END
	assertEquals "b'ok\n' True" "$(xargs -d '\n' <"$D/out")"
	await_text "$D/log" '"HEAD /letters.txt HTTP/1.1" 400 0 '
}

test_an_idle_client_is_closed() {
	serve --keep-alive=0.2
	run timeout 10 python3 - "$port" <<'END'
import socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'GET /ok.txt HTTP/1.1\r\nHost: x\r\n\r\n')
print(len(s.recv(9999)) > 100, s.recv(9))
END
	assertEquals "True b''" "$(cat "$D/out")"
}

test_a_client_who_takes_nothing_is_closed() {
	truncate -s 1G "$ROOT/huge"
	serve --send-timeout=0.3
	run timeout 10 python3 - "$port" <<'END'
import select, socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
s.connect(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'GET /huge HTTP/1.1\r\nHost: x\r\n\r\n')
p = select.poll()
p.register(s, select.POLLRDHUP)
p.poll(9000)
n = 0
try:
    while got := s.recv(1 << 20):
        n += len(got)
except ConnectionResetError:
    pass
print(n < 1 << 30)
END
	assertEquals True "$(cat "$D/out")"
	await_text "$D/log" '"GET /huge HTTP/1.1" 200 '
	assertFalse "the log is honest" "grep -q ' 1073741824 ' '$D/log'"
	rm "$ROOT/huge"
}

test_a_client_who_stalls_delays_nobody() {
	truncate -s 1G "$ROOT/huge"
	serve
	mkfifo "$D/stall"
	bg curl -s "$url/huge" -o "$D/stall"
	until_ok sh -c "ss -tnH 'sport = :$port' | grep -q ESTAB"
	run curl -sS -m 5 "$url/ok.txt"
	assertEquals ok "$(cat "$D/out")"
	rm "$ROOT/huge" "$D/stall"
}

test_an_error_page_survives_a_client_that_goes_on_sending() {
	serve
	run timeout 10 python3 - "$port" <<'END'
import socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n')
for _ in range(100):
    s.sendall(b'x' * 65536)
got = b''
while b'</p>' not in got:
    got += s.recv(65536)
print(got[:12].decode())
END
	assertEquals "HTTP/1.1 405" "$(cat "$D/out")"
}

test_a_thousand_idle_clients_are_no_burden() {
	serve
	run timeout 20 python3 - "$port" "$server" <<'END'
import resource, socket, sys
resource.setrlimit(resource.RLIMIT_NOFILE,
                   (min(4096, resource.getrlimit(7)[1]),) * 2)
def kib():
    for line in open(f'/proc/{sys.argv[2]}/status'):
        if line.startswith('VmRSS'):
            return int(line.split()[1])
def ask(s):
    s.sendall(b'GET /ok.txt HTTP/1.1\r\nHost: x\r\n\r\n')
    return s.recv(9999).startswith(b'HTTP/1.1 200 OK')
at = ('127.0.0.1', int(sys.argv[1]))
ask(socket.create_connection(at))
before = kib()
all = [socket.create_connection(at) for _ in range(1000)]
good = sum(ask(s) for s in all) + sum(ask(s) for s in all)
print(good, (kib() - before) * 1024 // 1000 < 2048)
END
	# TSan keeps a shadow of all memory.
	[ "${BUILT##*/}" != tsan ] || sed -i s/False/True/ "$D/out"
	assertEquals "2000 True" "$(cat "$D/out")"
}

test_one_client_too_many_is_told_so() {
	serve --max-clients=2
	run timeout 10 python3 - "$port" <<'END'
import socket, sys
at = ('127.0.0.1', int(sys.argv[1]))
def ask(s):
    s.sendall(b'GET /ok.txt HTTP/1.1\r\nHost: x\r\n\r\n')
    return s.recv(12).decode()[9:]
a, b = socket.create_connection(at), socket.create_connection(at)
print(ask(a), ask(b), ask(socket.create_connection(at)))
a.close()
s = None
while s != '200':
    s = ask(socket.create_connection(at))
print(s)
END
	assertEquals "200 200 503
200" "$(cat "$D/out")"
}

test_survives_running_out_of_descriptors() {
	# shellcheck disable=SC3045 # dash has it
	bg sh -c 'ulimit -n 40; exec "$@"' - "$SOCKT" serve-static \
		--port-file "$D/port" "$ROOT" 0 >"$D/log" 2>"$D/err"
	await "$D/port" && port=$(cat "$D/port")
	run timeout 20 python3 - "$port" <<'END'
import socket, sys
at = ('127.0.0.1', int(sys.argv[1]))
all = [socket.create_connection(at) for _ in range(200)]
for s in all:
    s.close()
s = socket.create_connection(at)
s.sendall(b'GET /ok.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
print(s.recv(12).decode())
END
	assertEquals "HTTP/1.1 200" "$(cat "$D/out")"
}

test_a_file_that_shrinks_ends_the_connection() {
	truncate -s 64M "$ROOT/shrinks"
	serve
	run timeout 10 python3 - "$port" "$ROOT/shrinks" <<'END'
import os, socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'GET /shrinks HTTP/1.1\r\nHost: x\r\n\r\n')
n = len(s.recv(9999))
os.truncate(sys.argv[2], 1 << 20)
while got := s.recv(1 << 20):
    n += len(got)
print(n < 64 << 20)
END
	assertEquals True "$(cat "$D/out")"
	await_text "$D/log" 'GET /shrinks'
	assertFalse "the log is honest" "grep -q ' 67108864 ' '$D/log'"
	rm "$ROOT/shrinks"
}

test_a_file_that_grows_is_sent_as_it_was() {
	truncate -s 64M "$ROOT/grows"
	serve
	run timeout 10 python3 - "$port" "$ROOT/grows" <<'END'
import os, socket, sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(b'GET /grows HTTP/1.1\r\nHost: x\r\n\r\n' +
          b'GET /ok.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
got = s.recv(9999)
head = got.index(b'\r\n\r\n') + 4
n = len(got)
os.truncate(sys.argv[2], 80 << 20)
tail = b''
while got := s.recv(1 << 20):
    n += len(got)
    tail = (tail + got)[-2000:]
second = tail[tail.rindex(b'HTTP/1.1 200'):]
print(n - head - len(second) == 64 << 20, second[-3:])
END
	assertEquals "True b'ok\\n'" "$(cat "$D/out")"
	rm "$ROOT/grows"
}

test_a_changed_file_is_never_stale() {
	serve
	echo one >"$ROOT/changes"
	run curl -sS "$url/changes"
	assertEquals one "$(cat "$D/out")"
	echo two >"$ROOT/changes"
	run curl -sS "$url/changes"
	assertEquals two "$(cat "$D/out")"
	rm "$ROOT/changes"
	run curl -sS -o /dev/null -w '%{http_code}' "$url/changes"
	assertEquals 404 "$(cat "$D/out")"
}

test_sigterm_finishes_what_is_under_way() {
	head -c 50000000 /dev/urandom >"$ROOT/long"
	serve
	mkfifo "$D/slow"
	timeout 20 curl -sS "$url/long" -o "$D/slow" &
	client=$!
	exec 9<"$D/slow"
	head -c 1000 <&9 >"$D/got"
	kill "$server"
	until_ok sh -c "! ss -tlnH 'sport = :$port' | grep -q ."
	cat <&9 >>"$D/got"
	exec 9<&-
	wait "$client"
	assertEquals "curl" 0 $?
	assertBytes "to the last byte" "$ROOT/long" "$D/got"
	await_end "$server"
	assertEquals 143 "$rc"
	assertTrue "grep -q '\"GET /long HTTP/1.1\" 200 50000000 ' '$D/log'"
	rm "$ROOT/long" "$D/slow"
}

test_sigint_ends_it_with_130_and_nothing_to_say() {
	serve
	run curl -sS "$url/ok.txt"
	kill -INT "$server"
	await_end "$server"
	assertEquals 130 "$rc"
	assertEquals "" "$(cat "$D/err")"
}

test_the_log_is_combined_and_cannot_be_forged() {
	serve
	run curl -sS -A 'me "and" \ more' -e 'http://from/' "$url/ok.txt?a=b"
	printf 'GET /\303\251\033[31m"\n127.0.0.1 HTTP/1.1\r\n\r\n' |
		timeout 5 nc.openbsd -N 127.0.0.1 "$port" >/dev/null
	await_text "$D/log" '" 400 '
	assertTrue "$(cat "$D/log")" "head -1 '$D/log' | grep -qE '^127\.0\.0\.1 \
- - \[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}(:[0-9]{2}){3} \+0000\] \
\"GET /ok\.txt\?a=b HTTP/1\.1\" 200 3 \"http://from/\" \
\"me .x22and.x22 .x5c more\"\$'"
	assertEquals "a line each" 2 "$(wc -l <"$D/log")"
	assertFalse "only ASCII" "LC_ALL=C grep -q '[^ -~]' '$D/log'"
}

test_json_has_the_exchange() {
	serve --json
	run curl -sS "$url/sub/"
	run curl -sS "$url/.hidden"
	kill "$server"
	await_end "$server"
	assertEquals "listening accepted http http" "$(jq -r .ev "$D/log" |
		sed -n 2,5p | xargs)"
	assertEquals "in GET /sub/" "$(jq -rs 'map(select(.ev == "http"))[0] |
		"\(.dir) \(.method) \(.target)"' "$D/log")"
	assertEquals "out 200 sub/index.html text/html 18" "$(jq -rs \
		'map(select(.ev == "http"))[1] | "\(.dir) \(.status) \(.path) " +
		"\(.media_type) \(.body_bytes)"' "$D/log")"
	assertEquals "summary 2 2" "$(jq -r 'select(.ev == "summary") |
		"\(.ev) \(.clients) \(.requests)"' "$D/log")"
}

test_a_terminal_sees_the_conversation_and_no_escapes() {
	serve --text
	run curl -sS -A 'Mozilla/5.0 (X11) Gecko/20100101 Firefox/128.0' \
		"$url/letters.txt"
	printf 'GET /%%1b%%5d0;x%%c2%%9b HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n' \
		"User-Agent: $(printf '\302\233')31m" |
		timeout 5 nc.openbsd -N 127.0.0.1 "$port" >/dev/null
	kill "$server"
	await_end "$server"
	assertTrue "$(cat "$D/log")" "grep -qF '#1 ← GET /letters.txt      \
Firefox 128' '$D/log'"
	assertTrue "$(cat "$D/log")" "grep -qE '#1 → 200 letters.txt       \
2.6 kB text/plain +[0-9.]+ ms' '$D/log'"
	assertTrue "$(cat "$D/log")" "grep -qF '#2 ! 404 no such file      \
$ROOT/\\e]0;x\\xc2\\x9b' '$D/log'"
	assertFalse "no controls" "LC_ALL=C grep -q '[[:cntrl:]]' '$D/log'"
}

test_stays_on_this_machine_until_told_otherwise() {
	serve
	assertEquals "127.0.0.1:$port [::1]:$port" "$(ss -tlnH \
		"sport = :$port" | awk '{ print $4 }' | sort | xargs)"
	kill "$server"
	await_end "$server"
	rm "$D/port"
	serve --public
	assertEquals "*:$port" "$(ss -tlnH "sport = :$port" |
		awk '{ print $4 }')"
	while read -r option host; do
		run "$SOCKT" serve-static "--$option" "$ROOT" "$host" 0
		assertEquals 2 "$rc"
		assertEquals "sockt: --$option and the address '$host' contradict each other" \
			"$(sed 's/ (try .*//' "$D/err")"
	done <<-END
		public 127.0.0.1
		local 0.0.0.0
		local ::
	END
}

test_says_why_when_the_port_is_taken() {
	serve
	run "$SOCKT" serve-static "$ROOT" 127.0.0.1 "$port"
	assertEquals 7 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'in use' '$D/err'"
}

test_says_why_when_there_is_no_folder() {
	run "$SOCKT" serve-static "$D/nowhere" 0
	assertEquals 11 "$rc"
	assertEquals "sockt: cannot serve '$D/nowhere': no such file (ENOENT)" \
		"$(cat "$D/err")"
	run "$SOCKT" serve-static "$ROOT/ok.txt" 0
	assertEquals 11 "$rc"
	assertTrue "$(cat "$D/err")" "grep -q 'not a directory' '$D/err'"
	run "$SOCKT" serve-static 8080
	assertEquals "sockt: cannot serve '8080': no such file (ENOENT) (the \
folder comes before the port: 'sockt serve-static . 8080')" "$(cat "$D/err")"
	run "$SOCKT" serve-static ''
	assertEquals "sockt: cannot serve '': no such file (ENOENT)" "$(cat "$D/err")"
}

test_a_log_that_nobody_reads_ends_it() {
	mkfifo "$D/pipe"
	exec 9<>"$D/pipe"
	bg "$SOCKT" serve-static --port-file "$D/port" "$ROOT" 0 \
		>"$D/pipe" 9<&-
	server=$!
	await "$D/port" && port=$(cat "$D/port")
	exec 9<&-
	run curl -sS "http://127.0.0.1:$port/ok.txt"
	assertEquals ok "$(cat "$D/out")"
	await_end "$server"
	assertEquals 141 "$rc"
	rm "$D/pipe"
}

test_a_log_on_a_full_disk_is_an_error() {
	bg "$SOCKT" serve-static --port-file "$D/port" "$ROOT" 0 \
		>/dev/full 2>"$D/err"
	server=$!
	await "$D/port" && port=$(cat "$D/port")
	run curl -sS "http://127.0.0.1:$port/ok.txt"
	await_end "$server"
	assertEquals 11 "$rc"
}

. "$SHUNIT2"
