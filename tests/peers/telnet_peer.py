# telnet_peer.py DIR STEP... - a server for one client, that does what it is
# told. It writes DIR/port when it listens, DIR/got with what it received (hex,
# a line for each recv), and DIR/done when it is through. Steps:
#   send:HEX     split:HEX (a byte at a time)   fill:N (N letters A)
#   urgent:HEX (the last byte is urgent)
#   urgency:HEX (until this byte came as urgent data)
#   expect:HEX (until this was received since the last expect)
#   go:NAME (DIR/NAME is there for others to wait on)   await:NAME
#   eof (until the client's end)   end (our end)   reset
import os
import select
import socket
import struct
import sys
import time

where = sys.argv[1]


def path(name):
    return os.path.join(where, name)


def write_line(name, text):
    with open(path(name + ".new"), "w") as f:
        f.write(text + "\n")
    os.rename(path(name + ".new"), path(name))


class Peer:
    def __init__(self, sock):
        self.sock = sock
        self.got = b""
        self.log = open(path("got"), "a")

    def receive(self):
        data = self.sock.recv(65536)
        self.got += data
        if data:
            self.log.write(data.hex() + "\n")
            self.log.flush()
        return data

    def do_send(self, arg):
        self.sock.sendall(bytes.fromhex(arg))

    def do_split(self, arg):
        for byte in bytes.fromhex(arg):
            self.sock.sendall(bytes([byte]))

    def do_fill(self, arg):
        self.sock.sendall(b"A" * int(arg))

    def do_urgent(self, arg):
        self.sock.send(bytes.fromhex(arg), socket.MSG_OOB)

    def do_expect(self, arg):
        want = bytes.fromhex(arg)
        while want not in self.got:
            if not self.receive():
                sys.exit("the client ended before %s came" % arg)
        self.got = self.got[self.got.index(want) + len(want):]

    def do_urgency(self, arg):
        select.select([], [], [self.sock])
        if self.sock.recv(1, socket.MSG_OOB).hex() != arg:
            sys.exit("another byte was urgent")

    def do_go(self, arg):
        write_line(arg, "go")

    def do_await(self, arg):
        while not os.path.exists(path(arg)):
            time.sleep(0.01)

    def do_eof(self, arg):
        while self.receive():
            pass

    def do_end(self, arg):
        self.sock.shutdown(socket.SHUT_WR)

    def do_reset(self, arg):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))
        self.sock.close()


listener = socket.socket()
listener.bind(("127.0.0.1", int(os.environ.get("PEER_PORT", 0))))
listener.listen()
write_line("port", str(listener.getsockname()[1]))
peer = Peer(listener.accept()[0])
peer.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for step in sys.argv[2:]:
    verb, _, argument = step.partition(":")
    getattr(peer, "do_" + verb)(argument)
write_line("done", "done")
if peer.sock.fileno() >= 0:
    peer.do_eof("")
