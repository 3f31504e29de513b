/*
 * proxy_url - a proxy as the command line names it:
 * "SCHEME://[USER[:PASSWORD]@]HOST[:PORT]".
 *
 * The scheme says what the proxy speaks, and who looks the far name up: here
 * with socks4 and socks5, there with socks4a, socks5h and http, as curl has
 * it. USER and PASSWORD may have %XX for any byte but a control character.
 */
#ifndef PROTO_PROXY_URL_H
#define PROTO_PROXY_URL_H

#include "proto/addr.h"

enum { PROXY_WORD = 255 };	/* bytes of a user or a password, RFC 1929 2 */

enum proxy_kind {
	PROXY_NONE, PROXY_HTTP, PROXY_SOCKS4, PROXY_SOCKS4A, PROXY_SOCKS5,
	PROXY_SOCKS5H,
};

struct proxy_login {
	bool	given;
	char	user[PROXY_WORD + 1], pass[PROXY_WORD + 1];
};

struct proxy_url {		/* zeroed: no proxy */
	enum proxy_kind	 kind;
	struct addr_operand at;		/* .service is the default's, if none
					   was given */
	struct proxy_login login;
};

/* Returns NULL, or what is wrong in the words that follow "'...' is". */
const char *proxy_url_parse(struct proxy_url *, const char *) MUST_CHECK;
/* "USER:PASSWORD" as it is, without %XX; the same. */
const char *proxy_login_parse(struct proxy_login *, const char *) MUST_CHECK;
/*
 * The same two words? All of the structs is looked at, what is behind the
 * words being zero, so that it takes as long for a good guess as for a bad one.
 */
bool	proxy_login_is(const struct proxy_login *,
	    const struct proxy_login *guess);

/* Where the password stands in the text; .n 0: there is none. */
struct proxy_secret {
	size_t	at, n;
};
struct proxy_secret proxy_url_secret(const char *);

const char *proxy_kind_name(enum proxy_kind);	/* "socks5h" */
bool	proxy_kind_looks_up_here(enum proxy_kind);

#endif
