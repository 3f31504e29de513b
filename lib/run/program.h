/*
 * program - a program per client: the connection is its stdin and stdout.
 *
 * The child reads and writes the socket itself, so no byte passes through us
 * and none can be lost on the way. What it cannot read, TLS, reaches it over a
 * pair of sockets and a relay; so does everything, if it wants a terminal
 * (see program_between). We keep a descriptor of the socket: when the child
 * has ended we send FIN, take what the client still says, and only then
 * close, since closing with unread bytes would reset the connection and with
 * it the child's last output (RFC 9293 3.10.4).
 *
 * When the client is gone the program is ended: at once after a reset, a
 * while later if the client had sent its end in order, since its input may
 * still be worked on.
 */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include "base/why.h"

enum {
	PROGRAM_LINGER_MS = 2000,	/* for the client to end, too */
	PROGRAM_GONE_MS = 5000,	/* to end by itself, the client being gone */
};

struct conn;
struct programs;
struct session;

/* The client's program has ended and the connection is closed. */
typedef void program_done(void *arg, const struct why *);

struct program_opts {		/* OPTS_EXEC of cmd/groups.h fills the first */
	const char	*exec, *sh_exec;	/* one of them; borrowed */
	bool		 with_stderr;	/* goes to the other side, too */
	bool		 pty;		/* it gets a terminal */
	program_done	*done;
	void		*arg;
};

/*
 * Is a program asked for? 1, or 0. -1: WHY_USAGE, what was said contradicts
 * itself, or is for programs only.
 */
int	program_opts_check(const struct program_opts *, struct why *)
	    MUST_CHECK;

/*
 * The limit of open files is as it is now, for all of them: programs that use
 * select(2) need no higher one. NULL: s->why has the cause.
 */
struct programs *programs_new(struct session *, const struct program_opts *)
	    MUST_CHECK;
/* Takes the conn; its socket is made blocking. */
void	programs_serve(struct programs *, struct conn *);
/* Those still running get SIGTERM. */
void	programs_free(struct programs *);

#endif
