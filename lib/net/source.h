/*
 * source - where a client calls from, if that is not left to the kernel: an
 * address of ours, a port, or both.
 */
#ifndef NET_SOURCE_H
#define NET_SOURCE_H

#include "base/why.h"
#include "proto/addr.h"

struct source {			/* zeroed: the kernel's choice */
	struct addr	addr;	/* none: any, of whatever family */
	unsigned	port;	/* 0: any */
};

/*
 * "ADDRESS", "ADDRESS:PORT", "[V6]:PORT" or ":PORT"; PORT may be the name of a
 * service. -1: WHY_USAGE.
 */
int	source_parse(struct source *, const char *text, bool udp, struct why *)
	    MUST_CHECK;
/*
 * Binds a socket of that family to it; where is where, for messages. 0, or
 * the errno; EAFNOSUPPORT: it is of the other family.
 */
int	source_bind(const struct source *, int fd, int family,
	    struct addr *where) MUST_CHECK;

#endif
