/* SPDX-License-Identifier: MIT */
#include "proto/pace.h"

enum { PIECES = 50 };		/* a second */

/* Rounded up: never faster than the rate. */
static uint64_t
cost_ns(const struct pace *p, size_t n)
{
	uint64_t rate = (uint64_t)p->rate;

	return n / rate * NS_PER_S +
	    (n % rate * NS_PER_S + rate - 1) / rate;
}

/* Worth a call. */
static size_t
piece(const struct pace *p, size_t n)
{
	size_t some = (size_t)p->rate / PIECES;

	if (some == 0)
		some = 1;
	return n < some ? n : some;
}

static size_t
afford(struct pace *p, size_t n, uint64_t now)
{
	uint64_t saved = cost_ns(p, 1), has;

	if (saved < PACE_SAVED_NS)
		saved = PACE_SAVED_NS;
	if (p->paid_ns == 0)
		p->paid_ns = now;
	if (now - p->paid_ns > saved)
		p->paid_ns = now - saved;
	if (now < p->paid_ns + cost_ns(p, piece(p, n)))
		return 0;
	has = now - p->paid_ns;
	/* The rate, by the second and by what is left of one. */
	has = has / NS_PER_S * (uint64_t)p->rate +
	    has % NS_PER_S * (uint64_t)p->rate / NS_PER_S;
	return has < n ? (size_t)has : n;
}

size_t
pace_may(struct pace *p, const char *data, size_t n, uint64_t now)
{
	const char *lf;

	if (p->line_ms > 0) {
		if (now < p->line_ns)
			return 0;
		if ((lf = memchr(data, '\n', n)) != NULL)
			n = (size_t)(lf - data) + 1;
	}
	return p->rate > 0 ? afford(p, n, now) : n;
}

uint64_t
pace_due(const struct pace *p, size_t n)
{
	uint64_t due = p->rate > 0 ? p->paid_ns + cost_ns(p, piece(p, n)) : 0;

	return due > p->line_ns ? due : p->line_ns;
}

void
pace_sent(struct pace *p, const char *data, size_t n, uint64_t now)
{
	if (p->rate > 0)
		p->paid_ns += cost_ns(p, n);
	if (p->line_ms > 0 && n > 0 && data[n - 1] == '\n')
		p->line_ns = now + (uint64_t)p->line_ms * NS_PER_MS;
}
