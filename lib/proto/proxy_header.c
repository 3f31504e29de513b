/* SPDX-License-Identifier: MIT */
#include "proto/proxy_header.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum {		/* 2.2: bytes 13 and 14 */
	V2_PROXY = 0x21,	/* version 2, on behalf of another */
	V2_UNSPEC = 0x00, V2_TCP4 = 0x11, V2_TCP6 = 0x21,
};

/* Of both addresses, if the protocol has a name for it; or AF_UNSPEC. */
static int
family_of(const struct addr *from, const struct addr *to)
{
	int family = addr_family(from);

	if (family != addr_family(to) ||
	    (family != AF_INET && family != AF_INET6))
		return AF_UNSPEC;
	return family;
}

/* The address alone, in network byte order; *n: its bytes. */
static const void *
ip_of(const struct addr *a, size_t *n)
{
	if (addr_family(a) == AF_INET) {
		*n = sizeof a->in.sin_addr;
		return &a->in.sin_addr;
	}
	*n = sizeof a->in6.sin6_addr;
	return &a->in6.sin6_addr;
}

static size_t
format_v1(char *dst, const struct addr *from, const struct addr *to)
{
	char ip[2][INET6_ADDRSTRLEN];
	int family = family_of(from, to);
	size_t n;

	if (family == AF_UNSPEC)
		return (size_t)snprintf(dst, PROXY_HEADER_SIZE,
		    "PROXY UNKNOWN\r\n");
	(void)inet_ntop(family, ip_of(from, &n), ip[0], sizeof ip[0]);
	(void)inet_ntop(family, ip_of(to, &n), ip[1], sizeof ip[1]);
	return (size_t)snprintf(dst, PROXY_HEADER_SIZE,
	    "PROXY TCP%c %s %s %u %u\r\n", family == AF_INET ? '4' : '6',
	    ip[0], ip[1], addr_port(from), addr_port(to));
}

static char *
put(char *at, const void *bytes, size_t n)
{
	memcpy(at, bytes, n);
	return at + n;
}

static char *
put_16(char *at, unsigned value)
{
	const unsigned char b[2] = { (unsigned char)(value >> 8),
		(unsigned char)value };

	return put(at, b, sizeof b);
}

static size_t
format_v2(char *dst, const struct addr *from, const struct addr *to)
{
	int family = family_of(from, to);
	char *at = put(dst, PROXY_HEADER_SIGNATURE, PROXY_HEADER_SIGNED);
	const void *ip;
	size_t n;

	*at++ = V2_PROXY;
	*at++ = family == AF_INET ? V2_TCP4 : family == AF_INET6 ? V2_TCP6 :
	    V2_UNSPEC;
	if (family == AF_UNSPEC)
		return (size_t)(put_16(at, 0) - dst);
	ip = ip_of(from, &n);
	at = put_16(at, (unsigned)(2 * n + 4));
	at = put(at, ip, n);
	at = put(at, ip_of(to, &n), n);
	at = put_16(at, addr_port(from));
	return (size_t)(put_16(at, addr_port(to)) - dst);
}

size_t
proxy_header_format(char dst[static PROXY_HEADER_SIZE],
    enum proxy_header_version version, const struct addr *from,
    const struct addr *to)
{
	return version == PROXY_HEADER_V1 ? format_v1(dst, from, to) :
	    format_v2(dst, from, to);
}
