"""starttls_peer.py PORT-FILE CERT KEY PROTOCOL [slow] - a server that begins
in clear and goes over to TLS when it is asked to, as smtp, imap, pop3, ftp,
xmpp, ldap or postgres have it; for one client. Under TLS it sends back what it
gets, to the close_notify. slow: each byte of its clear words by itself. Bound
to 127.0.0.1."""
import os
import socket
import ssl
import sys

port_file, cert, key, protocol = sys.argv[1:5]
slow = sys.argv[5:] == ['slow']
server = socket.create_server(('127.0.0.1', 0))
with open(port_file + '.new', 'w') as f:
    print(server.getsockname()[1], file=f)
os.rename(port_file + '.new', port_file)
s, _ = server.accept()
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def say(*lines):
    data = b''.join(lines)
    for i in range(0, len(data), 1 if slow else len(data)):
        s.sendall(data[i:i + 1] if slow else data)


def until(end):
    data = b''
    while not data.endswith(end):
        byte = s.recv(1)
        if not byte:
            sys.exit(f'ended after {data!r}')
        data += byte
    return data


def words():
    return until(b'\r\n').upper().split()


def smtp():
    say(b'220-mail.test\r\n', b'220 ESMTP\r\n')
    while words()[0] != b'STARTTLS':
        say(b'250-mail.test\r\n250-SIZE 1000\r\n250-starttls\r\n250 HELP\r\n')
    say(b'220 2.0.0 go ahead\r\n')


def imap():
    say(b'* OK ready\r\n')
    while True:
        tag, command = words()[:2]
        tag = tag.lower()
        if command == b'STARTTLS':
            break
        say(b'* CAPABILITY IMAP4rev1 STARTTLS\r\n', tag, b' OK done\r\n')
    say(b'* OK it is busy here\r\n', tag, b' OK begin TLS\r\n')


def pop3():
    say(b'+OK ready\r\n')
    while words()[0] != b'STLS':
        say(b'+OK\r\nSTLS\r\n.\r\n')
    say(b'+OK begin TLS\r\n')


def ftp():
    if slow:
        say(b'120 in a minute\r\n')
    say(b'220-hello\r\n220- you\r\n 220 x\r\n',
        b'all is well\r\n220 ready\r\n')
    while words()[0] != b'AUTH':
        say(b'211-Features:\r\n AUTH TLS\r\n211 End\r\n')
    say(b'234 go on\r\n')


def xmpp():
    head = until(b"streams'>" if b'?' in s.recv(8, socket.MSG_PEEK)
                 else b"version='1.0'>")
    if b'localhost' not in head:
        sys.exit(f'not for localhost: {head!r}')
    say(b"<?xml version='1.0'?><stream:stream from='localhost' id='a>b' "
        b"xmlns='jabber:client' version='1.0' "
        b"xmlns:stream='http://etherx.jabber.org/streams'>\n"
        b"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>"
        b"<required/></starttls><mechanisms>text</mechanisms>"
        b"</stream:features>\n")
    if b'<starttls' not in until(b'>'):
        sys.exit('no starttls')
    say(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")


def ldap():
    until(b'1.3.6.1.4.1.1466.20037')
    say(b'\x30\x84\x00\x00\x00\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00'
        b'\x04\x00')


def postgres():
    until(b'\0\0\0\x08\x04\xd2\x16\x2f')
    say(b'S')


globals()[protocol]()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
tls = context.wrap_socket(s, server_side=True, suppress_ragged_eofs=False)
while True:
    data = tls.recv(65536)
    if not data:
        break
    tls.sendall(data)
tls.unwrap().close()
