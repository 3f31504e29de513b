"""sinks.py SOCKT FOLDER - a stream of BENCH_BYTES (1 GiB) of noise is carried
from a socket to a pipe: processor seconds and system calls per GiB, with
nobody looking, and with each of those who can. Then through listen and
connect with all of them at once, in both: what comes out is what went in.

System calls are counted in a run of their own, under strace. A relay that
nobody looks at has to splice, and one that is looked at must not, or bytes
would pass unseen."""
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading

GIB = 1 << 30
MIB = 1 << 20
SIZE = int(os.environ.get('BENCH_BYTES', GIB))
sockt, here = sys.argv[1:]
noise = os.urandom(MIB + 1)     # odd: a chunk never begins with its first byte


def pieces():
    left = SIZE
    while left > 0:
        n = min(left, len(noise))
        yield memoryview(noise)[:n]
        left -= n


def digest():
    h = hashlib.sha256()
    for p in pieces():
        h.update(p)
    return h.hexdigest()


def digest_of(fd, result):
    h = hashlib.sha256()
    while p := os.read(fd, MIB):
        h.update(p)
    os.close(fd)
    result.append(h.hexdigest())


def serve(server):
    c, _ = server.accept()
    with c:
        for p in pieces():
            c.sendall(p)
        c.shutdown(socket.SHUT_WR)
        c.recv(1)


def carry(before, options):
    """Processor seconds of sockt alone, if before is empty."""
    got = []
    with socket.create_server(('127.0.0.1', 0)) as server:
        r, w = os.pipe()
        threads = [threading.Thread(target=serve, args=(server,)),
                   threading.Thread(target=digest_of, args=(r, got))]
        for t in threads:
            t.start()
        argv = before + [sockt, *options, 'connect', '127.0.0.1',
                         str(server.getsockname()[1])]
        p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=w)
        os.close(w)
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = status
        for t in threads:
            t.join()
    if status != 0 or got != [expected]:
        sys.exit(f'{argv}: status {status}, bytes are not the same')
    return usage.ru_utime + usage.ru_stime


def calls(options):
    """How many system calls, and how many of them were splice()."""
    path = os.path.join(here, 'calls')
    carry(['strace', '-f', '-c', '-U', 'calls,name', '-o', path], options)
    with open(path) as f:
        rows = [line.split() for line in f]
    counts = {r[1]: int(r[0]) for r in rows if len(r) == 2 and r[0].isdigit()}
    return counts.pop('total'), counts.get('splice', 0)


def wait_for(path):
    while not (os.path.exists(path) and os.path.getsize(path)):
        os.sched_yield()
    with open(path) as f:
        return f.read().strip()


def all_at_once(kind):
    def path(end):
        return os.path.join(here, kind + end)
    return ['-v', '--json-file', path('.ndjson'), '--record', path('.pcapng')]


def through_two():
    """noise | sockt listen ... sockt connect | what came out"""
    port = os.path.join(here, 'port')
    got, quiet = [], subprocess.DEVNULL
    listen = subprocess.Popen(
        [sockt, *all_at_once('listen'), 'listen', '--local', '--port-file',
         port, '0'], stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
    connect = subprocess.Popen(
        [sockt, *all_at_once('connect'), 'connect', '127.0.0.1',
         wait_for(port)],
        stdin=quiet, stdout=subprocess.PIPE, stderr=quiet)
    reader = threading.Thread(target=digest_of, args=(
        os.dup(connect.stdout.fileno()), got))
    reader.start()
    for p in pieces():
        listen.stdin.write(p)
    listen.stdin.close()
    reader.join()
    if (listen.wait(), connect.wait()) != (0, 0) or got != [expected]:
        sys.exit('all sinks at once: the bytes are not the same')
    for end in 'ndjson', 'pcapng':
        for kind in 'listen', 'connect':
            name = os.path.join(here, f'{kind}.{end}')
            if os.path.getsize(name) < SIZE:
                sys.exit(f'{name}: not whole')
            os.unlink(name)


sinks = {
    'no sink': ([], True),
    '--json-file, no payload': (['--json-file', 'F', '--payload=none'], True),
    '--json-file': (['--json-file', 'F'], False),
    '--record': (['--record', 'F'], False),
}
room = shutil.disk_usage(here).free
if room < 6 * SIZE:
    print(f'sinks: not measured, {6 * SIZE >> 20} MiB are needed in {here}')
    sys.exit(0)
expected = digest()
trace = shutil.which('strace') is not None
print(f'{"per GiB, socket to pipe":26}{"CPU s":>8}' +
      (f'{"calls":>9}{"splice":>9}' if trace else ''))
for name, (words, splices) in sinks.items():
    out = os.path.join(here, 'file')
    options = [out if w == 'F' else w for w in words]
    row = f'{name:26}{carry([], options) * GIB / SIZE:8.3f}'
    if trace:
        total, spliced = (n * GIB // SIZE for n in calls(options))
        row += f'{total:9}{spliced:9}'
        if (spliced > 0) != splices:
            sys.exit(f'{row}\n{name}: splices, or does not, against reason')
    print(row, flush=True)
    if os.path.exists(out):
        os.unlink(out)
through_two()
print(f'{SIZE >> 20} MiB through listen and connect, each with -v, '
      '--json-file, --record: the same bytes')
