/*
 * pool - the sockets of a scan: idle, asking, or hearing what is said.
 *
 * Slots stay where they are for as long as the pool lives. Those asking and
 * those hearing stand in the order of their start, so that with one time
 * limit for each the first is the next to run out.
 */
#ifndef SCAN_POOL_H
#define SCAN_POOL_H

#include "scan/slot.h"

struct pool {			/* zeroed: pool_free() is free */
	struct slot	*slots;
	size_t		 n;
	size_t		 window;	/* at most so many of them busy */
	size_t		 busy;
	struct slots	 idle;		/* the last used first */
	struct slots	 asking, hearing;	/* the oldest first */
	int		 epfd;
};

int	pool_init(struct pool *, size_t n) MUST_CHECK;	/* -1 with errno */
void	pool_free(struct pool *);

/* An idle slot begins to ask. NULL: the window is full. */
struct slot *pool_take(struct pool *);
/* The port is open; its slot hears what is said, from now on. */
void	pool_hear(struct pool *, struct slot *);
/* The slot is idle again; keep: with its socket. */
void	pool_put(struct pool *, struct slot *, bool keep);

/* Events of the slot make epfd readable. -1 with errno. */
int	pool_watch(struct pool *, struct slot *) MUST_CHECK;
/* One of the sockets is bound to this port. */
bool	pool_holds(const struct pool *, unsigned port);

#endif
