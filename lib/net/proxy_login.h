/*
 * proxy_login - who we are, said to an HTTP proxy that wants to know (status
 * 407): by Digest if it knows that, else by Basic.
 */
#ifndef NET_PROXY_LOGIN_H
#define NET_PROXY_LOGIN_H

#include "base/why.h"
#include "proto/http_auth.h"
#include "proto/proxy_url.h"

struct proxy_asked {		/* what the proxy was asked, and said */
	const char	*method, *target;
	const struct http_challenge *challenge;
};

/* The value of Proxy-Authorization for that. -1: it cannot be. */
int	proxy_login_write(char dst[static HTTP_AUTH_MAX],
	    const struct proxy_login *, const struct proxy_asked *,
	    struct why *) MUST_CHECK;

/*
 * What a person can do about a challenge, which may have been answered before;
 * NULL: it is worth an answer.
 */
const char *proxy_login_hint(const struct proxy_login *,
	    const struct http_challenge *, bool answered);

#endif
