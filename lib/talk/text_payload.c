/* SPDX-License-Identifier: MIT */
#include "talk/text_sink.h"

#include <errno.h>

static struct text_conn **
slot(struct text *t, unsigned conn)
{
	struct text_conn **at = &t->conns[conn % TEXT_BUCKETS];

	while (*at != NULL && (*at)->conn != conn)
		at = &(*at)->next;
	return at;
}

static struct text_stream *
stream(struct text *t, const struct talk_event *e)
{
	struct text_conn **at = slot(t, e->conn);

	if (*at == NULL) {
		if ((*at = calloc(1, sizeof **at)) == NULL) {
			t->failed = true;
			return NULL;
		}
		(*at)->conn = e->conn;
		text_vis(t, &(*at)->in.vis);
		text_vis(t, &(*at)->out.vis);
	}
	return e->out ? &(*at)->out : &(*at)->in;
}

static void
add(struct text *t, struct vis *v, const void *p, size_t n)
{
	if (!t->failed && vis_add(v, &t->out, p, n) < 0) {
		errno = ENOBUFS;
		t->failed = true;
	}
}

static void
blank(struct text *t)
{
	if (t->bare)
		text_put(t, " ");
	t->bare = false;
}

static void
cut_note(struct text *t, struct text_stream *s)
{
	text_plain(t);
	if (s->cut > 0)
		text_put(t, " %s +%zu B", text_dots(t), s->cut);
	s->shown = s->cut = 0;
}

/* A combining mark must not attach to the mark that the next line begins. */
void
text_break(struct text *t)
{
	struct text_stream *s = t->open;

	if (s == NULL)
		return;
	cut_note(t, s);
	text_put(t, "\\\n");
	s->vis.marks = 0;
	t->open = NULL;
}

/* Someone typed Enter behind it, so nothing of ours is to be written. */
void
text_seen(struct text *t)
{
	if (t->open == NULL)
		return;
	t->open->shown = t->open->cut = 0;
	t->open->vis.marks = 0;
	t->open = NULL;
}

/* The cursor stands behind what this stream said last, or behind a mark. */
static void
resume(struct text *t, const struct talk_event *e, struct text_stream *s)
{
	if (t->open == s)
		text_color(t, text_way(e));
	else
		text_begin(t, e, text_way(e), NULL);
	t->open = s;
}

static void
show(struct text *t, struct text_stream *s, const char *p, size_t n)
{
	size_t room = t->o.full ? n : TALK_TEXT_LINE - s->shown;
	size_t k = n < room ? n : room;

	if (n == 0)
		return;
	blank(t);
	add(t, &s->vis, p, k);
	s->shown += k;
	s->cut += n - k;
	s->mid = true;
}

/* Does the beginning of a character wait for the rest? */
static bool
half_character(const struct text_stream *s)
{
	char room[4 * VIS_GROWTH];
	struct buf b = { .data = room, .cap = sizeof room,
		.max = sizeof room };
	struct vis v = s->vis;

	v.on = v.off = NULL;
	return vis_end(&v, &b) != 0;
}

/*
 * Ends the line in the stream and on the screen. The line end goes through
 * vis, so that an unfinished character comes out before it, and is then taken
 * back, since our notes come before it.
 */
static void
finish(struct text *t, struct text_stream *s, const char *note)
{
	if (half_character(s))
		blank(t);
	add(t, &s->vis, "\n", 1);
	if (!t->failed)
		t->out.len--;
	cut_note(t, s);
	text_put(t, "%s", note);
	text_end(t);
	s->mid = s->cr = false;
	t->open = NULL;
}

/* At most one line: n > 0 bytes with no LF but the last. */
static void
piece(struct text *t, const struct talk_event *e, struct text_stream *s,
    const char *p, size_t n)
{
	bool end = p[n - 1] == '\n', usual = !e->crlf && !t->o.ends;

	n -= end;
	resume(t, e, s);
	if (s->cr && end && n == 0)
		usual = true;
	else {
		if (s->cr)
			show(t, s, "\r", 1);
		s->cr = e->crlf && !t->o.ends && n > 0 && p[n - 1] == '\r';
		usual |= s->cr;
		show(t, s, p, n - s->cr);
	}
	s->mid = true;
	if (end) {
		if (!usual) {
			blank(t);
			text_lf(t);
		}
		finish(t, s, "");
	}
}

void
text_lines(struct text *t, const struct talk_event *e, struct text_stream *s,
    const char *p, size_t n)
{
	while (n > 0 && !t->failed) {
		const char *lf = memchr(p, '\n', n);
		size_t k = lf == NULL ? n : (size_t)(lf - p) + 1;

		piece(t, e, s, p, k);
		if (t->out.len > TEXT_FLUSH)
			text_flush(t);
		p += k;
		n -= k;
	}
	text_plain(t);
}

/* What waits is shown; the line has no end, and never will have one. */
static void
end_stream(struct text *t, const struct talk_event *e, struct text_stream *s,
    bool out)
{
	struct talk_event last = *e;
	const char *dots = text_dots(t);
	char note[32];

	if (!s->mid)
		return;
	s->mid = false;
	if (t->open != s && !s->cr && !half_character(s))
		return;
	last.out = out;
	resume(t, &last, s);
	if (s->cr)
		show(t, s, "\r", 1);
	snprintf(note, sizeof note, " %sno line end", dots);
	finish(t, s, note);
}

void
text_half(struct text *t, const struct talk_event *e, bool out)
{
	struct text_conn *c = *slot(t, e->conn);

	if (c != NULL)
		end_stream(t, e, out ? &c->out : &c->in, out);
}

void
text_closed(struct text *t, const struct talk_event *e)
{
	struct text_conn **at = slot(t, e->conn), *c = *at;

	if (c == NULL)
		return;
	end_stream(t, e, &c->in, false);
	end_stream(t, e, &c->out, true);
	*at = c->next;
	free(c);
}

void
text_forget(struct text *t)
{
	struct text_held *h;

	while ((h = t->held) != NULL) {
		t->held = h->next;
		free(h);
	}
	for (size_t i = 0; i < TEXT_BUCKETS; i++)
		while (t->conns[i] != NULL) {
			struct text_conn *c = t->conns[i];

			t->conns[i] = c->next;
			free(c);
		}
}

/* A chunk in hex, or one not shown at all, leaves no line to go on with. */
static void
begin_anew(struct text *t, const struct talk_event *e, struct text_stream *s)
{
	if (s->cr || half_character(s)) {
		resume(t, e, s);
		if (s->cr)
			show(t, s, "\r", 1);
		finish(t, s, "\\");
	}
	if (t->open == s)
		text_break(t);
	s->mid = false;
	s->shown = s->cut = 0;
}

static enum text_part
part_of(const struct talk_event *e)
{
	static const char *const names[] = {
		[PART_HEAD] = "head", [PART_FRAMING] = "framing",
		[PART_BODY] = "body",
	};
	const char *s = talk_get_str(e, TF_PART);

	if (s == NULL)
		return PART_NONE;
	for (size_t i = PART_HEAD; i < NELEMS(names); i++)
		if (strcmp(s, names[i]) == 0)
			return (enum text_part)i;
	return PART_OTHER;
}

/* In a pipe the heads go to stderr, for they are short and tell the most. */
static bool
wanted(const struct text *t, const struct talk_event *e)
{
	if (t->o.payload)
		return t->o.verbose > 0 || part_of(e) != PART_FRAMING;
	return t->o.verbose > 0 && part_of(e) == PART_HEAD;
}

static void
hide(struct text *t, const struct talk_event *e, struct text_stream *s,
    size_t n)
{
	begin_anew(t, e, s);
	text_not_shown(t, e, n, s->binary);
}

static void
in_hex(struct text *t, const struct talk_event *e, struct text_stream *s,
    const struct talk_value *v)
{
	begin_anew(t, e, s);
	text_hex(t, e, v, text_hex_most(t, e));
}

/* A message's content: its beginning, if it is text; the rest is counted. */
static void
body(struct text *t, const struct talk_event *e, struct text_stream *s,
    const struct talk_value *v)
{
	size_t n = v->b.len, room = 0;
	bool hex = text_wants_hex(t, e);

	if (s->body == 0)
		s->binary = text_is_binary(&s->vis, v->b.data, n);
	if (t->o.full)
		room = n;
	else if ((!s->binary || hex) && s->body < TALK_TEXT_BODY)
		room = TALK_TEXT_BODY - s->body;
	if (room > n)
		room = n;
	s->body += n;
	if (room > 0 && (hex || s->binary))
		in_hex(t, e, s, &(struct talk_value)TALK_B(TF_DATA,
		    v->b.data, room));
	else
		text_lines(t, e, s, v->b.data, room);
	if (room < n)
		hide(t, e, s, n - room);
}

/* A head, trailers, what is extra: each begins a line, whatever was before. */
static void
new_part(struct text *t, const struct talk_event *e, struct text_stream *s)
{
	enum text_part part = part_of(e);

	if (part == s->part)
		return;
	if (t->open == s && part != PART_BODY && part != PART_FRAMING)
		text_break(t);
	s->part = part;
	if (part == PART_HEAD) {
		s->body = 0;
		s->binary = false;
	}
}

void
text_payload(struct text *t, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_DATA);
	int64_t n = talk_get_int(e, TF_BYTES, 0);
	struct text_stream *s;

	if (v != NULL && v->b.data != NULL)
		n = (int64_t)v->b.len;
	if (n <= 0 || !wanted(t, e) || (s = stream(t, e)) == NULL)
		return;
	new_part(t, e, s);
	if (v == NULL || !v->b.data) {
		text_let_go(t, s);
		hide(t, e, s, (size_t)n);
		return;
	}
	if (part_of(e) == PART_BODY) {
		text_let_go(t, s);
		body(t, e, s, v);
		return;
	}
	if (text_too_fast(t, e, (size_t)n)) {
		text_let_go(t, s);
		hide(t, e, s, (size_t)n);
		return;
	}
	text_tell_hidden(t, e);
	if (text_wants_hex(t, e) ||
	    text_is_binary(&s->vis, v->b.data, v->b.len)) {
		text_let_go(t, s);
		in_hex(t, e, s, v);
	} else
		text_whole_lines(t, e, s, v->b.data, v->b.len);
}
