/*
 * http_extent - how far the body of a message goes, for who passes it on as it
 * is (RFC 9112 6): the bytes are counted, or the chunks understood, and what
 * comes behind is another message's.
 *
 * The answer is the same however the bytes were split.
 */
#ifndef PROTO_HTTP_EXTENT_H
#define PROTO_HTTP_EXTENT_H

#include "proto/http_chunk.h"
#include "proto/http_head.h"

enum {				/* of trailers */
	HTTP_EXTENT_TRAILER = 8 * KIB,	/* bytes */
	HTTP_EXTENT_FIELDS = 100,	/* lines */
};

struct http_extent {
	enum http_body	 how;
	uint64_t	 left;		/* of a known length */
	struct http_chunk chunk;	/* its .err, if it is none */
	bool		 done;		/* nothing more belongs to it */
};

void	http_extent_init(struct http_extent *, const struct http_head *);

/*
 * How many of these bytes, which follow those of before, belong to it; -1:
 * chunk.err says what is wrong. With HTTP_BODY_CLOSE all do, for ever.
 */
ssize_t	http_extent(struct http_extent *, const char *, size_t n) MUST_CHECK;

#endif
