/*
 * http_chunk - the chunked transfer coding, taken apart (RFC 9112 7.1).
 *
 * A streaming decoder that labels bytes instead of moving them: it is shown
 * what has arrived and says how many bytes at the front are framing (size
 * lines, line ends, the last chunk), data (the content) or trailer fields.
 * The spans cover the input, so a caller can deliver the content and show
 * the framing. Where the input is split changes how many spans there are,
 * never the label of a byte.
 *
 * Strict: a size is 1*HEXDIG up to 2^63-1, leading zeros and blanks behind
 * it are taken; every line ends in CR LF, for LF alone is what two readers
 * disagree about. Extensions are skipped, at most 4 KiB a line and 64 KiB a
 * message; trailers are checked for form and held to the limits given.
 */
#ifndef PROTO_HTTP_CHUNK_H
#define PROTO_HTTP_CHUNK_H

#include <sys/types.h>

#include "base/base.h"
#include "proto/http_err.h"

enum {
	HTTP_CHUNK_LINE_MAX = 4 * KIB,	/* size, blanks and extensions */
	HTTP_CHUNK_EXT_MAX = 64 * KIB,	/* blanks and extensions, in all */
};

enum http_part {
	HTTP_PART_FRAMING,
	HTTP_PART_DATA,
	HTTP_PART_TRAILER,
};

struct http_chunk {
	uint64_t	 left;		/* of the chunk at hand */
	uint64_t	 data;		/* content bytes so far */
	uint64_t	 framing;	/* all others so far */
	uint64_t	 chunks;	/* complete sizes, the last's too */
	uint32_t	 line;		/* bytes of the size line, end too */
	uint32_t	 ext;		/* bytes of extensions */
	uint32_t	 trailer_left;	/* bytes, and lines, of trailers */
	uint32_t	 fields_left;
	uint8_t		 state;
	bool		 done;		/* the message is complete */
	enum http_err	 err;
};

/* Trailers may have so many bytes and fields more: what the head left. */
void	http_chunk_init(struct http_chunk *, uint32_t trailer_bytes,
	    uint32_t trailer_fields);

/*
 * The length of the span at the front of p[0..n), never 0 while n > 0, and
 * what it is; 0 once done (what is left belongs to no one); -1: c->err.
 */
ssize_t	http_chunk_next(struct http_chunk *, const char *, size_t n,
	    enum http_part *) MUST_CHECK;

#endif
