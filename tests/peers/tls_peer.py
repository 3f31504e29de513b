"""tls_peer.py PORT-FILE CERT KEY ACTION... - a TLS server for one client that
does just what it is told, in order:
  send:TEXT   with Python escapes      fill:N    N bytes of 'x'
  read:N      exactly N bytes          drain     to the client's close_notify
  notify      close_notify             cut       a FIN without close_notify
  hold:FILE   until FILE exists        rst
In the end it waits for the client's FIN: who closes with bytes unread resets
the connection. Bound to 127.0.0.1. In front of CERT, "ask:CA" wants a client
certificate."""
import os
import socket
import ssl
import struct
import sys
import time

args = sys.argv[1:]
port_file = args.pop(0)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
if args[0].startswith('ask:'):
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(args.pop(0)[4:])
context.load_cert_chain(args.pop(0), args.pop(0))
server = socket.create_server(('127.0.0.1', 0))
with open(port_file + '.new', 'w') as f:
    print(server.getsockname()[1], file=f)
os.rename(port_file + '.new', port_file)
plain, _ = server.accept()
within, out = ssl.MemoryBIO(), ssl.MemoryBIO()
tls = context.wrap_bio(within, out, server_side=True)


def do(what, *args):
    """what(*args), moving records until it is done"""
    while True:
        try:
            result = what(*args)
        except ssl.SSLWantReadError:
            plain.sendall(out.read())
            data = plain.recv(65536)
            if data:
                within.write(data)
            else:
                within.write_eof()
            continue
        plain.sendall(out.read())
        return result


def send(data):
    while data:
        data = data[do(tls.write, data[:16384]):]


try:
    do(tls.do_handshake)
    for action in args:
        verb, _, arg = action.partition(':')
        if verb == 'send':
            send(arg.encode().decode('unicode_escape').encode('latin1'))
        elif verb == 'fill':
            send(b'x' * int(arg))
        elif verb == 'read':
            left = int(arg)
            while left > 0:
                left -= len(do(tls.read, left)) or sys.exit('ended early')
        elif verb == 'drain':
            while do(tls.read, 65536):
                pass
        elif verb == 'notify':
            try:
                tls.unwrap()
            except ssl.SSLWantReadError:
                pass
            plain.sendall(out.read())
        elif verb == 'cut':
            plain.shutdown(socket.SHUT_WR)
        elif verb == 'hold':
            while not os.path.exists(arg):
                time.sleep(0.005)
        elif verb == 'rst':
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack('ii', 1, 0))
            plain.close()
            sys.exit()
        else:
            sys.exit(f'no action {action}')
except ssl.SSLError as e:
    plain.sendall(out.read())
    print(e, file=sys.stderr)
try:
    plain.shutdown(socket.SHUT_WR)
    while plain.recv(65536):
        pass
except OSError:
    pass
