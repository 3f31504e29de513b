/*
 * asked - what a person asks of the prober: hosts, and ports of each.
 *
 * "HOST[,HOST...] PORT...", or "HOST:PORTS" in one word; what a port is says
 * proto/ports. Of a name, every address is asked. A name that has none stays
 * in the list, so that it is answered for as well.
 */
#ifndef SCAN_ASKED_H
#define SCAN_ASKED_H

#include "net/resolve.h"
#include "proto/ports.h"

enum {
	ASKED_HOSTS_MAX = 64,
	ASKED_LINES_MAX = 1 << 20,	/* hosts times ports */
};

struct asked_host {
	struct addr_operand name;
	size_t		 first, naddrs;	/* in asked.addr */
};

struct asked {			/* 128 KiB: not for the stack */
	struct asked_host host[ASKED_HOSTS_MAX];
	size_t		 hosts;
	struct addr	 addr[ASKED_HOSTS_MAX * RESOLVE_MAX];
	size_t		 addrs;
	struct ports	 ports;
};

/* From zeroed. -1: WHY_USAGE. */
int	asked_parse(struct asked *, char *const *argv, int argc, struct why *)
	    MUST_CHECK;
/*
 * Asks the resolver for each name, and tells talk (or not: NULL). -1: not all
 * have an address; WHY_NAME says the first that has none.
 */
int	asked_resolve(struct asked *, struct talk *, int family,
	    struct why *) MUST_CHECK;

#endif
