/*
 * reach - from what the command line names to a connection: port, name,
 * source address, dial, TLS. What connect, http-get and telnet do alike.
 */
#ifndef RUN_REACH_H
#define RUN_REACH_H

#include "net/dial.h"
#include "net/early.h"
#include "net/proxy.h"
#include "net/sockopt.h"
#include "proto/addr.h"

struct session;
struct tls_opts;

enum { REACH_TIMEOUT_MS = 30000 };	/* unless --connect-timeout says else */

struct reach_opts {		/* OPTS_REACH of cmd/groups.h fills it */
	int		 family;	/* AF_UNSPEC, AF_INET, AF_INET6 */
	int		 timeout_ms;	/* 0: as long as the kernel tries */
	const char	*source;	/* "ADDRESS[:PORT]"; or NULL */
	const struct sockopt *sockopt;	/* borrowed; NULL: none */
	const struct early *early;	/* the same */
	bool		 udp;		/* whose service names count */
	int		 retry;		/* times more; 0: see wait_ms */
	int		 wait_ms;	/* again for so long; 0: see retry */
	struct proxy_url proxy;		/* by way of it; or .kind 0 */
	bool		 plain;		/* to it, if it is an HTTP proxy: it is
					   sent requests as they are */
	const struct tls_opts *tls;	/* NULL, or not .on: plain */
	int		 send_proxy;	/* enum proxy_header_version + 1, a
					   header of our own; 0: none */
};

struct reach {			/* where to, found once, dialled often */
	struct resolve	 at;		/* of the proxy, if there is one */
	struct proxy_ask proxy;
	struct source	 source;
	const struct sockopt *sockopt;
	const struct early *early;
	int		 timeout_ms;
};

/* Finds; nothing is sent to it. -1: s->why has the cause. */
int	reach_find(struct session *, struct reach *,
	    const struct addr_operand *, const struct reach_opts *) MUST_CHECK;
/* For what has no names: a Unix socket, whose PATH is borrowed, or a vsock. */
int	reach_find_local(struct session *, struct reach *,
	    const char *operand, const struct reach_opts *) MUST_CHECK;
/* "unix:...", "vsock:...": such an operand. */
bool	reach_is_local(const char *operand);
/* done is called once, from the loop. NULL: out of memory. */
struct dial *reach_dial(struct session *, const struct reach *, dial_done *,
	    void *arg) MUST_CHECK;

/*
 * Finds and dials, again and again if that is asked for (run/retry, for which
 * the options must last), and shakes hands if there is TLS, for which the time
 * limit counts as well; done is called once, from the loop. -1: s->why has the
 * cause (usage, name, memory) and done is not called.
 */
int	reach(struct session *, const struct addr_operand *,
	    const struct reach_opts *, dial_done *, void *arg) MUST_CHECK;
/* The same for such an operand; for TLS it is localhost. */
int	reach_local(struct session *, const char *operand,
	    const struct reach_opts *, dial_done *, void *arg) MUST_CHECK;

#endif
