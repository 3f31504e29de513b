/*
 * cutter - a stream of bytes cut into datagrams: at line ends, or every so
 * many bytes.
 *
 * A line keeps its LF. What stands behind the last one at the end of input is
 * a line, too; an empty line is a datagram of one LF.
 */
#ifndef RUN_CUTTER_H
#define RUN_CUTTER_H

#include "base/buf.h"

struct cutter {
	struct buf	held;
	size_t		size;		/* bytes per datagram; 0: by line */
	size_t		max;		/* bytes that one may have */
	bool		crlf;		/* LF becomes CR LF */
	bool		skip;		/* what is left of a long line */
};

enum cut {
	CUT_MORE,		/* not a whole one yet */
	CUT_ONE,
	CUT_TOO_LONG,		/* a line; it is passed over */
};

/* max: bytes of a datagram at most; piece: bytes added at a time, at most. */
void	cutter_init(struct cutter *, size_t max, size_t piece);
void	cutter_free(struct cutter *);
/* Only after CUT_MORE. -1: no memory. */
int	cutter_add(struct cutter *, const void *, size_t) MUST_CHECK;
/*
 * The next datagram into dst, which has room for max bytes; it is then no
 * longer held. ended: no more will be added.
 */
enum cut cutter_next(struct cutter *, bool ended, char *dst, size_t *n);

#endif
