/*
 * child - a program of ours from its spawn to its exit, both of them told.
 *
 * Whom it serves may go before it does. Then it is given time, asked to end
 * (SIGHUP, SIGTERM), and after more time made to (SIGKILL): it and what it
 * has started, its process group.
 */
#ifndef RUN_CHILD_H
#define RUN_CHILD_H

#include <ev.h>
#include <sys/types.h>

#include "base/why.h"

enum { CHILD_KILL_MS = 3000 };	/* from SIGHUP and SIGTERM to SIGKILL */

struct child;
struct talk;

/* Once, from the loop: its pid is 0, the why says how if not well. */
typedef void child_ended(struct child *, const struct why *);

struct child {			/* embedded; zeroed: none */
	struct ev_loop	*loop;
	struct talk	*talk;
	unsigned	 conn;		/* whom it serves: #1, #2 */
	char *const	*argv;		/* borrowed */
	child_ended	*fn;
	pid_t		 pid;		/* 0: it has ended, or never was */
	ev_child	 ended;
	bool		 asked;		/* to end; next it is made to */
	ev_timer	 patience;
};

/* pid runs. */
void	child_watch(struct child *, pid_t);
/* Whom it serves is gone: it has ms to end by itself. */
void	child_leave(struct child *, int ms);
/* To its whole group, if it runs. */
void	child_signal(const struct child *, int sig);
/* Not watched any more. */
void	child_forget(struct child *);

#endif
