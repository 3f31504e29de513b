/*
 * slot - one socket of the prober, and the port it is asking.
 *
 * After a refusal the socket asks the next port; after anything else it is
 * closed. Knows sockets, not order or time: that is scan's.
 */
#ifndef SCAN_SLOT_H
#define SCAN_SLOT_H

#include <sys/queue.h>

#include "proto/addr.h"
#include "scan/scan.h"

struct slot_opts {		/* the same for all slots of a scan */
	unsigned	source_first, sources;	/* to bind; sources 0: never */
	unsigned	source_next;		/* goes round */
	bool		abrupt;		/* end with RST: no TIME_WAIT */
	bool		recorded;	/* from is wanted */
};

struct slot {
	int		 fd;		/* -1: none */
	int		 family;	/* of fd */
	unsigned	 source;	/* bound source port, 0: the kernel's */
	bool		 watched;	/* fd is in the scan's epoll set */
	bool		 listening;	/* open; waits for what is said first */
	unsigned	 tries;		/* sockets used up for this port */
	unsigned	 addr;		/* index of the address asked, */
	struct addr	 to;		/* and that address with the port */
	struct addr	 from;		/* if it is recorded: asked from here */
	uint64_t	 start_ns;	/* asked, or (listening) opened */
	uint64_t	 rtt_ns;	/* of the open port listened to */
	bool		 busy;		/* in flight */
	TAILQ_ENTRY(slot) link;	/* in flight by age, or idle */
};

TAILQ_HEAD(slots, slot);

enum slot_answer {
	SLOT_WAIT,		/* nothing known yet */
	SLOT_DONE,		/* *r holds state, sign, err, ICMP */
	SLOT_AGAIN,		/* our socket was at fault: start once more */
	SLOT_STARVED,		/* err: no descriptor or memory */
};

void	slot_close(struct slot *);
/*
 * Asks slot->to. The answer may already be there, as it is when the port is
 * this machine's (local). rtt_ns is filled in only if the kernel measured it.
 */
enum slot_answer slot_start(struct slot *, bool local, struct slot_opts *,
	    struct scan_result *r);
/* After an event on fd: what became of it. */
enum slot_answer slot_look(struct slot *, struct scan_result *r);
/* For a slot whose time ran out: fills in silence and the SYNs sent. */
void	slot_silent(const struct slot *, struct scan_result *r);

#endif
