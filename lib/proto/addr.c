/* SPDX-License-Identifier: MIT */
#include "proto/addr.h"

#include <arpa/inet.h>
#include <net/if.h>

#include "base/vis.h"

static const char *
copy(char *dst, size_t size, const char *from, size_t len)
{
	if (len >= size)
		return "too long";
	memcpy(dst, from, len);
	dst[len] = '\0';
	return NULL;
}

static const char *
bracketed(struct addr_operand *o, const char *s)
{
	const char *end = strchr(s, ']');
	const char *bad;

	if (end == NULL)
		return "missing its ']'";
	if ((bad = copy(o->host, sizeof o->host, s + 1,
	    (size_t)(end - s - 1))) != NULL)
		return bad;
	if (strchr(o->host, ':') == NULL)
		return "not an IPv6 address in brackets";
	if (end[1] == '\0')
		return NULL;
	if (end[1] != ':' || end[2] == '\0')
		return "not of the form [ADDRESS]:PORT";
	return copy(o->service, sizeof o->service, end + 2, strlen(end + 2));
}

const char *
addr_operand_parse(struct addr_operand *o, const char *s)
{
	const char *colon = strchr(s, ':');
	const char *bad;

	*o = (struct addr_operand){ 0 };
	if (*s == '\0')
		return "empty";
	if (*s == '[')
		return bracketed(o, s);
	if (colon == NULL || strchr(colon + 1, ':') != NULL)
		return copy(o->host, sizeof o->host, s, strlen(s));
	if (colon == s)
		return "missing its host";
	if (colon[1] == '\0')
		return "missing its port";
	bad = copy(o->host, sizeof o->host, s, (size_t)(colon - s));
	if (bad != NULL)
		return bad;
	return copy(o->service, sizeof o->service, colon + 1,
	    strlen(colon + 1));
}

/* RFC 4007 11.2: the part behind '%' is an interface, by number or name. */
static bool
scope_id(uint32_t *id, const char *s)
{
	uint64_t n = 0;

	if (*s == '\0')
		return false;
	if ((*id = if_nametoindex(s)) != 0)
		return true;
	for (; *s >= '0' && *s <= '9' && n <= UINT32_MAX; s++)
		n = n * 10 + (uint64_t)(*s - '0');
	*id = (uint32_t)n;
	return *s == '\0' && n > 0 && n <= UINT32_MAX;
}

static bool
literal6(struct addr *a, const char *host)
{
	const char *percent = strchr(host, '%');
	char ip[INET6_ADDRSTRLEN];
	size_t n = percent ? (size_t)(percent - host) : strlen(host);

	if (copy(ip, sizeof ip, host, n) != NULL ||
	    inet_pton(AF_INET6, ip, &a->in6.sin6_addr) != 1)
		return false;
	if (percent != NULL && !scope_id(&a->in6.sin6_scope_id, percent + 1))
		return false;
	a->in6.sin6_family = AF_INET6;
	a->len = sizeof a->in6;
	return true;
}

bool
addr_literal(struct addr *a, const char *host, unsigned port)
{
	*a = (struct addr){ 0 };
	if (inet_pton(AF_INET, host, &a->in.sin_addr) == 1) {
		a->in.sin_family = AF_INET;
		a->len = sizeof a->in;
	} else if (!literal6(a, host)) {
		*a = (struct addr){ 0 };
		return false;
	}
	addr_set_port(a, port);
	return true;
}

const char *
addr_unix_operand(const char *s)
{
	return strncmp(s, "unix:", 5) == 0 ? s + 5 : NULL;
}

const char *
addr_unix(struct addr *a, const char *name)
{
	bool abstract = *name == '@';
	size_t n = strlen(name) - abstract;

	*a = (struct addr){ 0 };
	if (n == 0)
		return "empty";
	if (n > ADDR_PATH)
		return "too long: the name of a Unix socket has at most "
		    "107 bytes";
	a->un = (struct addr_unix){ .family = AF_UNIX, .abstract = abstract,
		.n = (unsigned char)n, .name = name + abstract };
	a->len = sizeof a->un;
	return NULL;
}

/* An abstract name begins with a NUL and goes up to len (unix(7)). */
static void
set_unix(struct addr *a, const struct sockaddr_un *un, socklen_t len)
{
	size_t n = len - offsetof(struct sockaddr_un, sun_path);

	a->un = (struct addr_unix){ .family = AF_UNIX, .name = un->sun_path };
	a->len = sizeof a->un;
	if (n == 0)
		return;
	a->un.abstract = un->sun_path[0] == '\0';
	a->un.name += a->un.abstract;
	a->un.n = (unsigned char)(a->un.abstract ? n - 1 :
	    strnlen(un->sun_path, n));
}

static socklen_t
kernel_unix(const struct addr *a, struct sockaddr_un *un)
{
	size_t n = a->un.n < ADDR_PATH ? a->un.n : ADDR_PATH;

	*un = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(un->sun_path + a->un.abstract, a->un.name, n);
	n += 1;			/* the NUL before it, or behind it */
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
}

socklen_t
addr_kernel(const struct addr *a, int family, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	*ss = (struct sockaddr_storage){ 0 };
	if (addr_family(a) == AF_UNIX)
		return kernel_unix(a, (struct sockaddr_un *)ss);
	if (addr_family(a) != AF_INET || family != AF_INET6) {
		memcpy(ss, &a->sa, a->len);
		return a->len;
	}
	in6.sin6_port = a->in.sin_port;
	in6.sin6_addr.s6_addr[10] = in6.sin6_addr.s6_addr[11] = 0xff;
	memcpy(in6.sin6_addr.s6_addr + 12, &a->in.sin_addr, 4);
	memcpy(ss, &in6, sizeof in6);
	return sizeof in6;
}

static void
unmap(struct addr *a)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	in.sin_port = a->in6.sin6_port;
	memcpy(&in.sin_addr, a->in6.sin6_addr.s6_addr + 12, 4);
	a->in = in;
	a->len = sizeof in;
}

void
addr_set(struct addr *a, const struct sockaddr *sa, socklen_t len)
{
	*a = (struct addr){ 0 };
	if (sa == NULL || len < sizeof sa->sa_family)
		return;
	if (sa->sa_family == AF_UNIX) {
		set_unix(a, (const struct sockaddr_un *)(const void *)sa, len);
		return;
	}
	if (len > sizeof *a - offsetof(struct addr, sa) ||
	    (sa->sa_family != AF_INET && sa->sa_family != AF_INET6 &&
	    sa->sa_family != AF_VSOCK))
		return;
	memcpy(&a->sa, sa, len);
	a->len = len;
	if (sa->sa_family == AF_INET6 &&
	    IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr))
		unmap(a);
}

const char *
addr_ip(const struct addr *a, char dst[static ADDR_TEXT])
{
	size_t n;

	dst[0] = '\0';
	if (addr_family(a) == AF_INET)
		inet_ntop(AF_INET, &a->in.sin_addr, dst, ADDR_TEXT);
	else if (addr_family(a) == AF_INET6) {
		inet_ntop(AF_INET6, &a->in6.sin6_addr, dst, ADDR_TEXT);
		n = strlen(dst);
		if (a->in6.sin6_scope_id != 0)
			snprintf(dst + n, ADDR_TEXT - n, "%%%u",
			    a->in6.sin6_scope_id);
	}
	return dst;
}

const char *
addr_text(const struct addr *a, char dst[static ADDR_TEXT])
{
	char ip[ADDR_TEXT];

	dst[0] = '\0';
	if (addr_family(a) == AF_UNSPEC)
		return dst;
	if (addr_family(a) == AF_UNIX) {
		snprintf(dst, ADDR_TEXT, "unix%s%s", addr_is_unnamed(a) ? "" :
		    ":", a->un.abstract ? "@" : "");
		vis_str(dst + strlen(dst), ADDR_TEXT - strlen(dst),
		    a->un.name, a->un.n);
		return dst;
	}
	if (addr_family(a) == AF_VSOCK) {
		snprintf(dst, ADDR_TEXT, "vsock:%.16s:%u",
		    addr_vsock_cid(a, ip), a->vm.svm_port);
		return dst;
	}
	addr_ip(a, ip);
	snprintf(dst, ADDR_TEXT, addr_family(a) == AF_INET6 ?
	    "[%.66s]:%u" : "%.66s:%u", ip, addr_port(a));
	return dst;
}

unsigned
addr_port(const struct addr *a)
{
	if (addr_family(a) == AF_INET)
		return ntohs(a->in.sin_port);
	if (addr_family(a) == AF_VSOCK)
		return a->vm.svm_port;
	return addr_family(a) == AF_INET6 ? ntohs(a->in6.sin6_port) : 0;
}

void
addr_set_port(struct addr *a, unsigned port)
{
	if (addr_family(a) == AF_INET)
		a->in.sin_port = htons((uint16_t)port);
	else if (addr_family(a) == AF_INET6)
		a->in6.sin6_port = htons((uint16_t)port);
	else if (addr_family(a) == AF_VSOCK)
		a->vm.svm_port = port;
}

int
addr_family(const struct addr *a)
{
	return a == NULL || a->len == 0 ? AF_UNSPEC : a->sa.sa_family;
}

bool
addr_is_ip(const struct addr *a)
{
	return addr_family(a) == AF_INET || addr_family(a) == AF_INET6;
}

bool
addr_is_loopback(const struct addr *a)
{
	if (addr_family(a) == AF_INET)
		return ntohl(a->in.sin_addr.s_addr) >> 24 == 127;
	return addr_family(a) == AF_INET6 &&
	    IN6_IS_ADDR_LOOPBACK(&a->in6.sin6_addr);
}

bool
addr_is_any(const struct addr *a)
{
	if (addr_family(a) == AF_INET)
		return a->in.sin_addr.s_addr == htonl(INADDR_ANY);
	return addr_family(a) == AF_INET6 &&
	    IN6_IS_ADDR_UNSPECIFIED(&a->in6.sin6_addr);
}

bool
addr_is_multicast(const struct addr *a)
{
	if (addr_family(a) == AF_INET)
		return IN_MULTICAST(ntohl(a->in.sin_addr.s_addr));
	return addr_family(a) == AF_INET6 &&
	    IN6_IS_ADDR_MULTICAST(&a->in6.sin6_addr);
}

bool
addr_is_unnamed(const struct addr *a)
{
	return addr_family(a) == AF_UNIX && a->un.n == 0 && !a->un.abstract;
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	if (addr_family(a) != addr_family(b) || addr_port(a) != addr_port(b))
		return false;
	if (addr_family(a) == AF_INET)
		return a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
	if (addr_family(a) == AF_INET6)
		return IN6_ARE_ADDR_EQUAL(&a->in6.sin6_addr,
		    &b->in6.sin6_addr) &&
		    a->in6.sin6_scope_id == b->in6.sin6_scope_id;
	if (addr_family(a) == AF_VSOCK)
		return a->vm.svm_cid == b->vm.svm_cid;
	if (addr_family(a) == AF_UNIX)
		return a->un.abstract == b->un.abstract &&
		    a->un.n == b->un.n &&
		    memcmp(a->un.name, b->un.name, a->un.n) == 0;
	return true;
}

size_t
addr_name_len(const struct addr *a)
{
	return addr_family(a) == AF_UNIX ? a->un.n : 0;
}

char *
addr_keep(struct addr *a, char *to)
{
	size_t n = addr_name_len(a);

	if (n == 0)
		return to;
	memcpy(to, a->un.name, n);
	a->un.name = to;
	return to + n;
}
