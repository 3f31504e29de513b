/*
 * fetch_state - what the parts of the engine share: fetch.c moves bytes,
 * fetch_reply.c understands them, fetch_tell.c tells what they are.
 */
#ifndef FETCH_FETCH_STATE_H
#define FETCH_FETCH_STATE_H

#include <ev.h>

#include "fetch/fetch.h"
#include "fetch/output.h"
#include "net/conn.h"
#include "proto/http_chunk.h"
#include "proto/http_response.h"

enum {
	FETCH_HEAD = 256 * KIB,		/* the limit of a head */
	FETCH_READ = 256 * KIB,		/* bytes asked for at a time */
	FETCH_FIELDS = 1000,
};

enum fetch_state { FETCH_SENDING, FETCH_IN_HEAD, FETCH_IN_BODY, FETCH_OVER };

/* What a step leads to. */
enum fetch_next {
	FETCH_FAILED = -1,
	FETCH_MORE,		/* bytes are needed */
	FETCH_AGAIN,		/* there may be another step */
	FETCH_WAIT,		/* the output takes no more now */
	FETCH_COMPLETE,		/* the message has ended */
	FETCH_UNWANTED,		/* nobody wants it */
};

struct fetch {
	struct ev_loop	*loop;
	struct conn	*c;
	struct output	*out;
	struct fetch_opts o;
	ev_io		 io, ready;	/* the socket; the output */
	ev_io		 gone;		/* the output's reader went away */
	ev_timer	 idle;
	ev_timer	 reader;	/* looked for: a named pipe has none */
	ev_timer	 more;		/* bytes wait within the conn */

	enum fetch_state state;
	size_t		 sent;		/* of the request */
	unsigned	 interim;	/* 1xx replies so far */
	struct http_scan scan;
	struct http_response res;
	struct http_chunk chunk;
	uint64_t	 left;		/* of a body of known length */
	uint64_t	 body;		/* content bytes so far */
	uint64_t	 told;		/* bytes of the stream told so far */
	uint64_t	 asked_ns;	/* when the request was sent */
	size_t		 head_told;	/* bytes of this head told so far */
	char		 reason[64];

	/* buf: the head, which stays; then what was read behind it */
	size_t		 base, pos, len;	/* of the body, next, end */
	const char	*hold;		/* the output has yet to take these */
	size_t		 nhold;
	struct http_field field[FETCH_FIELDS];
	char		 buf[FETCH_HEAD + FETCH_READ];
};

/*
 * Takes the next span off what was read; content that the output shall have
 * is in f->hold, and must be gone before the next step.
 */
enum fetch_next fetch_step(struct fetch *, struct why *);

/* n bytes of the request that left. */
void	fetch_tell_sent(struct fetch *, const char *, size_t n);
/* n bytes of the reply, in their order; part: head, framing, ... */
void	fetch_tell_part(struct fetch *, const char *part, const char *,
	    size_t n);
void	fetch_tell_request(struct fetch *);	/* as an http event */
void	fetch_tell_reply(struct fetch *);
void	fetch_tell_notes(struct fetch *);	/* what is odd in the head */

/* Each sets why, tells it, and returns -1. */
int	fetch_cut(struct fetch *, struct why *);	/* FIN came too early */
int	fetch_bad(struct fetch *, enum http_err, struct why *);
int	fetch_limit(struct fetch *, struct why *, const char *fmt, ...)
	    PRINTF_LIKE(3, 4);
/* A reset gets the hint how much of the content had come. */
void	fetch_got(const struct fetch *, struct why *);

#endif
