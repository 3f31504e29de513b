/*
 * http_via - the head of a message that a proxy passes on (RFC 9110 7.6).
 *
 * Left out is what was meant for the proxy alone: Connection and the fields
 * it names, Keep-Alive, Proxy-Connection, TE, Upgrade, Proxy-Authorization.
 * Added are Via, and "Connection: close": there is one message each way.
 * All other fields keep their order and their values; every line ends in
 * CR LF.
 *
 * How long a request's body is, is written from what was understood, once: no
 * list of a client's can name it away, and nobody behind can read it in
 * another way (RFC 9112 11.2).
 *
 * The head is added to a buf, which allocates.
 */
#ifndef PROTO_HTTP_VIA_H
#define PROTO_HTTP_VIA_H

#include "base/base.h"

struct buf;
struct http_request;
struct http_response;

/* What a head may grow by. */
enum { HTTP_VIA_MORE = 512 };

/*
 * A good request in absolute form, written in origin form with the host of
 * its target (RFC 9112 3.2.1, 3.2.2), in the client's version: a reply in
 * chunks would be lost on HTTP/1.0. -1: the ceiling, or no memory.
 */
int	http_via_request(struct buf *, const struct http_request *) MUST_CHECK;

/*
 * A good reply, status line and all; one that another follows (1xx) does not
 * end the connection. Of a length beside chunks the chunks count (RFC 9112
 * 6.3), folded values are unfolded (5.2). -1: as above.
 */
int	http_via_response(struct buf *, const struct http_response *)
	    MUST_CHECK;

#endif
