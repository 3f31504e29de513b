/* SPDX-License-Identifier: MIT */
#include "base/why.h"
#include "talk/text_sink.h"

static bool
is(const struct talk_event *e, enum talk_field f, const char *word)
{
	const char *s = talk_get_str(e, f);

	return s != NULL && strcmp(s, word) == 0;
}

void
text_half_closed(struct text *t, const struct talk_event *e)
{
	const char *how = talk_get_str(e, TF_HOW);

	if (how == NULL)
		how = "FIN";
	text_put(t, "%s finished sending (", is(e, TF_WHO, "us") ? "we" :
	    text_peer(t));
	text_own(t, how);
	text_put(t, "); we %s", is(e, TF_WHO, "us") ? "still receive" :
	    "may still send");
}

/* ", 1.7 ms": one more part of the line, if it was measured. */
static void
part(struct text *t, const struct talk_event *e, enum talk_field f,
    const char *before, void (*show)(struct text *, int64_t))
{
	int64_t v = text_int(e, f);

	if (v == TALK_UNKNOWN)
		return;
	text_put(t, "%s", before);
	show(t, v);
}

/* " in 3 datagrams" */
static void
datagrams(struct text *t, const struct talk_event *e, enum talk_field f)
{
	int64_t n = text_int(e, f);

	if (n > 0)
		text_put(t, " in %lld datagram%s", (long long)n,
		    n == 1 ? "" : "s");
}

/* Where there are many connections, only what is unusual is said of each. */
static void
retransmits(struct text *t, const struct talk_event *e)
{
	int64_t n = text_int(e, TF_RETRANS);

	if (n == 0 && !t->o.numbered)
		text_put(t, ", no retransmits");
	else if (n > 0)
		text_put(t, ", %d retransmit%s", (int)n, n == 1 ? "" : "s");
}

static void
not_acknowledged(struct text *t, const struct talk_event *e,
    enum talk_field f)
{
	int64_t n = text_int(e, f);

	if (n <= 0)
		return;
	text_put(t, "; ");
	text_size(t, n);
	text_put(t, " not acknowledged");
}

void
text_closing(struct text *t, const struct talk_event *e)
{
	if (is(e, TF_WHO_FIRST, "us"))
		text_put(t, "by us first; ");
	else if (is(e, TF_WHO_FIRST, "peer"))
		text_put(t, "by %s first; ", t->o.peer_word);
	part(t, e, TF_SENT, "sent ", text_size);
	datagrams(t, e, TF_DATAGRAMS_OUT);
	part(t, e, TF_RECEIVED, ", received ", text_size);
	datagrams(t, e, TF_DATAGRAMS_IN);
	part(t, e, TF_DUR_US, text_int(e, TF_SENT) == TALK_UNKNOWN ? "" :
	    ", ", text_time);
	retransmits(t, e);
	not_acknowledged(t, e, TF_UNSENT);
}

/* "127.0.0.1:53124-127.0.0.1:80 in TIME_WAIT for 60 s" */
void
text_afterlife(struct text *t, const struct talk_event *e)
{
	int64_t s = text_int(e, TF_TIMER_S);

	text_addr(t, e->local);
	text_put(t, " to ");
	text_addr(t, e->peer);
	text_put(t, " is in ");
	text_own(t, talk_get_str(e, TF_STATE));
	if (s != TALK_UNKNOWN)
		text_put(t, " for %lld s", (long long)s);
}

static void
seen_on(struct text *t, const struct talk_event *e)
{
	const char *during = talk_get_str(e, TF_DURING);

	if (during == NULL)
		return;
	text_put(t, ", seen on ");
	text_own(t, during);
}

void
text_reset(struct text *t, const struct talk_event *e)
{
	text_put(t, "by %s (RST)", is(e, TF_WHO, "us") ? "us" :
	    t->o.peer_word);
	seen_on(t, e);
	not_acknowledged(t, e, TF_UNACKED);
}

void
text_broken(struct text *t, const struct talk_event *e)
{
	const char *text = talk_get_str(e, TF_TEXT);

	if (text != NULL)
		text_own(t, text);
	else if (e->err != 0)
		text_put(t, "%s (%s)", errno_words(e->err),
		    errno_symbol(e->err));
	else
		text_put(t, "the conversation ended too early");
	seen_on(t, e);
	part(t, e, TF_LOST, "; lost: ", text_size);
	not_acknowledged(t, e, TF_UNACKED);
}
