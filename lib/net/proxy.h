/*
 * proxy - asks a proxy for a connection onwards: HTTP CONNECT (RFC 9110
 * 9.3.6), SOCKS 4, 4a and 5.
 *
 * It is asked over a conn that leads to it; when it says yes, that conn leads
 * to the far side, and its totals begin there. Not a byte behind the proxy's
 * reply is taken. What is asked and answered is told, without passwords.
 *
 * An HTTP proxy is told who we are once it wants to know, in the best way it
 * offers. It, or a proxy that cannot reach one address of several, may have to
 * be connected to again: that is the dial's business, which owns this.
 */
#ifndef NET_PROXY_H
#define NET_PROXY_H

#include "base/why.h"
#include "net/resolve.h"
#include "proto/proxy_url.h"

enum {
	PROXY_HEAD = 32 * KIB,	/* of an HTTP proxy's reply */
	PROXY_LINE = 8 * KIB,	/* a line of it */
	PROXY_FIELDS = 100,
	PROXY_SKIP = 64 * KIB,	/* of a page that is skipped, not redialled */
};

struct conn;
struct ev_loop;
struct proxy;

struct proxy_ask {
	struct proxy_url via;		/* PROXY_NONE: straight */
	char		 host[ADDR_HOST];	/* the far side, a name or a
						   literal, */
	unsigned	 port;
	struct resolve	 at;		/* looked up here; or .n 0 */
	bool		 plain;		/* nothing is asked: requests go to
					   the proxy itself */
};

enum proxy_verdict {
	PROXY_THROUGH,			/* the conn leads to the far side */
	PROXY_AGAIN,			/* connect to the proxy once more */
	PROXY_FAILED,			/* the cause is in why, and told */
};

/* conn: the caller's, with PROXY_THROUGH; or NULL. */
typedef void proxy_done(void *arg, enum proxy_verdict, struct conn *,
	    const struct why *);

/* The ask is copied. NULL: out of memory. */
struct proxy *proxy_new(struct ev_loop *, const struct proxy_ask *,
	    proxy_done *, void *arg) MUST_CHECK;
/* Takes a conn to the proxy, and asks; done is called from the loop. */
void	proxy_take(struct proxy *, struct conn *);
/* A time limit has run out: if the proxy is being asked, says so. */
bool	proxy_late(struct proxy *, struct why *) MUST_CHECK;
void	proxy_free(struct proxy *);	/* gives up, closes the conn */

/* Credentials of SOCKT_PROXY_AUTH if the URL has none. -1: WHY_USAGE. */
int	proxy_login_from_env(struct proxy_url *, struct why *) MUST_CHECK;
/* What this kind of proxy cannot be asked for. -1: WHY_USAGE. */
int	proxy_check(const struct proxy_ask *, struct why *) MUST_CHECK;

#endif
