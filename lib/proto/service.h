/*
 * service - the well-known names of ports, and what stands behind them.
 *
 * A built-in table of names that IANA assigned (RFC 6335), with the names
 * that people use instead as aliases, and the one sentence a beginner wants
 * for the most common. net/ asks the machine's own
 * /etc/services first; this table is what remains where that file is missing,
 * and the only place the sentences come from. Pure: nothing is read, nothing
 * is allocated, everything returned is constant.
 */
#ifndef PROTO_SERVICE_H
#define PROTO_SERVICE_H

#include "base/base.h"

enum service_proto {		/* may be joined */
	SERVICE_TCP = 1,
	SERVICE_UDP = 2,
};

struct service {
	uint16_t	 port;
	uint8_t		 protos;	/* SERVICE_TCP, SERVICE_UDP or both */
	const char	*name;
	const char	*aliases;	/* parted by blanks; "" if none */
	const char	*note;		/* one sentence, or NULL */
};

/* NULL if the table has no name for it. Binary search. */
const struct service *service_by_port(unsigned port, enum service_proto);

/*
 * By name or alias, upper and lower case alike (RFC 6335 5.1); NULL if
 * unknown.
 */
const struct service *service_by_name(const char *name, enum service_proto);

/*
 * "well-known" (0-1023), "registered" (1024-49151) or "dynamic"
 * (49152-65535), the three ranges of RFC 6335 6. Which ports a machine gives
 * to its own clients is a matter of that machine (on Linux 32768-60999).
 */
const char *service_class(unsigned port);

#endif
