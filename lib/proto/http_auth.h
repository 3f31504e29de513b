/*
 * http_auth - who one is, over HTTP: Basic (RFC 7617) and Digest (RFC 7616,
 * SHA-256 and MD5, qop=auth or none), to a proxy or to a server.
 *
 * Digest tells the password to nobody, Basic to everybody on the way: of what
 * is offered, SHA-256 is taken before MD5 before Basic. Digests are computed
 * by a function of the caller, since that takes a library.
 */
#ifndef PROTO_HTTP_AUTH_H
#define PROTO_HTTP_AUTH_H

#include "proto/http_head.h"

enum http_auth {
	HTTP_AUTH_NONE, HTTP_AUTH_BASIC, HTTP_AUTH_MD5, HTTP_AUTH_SHA256,
};

enum {
	HTTP_AUTH_PARAM = 512,	/* bytes of a realm, a nonce, an opaque */
	HTTP_AUTH_TARGET = 512,	/* of the request's target */
	HTTP_AUTH_MAX = 4096,	/* of a field's value that we write */
	HTTP_AUTH_HASH = 32,	/* of the longest digest */
};

struct http_challenge {		/* kept: nothing is borrowed */
	enum http_auth	 how;
	bool		 qop;		/* auth is offered */
	bool		 stale;		/* the nonce is too old, no more */
	bool		 algorithm;	/* was named */
	/* Between the quotes, as they were sent. */
	char		 realm[HTTP_AUTH_PARAM], nonce[HTTP_AUTH_PARAM],
			 opaque[HTTP_AUTH_PARAM];
};

/*
 * The best of all challenges in the fields of this name
 * ("proxy-authenticate"): how is HTTP_AUTH_NONE if there is none that we
 * know. A parameter that is too long makes its challenge unknown.
 */
void	http_challenge_best(struct http_challenge *, const struct http_head *,
	    const char *name);

/* n bytes to HTTP_AUTH_HASH at most. -1: it cannot be done. */
typedef int http_auth_hash(void *arg, bool sha256, const void *, size_t n,
	    unsigned char *to);

struct http_credentials {
	const char	*user, *pass;
	const char	*method, *target;	/* of the request */
	const char	*cnonce;	/* random letters and digits */
	http_auth_hash	*hash;		/* of Digest; with arg */
	void		*arg;
};

/*
 * Writes the value of Proxy-Authorization or Authorization. Returns its
 * length; -1: no room, no digest, or (Basic) a user with a colon.
 */
int	http_auth_write(char *dst, size_t size, const struct http_challenge *,
	    const struct http_credentials *) MUST_CHECK;

/* Is this value Basic, of that user with that password? */
bool	http_auth_basic_is(struct http_text value, const char *user,
	    const char *pass);

const char *http_auth_name(enum http_auth);	/* "digest SHA-256" */

#endif
