/*
 * gone - has the other side left, though we do not read its socket? A child
 * does, or all was read up to its end, and there is nothing to send.
 *
 * A reset shows at once. A client that has sent its end may still listen
 * (half-closed) or be gone for good, and TCP does not tell which: what is on
 * this machine the kernel is asked about (sock_diag(7)), others are probed
 * (keep-alive), which finds a lost one out in about a minute. As long as
 * bytes of it are unread, it is not gone: there is work to do.
 */
#ifndef NET_GONE_H
#define NET_GONE_H

#include <ev.h>

#include "base/base.h"

enum {
	GONE_FIRST_MS = 50,	/* to the first look at who has sent its end */
	GONE_LOOK_MS = 1000,	/* and between looks */
	GONE_PROBE_S = 15,	/* keep-alive: silence, then between probes */
	GONE_PROBES = 4,
};

struct conn;
struct gone;

/* Once, from the loop; the gone is forgotten already. */
typedef void gone_fn(struct gone *, bool reset);

struct gone_watch {		/* of all of them */
	struct ev_loop	*loop;
	gone_fn		*fn;
	ev_io		 io;	/* an epoll of our own: ours would wake us
				   for every byte that is the child's */
	ev_timer	 look;
	struct gone	*ended;
};

struct gone {			/* embedded by who watches; zeroed: not */
	struct gone_watch *of;
	const struct conn *conn;
	struct gone	*next, **link;	/* of those that have sent their end */
};

/* -1 with errno. */
int	gone_open(struct gone_watch *, struct ev_loop *, gone_fn *) MUST_CHECK;
void	gone_close(struct gone_watch *);

/* The conn is borrowed, until it is forgotten. -1 with errno. */
int	gone_add(struct gone_watch *, struct gone *, const struct conn *)
	    MUST_CHECK;
void	gone_forget(struct gone *);

#endif
