/*
 * worker - one handler, three models of a server: all clients in our loop, a
 * child process for each, a thread for each.
 *
 * The handler is the same (run/serve) and is always driven by a loop: ours,
 * or one that is the child's or the thread's own. There the conn is lent: it
 * is silent meanwhile, only who serves (spawn, exit) and the totals are told.
 * A thread shares nothing with us but its worker, and that not at the same
 * time. At the end of the run children get SIGTERM; threads find their
 * sockets shut, and are waited for.
 */
#ifndef RUN_WORKER_H
#define RUN_WORKER_H

#include "run/serve.h"

enum worker_model { WORKER_LOOP, WORKER_PROCESS, WORKER_THREAD };
#define WORKER_NAMES "loop|process|thread"

enum { WORKER_STACK = 256 * KIB };	/* of a thread */

struct conn;
struct session;
struct workers;

struct worker_opts {
	enum worker_model model;
	enum serve_what	 what;
	int		 idle_ms;
};

/* NULL: out of memory. */
struct workers *workers_new(struct session *, const struct worker_opts *)
	    MUST_CHECK;
void	workers_take(struct workers *, struct conn *);	/* a client */
void	workers_free(struct workers *);	/* ends all */

#endif
