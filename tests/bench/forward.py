"""forward.py SOCKT DIR - one stream through a relay: sockt --forward, haproxy
that splices, socat with its best buffer. Interleaved rounds; the median of CPU
seconds of the relaying process (with its children) per GiB, and system calls
per GiB under strace, splice among them, which shows that haproxy does splice.
Then 5,000 requests and answers of 64 bytes over one connection."""
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

SOCKT, DIR = sys.argv[1:3]
SIZE = int(os.environ.get('BENCH_BYTES', 1 << 30))
ROUNDS, TURNS = 3, 5000
TICK = os.sysconf('SC_CLK_TCK')
CHUNK = bytes(1 << 20)

far = socket.create_server(('127.0.0.1', 0))
FAR = far.getsockname()[1]


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def haproxy(port):
    with open(DIR + '/cfg', 'w') as f:
        f.write(f'''global
    nbthread 1
    tune.pipesize 1048576
defaults
    mode tcp
    timeout client 60s
    timeout connect 60s
    timeout server 60s
    option splice-request
    option splice-response
listen f
    bind 127.0.0.1:{port}
    server s 127.0.0.1:{FAR}
''')
    return ['haproxy', '-db', '-f', DIR + '/cfg']


RELAYS = {
    'sockt': lambda port: [SOCKT, 'listen', '-k', '-q', '--local',
                           '--forward', f'127.0.0.1:{FAR}', str(port)],
    'haproxy': haproxy,
    'socat -b262144': lambda port: [
        'socat', '-b262144', f'TCP-LISTEN:{port},reuseaddr,bind=127.0.0.1',
        f'TCP:127.0.0.1:{FAR}'],
}


def cpu(pid):
    with open(f'/proc/{pid}/stat') as f:
        v = f.read().rsplit(')', 1)[1].split()
    return sum(map(int, v[11:15])) / TICK


def connected(port):
    for _ in range(1000):
        try:
            return socket.create_connection(('127.0.0.1', port))
        except ConnectionRefusedError:
            time.sleep(0.01)
    sys.exit(f'nobody listens on {port}')


def bulk(port):
    """One way, SIZE bytes; all must come."""
    us = connected(port)
    them, _ = far.accept()

    def pour():
        left = SIZE
        while left > 0:
            left -= us.send(CHUNK[:left])
        us.shutdown(socket.SHUT_WR)
    t = threading.Thread(target=pour)
    t.start()
    room, got = bytearray(1 << 20), 0
    while n := them.recv_into(room):
        got += n
    t.join()
    if got != SIZE:
        sys.exit(f'{got} bytes of {SIZE} came')
    return us, them


def turns(port):
    us = connected(port)
    them, _ = far.accept()
    for s in us, them:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(TURNS):
        us.sendall(CHUNK[:64])
        them.sendall(them.recv(64, socket.MSG_WAITALL))
        us.recv(64, socket.MSG_WAITALL)
    return us, them


def measure(name, what, strace=False):
    """CPU seconds of it, or what strace counted: (calls, of them splice)."""
    port = free_port()
    argv = RELAYS[name](port)
    log = DIR + '/strace'
    if strace:
        argv = ['strace', '-f', '-c', '-o', log] + argv
    p = subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                         process_group=0)
    ends = what(port)
    used = cpu(p.pid)
    for s in ends:
        s.close()
    os.killpg(p.pid, signal.SIGTERM)
    try:
        p.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        p.wait()
    if not strace:
        return used
    with open(log) as f:
        rows = [line.split() for line in f if line[:1] in ' 0123456789']
    counts = {r[-1]: int(r[3]) for r in rows if len(r) >= 5 and r[3].isdigit()}
    return counts.get('total', 0), counts.get('splice', 0)


def table(title, what, per):
    print(title)
    used = {name: [] for name in RELAYS}
    for _ in range(ROUNDS):
        for name in RELAYS:
            used[name].append(measure(name, what))
    ours = statistics.median(used['sockt'])
    for name in RELAYS:
        mid = statistics.median(used[name])
        calls, splices = measure(name, what, strace=True)
        ratio = '' if name == 'sockt' or mid == 0 else \
            f'   sockt takes {ours / mid:.2f} x'
        print(f'  {name:16} {mid / per:7.3f} CPU s  '
              f'{calls / per:9.0f} calls, {splices / per:7.0f} splice{ratio}')


table('one stream, per GiB', bulk, SIZE / (1 << 30))
table(f'{TURNS} requests and answers of 64 B', turns, 1)
