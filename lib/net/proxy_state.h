/*
 * proxy_state - what the parts of net/proxy share: proxy.c moves bytes,
 * proxy_http.c and proxy_socks.c know what to say and what was answered,
 * proxy_tell.c finds the words.
 */
#ifndef NET_PROXY_STATE_H
#define NET_PROXY_STATE_H

#include <ev.h>

#include "base/buf.h"
#include "net/proxy.h"
#include "proto/http_auth.h"
#include "proto/http_response.h"
#include "proto/socks.h"

enum { PROXY_TEXT = ADDR_HOST + 16 };	/* "[host]:65535" */

enum proxy_next { PROXY_ON, PROXY_OVER };	/* over: p may be gone */

struct proxy_step {
	/* Of all bytes so far: its length, 0: more, -1: told why. */
	ssize_t	(*parse)(struct proxy *, struct why *);
	/* It is complete: what to say next is in p->out, the step after this
	 * one in p->step; or it is over. */
	enum proxy_next (*then)(struct proxy *);
};

struct proxy {
	struct ev_loop	*loop;
	struct proxy_ask ask;
	proxy_done	*done;
	void		*arg;
	struct conn	*conn;		/* while it is asked */
	ev_io		 io;
	const struct proxy_step *step;
	struct buf	 out, in;
	uint64_t	 since_ns;
	size_t		 addr;		/* which of ask.at is asked for */
	char		 to[PROXY_TEXT];	/* the same, as text */

	/* HTTP */
	struct http_challenge challenge;
	unsigned	 answers;	/* to it, on this or older conns */
	bool		 kept;		/* the same conn is used again */
	uint64_t	 skip;		/* bytes of a page */
	struct http_scan scan;
	struct http_response res;
	struct http_field field[PROXY_FIELDS];

	/* SOCKS */
	struct socks_dest dest;		/* asked for; then as answered */
	unsigned	 code;
	bool		 good;
};

enum proxy_next proxy_http_begin(struct proxy *);
enum proxy_next proxy_socks_begin(struct proxy *);

/* What is to be sent next; it is small, and the buffer empty. */
void	proxy_put(struct proxy *, const void *, size_t);
/* The ends of it; each returns PROXY_OVER. */
enum proxy_next proxy_through(struct proxy *);
enum proxy_next proxy_again(struct proxy *);
enum proxy_next proxy_fail(struct proxy *, const struct why *);

/* "socks5 proxy 127.0.0.1:1080" */
const char *proxy_name(const struct proxy *, char dst[static ADDR_TEXT + 32]);
/* What is said, to it or by it; wordy: shown with -v only. */
void	proxy_tell(struct proxy *, bool out, bool wordy, const char *fmt, ...)
	    PRINTF_LIKE(4, 5);
/*
 * It refuses: text is its words, made safe, code its number. Sets and tells
 * why; returns PROXY_OVER.
 */
enum proxy_next proxy_refuse(struct proxy *, enum why_kind, unsigned code,
	    const char *text, const char *hint);
/* What it said is none of its protocol, or too long; returns -1. */
int	proxy_garbled(struct proxy *, struct why *, const char *fmt, ...)
	    PRINTF_LIKE(3, 4);

#endif
