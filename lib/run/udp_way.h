/*
 * udp_way - a socket onwards, for the datagrams of one who has none of its
 * own there, so that what comes back is known to be for that one.
 *
 * It is connected to one of the target's addresses. While nothing has ever
 * come back by it, a refusal (ICMP) makes it take the next address, with the
 * last datagram once more. Whatever else happens is told, and the way stays:
 * who is not there now may be later.
 */
#ifndef RUN_UDP_WAY_H
#define RUN_UDP_WAY_H

#include "net/resolve.h"

struct session;
struct sockopt;
struct udp_way;

struct udp_target {		/* where the ways lead, borrowed by them */
	struct session	*session;
	struct resolve	 at;
	size_t		 good;		/* which of it a new way begins with */
	const struct sockopt *sockopt;	/* borrowed; or NULL */
	/* A datagram came back; no way may be freed from here. */
	void		(*answer)(void *arg, const void *, size_t);
	uint64_t	 dropped;	/* by the kernel, of closed ways */
	char		*room;		/* UDP_ROOM bytes; borrowed */
};

/* conn: whose events its are. NULL: out of memory. */
struct udp_way *udp_way_new(struct udp_target *, unsigned conn, void *arg)
	    MUST_CHECK;
void	udp_way_send(struct udp_way *, const void *, size_t);
/* Is this the address of ours that it goes by? */
bool	udp_way_is(const struct udp_way *, const struct addr *) MUST_CHECK;
void	udp_way_free(struct udp_way *);

#endif
