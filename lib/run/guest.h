/*
 * guest - a client in a room, and the room as its parts see it: private to
 * room, room_stdin and chat.
 *
 * A guest who has to go is marked and taken out at the end of the turn, so
 * that going through the list while sending is safe, even where a leaving
 * guest is announced to the others.
 */
#ifndef RUN_GUEST_H
#define RUN_GUEST_H

#include <ev.h>

#include "base/buf.h"
#include "net/conn.h"
#include "run/room.h"
#include "run/session.h"

enum { GUEST_LOW = 64 * KIB };	/* so little waiting: this one can hear */

struct chat;
struct chatter;

struct guest {
	struct room	*room;
	struct guest	*next, **link;
	struct conn	*conn;
	struct chatter	*chatter;	/* in a chat; NULL: no name yet */
	struct buf	 queue;
	ev_io		 r, w;
	ev_timer	 idle;
	ev_timer	 more;		/* bytes wait within the conn */
	bool		 held;		/* not read until somebody can hear */
	bool		 finishing;	/* our end follows what is queued */
	bool		 leaving;
};

struct room {
	struct session	*session;
	struct room_opts opts;
	struct guest	*guests;
	struct chat	*chat;		/* ROOM_CHAT */
	unsigned	 here, seen;
	uint64_t	 in, out;	/* of those that have left */
	bool		 held;		/* somebody is */
	ev_prepare	 reap;

	struct conn	*ours;		/* stdin; NULL: nobody's */
	ev_io		 keys;
	bool		 fed, feed_held;	/* stdin goes to all; waits */
	bool		 was_cr;	/* its last byte */
	struct buf	 line;		/* typed so far; or on its way */
	unsigned	 to;		/* typed lines go there; 0: nobody */
	bool		 chosen;	/* by /to: who speaks is no matter */
	bool		 all;
};

/* Sends, or queues; one for whom too much waits is told and let go. */
void	guest_send(struct guest *, const void *, size_t);
void	guest_send_all(struct room *, const struct guest *but, const void *,
	    size_t);
/* Is there one (besides but) with room in its queue? */
bool	guest_hears(const struct room *, const struct guest *but);
/* Our end, once all is sent; with theirs seen that is all. */
void	guest_finish(struct guest *);
void	guest_go(struct guest *);

/* What room_stdin does: begins to read stdin, if it is anybody's. */
int	room_stdin(struct room *) MUST_CHECK;
void	room_stdin_resume(struct room *);
void	room_stdin_end(struct room *);

#endif
