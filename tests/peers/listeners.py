"""listeners.py READY-FILE ADDRESS:PORT[=GREETING]... - listens on each, accepts
everybody, says the greeting (with Python's escapes) and waits for the end."""
import os
import selectors
import socket
import sys

ready, places = sys.argv[1], sys.argv[2:]
selector = selectors.DefaultSelector()
for place in places:
    where, _, greeting = place.partition('=')
    host, _, port = where.rpartition(':')
    server = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((host, int(port)))
    server.listen(64)
    server.setblocking(False)
    greeting = greeting.encode().decode('unicode_escape').encode('latin1')
    selector.register(server, selectors.EVENT_READ, greeting)
with open(ready + '.new', 'w') as f:
    print('ready', file=f)
os.rename(ready + '.new', ready)
while True:
    for key, _ in selector.select():
        try:
            if key.data is not None:
                client, _ = key.fileobj.accept()
                client.setblocking(False)
                client.send(key.data) if key.data else None
                selector.register(client, selectors.EVENT_READ, None)
            elif not key.fileobj.recv(4096):
                selector.unregister(key.fileobj)
                key.fileobj.close()
        except BlockingIOError:
            pass
        except OSError:
            if key.data is None:
                selector.unregister(key.fileobj)
                key.fileobj.close()
