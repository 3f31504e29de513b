"""sockopt_of.py PID - options of the sockets of a process, as the kernel
tells them to us (pidfd_getfd(2)): a line each, "NAME=VALUE ..."."""
import ctypes
import os
import socket
import sys

pid = int(sys.argv[1])
getfd = ctypes.CDLL(None, use_errno=True).syscall
pidfd = os.pidfd_open(pid)
numbers = [
    ('keepalive', socket.SOL_SOCKET, socket.SO_KEEPALIVE),
    ('keepidle', 6, 4), ('keepintvl', 6, 5), ('keepcnt', 6, 6),
    ('nodelay', 6, 1), ('user_timeout', 6, 18),
    ('sndbuf', socket.SOL_SOCKET, socket.SO_SNDBUF),
    ('rcvbuf', socket.SOL_SOCKET, socket.SO_RCVBUF),
    ('tos', 0, 1), ('ttl', 0, 2), ('min_ttl', 0, 21),
]
for fd in os.listdir(f'/proc/{pid}/fd'):
    if not os.readlink(f'/proc/{pid}/fd/{fd}').startswith('socket:'):
        continue
    got = getfd(438, pidfd, int(fd), 0)
    if got < 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    s = socket.socket(fileno=got)
    line = [f'listens={s.getsockopt(socket.SOL_SOCKET, 30)}']
    for name, level, opt in numbers:
        try:
            line.append(f'{name}={s.getsockopt(level, opt)}')
        except OSError:
            pass
    for name, level, opt in (('interface', 1, 25), ('congestion', 6, 13)):
        try:
            text = s.getsockopt(level, opt, 16).split(b'\0')[0].decode()
            line.append(f'{name}={text}')
        except OSError:
            pass
    print(*line)
