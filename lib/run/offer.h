/*
 * offer - from what the command line names to an open port: what listen and
 * serve-static do alike, and the rule of who may come in.
 *
 * What only talks to you listens on every address. What hands something out,
 * files or a program, stays on this machine until --public is said or an
 * address is named.
 */
#ifndef RUN_OFFER_H
#define RUN_OFFER_H

#include "net/listener.h"

struct session;

struct offer_opts {		/* OPTS_OFFER of cmd/groups.h fills the first */
	int		 family;	/* AF_UNSPEC, AF_INET, AF_INET6 */
	bool		 local, public;
	const char	*port_file;

	bool		 stdio;		/* no port: the client is our stdin */
	struct gate	*gate;		/* who may come in; borrowed, or NULL */
	const struct sockopt *sockopt;	/* borrowed, or NULL */
	const struct tls_opts *tls;	/* NULL, or not .on: plain */
	tls_refused	*refused;	/* by TLS; with listener_start's arg */
	bool		 udp;
	bool		 introduced;	/* --accept-proxy */
	bool		 hands_out;	/* files or a program */
	bool		 blocking;	/* clients are lent to children */
	const char	*scheme;	/* "http": tell a URL; or NULL */
	const char	*serving;	/* what is handed out; or NULL */
	const char	*port_default;	/* NULL: a port must be given */
};

/*
 * "PORT", "HOST PORT", "HOST:PORT", "[V6]:PORT", or, if nobody is told a URL,
 * "unix:PATH", "unix:@NAME" or "vsock:PORT"; none with a default. Opens and
 * tells; listener_start() is the caller's next step. -1: s->why has the cause.
 */
int	offer(struct session *, struct listener *, char *const *argv, int argc,
	    const struct offer_opts *) MUST_CHECK;

/* The same, but nothing is opened: is it well said? Asks nobody for names. */
int	offer_check(struct session *, char *const *argv, int argc,
	    const struct offer_opts *) MUST_CHECK;

#endif
