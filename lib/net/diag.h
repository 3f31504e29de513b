/*
 * diag - what the kernel says about one TCP socket of this machine, ours or
 * another's, even one that no process has any more (sock_diag(7)).
 */
#ifndef NET_DIAG_H
#define NET_DIAG_H

#include "proto/addr.h"

struct diag {
	bool		 there;		/* else nobody has such a socket */
	const char	*state;		/* "TIME_WAIT", as ss(8) has it */
	int		 timer_s;	/* until that state ends; -1: no end */
	bool		 owned;		/* by a process */
};

/* False: it cannot be asked. */
bool	diag_ask(struct diag *, const struct addr *local,
	    const struct addr *peer) MUST_CHECK;
/* "SYN_SENT" of the kernel's number; NULL if there is none. */
const char *diag_state(unsigned);

#endif
