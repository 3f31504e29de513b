/*
 * given - sockets that listen already: somebody else has opened them.
 *
 * "fd:N" is descriptor N. "systemd:" are those that a service manager passes
 * by LISTEN_FDS and LISTEN_PID (sd_listen_fds(3)), "systemd:NAME" those of
 * them that LISTEN_FDNAMES calls so. They are made not to block and not to be
 * inherited by what we run; whoever opened them keeps the port, and the file
 * of a Unix socket.
 */
#ifndef NET_GIVEN_H
#define NET_GIVEN_H

#include "net/listener.h"

enum { GIVEN_FIRST = 3 };	/* those before are stdin and its like */

/* Is that operand one? */
bool	given_operand(const char *);

/*
 * As listener_open(), of o->given. -1: WHY_USAGE, it is none; WHY_LISTEN, it
 * is not there, or no socket that listens to what is asked for.
 */
int	given_open(struct listener *, struct ev_loop *, struct talk *,
	    const struct listener_opts *, struct why *) MUST_CHECK;

#endif
