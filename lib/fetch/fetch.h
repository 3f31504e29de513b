/*
 * fetch - one request and its reply over one connection.
 *
 * Sends a head that is ready, reads the reply by the strict rules of
 * proto/http_response.h and http_chunk.h, and delivers the content to an
 * output. Bytes are told as they are understood: received events have a part
 * (head, framing, body, trailer, extra), and one http event sums up each
 * reply. Reading stops at the end of the message; what comes behind it is not
 * part of it.
 *
 * It is over when the content is delivered to the last byte, or at the first
 * fault: an end too early is WHY_BROKEN, a reply that is not HTTP or beyond a
 * limit WHY_PROTOCOL. Memory: one block of about 600 KiB, of which a small
 * reply touches a few pages.
 */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "base/why.h"

struct conn;
struct ev_loop;
struct fetch;
struct http_response;
struct output;

/* Once, from the loop or from within. */
typedef void fetch_done(void *arg, const struct why *);

/* A reply that the user shall not get: true, and it is over, in order. */
typedef bool fetch_unwanted(void *arg, const struct http_response *);

struct fetch_opts {
	const char	*method, *target;	/* for the events; borrowed */
	const char	*request;	/* the head to send; borrowed */
	const char	*shown;		/* the same, its secrets hidden */
	size_t		 request_len;
	bool		 to_head;	/* HEAD: no content will come */
	bool		 include;	/* heads go to the output, too */
	bool		 show;		/* the content is told, not counted */
	int		 idle_ms;	/* so long without a byte is too long;
					   0: never */
	fetch_unwanted	*unwanted;	/* or NULL */
	fetch_done	*done;
	void		*arg;
};

/* Takes the conn; borrows the output. NULL: out of memory, conn closed. */
struct fetch *fetch_new(struct ev_loop *, struct conn *, struct output *,
	    const struct fetch_opts *) MUST_CHECK;
/* Begins: sends the request. */
void	fetch_start(struct fetch *);
/* Of the reply; 0 until its head is complete. */
unsigned fetch_status(const struct fetch *);
/* "Not Found" as the server says it, cut at 63 bytes: foreign text. */
const char *fetch_reason(const struct fetch *);
void	fetch_free(struct fetch *);	/* closes the conn */

#endif
