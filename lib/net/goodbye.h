/*
 * goodbye - one line to a client who is turned away, so that it arrives.
 *
 * Closing a socket with unread bytes in it resets the connection, and the
 * reset may overtake the line (RFC 9293 3.10.4). So our end is sent, what the
 * client says is thrown away, and its end is waited for: by a few of them, for
 * a short time. Who comes when all the places are taken is closed at once.
 */
#ifndef NET_GOODBYE_H
#define NET_GOODBYE_H

#include <ev.h>

#include "net/gate.h"

struct leaver {
	struct goodbyes	*of;
	ev_io		 io;
	ev_timer	 limit;
	bool		 here;
};

struct goodbyes {
	struct ev_loop	*loop;
	struct leaver	 leaver[GATE_GOODBYES];
};

void	goodbyes_init(struct goodbyes *, struct ev_loop *);
void	goodbyes_free(struct goodbyes *);	/* closes them all */
/* Takes fd. */
void	goodbye(struct goodbyes *, int fd, const char *text);

#endif
