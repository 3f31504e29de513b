/*
 * given - sockets that are open already: somebody else has opened them.
 *
 * "fd:N" is descriptor N. "systemd:" are those that a service manager passes
 * by LISTEN_FDS and LISTEN_PID (sd_listen_fds(3)), "systemd:NAME" those of
 * them that LISTEN_FDNAMES calls so. They are made not to block and not to be
 * inherited by what we run; whoever opened them keeps the port, and the file
 * of a Unix socket.
 *
 * Most listen. One that is connected already, as inetd and Accept=yes pass it,
 * is the only client, and stands alone.
 */
#ifndef NET_GIVEN_H
#define NET_GIVEN_H

#include "net/listener.h"

enum { GIVEN_FIRST = 3 };	/* those before are stdin and its like */

/*
 * For listener_opts.given: the client is our stdin. Where stdout and stderr
 * are the same socket, they lead to /dev/null from then on: what we have to
 * say is not for the client.
 */
#define GIVEN_STDIO "stdio:"

/* Is that operand one? */
bool	given_operand(const char *);

/*
 * As listener_open(), of o->given. -1: WHY_USAGE, it is none; WHY_LISTEN, it
 * is not there, or no socket that listens to what is asked for.
 */
int	given_open(struct listener *, struct ev_loop *, struct talk *,
	    const struct listener_opts *, struct why *) MUST_CHECK;

#endif
