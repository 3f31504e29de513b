/* SPDX-License-Identifier: MIT */
#include "talk/text_sink.h"

enum {
	WINDOW_NS = NS_PER_S / 2,	/* a counter line so often, at most */
	PAUSE_NS = NS_PER_S,		/* after this, it was not fast */
};

/*
 * A sink has no timer: each chunk looks whether its half second is over.
 * Showing begins again when a whole one stayed below the limit.
 */
bool
text_too_fast(struct text *t, const struct talk_event *e, size_t n)
{
	const uint64_t limit = TALK_TEXT_RATE / 2;
	struct text_rate *r = &t->rate;
	uint64_t past = e->t_ns - r->since_ns;

	if (!t->o.tty || t->o.full)
		return false;
	if (past >= WINDOW_NS) {
		text_tell_hidden(t, e);
		r->fast = r->bytes > limit && past < PAUSE_NS;
		r->since_ns = e->t_ns;
		r->bytes = 0;
	}
	r->bytes += n;
	if (r->bytes > limit)
		r->fast = true;
	return r->fast;
}

void
text_not_shown(struct text *t, const struct talk_event *e, size_t n,
    bool binary)
{
	t->rate.binary[e->out] = binary;
	t->rate.hidden[e->out] += n;
}

void
text_tell_hidden(struct text *t, const struct talk_event *e)
{
	for (int out = 0; out < 2; out++) {
		struct talk_event count = *e;

		if (t->rate.hidden[out] == 0)
			continue;
		count.out = out;
		count.conn = 0;		/* of all connections */
		text_begin(t, &count, text_way(&count), NULL);
		text_put(t, " %s ", text_dots(t));
		text_size(t, (int64_t)t->rate.hidden[out]);
		text_put(t, "%s not shown",
		    t->rate.binary[out] ? " of binary data" : "");
		text_end(t);
		t->rate.hidden[out] = 0;
	}
}
