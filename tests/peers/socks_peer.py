"""socks_peer.py PORT-FILE LOG [OPTION...] - a SOCKS 4, 4a and 5 proxy on
127.0.0.1 that writes what it was asked to LOG, a line each:
"5 name localhost 80", "4 addr 127.0.0.1 80", "login USER PASSWORD".
  login:USER:PASS   without this login nobody gets through (5), 4 has USER only
  split             answers leave one byte at a time
  early:TEXT        TEXT follows in the segment of the last answer
  bound:v6|name     what kind of address the answer has
  first:CODE        the first request is refused so, then it works"""
import os
import select
import socket
import struct
import sys
import threading
import time

port_file, log_file = sys.argv[1:3]
opts = {k: v for k, _, v in (a.partition(':') for a in sys.argv[3:])}
lock = threading.Lock()


def log(*words):
    with lock, open(log_file, 'a') as f:
        print(*words, file=f)


def need(s, n):
    data = b''
    while len(data) < n:
        got = s.recv(n - len(data))
        if not got:
            raise EOFError
        data += got
    return data


def until_nul(s):
    data = b''
    while not data.endswith(b'\0'):
        data += need(s, 1)
    return data[:-1].decode()


def say(s, data):
    for piece in [data[i:i + 1] for i in range(len(data))] \
            if 'split' in opts else [data]:
        s.sendall(piece)
        if 'split' in opts:
            time.sleep(0.005)


def carry(a, b):
    open_ends = [a, b]
    while open_ends:
        for s in select.select(open_ends, [], [])[0]:
            data = s.recv(65536)
            to = b if s is a else a
            if data:
                to.sendall(data)
            else:
                open_ends.remove(s)
                to.shutdown(socket.SHUT_WR)


def onwards(s, host, port, granted, refused):
    code = int(opts.pop('first', 0))
    if code:
        say(s, refused(code))
        return
    far = socket.create_connection((host, port), 5)
    say(s, granted + opts.get('early', '').encode())
    carry(s, far)


def socks4(s):
    _, port, ip = struct.unpack('>BH4s', need(s, 7))
    user = until_nul(s)
    host, kind = socket.inet_ntoa(ip), 'addr'
    if ip[:3] == b'\0\0\0' and ip[3]:
        host, kind = until_nul(s), 'name'
    log(4, kind, host, port)
    if 'login' in opts:
        log('login', user)
        if user != opts['login'].split(':')[0]:
            say(s, b'\0\x5d' + bytes(6))
            return
    onwards(s, host, port, b'\0\x5a' + bytes(6),
            lambda c: bytes([0, c]) + bytes(6))


def socks5(s):
    methods = need(s, need(s, 1)[0])
    want = 2 if 'login' in opts else 0
    if want not in methods:
        say(s, b'\x05\xff')
        return
    say(s, bytes([5, want]))
    if want:
        need(s, 1)
        user = need(s, need(s, 1)[0]).decode()
        word = need(s, need(s, 1)[0]).decode()
        log('login', user, word)
        good = f'{user}:{word}' == opts['login']
        say(s, b'\1\0' if good else b'\1\1')
        if not good:
            return
    _, _, _, kind = need(s, 4)
    if kind == 3:
        host = need(s, need(s, 1)[0]).decode()
    else:
        host = socket.inet_ntop(*(
            (socket.AF_INET, need(s, 4)) if kind == 1 else
            (socket.AF_INET6, need(s, 16))))
    port, = struct.unpack('>H', need(s, 2))
    log(5, 'name' if kind == 3 else 'addr', host, port)
    bound = {'v6': b'\4' + bytes(15) + b'\1', 'name': b'\3\4here',
             }.get(opts.get('bound'), b'\1' + bytes(4))
    onwards(s, host, port, b'\5\0\0' + bound + b'\0\1',
            lambda c: bytes([5, c, 0, 1]) + bytes(6))


def serve(s):
    with s:
        try:
            (socks4 if need(s, 1) == b'\4' else socks5)(s)
        except (OSError, EOFError):
            pass


server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(64)
with open(port_file + '.new', 'w') as f:
    print(server.getsockname()[1], file=f)
os.rename(port_file + '.new', port_file)
while True:
    threading.Thread(target=serve, args=server.accept()[:1],
                     daemon=True).start()
