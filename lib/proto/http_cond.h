/*
 * http_cond - what a request's conditions make of its answer (RFC 9110 13).
 *
 * All five fields are judged in one place, in the order of 13.2.2; a server
 * asks only for requests that would succeed without them (13.2.1).
 */
#ifndef PROTO_HTTP_COND_H
#define PROTO_HTTP_COND_H

#include "base/base.h"

/* A field's value; s NULL: the request has none. */
struct http_cond_field {
	const char	*s;
	size_t		 n;
};

struct http_cond {		/* of a GET or HEAD request */
	struct http_cond_field if_match, if_none_match;	/* lines joined by
							 * ", " */
	struct http_cond_field if_modified_since, if_unmodified_since;
	struct http_cond_field if_range;
};

struct http_cond_file {		/* the selected representation */
	const char	*etag;		/* strong, with its quotes */
	int64_t		 modified;	/* Last-Modified, s since 1970 */
	int64_t		 now;
};

enum http_cond_verdict {
	HTTP_COND_GO,		/* 200, or 206 if there is a range */
	HTTP_COND_WHOLE,	/* 200: If-Range says to ignore Range */
	HTTP_COND_SAME,		/* 304 */
	HTTP_COND_FAILED,	/* 412 */
};

/* A date that is none is ignored (13.1.3, 13.1.4). */
enum http_cond_verdict http_cond(const struct http_cond *,
	    const struct http_cond_file *) MUST_CHECK;

#endif
