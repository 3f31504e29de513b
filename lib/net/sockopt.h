/*
 * sockopt - what people set on a socket: its interface, keep-alive, DSCP, TTL,
 * buffers and the like.
 *
 * All are set before bind() and connect(), so that they hold from the first
 * packet on; a listener's clients inherit them (tcp(7)). What the kernel will
 * not do is found out beforehand on a socket that goes nowhere. What is told
 * in the end is what the kernel says that it does, not what was asked for.
 *
 * An IPv6 socket may carry IPv4 as well, which goes by options of its own:
 * it gets both.
 */
#ifndef NET_SOCKOPT_H
#define NET_SOCKOPT_H

#include "base/opt.h"
#include "base/why.h"

struct addr;
struct conn;
struct talk;

enum sockopt_is {		/* each is an int; 0: unsaid */
	SOCKOPT_KEEPALIVE, SOCKOPT_KEEPIDLE, SOCKOPT_KEEPINTVL,
	SOCKOPT_KEEPCNT,	/* seconds, seconds, probes */
	SOCKOPT_NAGLE,
	SOCKOPT_DSCP,		/* the code point + 1 */
	SOCKOPT_TTL, SOCKOPT_MIN_TTL,
	SOCKOPT_SNDBUF, SOCKOPT_RCVBUF,	/* bytes */
	SOCKOPT_MSS,
	SOCKOPT_USER_TIMEOUT,	/* milliseconds */
	SOCKOPT_N
};

enum {				/* limits of the kernel */
	SOCKOPT_TTL_MAX = 255,
	SOCKOPT_KEEP_S = 32767,	/* MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL */
	SOCKOPT_KEEP_N = 127,	/* MAX_TCP_KEEPCNT */
	SOCKOPT_MSS_MIN = 88, SOCKOPT_MSS_MAX = 32767,
	SOCKOPT_BUF_MAX = 1 << 30,	/* it is doubled, in an int */
};

struct sockopt {		/* OPTS_SOCKET of cmd/groups.h fills it */
	const char	*interface, *congestion;	/* NULL: unsaid */
	int		 n[SOCKOPT_N];
	bool		 mptcp;		/* is said when it is opened */
	bool		 fast_open;	/* see net/early */
};

enum sockopt_for {		/* may be joined */
	SOCKOPT_TCP = 1, SOCKOPT_UDP = 2, SOCKOPT_UNIX = 4,
	SOCKOPT_VSOCK = 8,	/* has none */
};

/* "IDLE[,INTERVAL[,COUNT]]", or NULL; a code point; bytes: into .n */
opt_fn	sockopt_set_keepalive, sockopt_set_dscp, sockopt_set_size;

/*
 * Before any packet: can that be had, and of such a socket? -1: WHY_USAGE,
 * WHY_LOCAL. No options (NULL) can always be had.
 */
int	sockopt_check(const struct sockopt *, enum sockopt_for, struct why *)
	    MUST_CHECK;
/* The protocol to open a stream socket of that family with; 0: TCP. */
int	sockopt_protocol(const struct sockopt *, int family);
/* On a new socket. -1 with errno; *name, if not NULL, is which. */
int	sockopt_apply(const struct sockopt *, int fd, const char **name)
	    MUST_CHECK;
/*
 * On a listener: what it gives its clients. Warns, if talk is not NULL, if the
 * system does not.
 */
void	sockopt_listening(const struct sockopt *, int fd, struct talk *);
/*
 * On one that is connected: what conn_tcp_new() thought best gives way to what
 * was asked for.
 */
void	sockopt_settle(const struct sockopt *, struct conn *);
/* What is in force there, in a line of its own; family: of the packets. */
void	sockopt_tell(const struct sockopt *, int fd, int family, struct talk *,
	    unsigned conn);
void	sockopt_tell_conn(const struct sockopt *, const struct conn *);

#endif
