/*
 * relay - two conns, two flows, each with its own buffer, its own end and its
 * own patience.
 *
 * A flow reads only when it has room, writes only when it may, passes the end
 * on when it is drained, and never waits for the other flow: a party that
 * stalls stalls itself alone. It begins with reading and writing; once a read
 * fills its buffer, the kernel moves the bytes if nobody looks (net/move).
 * Done when both have ended and everything sent is acknowledged.
 */
#ifndef NET_RELAY_H
#define NET_RELAY_H

#include "base/why.h"
#include "proto/pace.h"

enum {
	RELAY_BUF = 256 * KIB,	/* bytes held per flow at most */
	RELAY_ACK_MS = 2000,	/* for acknowledgements, after linger_ms */
};

struct buf;
struct conn;
struct ev_loop;
struct relay;

/* Once, from the loop; WHY_NONE if both directions ended in order. */
typedef void relay_done(void *arg, const struct why *);

/* Who understands what goes through, is shown each piece of it. */
enum relay_when { RELAY_BEGINS, RELAY_CAME, RELAY_ENDED };
struct relay_piece {
	bool		 up;		/* from a to b */
	enum relay_when	 when;
	const char	*p;		/* RELAY_CAME: n bytes, up to 64 KiB */
	size_t		 n;
};

enum relay_verdict {
	RELAY_FAIL = -1,	/* the cause is in why */
	RELAY_ON,		/* an end is passed on */
	RELAY_KEEP,		/* an end is not passed on */
	RELAY_AS_IS,		/* this direction is understood: show no more */
	RELAY_END,		/* as if this side had ended */
};

/* Adds to the buf what shall go on, at most 64 KiB more than came. */
typedef enum relay_verdict relay_filter(void *arg, const struct relay_piece *,
	    struct buf *, struct why *);

struct relay_opts {
	bool	crlf;		/* LF becomes CR LF on the way from a to b */
	bool	leave_on_their_end;	/* b's end ends it all: a is a person */
	bool	program;	/* a may stop reading, and go as it likes */
	int	idle_ms;	/* no byte for so long; 0: no limit */
	int	linger_ms;	/* for b to end after a has; 0: no limit */
	struct pace pace;	/* of what goes from a to b; zeroed: any */
	int64_t	wanted;		/* bytes in all from b, then it is over; 0 */
	/*
	 * With one, a asks and b answers: it is over when b has ended and a
	 * has it all. That b stops reading is no failure; nor is that it
	 * breaks off, while it is understood: that is its end. Or NULL.
	 */
	relay_filter *filter;
	relay_done *done;
	void	*arg;
};

/*
 * a is our side (stdin and stdout, or a client), b the other. Takes both.
 * When done was called the owner calls relay_free(), which closes both. NULL:
 * out of memory, both closed.
 */
struct relay *relay_new(struct ev_loop *, struct conn *a, struct conn *b,
	    const struct relay_opts *) MUST_CHECK;
void	relay_free(struct relay *);

#endif
