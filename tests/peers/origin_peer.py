"""origin_peer.py PORT-FILE GOT REPLY - an HTTP server with one reply, which
is text with Python escapes. Takes a request with its body, says 100 Continue
if that is expected, replies, ends, and listens on: all that came by then is in
GOT, once the client has ended. Serves one client after another."""
import os
import re
import socket
import sys

port_file, got, reply = sys.argv[1:]
reply = reply.encode().decode('unicode_escape').encode('latin1')


def write_whole(name, data):
    with open(name + '.new', 'wb') as f:
        f.write(data)
    os.rename(name + '.new', name)


def complete(data):
    head, end, body = data.partition(b'\r\n\r\n')
    if not end:
        return False
    if re.search(rb'(?im)^transfer-encoding: chunked', head):
        return body.startswith(b'0\r\n') or b'\r\n0\r\n\r\n' in body
    length = re.search(rb'(?im)^content-length: (\d+)', head)
    return len(body) >= int(length[1] if length else 0)


def serve(client):
    data, invited = b'', False
    while not complete(data):
        if not invited and re.search(rb'(?i)\r\nexpect:.*\r\n\r\n', data,
                                     re.S):
            invited = True
            client.sendall(b'HTTP/1.1 100 Continue\r\n\r\n')
        if not (more := client.recv(65536)):
            break
        data += more
    try:
        client.sendall(reply)
        client.shutdown(socket.SHUT_WR)
        while more := client.recv(65536):
            data += more
    except OSError:
        pass
    client.close()
    write_whole(got, data)


server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(16)
write_whole(port_file, b'%d\n' % server.getsockname()[1])
while True:
    serve(server.accept()[0])
