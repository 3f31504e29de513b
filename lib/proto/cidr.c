/* SPDX-License-Identifier: MIT */
#include "proto/cidr.h"

#include "base/num.h"

enum { V4_MAPPED = 96 };	/* bits before the IPv4 address (RFC 4291
				   2.5.5.2) */

/* The octets of an address; how many there are. */
static size_t
octets(const struct addr *a, const unsigned char **ip)
{
	switch (addr_family(a)) {
	case AF_INET:
		*ip = (const unsigned char *)&a->in.sin_addr;
		return 4;
	case AF_INET6:
		*ip = a->in6.sin6_addr.s6_addr;
		return 16;
	default:
		return 0;
	}
}

struct cidr
cidr_of(const struct addr *a)
{
	struct cidr c = { .family = addr_family(a) };
	const unsigned char *ip;
	size_t n = octets(a, &ip);

	if (n > 0)
		memcpy(c.ip, ip, n);
	c.bits = (unsigned)n * 8;
	return c;
}

static bool
is_name(const char *s)
{
	bool letter = false;

	for (; *s != '\0'; s++) {
		bool az = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');

		if (!az && !(*s >= '0' && *s <= '9') && *s != '-' &&
		    *s != '.' && *s != '_')
			return false;
		letter |= az;
	}
	return letter;
}

static void
unmap(struct cidr *c)
{
	memmove(c->ip, c->ip + 12, 4);
	c->family = AF_INET;
	c->bits -= V4_MAPPED;
}

const char *
cidr_parse(struct cidr *c, const char *text)
{
	const char *slash = strchr(text, '/');
	size_t n = slash != NULL ? (size_t)(slash - text) : strlen(text);
	char host[ADDR_HOST];
	struct addr a;
	int64_t bits;

	*c = (struct cidr){ 0 };
	if (n == 0)
		return "empty";
	if (n >= sizeof host)
		return "too long";
	memcpy(host, text, n);
	host[n] = '\0';
	if (strchr(host, '%') != NULL)
		return "an address with a scope, which a list cannot have";
	if (!addr_literal(&a, host, 0)) {
		if (slash != NULL)
			return "not an address before the '/'";
		return is_name(host) ? NULL : "not an address or a name";
	}
	*c = cidr_of(&a);
	if (slash != NULL) {
		if (num_whole(slash + 1, 0, c->bits, &bits) != NULL) {
			bool v4 = c->family == AF_INET;

			*c = (struct cidr){ 0 };
			return v4 ? "not an address and /0 to /32" :
			    "not an address and /0 to /128";
		}
		c->bits = (unsigned)bits;
	}
	if (c->family == AF_INET6 && c->bits >= V4_MAPPED &&
	    IN6_IS_ADDR_V4MAPPED(&a.in6.sin6_addr))
		unmap(c);
	return NULL;
}

bool
cidr_has(const struct cidr *c, const struct addr *a)
{
	const unsigned char *ip;
	size_t whole = c->bits / 8;
	unsigned rest = c->bits % 8;

	if (c->family == AF_UNSPEC || c->family != addr_family(a) ||
	    octets(a, &ip) == 0 || memcmp(c->ip, ip, whole) != 0)
		return false;
	return rest == 0 || (c->ip[whole] ^ ip[whole]) >> (8 - rest) == 0;
}
