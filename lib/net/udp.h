/*
 * udp - sockets for datagrams: whole ones in, whole ones out.
 *
 * A socket that listens answers from the address that it was asked at, and
 * learns which of those it wrote to refused (IP_RECVERR): both are lost on
 * who uses sendto() alone. An IPv6 socket may serve IPv4, too; addresses are
 * told as what they are. Nothing here blocks.
 *
 * Unix sockets for datagrams go the same way. What fails there is known at
 * once, there is nothing to ask for later.
 */
#ifndef NET_UDP_H
#define NET_UDP_H

#include <sys/types.h>

#include "base/why.h"
#include "proto/addr.h"

enum {
	/* 65535, less a header of IPv4 and one of UDP (RFC 768, RFC 791) */
	UDP_MAX = 65507,
	UDP_ROOM = 64 * KIB,	/* whatever comes fits */
	UDP_RCVBUF = 4 * MIB,	/* asked for; the kernel may give less */
};

struct udp_in {			/* of a datagram that came */
	struct addr	from;
	struct addr	to;	/* at which address of ours; none: unknown */
	bool		cut;	/* it was longer than UDP_ROOM */
	int64_t		pid, uid;	/* who sent it, by a Unix socket */
	char		name[ADDR_PATH + 2];	/* that from borrows */
};

struct udp_out {
	const struct addr *to;	/* NULL: the socket is connected */
	const struct addr *from;	/* of ours; NULL: the kernel's choice */
};

/* A new socket that is not blocking, ready for the rest; -1 with errno. */
int	udp_open(int family) MUST_CHECK;
/* Options for one that was opened elsewhere. */
void	udp_prepare(int fd, int family);

/* Bytes, -1 with errno, or CONN_LATER. p has room for UDP_ROOM. */
ssize_t	udp_receive(int fd, void *p, struct udp_in *) MUST_CHECK;
/*
 * 0: the kernel took it, -1 with errno, or CONN_LATER. An error may be that
 * of a former datagram: see udp_failure(), then send again.
 */
int	udp_send(int fd, const struct udp_out *, const void *, size_t)
	    MUST_CHECK;
/*
 * What became known of datagrams that left: the errno of one that did not
 * arrive, and where it should have; 0: no more of that.
 */
int	udp_failure(int fd, struct addr *whom);

/* "udp", or "unixgram": what it is spoken to that address. */
const char *udp_proto(const struct addr *);
/* "127.0.0.1:53/udp", "unix:@x"; returns dst. */
const char *udp_text(const struct addr *, char dst[static ADDR_TEXT]);

/* How many datagrams the kernel dropped, as we did not take them in time. */
uint32_t udp_dropped(int fd);

/*
 * "GROUP" or "GROUP%INTERFACE": to receive what is sent to that multicast
 * address, too. -1: WHY_USAGE, it is none; WHY_LISTEN.
 */
int	udp_group(struct addr *group, unsigned *interface, const char *text,
	    struct why *) MUST_CHECK;
int	udp_join(int fd, const struct addr *group, unsigned interface,
	    struct why *) MUST_CHECK;

#endif
