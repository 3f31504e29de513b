/*
 * serve - the small classic services: one handler that answers one client,
 * in whatever loop it is given.
 *
 * echo (RFC 862), discard (863), chargen (864), daytime (867), time (868), and
 * hello, which names who is served and by which process and thread. Each is
 * its own flow: what a client does not take is not made.
 *
 * The handler knows nothing of models: run/worker calls it in our loop, in a
 * child process or in a thread.
 */
#ifndef RUN_SERVE_H
#define RUN_SERVE_H

#include "base/base.h"

enum serve_what {		/* in the order of SERVE_NAMES */
	SERVE_ECHO, SERVE_DISCARD, SERVE_DAYTIME, SERVE_TIME, SERVE_CHARGEN,
	SERVE_HELLO,
};
#define SERVE_NAMES "echo|discard|daytime|time|chargen|hello"

enum {
	SERVE_BUF = 64 * KIB,	/* waiting for a client, at most */
	SERVE_LINGER_MS = 2000,	/* for a client to end, after our end */
};

struct addr;
struct buf;
struct conn;
struct ev_loop;
struct served;

/* Once, from the loop, when all is said; the conn is still open. */
typedef void serve_done(void *arg);

struct serve_opts {
	enum serve_what	 what;
	int		 idle_ms;	/* silent for so long: the end; 0 */
	serve_done	*done;
	void		*arg;
};

/*
 * The conn stays the caller's, as does loop. NULL: out of memory. Free it when
 * done was called, or earlier.
 */
struct served *serve(struct ev_loop *, struct conn *,
	    const struct serve_opts *) MUST_CHECK;
void	serve_free(struct served *);

/*
 * What is said to this peer before it has said anything; of echo, discard and
 * chargen nothing. -1: out of memory.
 */
int	serve_greeting(struct buf *, enum serve_what, const struct addr *peer)
	    MUST_CHECK;

/* "echo" */
const char *serve_name(enum serve_what, char dst[static 16]);

#endif
