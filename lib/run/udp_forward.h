/*
 * udp_forward - datagrams are carried to one place, and its answers back to
 * whom they are for: each sender has a socket of its own onwards.
 *
 * As a NAT does it, a sender lasts until nothing came or went for a while;
 * RFC 4787 4.3 has 5 minutes. What is said is told as the sender's
 * conversation. What one of our own sockets onwards sends to us is not
 * carried: that would go on for ever.
 *
 * An answer that was refused ends its sender, so that the place is refused,
 * too, from then on.
 */
#ifndef RUN_UDP_FORWARD_H
#define RUN_UDP_FORWARD_H

#include "net/resolve.h"

enum { UDP_FORWARD_FORGET_MS = 300000 };	/* a sender, silent so long */

struct gate;
struct listener;
struct session;
struct sockopt;
struct udp_forward;

struct udp_forward_opts {
	struct resolve	 to;
	int		 forget_ms;	/* 0: never */
	struct gate	*gate;		/* who is heard; borrowed, or NULL */
	const struct sockopt *sockopt;	/* onwards; borrowed, or NULL */
};

/*
 * At an open listener for datagrams, whose sockets are borrowed. NULL: out of
 * memory, s->why says so.
 */
struct udp_forward *udp_forward_at(struct session *, const struct listener *,
	    const struct udp_forward_opts *) MUST_CHECK;
/* For the summary: how many sent something, how many bytes. */
unsigned udp_forward_seen(const struct udp_forward *);
void	udp_forward_totals(const struct udp_forward *, uint64_t *in,
	    uint64_t *out);
/* Tells the end of each. What the kernel dropped is left as a cause. */
void	udp_forward_free(struct udp_forward *);

#endif
