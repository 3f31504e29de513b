"""headers.py PORT FILE - what packets on loopback say of themselves, one a
line, from now on: "SPORT>DPORT FLAGS dscp N ttl N mss N len N". FLAGS is S, SA, A
and so on, or U for UDP; mss 0: none told; len:
of the payload. FILE appears once it listens."""
import ctypes
import socket
import struct
import sys

port, out = int(sys.argv[1]), open(sys.argv[2], 'w', buffering=1)
s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
# Of all that others send meanwhile, nothing: ports, behind IPv4 or IPv6.
code = b''.join(struct.pack('HBBI', *i) for i in (
    (0x30, 0, 0, 0), (0x54, 0, 0, 0xf0), (0x15, 0, 4, 0x40),
    (0x28, 0, 0, 20), (0x15, 7, 0, port), (0x28, 0, 0, 22), (0x15, 5, 4, port),
    (0x28, 0, 0, 40), (0x15, 3, 0, port), (0x28, 0, 0, 42), (0x15, 1, 0, port),
    (0x06, 0, 0, 0), (0x06, 0, 0, 0xffff)))
keep = ctypes.create_string_buffer(code)
s.setsockopt(socket.SOL_SOCKET, 26, struct.pack('HL', 13,
                                                ctypes.addressof(keep)))
s.bind(('lo', 0))
print('ready', file=out)


def mss_of(options):
    while options and options[0] != 0:
        if options[0] == 1:
            options = options[1:]
        elif options[0] == 2:
            return struct.unpack('!H', options[2:4])[0]
        else:
            options = options[max(options[1], 2):]
    return 0


while True:
    p, (_, _, kind, _, _) = s.recvfrom(65536)
    if kind == socket.PACKET_OUTGOING:
        continue            # loopback shows each packet twice
    if p[0] >> 4 == 4:
        dscp, ttl, proto, rest = p[1] >> 2, p[8], p[9], p[(p[0] & 15) * 4:]
    else:
        dscp, ttl, proto, rest = (p[0] << 4 | p[1] >> 4) >> 2 & 63, p[7], \
            p[6], p[40:]
    if proto not in (6, 17) or len(rest) < 8:
        continue
    sport, dport = struct.unpack('!HH', rest[:4])
    if port not in (sport, dport):
        continue
    flags, mss, n = 'U', 0, len(rest) - 8
    if proto == 6:
        flags = ''.join(c for i, c in enumerate('FSRPA') if rest[13] >> i & 1)
        n = len(rest) - (rest[12] >> 4) * 4
        mss = mss_of(rest[20:(rest[12] >> 4) * 4])
    print(f'{sport}>{dport} {flags} dscp {dscp} ttl {ttl} mss {mss} '
          f'len {n}',
          file=out)
