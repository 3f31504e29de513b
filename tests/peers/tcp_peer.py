"""tcp_peer.py PORT-FILE ACTION... - a server for one client that does just
what it is told, in order:
  send:TEXT    with Python escapes     fill:N       N bytes of 'x'
  await:FILE   until FILE exists       read:N       exactly N bytes
  drain:FILE   to the client's end     shut, close, rst
  busy         never accepts, its queue is full (first and only action)
Bound to 127.0.0.1, or to ::1 with "v6" before the file."""
import os
import socket
import struct
import sys
import time

args = sys.argv[1:]
family = socket.AF_INET
if args[0] == 'v6':
    family = socket.AF_INET6
    args.pop(0)
server = socket.socket(family)
server.bind(('::1' if family == socket.AF_INET6 else '127.0.0.1', 0))
port_file, actions = args[0], args[1:]
held = []
if actions == ['busy']:
    server.listen(0)
    for _ in range(4):
        s = socket.socket(family)
        s.setblocking(False)
        s.connect_ex(server.getsockname())
        held.append(s)
    time.sleep(0.05)        # until the kernel has queued what it will take
else:
    server.listen(16)
with open(port_file + '.new', 'w') as f:
    print(server.getsockname()[1], file=f)
os.rename(port_file + '.new', port_file)
if held:
    time.sleep(30)
    sys.exit()
client, _ = server.accept()
for action in actions:
    verb, _, arg = action.partition(':')
    if verb == 'send':
        client.sendall(arg.encode().decode('unicode_escape').encode('latin1'))
    elif verb == 'fill':
        client.sendall(b'x' * int(arg))
    elif verb == 'await':
        while not os.path.exists(arg):
            time.sleep(0.005)
    elif verb == 'read':
        left = int(arg)
        while left > 0:
            left -= len(client.recv(left)) or sys.exit('ended early')
    elif verb == 'drain':
        if os.path.exists(arg) and not os.path.isfile(arg):
            sys.exit('no file, and must not become one: ' + arg)
        with open(arg + '.part', 'wb') as f:
            while data := client.recv(65536):
                f.write(data)
        os.rename(arg + '.part', arg)
    elif verb == 'shut':
        client.shutdown(socket.SHUT_WR)
    elif verb == 'rst':
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack('ii', 1, 0))
        client.close()
    elif verb == 'close':
        client.close()
    else:
        sys.exit(f'no action {action}')
