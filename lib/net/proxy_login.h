/*
 * proxy_login - who we are, said to an HTTP proxy that wants to know (status
 * 407): by Digest if it knows that, else by Basic.
 */
#ifndef NET_PROXY_LOGIN_H
#define NET_PROXY_LOGIN_H

#include "base/why.h"
#include "proto/http_auth.h"
#include "proto/proxy_url.h"

/* The value of Proxy-Authorization for this request. -1: it cannot be. */
int	proxy_login_write(char dst[static HTTP_AUTH_MAX],
	    const struct proxy_login *, const struct http_challenge *,
	    const char *method, const char *target, struct why *) MUST_CHECK;

/*
 * What a person can do about a challenge, which may have been answered before;
 * NULL: it is worth an answer.
 */
const char *proxy_login_hint(const struct proxy_login *,
	    const struct http_challenge *, bool answered);

#endif
