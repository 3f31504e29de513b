/*
 * errand - a plain request that a proxy runs for its client: http://HOST/PATH
 * (RFC 9112 3.2.2).
 *
 * One request and one reply for each connection. Heads are understood, and
 * rewritten (proto/http_via); bodies pass as they are, the request's to its
 * end and no byte farther, so that nothing is smuggled behind it. What a
 * server says that is no HTTP, or nothing, the client is told as 502.
 */
#ifndef RUN_ERRAND_H
#define RUN_ERRAND_H

#include "net/relay.h"

struct errand;
struct passage;

/* Of a good request of that form, which is kept. NULL: out of memory. */
struct errand *errand_new(const struct passage *) MUST_CHECK;
void	errand_free(struct errand *);

/* Of a relay from the client to the server; arg is the passage. */
relay_filter errand_filter;

#endif
