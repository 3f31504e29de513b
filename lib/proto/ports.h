/*
 * ports - a set of ports as people write it: "22", "http", "20-25",
 * "80,443,8000-8100".
 *
 * The set is one bit for each of the 65,536 ports, so that asking is cheap
 * and each port counts once, in ascending order, however it was written.
 * Parsing is strict: what is not clearly a port (0, 70000, 080, 25-20, an
 * empty item) is refused with the item and a reason. An item of digits and
 * '-' is a number or a range, all else is a service name ("http-alt"), which
 * a lookup brought by the caller answers, so that nothing is read here. No
 * allocation.
 */
#ifndef PROTO_PORTS_H
#define PROTO_PORTS_H

#include "base/base.h"

enum {
	PORTS_ALL = 65536,
	PORTS_NAME_MAX = 63,		/* characters of a service name */
	PORTS_BAD_MAX = 40,		/* of a refused item, when quoted */
};

struct ports {			/* zeroed: the empty set */
	uint64_t	bit[PORTS_ALL / 64];
	unsigned	count;
};

struct ports_bad {
	char		 item[PORTS_BAD_MAX + 1];	/* cut; foreign text */
	const char	*what;	/* follows "is": "a range that ..." */
};

/* The port that a name stands for, 1 to 65535, or -1 if it is unknown. */
typedef int ports_lookup(const char *name, void *arg);

/*
 * Adds the ports of one operand, items parted by commas. -1: *bad says which
 * item is what, and the items before it may have been added.
 */
int	ports_add(struct ports *, const char *, ports_lookup *, void *arg,
	    struct ports_bad *bad) MUST_CHECK;

bool	ports_has(const struct ports *, unsigned port);
/* The lowest port above this one, or -1. Begin with 0. */
int	ports_next(const struct ports *, unsigned port);

#endif
