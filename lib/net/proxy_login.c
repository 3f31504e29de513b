/* SPDX-License-Identifier: MIT */
#include "net/proxy_login.h"

#include <sys/random.h>

#include "net/digest.h"

enum { CNONCE = 16 };		/* random bytes */

static int
hash(void *arg, bool sha256, const void *text, size_t n, unsigned char *to)
{
	return digest(sha256 ? DIGEST_SHA256 : DIGEST_MD5, text, n, to, arg);
}

int
proxy_login_write(char dst[static HTTP_AUTH_MAX], const struct proxy_login *l,
    const struct proxy_asked *to, struct why *why)
{
	unsigned char random[CNONCE];
	char cnonce[2 * CNONCE + 1] = "";

	if (getrandom(random, sizeof random, 0) != sizeof random)
		return why_set(why, WHY_LOCAL, 0, "no random bytes");
	for (size_t i = 0; i < CNONCE; i++)
		snprintf(cnonce + 2 * i, 3, "%02x", random[i]);
	if (http_auth_write(dst, HTTP_AUTH_MAX, to->challenge,
	    &(struct http_credentials){ .user = l->user, .pass = l->pass,
	    .method = to->method, .target = to->target, .cnonce = cnonce,
	    .hash = hash, .arg = why }) >= 0)
		return 0;
	return why->kind != WHY_NONE ? -1 : why_set(why, WHY_PROTOCOL, 0,
	    "the proxy's challenge cannot be answered");
}

const char *
proxy_login_hint(const struct proxy_login *l, const struct http_challenge *ch,
    bool answered)
{
	if (!l->given)
		return "give --proxy http://USER:PASSWORD@HOST:PORT, or "
		    "SOCKT_PROXY_AUTH in the environment";
	if (ch->how == HTTP_AUTH_NONE)
		return "it offers neither Digest nor Basic";
	return answered ? "it does not accept this user and password" : NULL;
}
