/*
 * listener - a port that waits for callers.
 *
 * Without a host it is dual stack: one IPv6 socket that serves IPv4 as well,
 * or an IPv4 one where there is no IPv6. A name listens on each of its
 * addresses. Ports are never shared with another process (no SO_REUSEPORT);
 * SO_REUSEADDR lets a server start again while old connections of it rest in
 * TIME_WAIT. A Unix socket is one listener like the others; net/unix_socket
 * has its rules.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include <ev.h>

#include "base/why.h"
#include "net/introduced.h"
#include "net/resolve.h"
#include "net/tls_callers.h"
#include "net/unix_socket.h"

enum { LISTENER_BACKLOG = 511 };	/* the kernel cuts it at somaxconn */

struct conn;
struct gate;
struct sockopt;
struct talk;

struct listener_opts {
	const char	*given;		/* for given_open() alone */
	const char	*unix_name;	/* PATH or @NAME, instead of: */
	const struct addr *vsock;	/* the same; or NULL */
	const char	*host;		/* NULL: every address */
	unsigned	 port;		/* 0: a free one, the same on each */
	int		 family;	/* AF_UNSPEC, AF_INET, AF_INET6 */
	bool		 local;		/* without a host: this machine only */
	bool		 udp;		/* datagrams: nobody is accepted */
	bool		 blocking;	/* clients are lent to children */
	struct gate	*gate;		/* who may come in; borrowed, or NULL */
	const struct sockopt *sockopt;	/* borrowed, or NULL */
	bool		 introduced;	/* clients come with a PROXY header */
	const char	*port_file;	/* the port, once ready; or NULL */
	const char	*scheme;	/* "http": tell a URL; or NULL */
	const char	*serving;	/* for the listening event; or NULL */
};

struct listener;

/* The client is the caller's. Called once per client, from the loop. */
typedef void listener_client(void *arg, struct conn *);

struct listening {		/* one socket of it */
	struct listener	*of;
	struct addr	 addr;
	ev_io		 io;
	int		 fd;
	bool		 connected;	/* no port: the one client itself */
};

struct listener {
	struct ev_loop	*loop;
	struct talk	*talk;
	struct gate	*gate;
	const struct sockopt *sockopt;
	struct tls	*tls;		/* set once open, and taken; or NULL */
	struct tls_callers shaking;	/* hands */
	listener_client	*client;
	void		*arg;
	struct listening sock[RESOLVE_MAX];
	size_t		 n;
	unsigned	 port;		/* the real one */
	bool		 any_port;	/* the kernel chose it */
	struct unix_socket file;	/* of a Unix socket */
	bool		 blocking, paused, udp, wants_header;
	struct introduced coming;	/* with that */
	ev_timer	 again;		/* after EMFILE */
};

/*
 * Binds, listens, tells the listening event, writes the port file (atomically,
 * by rename), and begins to accept. -1: WHY_LISTEN (told as bind_failed, with
 * the owner and what to try), WHY_NAME, or WHY_LOCAL for the port file.
 */
int	listener_open(struct listener *, struct ev_loop *, struct talk *,
	    const struct listener_opts *, struct why *) MUST_CHECK;
/*
 * After a successful open: who is called. Until then nobody is accepted. Of
 * clients that fail in TLS only l->shaking.refused is told, if it is set.
 */
void	listener_start(struct listener *, listener_client *, void *arg);

/* No accepting for now; callers wait in the kernel's queue. */
void	listener_pause(struct listener *);
void	listener_resume(struct listener *);
void	listener_close(struct listener *);

#endif
