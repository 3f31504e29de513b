/*
 * by_proxy - a plain request by way of an HTTP proxy: in absolute form (RFC
 * 9112 3.2.2), since most proxies lead nowhere but to port 443 by CONNECT.
 *
 * The proxy is told who we are once it wants to know, by the same request once
 * more over another connection. What is shown of that are stars.
 */
#ifndef FETCH_BY_PROXY_H
#define FETCH_BY_PROXY_H

#include "base/buf.h"
#include "base/why.h"
#include "proto/http_auth.h"
#include "proto/proxy_url.h"

struct http_response;
struct request;

struct by_proxy {
	bool		 on;		/* else none, or one of another kind */
	bool		 again;		/* the proxy wants to know who we are */
	unsigned	 answers;	/* so often it was told */
	struct proxy_url via;
	struct http_challenge challenge;
	struct buf	 head, shown;	/* of the same length, or .shown
					   empty: there is nothing to hide */
};

/* For https there is CONNECT. -1: WHY_USAGE; free it in any case. */
int	by_proxy_init(struct by_proxy *, const struct proxy_url *, bool https,
	    struct why *) MUST_CHECK;
void	by_proxy_free(struct by_proxy *);

/* What is to be sent, the request being changed for that; ends .again. */
int	by_proxy_head(struct by_proxy *, struct request *, struct why *)
	    MUST_CHECK;

/* The head as it may be shown. */
const char *by_proxy_shown(const struct by_proxy *);

/*
 * Is this reply the proxy's business alone? Then .again, or why has what the
 * proxy does not like about us. name: what was asked for.
 */
bool	by_proxy_unwanted(struct by_proxy *, const struct http_response *,
	    const char *name, struct why *);

#endif
