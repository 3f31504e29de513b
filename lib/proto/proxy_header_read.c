/* SPDX-License-Identifier: MIT */
/* proxy_header_read - the receiving side: strict, since who believes it lets
 * people in by it. */
#include <arpa/inet.h>
#include <string.h>

#include "base/num.h"
#include "proto/proxy_header.h"

enum {		/* 2.2 */
	V1_MAX = 107, V2_FIXED = 16, V2_LOCAL = 0x20, V2_PROXY = 0x21,
	V2_TCP4 = 0x11, V2_TCP6 = 0x21, V2_IP4 = 12, V2_IP6 = 36,
	WORDS = 4,
};

static int
bad(const char **why, const char *text)
{
	*why = text;
	return -1;
}

/* "192.0.2.1", "56324": as they are written, and no other way. */
static bool
read_end(struct addr *a, int family, const char *ip, const char *port)
{
	char again[INET6_ADDRSTRLEN];
	unsigned char raw[sizeof(struct in6_addr)];
	int64_t n;

	if (num_whole(port, 0, 65535, &n) != NULL ||
	    inet_pton(family, ip, raw) != 1 ||
	    inet_ntop(family, raw, again, sizeof again) == NULL)
		return false;
	return addr_literal(a, again, (unsigned)n) &&
	    addr_family(a) == family;
}

/* The four words behind "PROXY TCP4 ", one blank between them. */
static int
read_v1(struct proxy_header *h, char *line, const char **why)
{
	int family = strncmp(line, "TCP4 ", 5) == 0 ? AF_INET :
	    strncmp(line, "TCP6 ", 5) == 0 ? AF_INET6 : AF_UNSPEC;
	char *word[WORDS], *at = line + 5;

	if (strcmp(line, "UNKNOWN") == 0 || strncmp(line, "UNKNOWN ", 8) == 0)
		return 0;
	if (family == AF_UNSPEC)
		return bad(why, "neither TCP4, TCP6 nor UNKNOWN");
	for (int i = 0; i < WORDS; i++)
		if ((word[i] = strsep(&at, " ")) == NULL)
			return bad(why, "an address or port is missing");
	if (at != NULL || !read_end(&h->from, family, word[0], word[2]) ||
	    !read_end(&h->to, family, word[1], word[3]))
		return bad(why, "these are not two addresses and two ports");
	h->known = true;
	return 0;
}

static int
parse_v1(struct proxy_header *h, const char *p, size_t n, const char **why)
{
	const char *end = memchr(p, '\n', n < V1_MAX ? n : V1_MAX);
	char line[V1_MAX + 1];
	size_t len;

	if (end == NULL && n >= V1_MAX)
		return bad(why, "its line is longer than 107 bytes");
	if (end == NULL)
		return 0;
	len = (size_t)(end - p);
	if (len < 6 || p[len - 1] != '\r' || memchr(p, '\0', len) != NULL)
		return bad(why, "its line does not end in CR LF");
	memcpy(line, p, len - 1);
	line[len - 1] = '\0';
	return read_v1(h, line + 6, why) < 0 ? -1 : (int)len + 1;
}

static void
take_end(struct addr *a, int family, const unsigned char *ip,
    const unsigned char *port)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(family, ip, text, sizeof text) == NULL ||
	    !addr_literal(a, text, (unsigned)port[0] << 8 | port[1]))
		*a = (struct addr){ 0 };
}

static int
parse_v2(struct proxy_header *h, const unsigned char *p, size_t n,
    const char **why)
{
	size_t len, ip;

	if (n < V2_FIXED)
		return 0;
	len = (size_t)p[14] << 8 | p[15];
	if (p[12] != V2_LOCAL && p[12] != V2_PROXY)
		return bad(why, "neither version 2 nor a command of it");
	if (V2_FIXED + len > PROXY_HEADER_MAX)
		return bad(why, "longer than 4096 bytes");
	if (n < V2_FIXED + len)
		return 0;
	ip = p[13] == V2_TCP4 ? 4 : p[13] == V2_TCP6 ? 16 : 0;
	if (p[12] == V2_LOCAL || ip == 0)
		return V2_FIXED + (int)len;
	if (len < 2 * ip + 4)
		return bad(why, "too short for its addresses");
	p += V2_FIXED;
	take_end(&h->from, ip == 4 ? AF_INET : AF_INET6, p, p + 2 * ip);
	take_end(&h->to, ip == 4 ? AF_INET : AF_INET6, p + ip,
	    p + 2 * ip + 2);
	h->known = true;
	return V2_FIXED + (int)len;
}

int
proxy_header_parse(struct proxy_header *h, const void *data, size_t n,
    const char **why)
{
	size_t v1 = n < 6 ? n : 6;
	size_t v2 = n < PROXY_HEADER_SIGNED ? n : PROXY_HEADER_SIGNED;

	*h = (struct proxy_header){ .known = false };
	if (memcmp(data, "PROXY ", v1) == 0)
		return parse_v1(h, data, n, why);
	if (memcmp(data, PROXY_HEADER_SIGNATURE, v2) == 0)
		return parse_v2(h, data, n, why);
	return bad(why, "there is none");
}
