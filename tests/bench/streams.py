"""streams.py SOCKT - processor seconds per GiB to carry a stream, beside the
other tools that are installed, each measured in turn in one run.

Run in a network of its own with a congestion control that does not pace
(tests/bench/streams does that): loopback under BBR turns the order around.
The far end is this program; the CPU counted is the tool's alone."""
import os
import shutil
import socket
import sys
import threading

GIB = 1 << 30
SIZE = int(os.environ.get('BENCH_BYTES', GIB))
ROUNDS = 3
sockt = sys.argv[1]
here = os.environ['TMPDIR']
data = os.path.join(here, 'data')
with open(data, 'wb') as f:
    block = os.urandom(1 << 20)
    for _ in range(SIZE >> 20):
        f.write(block)


def feed(fd):
    """SIZE bytes into fd, as fast as it takes them."""
    with open(data, 'rb') as f:
        left = SIZE
        while left > 0:
            left -= os.sendfile(fd, f.fileno(), SIZE - left, left)


def drain(sock):
    n, buf = 0, bytearray(1 << 20)
    while True:
        k = sock.recv_into(buf)
        if k == 0:
            return n
        n += k


def run(argv, stdin, stdout):
    """Its processor seconds."""
    pid = os.fork()
    if pid == 0:
        os.dup2(stdin, 0)
        os.dup2(stdout, 1)
        os.execvp(argv[0], argv)
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f'{argv}: status {status}')
    return usage.ru_utime + usage.ru_stime


def sending(argv, through_pipe):
    """file or pipe -> socket"""
    server = socket.create_server(('127.0.0.1', 0))
    got = []

    def far():
        c, _ = server.accept()
        with c:
            got.append(drain(c))

    t = threading.Thread(target=far)
    t.start()
    null = os.open('/dev/null', os.O_WRONLY)
    if through_pipe:
        r, w = os.pipe()
        os.set_blocking(w, True)

        def pump():
            with open(data, 'rb') as f:
                while os.splice(f.fileno(), w, 1 << 20) > 0:
                    pass
            os.close(w)

        os.set_inheritable(w, False)
        p = threading.Thread(target=pump)
        p.start()
        stdin = r
    else:
        stdin = os.open(data, os.O_RDONLY)
    cpu = run(argv(server.getsockname()[1]), stdin, null)
    t.join()
    os.close(stdin)
    os.close(null)
    server.close()
    if got != [SIZE]:
        sys.exit(f'{got} bytes of {SIZE}')
    return cpu


def receiving(argv, to):
    """socket -> pipe, file or /dev/null"""
    server = socket.create_server(('127.0.0.1', 0))

    def far():
        c, _ = server.accept()
        with c:
            feed(c.fileno())
            c.shutdown(socket.SHUT_WR)
            c.recv(1)

    t = threading.Thread(target=far)
    t.start()
    null = os.open('/dev/null', os.O_RDONLY)
    reader = None
    if to == 'pipe':
        r, out = os.pipe()

        def sink():
            while os.read(r, 1 << 20):
                pass
            os.close(r)

        reader = threading.Thread(target=sink)
        reader.start()
    else:
        path = '/dev/null' if to == 'null' else os.path.join(here, 'out')
        out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    cpu = run(argv(server.getsockname()[1]), null, out)
    os.close(out)
    os.close(null)
    t.join()
    if reader:
        reader.join()
    if to == 'file' and os.path.getsize(os.path.join(here, 'out')) != SIZE:
        sys.exit('the file is not whole')
    server.close()
    return cpu



tools = {
    'sockt': lambda port: [sockt, 'connect', '127.0.0.1', str(port)],
    'nc': lambda port: ['nc.openbsd', '-N', '127.0.0.1', str(port)],
    'ncat': lambda port: ['ncat', '127.0.0.1', str(port)],
    'socat': lambda port: ['socat', '-b262144', '-', f'TCP:127.0.0.1:{port}'],
}
kinds = {
    'socket to pipe': lambda a: receiving(a, 'pipe'),
    'file to socket': lambda a: sending(a, False),
    'pipe to socket': lambda a: sending(a, True),
    'socket to /dev/null': lambda a: receiving(a, 'null'),
    'socket to file': lambda a: receiving(a, 'file'),
}
tools = {n: a for n, a in tools.items() if shutil.which(a(0)[0])}
print(f'{"CPU s per GiB":20}' + ''.join(f'{n:>9}' for n in tools) +
      '   sockt : nc')
for kind, measure in kinds.items():
    best = {}
    for _ in range(ROUNDS):
        for name, argv in tools.items():
            cpu = measure(argv) * GIB / SIZE
            best[name] = min(best.get(name, cpu), cpu)
    row = ''.join(f'{best[n]:9.3f}' for n in tools)
    ratio = best['sockt'] / best['nc'] if 'nc' in best else float('nan')
    print(f'{kind:20}{row}   {ratio:.2f}', flush=True)
