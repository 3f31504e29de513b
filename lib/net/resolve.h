/*
 * resolve - names become addresses, ports become numbers.
 *
 * The machine's resolver is asked (getaddrinfo: files, DNS), and waited for;
 * literals ask nobody. Addresses come back in the order to try them: as the
 * resolver sorted them (RFC 6724), families alternating (RFC 8305 4).
 */
#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include "base/why.h"
#include "proto/addr.h"

struct talk;

enum { RESOLVE_MAX = 32 };	/* addresses kept of one name */

struct resolve {
	struct addr	addr[RESOLVE_MAX];
	size_t		n;
};

struct resolve_ask {
	const char	*host;		/* a name or a literal */
	unsigned	 port;		/* goes into each address */
	const char	*service;	/* as which it was given; or NULL */
	int		 family;	/* AF_UNSPEC, AF_INET or AF_INET6 */
};

/*
 * Tells resolve or resolve_failed. -1: WHY_NAME, with EAGAIN if the name may
 * be found later, and nothing is in r.
 */
int	resolve(struct resolve *r, struct talk *, const struct resolve_ask *,
	    struct why *) MUST_CHECK;

/*
 * A port as people give it: strictly a number from min (0 for listeners that
 * take any) to 65535, or a service name. -1: WHY_USAGE.
 */
int	resolve_port(unsigned *port, const char *text, unsigned min,
	    struct why *) MUST_CHECK;

/* The same for UDP: its service names come first. */
int	resolve_udp_port(unsigned *port, const char *text, unsigned min,
	    struct why *) MUST_CHECK;

/* Its name on this machine ("http"), or NULL. Lives as long as dst. */
enum { RESOLVE_SERVICE = 64 };
const char *resolve_service(unsigned port, char dst[static RESOLVE_SERVICE]);

/*
 * "HOST PORT", "HOST:PORT" or "[V6]:PORT" in one or two operands; a missing
 * port is port_default (NULL: an error). -1: WHY_USAGE.
 */
int	resolve_operands(char *const *argv, int argc, const char *port_default,
	    struct addr_operand *, struct why *) MUST_CHECK;

#endif
