/*
 * dial_state - what the parts of net/dial share: dial.c begins and ends
 * attempts, dial_tell.c finds the words.
 */
#ifndef NET_DIAL_STATE_H
#define NET_DIAL_STATE_H

#include <ev.h>

#include "net/dial.h"

struct facts;

struct attempt {
	struct dial	*dial;
	struct addr	 addr;
	uint64_t	 since;
	int		 fd;		/* -1: not begun, or over */
	int		 err;		/* how it failed; 0: it has not */
	size_t		 early;		/* bytes that left with the call */
	bool		 at_source;	/* our own address was the trouble */
	bool		 begun;
	bool		 itself;	/* it had answered its own call */
	ev_io		 io;
};

struct dial {
	struct ev_loop	*loop;
	struct talk	*talk;
	struct dial_opts opts;
	size_t		 n, last;	/* attempts; the one that failed last */
	struct attempt	 try[RESOLVE_MAX];
	ev_timer	 next, lasting, limit;
	struct proxy	*proxy;		/* or NULL */
};

void	attempt_tell_failed(struct attempt *, uint64_t took_ns,
	    const struct facts *);
void	attempt_tell_lasting(struct attempt *);	/* it is under way */
/* The last error decides the status; the text lists every address. */
void	dial_explain(struct dial *, struct why *);

#endif
