/*
 * locator - what is to be fetched, as a command line names it: a URL,
 * HOST[:PORT]/PATH, or HOST [PORT [PATH]] with a service name for a port.
 */
#ifndef FETCH_LOCATOR_H
#define FETCH_LOCATOR_H

#include "base/why.h"
#include "proto/addr.h"

enum {
	LOCATOR_SHOWN = 160,	/* bytes of an address in a message */
	LOCATOR_HOST = 300,	/* "[", host, "]:65535" */
	LOCATOR_OPERANDS = 3,
};

struct locator {
	struct addr_operand at;
	bool	 https;
	char	 host[LOCATOR_HOST];	/* as in a Host field */
	char	*target;		/* encoded, begins with "/" */
	char	 name[LOCATOR_SHOWN];	/* for messages; safe */
};

/* tls: what has no scheme is https. -1: WHY_USAGE; free it in any case. */
int	locator_parse(struct locator *, int argc, char *const *argv, bool tls,
	    struct why *) MUST_CHECK;
void	locator_free(struct locator *);

/* "'TEXT': bad"; returns -1. */
int	locator_bad(const char *text, const char *bad, struct why *);

#endif
