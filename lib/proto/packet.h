/*
 * packet - IP packets of TCP, UDP and ICMP as bytes: what a recording shows
 * of a conversation that we only know from system calls.
 *
 * Checksums are right and lengths are true; TTL is 64. An IPv4 address makes
 * an IPv4 packet, an IPv6 one an IPv6 packet; both ends are of one family.
 * Nothing is fragmented: what does not fit is cut by the caller.
 */
#ifndef PROTO_PACKET_H
#define PROTO_PACKET_H

#include "proto/addr.h"

enum {
	PACKET_MAX = 40 + 65535,	/* an IPv6 header, and all it holds */
	PACKET_MSS = 65495,		/* as a SYN on a loopback has it */
	PACKET_DATA = 65475,		/* of a TCP packet, for either family */
	PACKET_WSCALE = 10,		/* a window of 64 MiB */
	PACKET_QUOTE = 512,		/* of one in ICMP (RFC 1812 4.3.2.3) */
};

enum {				/* RFC 9293 3.1 */
	PACKET_FIN = 0x01, PACKET_SYN = 0x02, PACKET_RST = 0x04,
	PACKET_PSH = 0x08, PACKET_ACK = 0x10,
};

enum { PACKET_TCP = 6, PACKET_UDP = 17, PACKET_ICMP = 1, PACKET_ICMP6 = 58 };

struct packet {
	int		 proto;		/* PACKET_TCP ... */
	struct addr	 from, to;	/* IP; ICMP has no ports */
	uint16_t	 id;		/* IPv4's */
	uint32_t	 seq, ack;	/* TCP: and what follows */
	uint8_t		 flags;
	/* ICMP: destination unreachable for one of these reasons. */
	enum packet_reason {
		PACKET_NO_NET, PACKET_NO_HOST, PACKET_NO_PROTO, PACKET_NO_PORT,
		PACKET_FORBIDDEN, PACKET_NET_FORBIDDEN, PACKET_HOST_FORBIDDEN,
		PACKET_SCOPE, PACKET_POLICY, PACKET_REJECTED,
		PACKET_REASONS
	} reason;
	const void	*data;		/* payload; ICMP: the packet quoted */
	size_t		 len;
};

/*
 * Both return the length. A SYN gets the options MSS and window scale. len of
 * TCP: at most PACKET_DATA; of ICMP: PACKET_QUOTE are taken; of UDP: what
 * does not fit in its length (65535 with IP's header) is cut.
 */
size_t	packet_put(uint8_t dst[static PACKET_MAX], const struct packet *);

/* Of a code of destination unreachable; unknown ones: PACKET_NO_HOST. */
enum packet_reason packet_reason(int family, unsigned code);

/*
 * The reverse, of packets as they are put here: no IP options, no extension
 * headers, whole. data points into p. False: it is none of ours, or damaged.
 * The checksums are verified.
 */
bool	packet_get(struct packet *, const void *p, size_t n) MUST_CHECK;

#endif
