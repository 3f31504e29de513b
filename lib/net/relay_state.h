/*
 * relay_state - what the parts of the relay share: relay.c knows when it is
 * over, relay_flow.c moves bytes one way, relay_left.c watches who has ended.
 */
#ifndef NET_RELAY_STATE_H
#define NET_RELAY_STATE_H

#include <ev.h>

#include "base/buf.h"
#include "net/gone.h"
#include "net/move.h"
#include "net/relay.h"

struct flow {
	struct relay	*relay;
	struct conn	*from, *to;
	struct buf	 held;
	struct move	 move;		/* instead, once there is much */
	bool		 moving, no_move;
	bool		 crlf, was_cr;	/* the last byte sent was CR */
	bool		 ended;		/* their end seen, drained, passed on */
	bool		 deaf;		/* a program that reads no more */
	struct pace	 pace;		/* how fast it may go */
	bool		 paced;
	relay_filter	*filter;	/* while it is understood; or NULL */
	bool		 cut;		/* as if they had ended */
	bool		 kept;		/* their end is not passed on */
	bool		 limited;	/* only so much is wanted: */
	size_t		 left;		/* as is still to come */
	ev_io		 r, w;
	ev_timer	 more;		/* bytes wait within the conn */
	ev_timer	 pause;		/* until more may leave */
};

struct relay {
	struct ev_loop	*loop;
	struct conn	*a, *b;
	struct relay_opts opts;
	struct flow	 up, down;	/* a to b, b to a */
	ev_io		 gone;		/* a's reader went away */
	ev_timer	 idle, acked, linger;
	int		 overdue;	/* looks at what is not acknowledged */
	struct gone_watch watch;	/* of b, once it has ended: */
	struct gone	 left;		/* is it there at all? */
	bool		 over;
};

void	relay_flow_init(struct flow *, struct relay *, struct conn *from,
	    struct conn *to);
/* -1: no memory for what goes first. */
int	relay_flow_start(struct flow *) MUST_CHECK;
/* What is read and written next follows from what is held. */
void	relay_arrange(struct flow *);

void	relay_alive(struct relay *);	/* a byte came or went */
/* No more is wanted of b, or waited for: over once all is acknowledged. */
void	relay_leave(struct relay *);
/* Is more wanted of b than came? The cause goes to why, and is told. */
bool	relay_short(struct relay *, struct why *);
void	relay_settle(struct relay *);	/* a flow has ended */
/* b has ended and a has not: over as well once nobody is there. */
void	relay_left_watch(struct relay *);
void	relay_left_stop(struct relay *);
void	relay_finish(struct relay *, const struct why *);

#endif
