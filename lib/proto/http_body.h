/*
 * http_body - what a head says about the length of what follows it.
 *
 * Each of these reads one field by the strictest reading of RFC 9112 6.3;
 * what their combination means differs between requests and replies, see
 * http_request.c and http_response.c.
 */
#ifndef PROTO_HTTP_BODY_H
#define PROTO_HTTP_BODY_H

#include "proto/http_head.h"

/*
 * Content-Length: 1 and h->length, 0 if there is none, -1 with h->err. One
 * number up to 2^63-1; the same number again is the same (RFC 9110 8.6).
 */
int	http_body_length(struct http_head *) MUST_CHECK;
/* Transfer-Encoding: 1 for chunked alone, 0 if there is none, -1. */
int	http_body_coding(struct http_head *) MUST_CHECK;
/* Whether version and Connection leave it open behind (RFC 9112 9.3). */
bool	http_body_keeps(const struct http_head *);

#endif
