/*
 * dial_state - what the parts of net/dial share: dial.c decides which attempt
 * is next and who wins, dial_attempt.c has the call itself, dial_tell.c finds
 * the words.
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

/* Calls; 0 or an errno, with which it has not begun to wait for an answer. */
int	attempt_begin(struct attempt *,
	    void (*on_answer)(struct ev_loop *, ev_io *, int));
/* What came of it, once there is an answer: 0 or an errno. */
int	attempt_answer(struct attempt *);
void	attempt_give_up(struct attempt *);	/* without a word */
/* It failed: nothing of it is kept but the cause, which is told. */
void	attempt_fail(struct attempt *, int err);
void	attempt_tell_failed(struct attempt *, uint64_t took_ns,
	    const struct facts *);
void	attempt_tell_lasting(struct attempt *);	/* it is under way */
/* The last error decides the status; the text lists every address. */
void	dial_explain(struct dial *, struct why *);

#endif
