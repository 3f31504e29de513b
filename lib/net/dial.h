/*
 * dial - from addresses to one connection: happy eyeballs.
 *
 * RFC 8305: addresses are tried in their order, the next one 250 ms after the
 * last or as soon as it failed, those before it going on; the first that
 * answers wins. Every attempt is told, the error of each is kept for the
 * message.
 *
 * With a proxy, the addresses are its own, and it is asked for the far side
 * over the one that answered (net/proxy); the time limit is for all of that.
 */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "base/why.h"
#include "net/resolve.h"
#include "net/source.h"

enum {
	DIAL_NEXT_MS = 250,	/* RFC 8305 5: Connection Attempt Delay */
	DIAL_LASTS_MS = 300,	/* then it is told again, with the time */
	DIAL_QUEUE_MS = 20,	/* until a full Unix socket is tried again */
};

struct conn;
struct dial;
struct early;
struct ev_loop;
struct proxy_ask;
struct sockopt;
struct talk;

/* conn is the caller's; or NULL, and why tells the cause. */
typedef void dial_done(void *arg, struct conn *, const struct why *);

struct dial_opts {
	struct source	source;		/* another family is skipped */
	const struct sockopt *sockopt;	/* borrowed; or NULL */
	const struct early *early;	/* the same */
	const struct proxy_ask *proxy;	/* copied; NULL: straight */
	int		timeout_ms;	/* for all; 0: the kernel's limit */
	dial_done	*done;		/* once, from the loop */
	void		*arg;
};

/*
 * The addresses are copied. The dial frees itself before done is called;
 * dial_free() gives it up early, without a call. NULL: out of memory.
 */
struct dial *dial_new(struct ev_loop *, struct talk *, const struct resolve *,
	    const struct dial_opts *) MUST_CHECK;
void	dial_free(struct dial *);

#endif
