/*
 * replies - the small classic services by UDP: each datagram has its answer.
 *
 * echo, discard, chargen (up to 512 characters, so many as chance has it),
 * daytime, time and hello, as RFC 862 to 868 have them, to the address that
 * asked and from the one that was asked.
 *
 * A datagram's source is easily forged, and two services that answer each
 * other never stop (CVE-1999-0103). So what comes from the port of such a
 * service, or from our own, is not answered; that is told.
 */
#ifndef RUN_REPLIES_H
#define RUN_REPLIES_H

#include "run/serve.h"

enum {
	REPLIES_CHARGEN = 512,		/* characters at most (RFC 864) */
	REPLIES_FORGET_MS = 300000,	/* a sender, silent for so long */
};

struct gate;
struct listener;
struct replies;
struct session;

struct reply_opts {
	enum serve_what	 what;
	int		 forget_ms;
	struct gate	*gate;		/* who is heard; borrowed, or NULL */
};

/*
 * At an open listener for datagrams, whose sockets are borrowed. NULL: out of
 * memory, s->why says so.
 */
struct replies *replies_at(struct session *, const struct listener *,
	    const struct reply_opts *) MUST_CHECK;
/* For the summary: how many asked, how many bytes. */
unsigned replies_seen(const struct replies *);
void	replies_totals(const struct replies *, uint64_t *in, uint64_t *out);
void	replies_free(struct replies *);		/* tells the end of each */

#endif
