/* SPDX-License-Identifier: MIT */
/*
 * Where several talk at once, the beginning of a line waits for its end, lest
 * somebody else's line comes between. It waits TALK_TEXT_HOLD_MS at most, by
 * the times of events: so a recording that is shown again has the same lines.
 */
#include "talk/text_sink.h"

/* Nothing of it may be borrowed. */
static struct talk_event
times_of(const struct talk_event *e)
{
	return (struct talk_event){ .kind = e->kind, .conn = e->conn,
		.out = e->out, .crlf = e->crlf, .t_ns = e->t_ns,
		.wall_ns = e->wall_ns };
}

static struct text_held *
take(struct text *t, const struct text_stream *s)
{
	struct text_held **at = &t->held, *h;

	while (*at != NULL && (*at)->of != s)
		at = &(*at)->next;
	if ((h = *at) != NULL)
		*at = h->next;
	return h;
}

/* Behind what waited before, if there is any. False: it does not wait. */
static bool
hold(struct text *t, const struct talk_event *e, struct text_stream *s,
    const char *p, size_t n)
{
	struct text_held **end = &t->held, *before = take(t, s), *h = NULL;
	size_t had = before != NULL ? before->len : 0;

	if (t->o.numbered && had + n <= TALK_TEXT_LINE &&
	    (e->why == NULL || !t->o.explain))
		h = malloc(sizeof *h + had + n);
	if (h != NULL) {
		*h = (struct text_held){ .of = s, .len = had + n,
			.e = before != NULL ? before->e : times_of(e) };
		if (had > 0)
			memcpy(h->data, before->data, had);
		memcpy(h->data + had, p, n);
		free(before);
	} else if ((h = before) == NULL)
		return false;
	while (*end != NULL)
		end = &(*end)->next;
	h->next = NULL;
	*end = h;
	if (h != before && t->o.later != NULL)
		t->o.later(t->o.arg);
	return h != before;
}

void
text_let_go(struct text *t, struct text_stream *s)
{
	struct text_held *h = take(t, s);

	if (h != NULL)
		text_lines(t, &h->e, s, h->data, h->len);
	free(h);
}

static bool
is_due(const struct text_held *h, uint64_t t_ns)
{
	return t_ns - h->e.t_ns >= (uint64_t)TALK_TEXT_HOLD_MS * NS_PER_MS;
}

void
text_let_due_go(struct text *t, uint64_t t_ns)
{
	for (struct text_held *h = t->held, *next; h != NULL; h = next) {
		next = h->next;
		if (is_due(h, t_ns))
			text_let_go(t, h->of);
	}
}

/* Its own stream goes on with it; what else its connection does ends it. */
void
text_let_go_before(struct text *t, const struct talk_event *e)
{
	bool payload = e->kind == TALK_SENT || e->kind == TALK_RECEIVED;

	text_let_due_go(t, e->t_ns);
	for (struct text_held *h = t->held, *next; h != NULL; h = next) {
		next = h->next;
		if (h->e.conn == e->conn && (!payload || h->e.out != e->out))
			text_let_go(t, h->of);
	}
}

void
text_whole_lines(struct text *t, const struct talk_event *e,
    struct text_stream *s, const char *p, size_t n)
{
	const char *lf = memrchr(p, '\n', n);
	size_t k = lf == NULL ? 0 : (size_t)(lf - p) + 1;
	struct text_held *h;

	/* What goes on with an open line goes on with it. */
	if (k == 0 && !s->mid && hold(t, e, s, p, n))
		return;
	if ((h = take(t, s)) != NULL)
		text_lines(t, e, s, h->data, h->len);
	free(h);
	text_lines(t, e, s, p, k);
	if (k < n && (k == 0 || !hold(t, e, s, p + k, n - k)))
		text_lines(t, e, s, p + k, n - k);
}
