/* SPDX-License-Identifier: MIT */
#include "proto/expect.h"

/* Of the first n bytes matched, how many are, if the next one is not c? */
static size_t
retreat(const struct expect *e, size_t n, char c)
{
	while (n > 0 && e->text[n] != c)
		n = e->back[n - 1];
	return n;
}

void
expect_init(struct expect *e, const char *text, size_t len)
{
	size_t n = 0;

	assert(len > 0 && len <= EXPECT_MAX);
	memcpy(e->text, text, len);
	e->len = len;
	e->met = 0;
	e->back[0] = 0;
	for (size_t i = 1; i < len; i++) {
		n = retreat(e, n, text[i]);
		n += text[n] == text[i];
		e->back[i] = (uint16_t)n;
	}
}

size_t
expect_feed(struct expect *e, const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && e->met < e->len) {
		e->met = retreat(e, e->met, p[i]);
		e->met += e->text[e->met] == p[i];
		i++;
	}
	return i;
}

bool
expect_met(const struct expect *e)
{
	return e->met == e->len;
}

void
last_line_feed(struct last_line *l, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n' || p[i] == '\r') {
			l->ended = l->n > 0;
			continue;
		}
		if (l->ended) {
			l->n = 0;
			l->ended = false;
		}
		if (l->n < sizeof l->text)
			l->text[l->n++] = p[i];
	}
}
