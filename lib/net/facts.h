/*
 * facts - what only an explanation asks: how this machine is set up, and what
 * the kernel did meanwhile. Measured if talk_curious(), otherwise unknown.
 */
#ifndef NET_FACTS_H
#define NET_FACTS_H

#include "net/owner.h"
#include "proto/addr.h"

struct talk;

struct facts {			/* TALK_UNKNOWN: not measured */
	int64_t		 low, high;	/* ephemeral ports */
	int64_t		 syns;		/* sent on this attempt */
	int64_t		 syn_retries;	/* that will be sent again */
	int64_t		 time_waits;	/* connections to there that rest */
	struct owner	 elsewhere;	/* of the port that refused, at
					   another address of this machine */
	char		 try[128];	/* what to do about it; or "" */
};

/* err: of an attempt that failed, whose socket fd still is; or 0. */
void	facts_of_call(struct facts *, const struct talk *, int fd,
	    const struct addr *peer, int err);
/* Below this, binding needs CAP_NET_BIND_SERVICE (ip(7)). */
unsigned facts_unprivileged(void);

#endif
