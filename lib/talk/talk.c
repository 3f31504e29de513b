/* SPDX-License-Identifier: MIT */
#include "talk/talk.h"

#include <errno.h>
#include <stdarg.h>

#include "base/clock.h"
#include "talk/explain.h"

void
talk_init(struct talk *t)
{
	*t = (struct talk){ .start_ns = clock_ns() };
}

/* What any of them wants decides what is told. */
static void
ask_them(struct talk *t)
{
	t->wants_bytes = t->wants_wire = t->wants_secrets = false;
	for (size_t i = 0; i < t->nsinks; i++) {
		t->wants_bytes |= t->sink[i]->wants_bytes;
		t->wants_wire |= t->sink[i]->wire != NULL;
		t->wants_secrets |= t->sink[i]->wants_secrets;
	}
}

void
talk_add(struct talk *t, struct talk_sink *s)
{
	assert(t->nsinks < TALK_SINKS);
	t->sink[t->nsinks++] = s;
	ask_them(t);
}

/* Forgets sink i. */
static void
lose(struct talk *t, size_t i, int err)
{
	if (t->sink[i]->file == NULL && t->lost == 0)
		t->lost = err;
	if (t->sink[i]->file != NULL && t->file_lost == 0) {
		t->file_lost = err;
		t->file = t->sink[i]->file;
	}
	t->sink[i]->end(t->sink[i]);
	t->sink[i] = t->sink[--t->nsinks];
	ask_them(t);
}

/* A connection of its own number has begun, or has ended. */
static void
count(struct talk *t, const struct talk_event *e)
{
	if (e->kind == TALK_CONNECTED || e->kind == TALK_ACCEPTED ||
	    e->kind == TALK_SENDER)
		t->open++;
	else if (e->kind == TALK_CLOSED)
		t->open--;
}

void
talk_settle(struct talk *t)
{
	for (size_t i = 0; i < t->nsinks;) {
		struct talk_sink *s = t->sink[i];

		if (s->settle == NULL || s->settle(s) == 0)
			i++;
		else
			lose(t, i, errno != 0 ? errno : EIO);
	}
}

void
talk_late(struct talk *t)
{
	uint64_t t_ns = clock_ns() - t->start_ns;

	for (size_t i = 0; i < t->nsinks;) {
		struct talk_sink *s = t->sink[i];

		if (s->late == NULL || s->late(s, t_ns) == 0)
			i++;
		else
			lose(t, i, errno != 0 ? errno : EIO);
	}
}

static void
tell_them(struct talk *t, const struct talk_event *e)
{
	for (size_t i = 0; i < t->nsinks;) {
		if (t->sink[i]->tell(t->sink[i], e) == 0)
			i++;
		else
			lose(t, i, errno != 0 ? errno : EIO);
	}
}

static void
stamp(const struct talk *t, struct talk_event *e)
{
	e->t_ns = t->again ? t->t_ns : clock_ns() - t->start_ns;
	e->wall_ns = t->again ? t->wall_ns : clock_wall_ns();
}

static void
tell(struct talk *t, struct talk_event *e)
{
	count(t, e);
	e->n = ++t->n;
	if (t->explain != NULL)
		e->why = explain(t->explain, e);
	tell_them(t, e);
}

void
talk_retell(struct talk *t, struct talk_event *e)
{
	const char *why = t->explain != NULL ? explain(t->explain, e) : NULL;

	t->again = true;
	t->over = e->kind == TALK_SUMMARY;
	t->n = e->n;
	t->t_ns = e->t_ns;
	t->wall_ns = e->wall_ns;
	if (e->why == NULL)
		e->why = why;
	tell_them(t, e);
}

void
talk_first(struct talk *t, struct talk_event *e)
{
	stamp(t, e);
	t->first = e;
}

static void
tell_first(struct talk *t)
{
	struct talk_event *e = t->first;

	t->first = NULL;
	if (e != NULL)
		tell(t, e);
}

void
talk_tell(struct talk *t, struct talk_event *e)
{
	if (t == NULL || t->nsinks == 0)
		return;
	tell_first(t);
	stamp(t, e);
	tell(t, e);
}

bool
talk_wired(const struct talk *t)
{
	return t != NULL && t->wants_wire;
}

void
talk_wire(struct talk *t, struct talk_wire *w)
{
	if (!talk_wired(t))
		return;
	tell_first(t);
	w->wall_ns = clock_wall_ns();
	for (size_t i = 0; i < t->nsinks;) {
		struct talk_sink *s = t->sink[i];

		if (s->wire == NULL || s->wire(s, w) == 0)
			i++;
		else
			lose(t, i, errno != 0 ? errno : EIO);
	}
}

unsigned
talk_conn(struct talk *t)
{
	return t == NULL ? 0 : ++t->conns;
}

bool
talk_curious(const struct talk *t)
{
	return t != NULL && t->explain != NULL;
}

bool
talk_heard(const struct talk *t)
{
	return t != NULL && t->nsinks > 0;
}

void
talk_end(struct talk *t)
{
	while (t->nsinks > 0) {
		struct talk_sink *s = t->sink[--t->nsinks];

		s->end(s);
	}
	ask_them(t);
	explain_free(t->explain);
	t->explain = NULL;
}

bool
talk_has_dir(enum talk_kind k)
{
	return k == TALK_TELNET || k == TALK_HTTP || k == TALK_PROXY;
}

const struct talk_value *
talk_get(const struct talk_event *e, enum talk_field f)
{
	const struct talk_value *v = e->values;

	for (; v != NULL && v->field != TF_END; v++)
		if (v->field == f)
			return v;
	return NULL;
}

int64_t
talk_get_int(const struct talk_event *e, enum talk_field f, int64_t otherwise)
{
	const struct talk_value *v = talk_get(e, f);

	return v == NULL || v->i == TALK_UNKNOWN ? otherwise : v->i;
}

const char *
talk_get_str(const struct talk_event *e, enum talk_field f)
{
	const struct talk_value *v = talk_get(e, f);

	return v == NULL ? NULL : v->s;
}

static void
say(struct talk *t, enum talk_kind kind, unsigned conn, const char *code,
    const char *text)
{
	talk_tell(t, &(struct talk_event){ .kind = kind, .conn = conn,
	    TALK_VALUES(TALK_S(TF_CODE, code), TALK_S(TF_TEXT, text)) });
}

void
talk_note(struct talk *t, unsigned conn, const char *code, const char *fmt,
    ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	say(t, TALK_NOTE, conn, code, text);
}

void
talk_warn(struct talk *t, unsigned conn, const char *code, const char *fmt,
    ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	say(t, TALK_WARNING, conn, code, text);
}
