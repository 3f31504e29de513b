/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/why.h"
#include "proto/addr.h"
#include "talk/text_sink.h"

enum { LINES = 64 };		/* of one datagram that are shown */

/* Its own line end is nothing to show; a binary one is shown in hex. */
static void
line(struct text *t, const char *p, size_t n, bool end)
{
	size_t show = n < TALK_TEXT_LINE || t->o.full ? n : TALK_TEXT_LINE;
	struct vis v;

	text_vis(t, &v);
	if (!t->failed && (vis_add(&v, &t->out, p, show) < 0 ||
	    vis_end(&v, &t->out) < 0)) {
		errno = ENOBUFS;
		t->failed = true;
	}
	if (end)
		text_lf(t);
	text_plain(t);
	if (show < n)
		text_put(t, " %s +%zu B", text_dots(t), n - show);
}

/* Further lines stand below the first, behind the same mark. */
static void
lines(struct text *t, const struct talk_event *e, const char *p, size_t n)
{
	int shown = 0, under = snprintf(NULL, 0, " %zu B  ", n);

	while (n > 0) {
		const char *lf = memchr(p, '\n', n);
		size_t k = lf == NULL ? n : (size_t)(lf - p);
		bool end = lf != NULL && t->o.ends;

		if (shown > 0) {
			text_end(t);
			text_begin(t, e, text_way(e), NULL);
			text_put(t, "%*s", under, "");
			if (shown == LINES && !t->o.full) {
				text_put(t, "%s +%zu B", text_dots(t), n);
				return;
			}
		}
		line(t, p, k, end);
		shown++;
		k += lf != NULL;
		p += k;
		n -= k;
	}
}

static void
head(struct text *t, const struct talk_event *e, size_t n)
{
	text_begin(t, e, text_way(e), NULL);
	text_put(t, " %zu B", n);
	/* In a conversation with a group, each of its members. */
	if (!t->o.numbered && !e->out && e->conn > 1) {
		text_put(t, " from ");
		text_addr(t, e->peer);
	}
}

/* Every datagram begins a line with its size: so an empty one is seen. */
void
text_datagram(struct text *t, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_DATA);
	struct vis vis;

	if (v == NULL || !t->o.payload)
		return;
	if (text_too_fast(t, e, v->b.len)) {
		text_not_shown(t, e, v->b.len, false);
		return;
	}
	text_tell_hidden(t, e);
	text_vis(t, &vis);
	head(t, e, v->b.len);
	if (v->b.len > 0 && (text_wants_hex(t, e) ||
	    text_is_binary(&vis, v->b.data, v->b.len))) {
		text_end(t);
		text_hex(t, e, v, text_hex_most(t, e));
		return;
	}
	if (v->b.len > 1 || (v->b.len == 1 && *(const char *)v->b.data != '\n'))
		text_put(t, "  ");
	lines(t, e, v->b.data, v->b.len);
	text_end(t);
}

void
text_sender(struct text *t, const struct talk_event *e)
{
	text_addr(t, e->peer);
	if (text_is_udp(e))
		text_put(t, "/udp");
	text_process(t, e);
	if (e->local != NULL) {
		text_put(t, " %s ", t->o.marks == TALK_MARKS_WORDS ? "to" :
		    text_sign(t, MARK_SENT));
		text_addr(t, e->local);
	}
}

static bool
proto_is(const struct talk_event *e, const char *name)
{
	const char *proto = talk_get_str(e, TF_PROTO);

	return proto != NULL && strcmp(proto, name) == 0;
}

bool
text_is_udp(const struct talk_event *e)
{
	return proto_is(e, "udp");
}

bool
text_is_unixgram(const struct talk_event *e)
{
	return proto_is(e, "unixgram");
}

/* "ADDR/udp (ICMP port unreachable, seen after the datagram left)" */
void
text_undelivered(struct text *t, const struct talk_event *e)
{
	text_addr(t, e->peer);
	text_put(t, "/udp (%s, seen after the datagram left)",
	    e->err == ECONNREFUSED ? "ICMP port unreachable" :
	    errno_symbol(e->err));
	if (text_int(e, TF_OF) != TALK_UNKNOWN)
		text_put(t, "; trying the next address");
}
