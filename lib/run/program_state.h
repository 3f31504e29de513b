/*
 * program_state - a client's program as its parts see it: private to program
 * and program_between.
 */
#ifndef RUN_PROGRAM_STATE_H
#define RUN_PROGRAM_STATE_H

#include <ev.h>

#include "net/gone.h"
#include "run/child.h"
#include "run/launch.h"
#include "run/program.h"

struct program {
	struct programs	*of;
	struct program	*next, **link;
	struct conn	*conn;		/* NULL: it could not be kept */
	struct why	 why;
	struct child	 child;
	struct gone	 gone;		/* the client */
	ev_io		 rest;		/* what it still says */
	ev_timer	 linger;

	struct relay	*relay;		/* it owns the conn; NULL: lent it is */
	int		 pair;		/* then: our end; -1: a terminal */
	bool		 relayed;	/* and is done */
};

struct programs {
	struct session	*session;
	struct program_opts opts;
	struct launch	 launch;
	char		**argv;		/* ours, and launch's */
	struct gone_watch gone;
	struct program	*all;
};

/*
 * A relay comes between the conn and *theirs, which is for the child and
 * closed by who called: an end of a pair of sockets, or a terminal. 0, or an
 * errno: the conn is gone then, and p->conn NULL.
 */
int	program_between(struct program *, int *theirs) MUST_CHECK;
void	program_between_free(struct program *);

/* Once all is said; frees it. */
void	program_finish(struct program *);

#endif
