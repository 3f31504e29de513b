/*
 * cidr - addresses and networks of them, as lists of who may come in have
 * them: "192.0.2.7", "192.0.2.0/24", "2001:db8::/32" (RFC 4632 3.1, RFC 4291
 * 2.3).
 *
 * Bits behind the prefix are ignored: 192.0.2.7/24 is its network. An IPv4
 * network never has an IPv6 address in it, not even ::/0 an IPv4 one; what is
 * written ::ffff:a.b.c.d is the IPv4 address that it means.
 */
#ifndef PROTO_CIDR_H
#define PROTO_CIDR_H

#include "proto/addr.h"

struct cidr {			/* zeroed: none, nobody is in it */
	int		family;	/* AF_INET, AF_INET6; AF_UNSPEC: none */
	unsigned	bits;	/* of the prefix: 0 to 32 or 128 */
	unsigned char	ip[16];	/* 4 of them for IPv4 */
};

/*
 * Returns NULL, or what is wrong in the words that follow "'10/8' is ...". A
 * name is not wrong: it gives AF_UNSPEC, for the caller to resolve. What
 * looks like a number but is none is no name: a resolver would take "10.1" for
 * 10.0.0.1.
 */
const char *cidr_parse(struct cidr *, const char *text) MUST_CHECK;

/* The network of this address alone. */
struct cidr cidr_of(const struct addr *);

bool	cidr_has(const struct cidr *, const struct addr *);

#endif
