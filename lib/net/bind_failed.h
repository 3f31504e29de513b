/*
 * bind_failed - why this machine does not let us listen, in words: who holds
 * the port, which privilege is missing, what to try instead.
 */
#ifndef NET_BIND_FAILED_H
#define NET_BIND_FAILED_H

#include "base/why.h"
#include "proto/addr.h"

struct talk;

/* Tells bind_failed and sets WHY_LISTEN. Always returns -1. */
int	bind_failed(struct talk *, const struct addr *, bool udp, int err,
	    struct why *);

#endif
