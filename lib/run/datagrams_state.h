/*
 * datagrams_state - what the parts of datagrams share: sockets and partners,
 * stdin and stdout, what is typed.
 */
#ifndef RUN_DATAGRAMS_STATE_H
#define RUN_DATAGRAMS_STATE_H

#include <ev.h>

#include "net/conn.h"
#include "net/udp.h"
#include "run/cutter.h"
#include "run/datagrams.h"
#include "run/reach.h"
#include "run/senders.h"
#include "run/session.h"

struct udp_socket {
	struct datagrams *of;
	int		 fd;
	bool		 connected;	/* it speaks with its partner alone */
	bool		 local;		/* a Unix socket */
	ev_io		 r, w;
};

struct datagrams {
	struct session	*session;
	struct datagrams_opts opts;
	struct udp_socket sock[RESOLVE_MAX];
	size_t		 n;
	struct senders	 senders;
	struct sender	*to;		/* what is typed goes there; or NULL */
	bool		 chosen, all;	/* by /to, by /all */
	bool		 listens;
	unsigned	 port;		/* ours, then */
	bool		 warned;	/* that others are not heard */
	struct addr	 refused;	/* the last one not let in */

	struct reach	 reach;		/* datagrams_to(): whom, and its */
	size_t		 next;		/* next address */

	struct conn	*we;		/* stdin and stdout */
	ev_io		 in, out, gone;
	struct cutter	 cut;
	bool		 in_ended;
	struct buf	 heard;		/* for stdout */
	size_t		 len;		/* of line[], */
	bool		 waits;		/* which has not left yet */
	ev_timer	 idle;
	ev_timer	 again;		/* a Unix socket's queue was full */
	char		 line[UDP_MAX];	/* the last datagram, or the next */
	char		 room[UDP_ROOM];
};

/* datagrams_out.c: from stdin */
void	datagrams_watch_stdin(struct datagrams *);
/* Sends what stdin has until it must wait. */
void	datagrams_pump(struct datagrams *);

/* datagrams_typed.c: true if the line was a command to us */
bool	datagrams_typed(struct datagrams *, char *line, size_t *n);

/* datagrams.c */
/* In zeroed memory: stdin, stdout and timers; sockets come later. -1. */
int	datagrams_init(struct datagrams *, struct session *,
	    const struct datagrams_opts *) MUST_CHECK;
void	datagrams_socket(struct datagrams *, size_t i, int fd);
void	datagrams_alive(struct datagrams *);
/* Looks for what was refused. False: the run is over. */
bool	datagrams_failures(struct udp_socket *);
/* Something failed: ends it, or, where a person goes on, is remembered. */
bool	datagrams_trouble(struct datagrams *, const struct why *);
void	datagrams_forget(struct datagrams *, struct sender *);

/*
 * datagrams_to.c: the next address instead, and the last datagram once more.
 * False: there is none.
 */
bool	datagrams_next_address(struct datagrams *);

/* datagrams_open.c: watches its sockets and, if it is time, stdin. */
void	datagrams_start(struct datagrams *);

#endif
