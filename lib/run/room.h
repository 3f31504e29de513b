/*
 * room - many clients at once in one loop, and perhaps one person at the
 * terminal.
 *
 * Three kinds. In the plain one clients do not hear each other: what a person
 * types goes, a line at a time, to the client that spoke last (/to N and /to
 * all choose, /who lists, // sends a line that begins with a slash); Ctrl-D
 * sends that client our end, with nobody there it ends the session. Where
 * standard input is no terminal it goes to all of them, and its end is
 * theirs. It is read while somebody is there to hear it; /dev/null is nobody's
 * input and neither read nor ended. A broker passes the bytes of each on to
 * all others. A chat does so with lines, names and manners (run/chat).
 *
 * Each client has its own queue. What is to go to everybody is taken as fast
 * as the fastest can hear it; for whom too much waits is closed, since a
 * stream with a hole would be worse. So nobody waits for a slow one.
 */
#ifndef RUN_ROOM_H
#define RUN_ROOM_H

#include "base/why.h"

enum {
	ROOM_QUEUE = MIB,	/* bytes waiting for one client, at most */
	ROOM_LINE = 64 * KIB,	/* of a line that is typed */
};

enum room_kind { ROOM_PLAIN, ROOM_BROKER, ROOM_CHAT };

struct conn;
struct room;
struct session;

struct room_opts {
	enum room_kind kind;
	bool	crlf;		/* LF becomes CR LF on the way out */
	int	idle_ms;	/* a client silent for so long is closed; 0 */
};

/* NULL: out of memory. */
struct room *room_new(struct session *, const struct room_opts *) MUST_CHECK;
void	room_enter(struct room *, struct conn *);	/* takes the conn */
unsigned room_seen(const struct room *);	/* clients so far */
void	room_totals(const struct room *, uint64_t *in, uint64_t *out);
void	room_free(struct room *);	/* closes everybody */

#endif
