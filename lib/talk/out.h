/*
 * out - the last step of a sink: all bytes of an event to a descriptor.
 *
 * The descriptor is the user's, and may share its O_NONBLOCK with other
 * programs: where it has one, we wait for room.
 */
#ifndef TALK_OUT_H
#define TALK_OUT_H

#include "base/base.h"

/* One write(2), more only if it was partial. -1 with errno. */
int	talk_out(int fd, const void *, size_t n) MUST_CHECK;

/*
 * Somebody else who writes to the view's terminal, a line editor: while it
 * does (write is not NULL), what the view has to say goes through it. Then it
 * is called with whole lines, but for the last, which may be open until
 * talk_settle().
 */
struct talk_over {
	/* As talk_out. */
	int	(*write)(void *arg, const void *, size_t n);
	void	*arg;
};

#endif
