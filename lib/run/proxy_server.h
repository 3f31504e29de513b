/*
 * proxy_server - each client says where it wants to go, and is connected:
 * by HTTP CONNECT (RFC 9110 9.3.6) or by SOCKS 5 (RFC 1928, 1929). Or it says
 * by HTTP what it wants from where, and is brought that (run/errand).
 *
 * Names are looked up beside the loop, and nobody's stalling delays anybody
 * else. Once connected, both ends are carried through as they are, as of
 * run/forward. Who is refused is told why in the protocol's words, and with
 * HTTP in a sentence.
 */
#ifndef RUN_PROXY_SERVER_H
#define RUN_PROXY_SERVER_H

#include "base/why.h"
#include "proto/proxy_rules.h"
#include "proto/proxy_url.h"

enum {
	PROXY_ASK_MS = 10000,		/* for a client to say where to */
	PROXY_ASK_MAX = 32 * KIB,	/* bytes it may say until then */
	PROXY_LEAVE_MS = 1000,		/* to read why it was refused */
};

struct conn;
struct proxies;
struct session;

enum proxy_serves { PROXY_SERVES_HTTP, PROXY_SERVES_SOCKS5 };
#define PROXY_SERVES_NAMES "http|socks5"

/* A client's conversation is over; why: WHY_NONE if it ended in order. */
typedef void proxies_done(void *arg, const struct why *);

struct proxies_opts {
	enum proxy_serves serves;
	struct proxy_login login;	/* .given: nobody else gets through */
	const struct proxy_rules *to;	/* where they may go; borrowed */
	int		 timeout_ms;	/* for connecting */
	int		 idle_ms;	/* as of relay */
	proxies_done	*done;
	void		*arg;
};

/* NULL: out of memory. */
struct proxies *proxies_new(struct session *, const struct proxies_opts *)
	    MUST_CHECK;
void	proxies_take(struct proxies *, struct conn *);	/* a client */
void	proxies_free(struct proxies *);		/* closes all */

#endif
