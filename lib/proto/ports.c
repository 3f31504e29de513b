/* SPDX-License-Identifier: MIT */
#include "proto/ports.h"

#include "base/num.h"

enum { FIRST = 1, LAST = PORTS_ALL - 1 };

static void
set(struct ports *p, unsigned port)
{
	uint64_t mask = 1ULL << port % 64;

	p->count += (p->bit[port / 64] & mask) == 0;
	p->bit[port / 64] |= mask;
}

bool
ports_has(const struct ports *p, unsigned port)
{
	return port < PORTS_ALL && (p->bit[port / 64] >> port % 64 & 1);
}

int
ports_next(const struct ports *p, unsigned port)
{
	for (unsigned i = port + 1; i < PORTS_ALL; i = (i / 64 + 1) * 64) {
		uint64_t rest = p->bit[i / 64] >> i % 64;

		if (rest != 0)
			return (int)i + __builtin_ctzll(rest);
	}
	return -1;
}

/* The words of num_whole_n() for what is not a port. */
static const char *
number(const char *s, size_t n, int64_t *port)
{
	const char *wrong = num_whole_n(s, n, FIRST, LAST, port);

	if (wrong == NULL)
		return NULL;
	if (n == 1 && *s == '0')
		return "no port one can ask; ports are 1 to 65535";
	if (strcmp(wrong, "too large") == 0)
		return "too large; ports end at 65535";
	return wrong;
}

static const char *
range(struct ports *p, const char *s, size_t n)
{
	const char *dash = memchr(s, '-', n);
	const char *wrong;
	int64_t from, to;
	size_t k;

	if (dash == NULL) {
		if ((wrong = number(s, n, &from)) == NULL)
			set(p, (unsigned)from);
		return wrong;
	}
	k = (size_t)(dash - s);
	if (k == 0 || k + 1 == n || memchr(dash + 1, '-', n - k - 1) != NULL)
		return "not a range of the form FROM-TO";
	if ((wrong = number(s, k, &from)) != NULL ||
	    (wrong = number(dash + 1, n - k - 1, &to)) != NULL)
		return wrong;
	if (from > to)
		return "a range that runs backwards";
	for (int64_t port = from; port <= to; port++)
		set(p, (unsigned)port);
	return NULL;
}

static const char *
name(struct ports *p, const char *s, size_t n, ports_lookup *look, void *arg)
{
	char copy[PORTS_NAME_MAX + 1];
	int port;

	if (n > PORTS_NAME_MAX)
		return "too long for a service name";
	memcpy(copy, s, n);
	copy[n] = '\0';
	port = look(copy, arg);
	if (port < FIRST || port > LAST)
		return "neither a port nor a known service name";
	set(p, (unsigned)port);
	return NULL;
}

int
ports_add(struct ports *p, const char *s, ports_lookup *look, void *arg,
    struct ports_bad *bad)
{
	for (;;) {
		size_t n = strcspn(s, ",");

		if (n == 0)
			bad->what = "an empty item in a list of ports";
		else if (strspn(s, "0123456789-") >= n)
			bad->what = range(p, s, n);
		else
			bad->what = name(p, s, n, look, arg);
		if (bad->what != NULL) {
			snprintf(bad->item, sizeof bad->item, "%.*s",
			    (int)(n < PORTS_BAD_MAX ? n : PORTS_BAD_MAX), s);
			return -1;
		}
		if (s[n] == '\0')
			return 0;
		s += n + 1;
	}
}
