/*
 * http_range - which bytes a Range field asks for (RFC 9110 14).
 *
 * One range is granted; several are ignored, as 14.2 allows, since
 * multipart/byteranges buys little and has been a way to make servers send a
 * file many times over (17.15). Numbers saturate at 2^64 - 1 instead of
 * wrapping.
 */
#ifndef PROTO_HTTP_RANGE_H
#define PROTO_HTTP_RANGE_H

#include "base/base.h"

enum http_range_kind {
	HTTP_RANGE_NONE,	/* ignore the field: the whole file, 200 */
	HTTP_RANGE_PART,	/* 206 with from and len */
	HTTP_RANGE_BEYOND,	/* 416: no byte of the file is asked for */
};

struct http_range {
	uint64_t	from, len;	/* of the file; only for a PART */
};

/*
 * The field's value against a file of size bytes. An unknown unit, a
 * malformed value and more than one range are all ignored (14.2).
 */
enum http_range_kind http_range(struct http_range *, const char *value,
	    size_t n, uint64_t size) MUST_CHECK;

#endif
