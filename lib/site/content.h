/*
 * content - what of a file is sent: all of it, a part, or only that it is
 * still the same.
 */
#ifndef SITE_CONTENT_H
#define SITE_CONTENT_H

#include "base/base.h"

enum {
	CONTENT_SMALL = 32 * KIB,	/* leaves with its head, in one piece */
};

struct answer;
struct asset;

/* Takes the asset's descriptor. -1: no memory. */
int	content_send(struct answer *, struct asset *) MUST_CHECK;

#endif
