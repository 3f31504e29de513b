/*
 * proxy_rules - where a proxy lets its clients go: a list of
 * "HOST[:PORT]", HOST being an address, a network ("10.0.0.0/8"), a name, all
 * names below one ("*.example.org"), or anything ("*"). IPv6 with a port
 * stands in brackets: "[2001:db8::/32]:443".
 *
 * A name that is on the list may lead anywhere; any other is as good as the
 * addresses it leads to. An empty list lets everything through.
 */
#ifndef PROTO_PROXY_RULES_H
#define PROTO_PROXY_RULES_H

#include "proto/cidr.h"

enum { PROXY_RULES = 128 };

struct proxy_rule {
	struct cidr	 net;		/* or AF_UNSPEC, and: */
	const char	*name;		/* borrowed; or NULL: anything */
	size_t		 name_len;
	bool		 below;		/* names below it, with its dot */
	unsigned	 port;		/* 0: any */
};

struct proxy_rules {		/* zeroed: everything is allowed */
	struct proxy_rule rule[PROXY_RULES];
	size_t		 n;
};

/*
 * Adds a list, parted by commas, which is borrowed. Returns NULL, or what is
 * wrong in the words that follow "'...' is".
 */
const char *proxy_rules_add(struct proxy_rules *, const char *) MUST_CHECK;

bool	proxy_rules_name(const struct proxy_rules *, const char *name,
	    unsigned port);
bool	proxy_rules_addr(const struct proxy_rules *, const struct addr *);

#endif
