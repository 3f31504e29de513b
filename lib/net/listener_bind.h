/*
 * listener_bind - the sockets of a listener: which, and on one port.
 *
 * A free port has to be free on every address, so the first one bound fixes
 * it and a clash on another begins anew. The rest of it is in net/listener.
 */
#ifndef NET_LISTENER_BIND_H
#define NET_LISTENER_BIND_H

#include "net/listener.h"

/* Into l->sock, bound and listening, and l->port. -1: as listener_open(). */
int	listener_bind(struct listener *, const struct listener_opts *,
	    struct why *) MUST_CHECK;
/* Closes them; a Unix socket's file goes with it. */
void	listener_unbind(struct listener *);

#endif
