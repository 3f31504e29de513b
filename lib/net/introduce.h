/*
 * introduce - says who calls, before anything else: a PROXY header
 * (proto/proxy_header). net/introduced is who hears it.
 */
#ifndef NET_INTRODUCE_H
#define NET_INTRODUCE_H

#include "base/why.h"
#include "proto/proxy_header.h"

struct addr;
struct conn;

struct introduction {
	enum proxy_header_version version;
	const struct addr *from, *to;	/* who called whom */
};

/*
 * On a new connection, in one piece: nothing has been written to it yet, so
 * that the kernel has room, and who reads the header may want it whole. -1:
 * it did not go, the cause is told.
 */
int	introduce(struct conn *, const struct introduction *, struct why *)
	    MUST_CHECK;

#endif
