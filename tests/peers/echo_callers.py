"""echo_callers.py PORT N - N callers of an echo server on this machine, one
after the other, over IPv4 and IPv6, who end in every way there is: at once,
with a reset, with the answer unread (a reset, too), half-closed, in order. No
port of theirs comes twice: another socket holds it."""
import os
import resource
import socket
import struct
import sys

port, n = int(sys.argv[1]), int(sys.argv[2])
sizes = 1, 10, 1000, 70000
held = []
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def bound(host, own):
    s = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, own))
    return s


def call(i):
    host = '127.0.0.1' if i % 2 else '::1'
    data = os.urandom(sizes[i // 10 % 4])
    held.append(bound(host, 0))
    with bound(host, held[-1].getsockname()[1]) as s:
        s.connect((host, port))
        way = i // 2 % 5
        if way == 0:
            return
        s.sendall(data)
        if way == 1:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                         struct.pack('ii', 1, 0))
            return
        if way == 2:
            s.recv(1, socket.MSG_PEEK)
            return
        if way == 3:
            s.shutdown(socket.SHUT_WR)
        got = b''
        while len(got) < len(data):
            got += s.recv(65536) or sys.exit(f'{i}: ended early')
        if got != data:
            sys.exit(f'{i}: other bytes')


for i in range(n):
    call(i)
