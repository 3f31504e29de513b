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

#endif
