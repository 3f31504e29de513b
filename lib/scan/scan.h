/*
 * scan - which ports of some addresses are open, asked with connect().
 *
 * One non-blocking connect() per port, no privilege needed. A socket that was
 * refused is used again for the next port, and on this machine its source
 * port is bound outside of the kernel's own range, so that a port never
 * answers itself (a TCP socket that calls its own port connects to itself).
 * All silent ports wait at the same time under one time limit. What went
 * wrong on this side is never told as "closed".
 *
 * The descriptor scan_fd() becomes readable when there is something to do;
 * whoever owns a loop watches it and the time scan_due(), and calls
 * scan_turn(). Nothing blocks.
 */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "base/why.h"
#include "proto/addr.h"
#include "proto/ports.h"

enum {
	SCAN_WINDOW = 4096,	/* ports in flight; fewer if descriptors lack */
	SCAN_FREELY = 64,	/* in flight to other machines at any speed; */
	SCAN_RATE = 10000,	/* beyond that, so many begun a second */
	SCAN_TRIES = 8,		/* sockets for one port, if ours are at fault */
	SCAN_FEW = 16,		/* up to here ends are polite (FIN, not RST) */
	SCAN_SAID_MAX = 128,	/* bytes kept of what a server says first */
	SCAN_TIMEOUT_MS = 1200,	/* one SYN, and the kernel's second after 1 s */
};

enum scan_state {
	SCAN_OPEN,
	SCAN_CLOSED,		/* the machine answered: nothing listens */
	SCAN_FILTERED,		/* silence, or a firewall that says so */
	SCAN_UNREACHABLE,	/* the address, not just the port */
	SCAN_ERROR,		/* nobody knows: something lacked here */
	SCAN_STATES
};

enum scan_sign {		/* what the state was told by */
	SCAN_SYN_ACK, SCAN_RST, SCAN_ICMP, SCAN_SILENCE, SCAN_LOCAL,
	SCAN_UNNAMED,		/* a host without an address (board) */
	SCAN_SIGNS
};

struct talk;

struct scan_result {
	unsigned	 addr;		/* index into scan_job.addrs */
	unsigned	 port;
	enum scan_state	 state;
	enum scan_sign	 sign;
	int		 err;		/* errno, or 0 */
	unsigned	 syns;		/* sent, for SCAN_SILENCE */
	uint64_t	 rtt_ns;	/* until the answer, or waited */
	bool		 local;		/* the address is of this machine */
	uint8_t		 icmp_type, icmp_code;
	struct addr	 icmp_from;	/* who sent it */
	const char	*said;		/* foreign, borrowed; or NULL */
	size_t		 said_len;
};

struct scan_job {
	const struct addr *addrs;	/* borrowed until scan_free() */
	size_t		 naddrs;
	const struct ports *ports;	/* borrowed */
	int		 timeout_ms;	/* 0: as long as the kernel tries */
	int		 listen_ms;	/* for what servers say first; 0: no */
	struct talk	*talk;		/* a recording hears the probes; or
					   NULL */
	/* In the order of the answers; may not call scan_*(). */
	void	       (*on_result)(const struct scan_result *, void *arg);
	void		*arg;
};

struct scan;

/* Nothing is sent before the first scan_turn(). */
struct scan *scan_new(const struct scan_job *, struct why *) MUST_CHECK;
void	scan_free(struct scan *);	/* drops what is still in flight */

/* Does what can be done without waiting. False: all results were told. */
bool	scan_turn(struct scan *);
/* Before its time: tells what is known to be open. */
void	scan_stop(struct scan *);
int	scan_fd(const struct scan *);	/* readable: time for scan_turn() */
/* As is this time of clock_ns(); UINT64_MAX: none. */
uint64_t scan_due(const struct scan *);

const char *scan_state_name(enum scan_state);
const char *scan_sign_name(enum scan_sign);	/* "syn-ack", "rst", ... */

#define SCAN_HOW 160
/* "RST", "no answer to 2 SYNs", "ICMP 3/13 from 10.0.0.1: ...": returns dst. */
const char *scan_how(const struct scan_result *, char dst[static SCAN_HOW]);

#endif
