#!/usr/bin/env python3
"""http_ask.py PORT TABLE [SECTION...] - asks an HTTP server byte by byte.

TABLE has a line per conversation, fields separated by tabs:
    section  request  wanted  check...
request: the bytes, with \\r \\n \\t \\\\ \\xHH, N*{TEXT} for TEXT N times, and
{etag}, {date}, {date850}, {dateasc} of /letters.txt. A first word ~half ends
our side behind it, ~drip sends it byte by byte.
wanted: "200,404 open": the statuses, and whether the connection stays.
check, of the last reply: "Name: REGEX", "!Name" (no such field),
"body: REGEX", "!body: REGEX", "length: N" (of the body).
Prints a line for each that is not as wanted, and at last how many were asked.
"""
import re
import socket
import sys
import time

LIMIT = 5.0     # seconds for a conversation
QUIET = 0.15    # seconds in which a server that waits says nothing
PROBE = b'GET /ok.txt HTTP/1.1\r\nHost: probe\r\n\r\n'


def unescape(text):
    text = re.sub(r'(\d+)\*\{([^}]*)\}', lambda m: m[2] * int(m[1]), text)
    named = {'r': '\r', 'n': '\n', 't': '\t', '\\': '\\'}
    return re.sub(r'\\(x[0-9a-f]{2}|.)', lambda m: named.get(m[1]) or
                  chr(int(m[1][1:], 16)), text).encode('latin-1')


class Reply:
    def __init__(self, head, body):
        lines = head.split('\r\n')
        self.status = lines[0].split(' ')[1]
        self.fields = [line.split(': ', 1) for line in lines[1:]]
        self.body = body

    def field(self, name):
        for k, v in self.fields:
            if k.lower() == name.lower():
                return v
        return None


class Talk:
    """One connection; replies are taken off as they become complete."""

    def __init__(self, port):
        self.sock = socket.create_connection(('127.0.0.1', port), LIMIT)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.end = time.monotonic() + LIMIT
        self.data, self.closed = b'', False

    def send(self, data, drip=False):
        try:
            for i in range(0, len(data), 1 if drip else len(data)):
                self.sock.sendall(data[i:i + 1] if drip else data)
        except OSError:
            pass

    def more(self, wait):
        self.sock.settimeout(max(0.001, min(wait, self.end -
                                            time.monotonic())))
        try:
            got = self.sock.recv(1 << 20)
        except TimeoutError:
            return False
        except OSError:
            got = b''
        self.closed = not got
        self.data += got
        return bool(got)

    def reply(self, method):
        """The next reply, or None if it is not all there."""
        head, blank, rest = self.data.partition(b'\r\n\r\n')
        if not blank:
            return None
        r = Reply(head.decode('latin-1'), b'')
        n = int(r.field('Content-Length') or 0)
        if method == 'HEAD' or r.status in ('204', '304'):
            n = 0
        if len(rest) < n:
            return None
        r.body, self.data = rest[:n], rest[n:]
        return r

    def replies(self, methods, count, wait):
        got = []
        while len(got) < count:
            r = self.reply(methods[min(len(got), len(methods) - 1)])
            if r:
                got.append(r)
            elif self.closed or not self.more(wait):
                break
        return got

    def stays(self):
        """Is it open? Ask; a server that closes says nothing more."""
        if not self.closed and not self.data:
            self.send(PROBE)
        return len(self.replies(['GET'], 1, LIMIT)) == 1


def ask(port, request, wanted):
    flags, data = [], request
    while data.startswith('~'):
        flag, data = data.split(' ', 1)
        flags.append(flag)
    raw = unescape(data)
    methods = re.findall(r'(?:^|\r\n\r\n|\b)([A-Z]{3,7}) [/*h]',
                         raw.decode('latin-1')) or ['GET']
    count = 0 if wanted.startswith('none') else wanted.count(',') + 1
    talk = Talk(port)
    talk.send(raw, '~drip' in flags)
    if '~half' in flags:
        talk.sock.shutdown(socket.SHUT_WR)
    got = talk.replies(methods, count, LIMIT)
    if count == 0 and 'open' in wanted:
        talk.more(QUIET)
        stays = not talk.closed and not talk.data
    elif 'close' in wanted:
        while not talk.closed and talk.more(LIMIT):
            pass
        stays = not talk.closed
        got += talk.replies(methods, 1, LIMIT)
    else:
        stays = talk.stays()
    talk.sock.close()
    said = ','.join(r.status for r in got) or 'none'
    return said + (' open' if stays else ' close'), got[-1] if got else None


def fails(check, reply):
    if reply is None:
        return True
    body = reply.body.decode('latin-1')
    if check.startswith('length: '):
        return len(body) != int(check[8:])
    if check.startswith('body: '):
        return not re.search(check[6:], body)
    if check.startswith('!body: '):
        return bool(re.search(check[7:], body))
    if check.startswith('!'):
        return reply.field(check[1:]) is not None
    name, pattern = check.split(': ', 1)
    value = reply.field(name)
    return value is None or not re.search(pattern, value)


def facts(port):
    talk = Talk(port)
    talk.send(b'GET /letters.txt HTTP/1.1\r\nHost: facts\r\n\r\n')
    r = talk.replies(['GET'], 1, LIMIT)[0]
    date = r.field('Last-Modified')
    t = time.strptime(date, '%a, %d %b %Y %H:%M:%S GMT')
    return {'{etag}': r.field('ETag'), '{date}': date,
            '{date850}': time.strftime('%A, %d-%b-%y %H:%M:%S GMT', t),
            '{dateasc}': time.strftime('%a %b ', t) + '%2d' % t.tm_mday +
            time.strftime(' %H:%M:%S %Y', t)}


def main():
    port, table, sections = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    known, asked = facts(port), 0
    for line in open(table, encoding='utf-8'):
        if line.startswith('#') or not line.strip():
            continue
        section, request, wanted, *checks = line.rstrip('\n').split('\t')
        if sections and section not in sections:
            continue
        asked += 1
        for word, value in known.items():
            request = request.replace(word, value)
        said, reply = ask(port, request, wanted)
        if not re.fullmatch(wanted, said):
            print(f'{request[:100]}: {said} instead of {wanted}')
        for check in checks:
            if fails(check, reply):
                print(f'{request[:100]}: not so: {check}')
    print(f'{asked} asked')


main()
