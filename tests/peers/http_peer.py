"""http_peer.py DIR - an HTTP server that says just what it is told.
Writes its port to DIR/port. A request for /NAME?WORD&WORD gets the bytes of
DIR/NAME and then FIN; its own bytes go to DIR/NAME.request. Words:
  by1   one byte in each write       rst   RST instead of FIN
  hold  no FIN before the client's"""
import os
import socket
import struct
import sys
import threading
import urllib.parse

here = sys.argv[1]


def write_whole(name, data):
    with open(os.path.join(here, name + '.new'), 'wb') as f:
        f.write(data)
    os.rename(os.path.join(here, name + '.new'), os.path.join(here, name))


def drain(client):
    try:
        while client.recv(65536):
            pass
    except OSError:
        pass


def serve(client):
    head = b''
    while b'\r\n\r\n' not in head:
        piece = client.recv(65536)
        if not piece:
            return
        head += piece
    url = urllib.parse.urlsplit(head.split(b' ')[1].decode())
    name, words = os.path.basename(url.path), url.query.split('&')
    write_whole(name + '.request', head)
    with open(os.path.join(here, name), 'rb') as f:
        reply = f.read()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        for i in range(len(reply) if 'by1' in words else 0):
            client.sendall(reply[i:i + 1])
        if 'by1' not in words:
            client.sendall(reply)
        if 'rst' in words:
            # all of it must be there before the RST throws it away
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              struct.pack('ii', 1, 0))
        elif 'hold' not in words:
            client.shutdown(socket.SHUT_WR)
        if 'rst' not in words:
            drain(client)
    except OSError:
        pass
    client.close()


server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(64)
write_whole('port', b'%d\n' % server.getsockname()[1])
while True:
    threading.Thread(target=serve, args=(server.accept()[0],),
                     daemon=True).start()
