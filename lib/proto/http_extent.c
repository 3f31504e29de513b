/* SPDX-License-Identifier: MIT */
#include "proto/http_extent.h"

void
http_extent_init(struct http_extent *x, const struct http_head *h)
{
	*x = (struct http_extent){ .how = h->body, .left = h->length,
	    .done = h->body == HTTP_BODY_NONE };
	http_chunk_init(&x->chunk, HTTP_EXTENT_TRAILER, HTTP_EXTENT_FIELDS);
}

static ssize_t
counted(struct http_extent *x, size_t n)
{
	if (n > x->left)
		n = (size_t)x->left;
	x->left -= n;
	x->done = x->left == 0;
	return (ssize_t)n;
}

static ssize_t
chunked(struct http_extent *x, const char *p, size_t n)
{
	enum http_part part;
	size_t at = 0;
	ssize_t len;

	while ((len = http_chunk_next(&x->chunk, p + at, n - at, &part)) > 0)
		at += (size_t)len;
	x->done = x->chunk.done;
	return len < 0 ? -1 : (ssize_t)at;
}

ssize_t
http_extent(struct http_extent *x, const char *p, size_t n)
{
	switch (x->how) {
	case HTTP_BODY_LENGTH:
		return counted(x, n);
	case HTTP_BODY_CHUNKED:
		return chunked(x, p, n);
	case HTTP_BODY_CLOSE:
		return (ssize_t)n;
	default:
		return 0;
	}
}
