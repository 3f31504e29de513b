/*
 * introduced - callers that come by way of a proxy, which says first for whom
 * it calls: a PROXY header (proto/proxy_header), before TLS and all else.
 *
 * Exactly the header is taken from the socket, what follows stays there. Each
 * has INTRODUCED_MS to say it; with INTRODUCED_MAX under way the one that has
 * taken longest is sent away. Who comes without is told (turned_away), closed,
 * and never becomes a conversation.
 */
#ifndef NET_INTRODUCED_H
#define NET_INTRODUCED_H

#include <ev.h>

#include "proto/proxy_header.h"

enum {
	INTRODUCED_MS = 5000,
	INTRODUCED_MAX = 1000,	/* at a time */
};

struct newcomer;
struct talk;

/* The socket is the caller's again. It may end all that is here. */
typedef void introduced_fn(void *arg, void *at, int fd,
	    const struct proxy_header *);

struct introduced {		/* zeroed: nobody */
	struct ev_loop	*loop;
	struct talk	*talk;
	introduced_fn	*fn;
	void		*arg;
	struct newcomer	*first, *last;	/* the newest, the oldest */
	size_t		 n;
};

/* Takes fd, a connected socket; at goes to fn. */
void	introduced_enter(struct introduced *, int fd, void *at);
void	introduced_clear(struct introduced *);	/* sends them away */

#endif
