/*
 * room - many clients and perhaps one person at the terminal.
 *
 * What clients say is told with their numbers. What the person types goes, a
 * line at a time, to the client that spoke last; /to N and /to all choose,
 * /who lists, // sends a line that begins with a slash. Ctrl-D sends that
 * client our end; with nobody there it ends the session. Each client has its
 * own queue, so that one who does not read delays nobody.
 */
#ifndef RUN_ROOM_H
#define RUN_ROOM_H

#include "base/why.h"

enum {
	ROOM_QUEUE = MIB,	/* bytes waiting for one client, at most */
	ROOM_LINE = 64 * KIB,	/* of a line that is typed */
};

struct conn;
struct room;
struct session;

struct room_opts {
	bool	crlf;		/* LF becomes CR LF on the way out */
	int	idle_ms;	/* a client silent for so long is closed; 0 */
};

/* Reads stdin only if a person is there. NULL: out of memory. */
struct room *room_new(struct session *, const struct room_opts *) MUST_CHECK;
void	room_enter(struct room *, struct conn *);	/* takes the conn */
unsigned room_seen(const struct room *);	/* clients so far */
void	room_totals(const struct room *, uint64_t *in, uint64_t *out);
void	room_free(struct room *);	/* closes everybody */

#endif
