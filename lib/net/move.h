/*
 * move - bytes from one conn to another that nobody looks at: the kernel
 * moves them.
 *
 * Pipe to or from socket: splice straight across. Regular file to socket:
 * sendfile. Socket to socket, file or device: splice through a pipe of our
 * own. What none of these can do is copied by the relay. Measured against
 * copying through 64 KiB: a quarter to a half of the processor time.
 */
#ifndef NET_MOVE_H
#define NET_MOVE_H

#include <sys/types.h>

#include "base/why.h"

enum {
	MOVE_PIPE = MIB,	/* capacity asked for, of pipes */
	MOVE_CHUNK = MIB,	/* bytes per call, at most; */
	MOVE_FIRST = 64 * KIB,	/* until the sink has taken some */
};

enum move_how {
	MOVE_NOT,		/* somebody looks, or the kernel cannot */
	MOVE_STRAIGHT,		/* one of the two is a pipe */
	MOVE_FILE,		/* from a regular file to a socket */
	MOVE_THROUGH,		/* through a pipe of ours */
};

enum move_state {
	MOVE_GO,		/* something was moved: call again */
	MOVE_AWAIT_FROM,	/* the source has nothing now */
	MOVE_AWAIT_TO,		/* the sink takes nothing now */
	MOVE_END,		/* the source has ended, all is out */
	MOVE_COPY,		/* not possible after all: copy from here on */
	MOVE_FAILED,		/* the cause is in why, and told */
};

struct conn;

struct move {			/* zeroed: MOVE_NOT */
	enum move_how	 how;
	int		 pipe[2];	/* of MOVE_THROUGH */
	size_t		 inside;	/* bytes in it */
	bool		 proven;	/* the sink took some */
};

/* May bytes go unseen, and how? Nothing is read yet. */
void	move_init(struct move *, const struct conn *from,
	    const struct conn *to);
enum move_state	move_some(struct move *, struct conn *from, struct conn *to,
	    struct why *) MUST_CHECK;
/*
 * After MOVE_COPY: what is inside already, at most MOVE_FIRST bytes, goes to
 * dst. Returns how many.
 */
size_t	move_rescue(struct move *, char *dst);
void	move_free(struct move *);

#endif
