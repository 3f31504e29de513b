/*
 * request - the head of a GET, from defaults and from what the user says.
 *
 * The order on the wire is Host, User-Agent, Connection, who we are to a
 * proxy, then the user's own fields in their order. A field of the user takes
 * the place of a default of the same name; "Name:" removes it; "Name;" sends
 * it empty. Nothing that would end a line early gets through.
 */
#ifndef FETCH_REQUEST_H
#define FETCH_REQUEST_H

#include "base/why.h"

struct buf;

enum {
	REQUEST_FIELDS = 64,		/* of the user */
	REQUEST_MAX = 64 * KIB,		/* bytes of the whole head */
};

struct request {
	const char	*method;	/* "GET", "HEAD" */
	const char	*target;	/* encoded, begins with "/" */
	const char	*host;		/* the Host field's value */
	bool		 absolute;	/* to a proxy: "http://" and host before
					   the target */
	const char	*login;		/* Proxy-Authorization; or NULL */
	const char	*fields[REQUEST_FIELDS];	/* none is bad: below */
	size_t		 nfields;
};

/* NULL, or what is wrong in the words that follow "'...' is". */
const char *request_field_bad(const char *) MUST_CHECK;

/* -1: the head is longer than the buffer allows; WHY_USAGE. */
int	request_head(struct buf *, const struct request *, struct why *)
	    MUST_CHECK;

#endif
