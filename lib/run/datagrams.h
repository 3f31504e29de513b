/*
 * datagrams - a conversation by UDP, between our stdin and stdout and one or
 * many others.
 *
 * What is read from stdin leaves as datagrams, by line or by size; what comes
 * is told one by one, and in a pipe its bytes go to stdout. UDP has no end:
 * after the end of stdin, a time without any datagram ends the run in order.
 * A refusal (ICMP) is told with whom it came from.
 *
 * Unix sockets speak in datagrams as well. There, who sends without a name
 * cannot be answered.
 *
 * A listener has one partner, the first that speaks, or many. On a terminal a
 * typed line goes to the one that spoke last; /to N and /all choose, /who
 * lists.
 */
#ifndef RUN_DATAGRAMS_H
#define RUN_DATAGRAMS_H

#include "base/base.h"

enum {
	DATAGRAMS_WAIT_MS = 1000,	/* for answers, once stdin ended */
	DATAGRAMS_FORGET_MS = 300000,	/* one of many, silent for so long */
	DATAGRAMS_QUEUE_MS = 10,	/* until a full queue is tried again */
};

struct datagrams;
struct gate;
struct listener;
struct reach;
struct session;

struct datagrams_opts {		/* OPTS_UDP of cmd/groups.h fills the first */
	bool	udp;
	int	size;		/* bytes per datagram; 0: by line */
	bool	crlf;		/* LF becomes CR LF on the way out */
	int	idle_ms;	/* silence that ends it; 0: none, -1: unsaid */
	bool	broadcast;	/* to all in a network */
	bool	many;		/* of a listener: not only the first */
	struct gate *gate;	/* whose lists say who is heard; or NULL */
};

/* -1: these contradict each other, s->why says how. */
int	datagrams_check(struct session *, const struct datagrams_opts *)
	    MUST_CHECK;

/*
 * To the first address that there is a way to; the next is tried if that one
 * refuses the first datagram. Told as connected, though nothing is sent yet.
 * NULL: s->why has the cause.
 */
struct datagrams *datagrams_to(struct session *, const struct reach *,
	    const struct datagrams_opts *) MUST_CHECK;
/* At an open listener for datagrams, whose sockets are borrowed. */
struct datagrams *datagrams_at(struct session *, const struct listener *,
	    const struct datagrams_opts *) MUST_CHECK;

/* For the summary: how many were spoken with, how many bytes. */
unsigned datagrams_seen(const struct datagrams *);
void	datagrams_totals(const struct datagrams *, uint64_t *in,
	    uint64_t *out);
/* That many were: it is told, and left as a cause if there is none. */
void	datagrams_dropped(struct session *, uint64_t n);
/* Tells the end of each. What the kernel dropped is left as a cause. */
void	datagrams_free(struct datagrams *);

#endif
