/* SPDX-License-Identifier: MIT */
#include "talk/text_sink.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <time.h>

#include "base/human.h"
#include "proto/addr.h"
#include "talk/out.h"

enum {
	TIME_WIDTH = 8,		/* "  0.0000" */
	WALL_WIDTH = 13,	/* "17:42:39.1234" */
	VERB_WIDTH = 10,	/* the longest verb, and a blank */
	GAP = 3,		/* blanks between columns, at least */
	TICK_NS = 100000,	/* what the time column shows: 0.1 ms */
	TICKS_PER_S = 10000,
};

void
text_put(struct text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (!t->failed && buf_vprintf(&t->out, fmt, ap) < 0) {
		errno = ENOBUFS;
		t->failed = true;
	}
	va_end(ap);
}

bool
text_edited(const struct text *t)
{
	return t->o.over != NULL && t->o.over->write != NULL;
}

static int
leave(const struct text *t)
{
	const struct talk_over *over = t->o.over;
	const char *p = buf_head(&t->out);

	return text_edited(t) ? over->write(over->arg, p, t->out.len) :
	    talk_out(t->o.fd, p, t->out.len);
}

void
text_flush(struct text *t)
{
	if (!t->failed && t->out.len > 0 && leave(t) < 0)
		t->failed = true;
	buf_clear(&t->out);
}

const char *
text_sign(const struct text *t, enum text_mark m)
{
	static const char *const arrows[MARKS] = { "*", "→", "←", "!" };
	static const char *const ascii[MARKS] = { "*", ">", "<", "!" };
	static const char *const words[MARKS] = {
		"info:", "sent:", "received:", "error:",
	};

	if (t->o.marks == TALK_MARKS_WORDS)
		return words[m];
	return t->o.marks == TALK_MARKS_AUTO && t->o.utf8 ? arrows[m] :
	    ascii[m];
}

const char *
text_dots(const struct text *t)
{
	return t->o.marks == TALK_MARKS_AUTO && t->o.utf8 ? "…" : "...";
}

enum text_mark
text_way(const struct talk_event *e)
{
	return e->out ? MARK_SENT : MARK_RECEIVED;
}

void
text_color(struct text *t, enum text_mark m)
{
	static const char *const sgr[MARKS] = {
		[MARK_SENT] = "\033[36m", [MARK_RECEIVED] = "\033[33m",
		[MARK_TROUBLE] = "\033[1;31m",
	};

	if (!t->o.color || sgr[m] == NULL)
		return;
	text_put(t, "%s", sgr[m]);
	t->colored = true;
}

void
text_plain(struct text *t)
{
	if (t->colored)
		text_put(t, "\033[m");
	t->colored = false;
}

void
text_vis(const struct text *t, struct vis *v)
{
	*v = (struct vis){ .flags = t->o.utf8 ? 0 : VIS_ASCII };
	if (t->o.color) {
		v->on = "\033[7m";
		v->off = "\033[27m";
	}
}

void
text_lf(struct text *t)
{
	struct vis v;

	text_vis(t, &v);
	v.flags |= VIS_LINE;
	if (!t->failed && vis_add(&v, &t->out, "\n", 1) < 0) {
		errno = ENOBUFS;
		t->failed = true;
	}
}

static int
time_width(const struct text *t)
{
	if (t->o.time == TALK_TIME_NONE)
		return 0;
	return 1 + (t->o.time == TALK_TIME_WALL ? WALL_WIDTH : TIME_WIDTH);
}

/* Eight columns for three years: the whole part pushes the decimals out. */
static void
seconds(struct text *t, uint64_t ticks)
{
	uint64_t whole = ticks / TICKS_PER_S;
	unsigned part = (unsigned)(ticks % TICKS_PER_S);
	char text[32];

	snprintf(text, sizeof text, "%3" PRIu64 ".%04u", whole, part);
	text[text[TIME_WIDTH - 1] == '.' ? TIME_WIDTH - 1 : TIME_WIDTH] = '\0';
	text_put(t, "%*s ", TIME_WIDTH, text);
}

static void
wall(struct text *t, uint64_t wall_ns)
{
	time_t s = (time_t)(wall_ns / NS_PER_S);
	struct tm tm;
	char text[16];

	localtime_r(&s, &tm);
	strftime(text, sizeof text, "%H:%M:%S", &tm);
	text_put(t, "%s.%04u ", text,
	    (unsigned)(wall_ns % NS_PER_S / TICK_NS));
}

static void
when(struct text *t, const struct talk_event *e)
{
	uint64_t tick = e->t_ns / TICK_NS, before = t->tick;
	bool same = !t->first && tick == before;

	t->tick = tick;
	t->first = false;
	if (t->o.time == TALK_TIME_NONE)
		return;
	if (same)
		text_put(t, "%*s", time_width(t), "");
	else if (t->o.time == TALK_TIME_WALL)
		wall(t, e->wall_ns);
	else
		seconds(t, t->o.time == TALK_TIME_REL ? tick : tick - before);
}

/* For ears and fingers: one blank, and no mark that says the verb again. */
static void
in_words(struct text *t, enum text_mark m, const char *verb)
{
	if (verb == NULL)
		text_put(t, "%s", text_sign(t, m));
	else if (strcmp(verb, "warning") == 0 || strcmp(verb, "error") == 0)
		text_put(t, "%s: ", verb);
	else
		text_put(t, "%s %s ", text_sign(t, m), verb);
}

void
text_begin(struct text *t, const struct talk_event *e, enum text_mark m,
    const char *verb)
{
	int used = 0;
	char number[16];

	text_break(t);
	when(t, e);
	if (t->o.numbered && e->conn != 0) {
		used = snprintf(number, sizeof number, "#%u ", e->conn);
		text_put(t, "%s", number);
	}
	text_color(t, m);
	t->bare = verb == NULL;
	if (t->o.marks == TALK_MARKS_WORDS) {
		in_words(t, m, verb);
		return;
	}
	text_put(t, "%s", text_sign(t, m));
	if (verb == NULL)
		return;
	if (m == MARK_SENT || m == MARK_RECEIVED) {
		text_put(t, " *");
		used += 2;
	}
	text_put(t, " %-*s ", VERB_WIDTH - used - 1, verb);
}

int
text_margin(const struct text *t, const struct talk_event *e)
{
	bool words = t->o.marks == TALK_MARKS_WORDS;
	int n = time_width(t);

	if (t->o.numbered && e->conn != 0)
		n += snprintf(NULL, 0, "#%u ", e->conn);
	return n + (words ? (int)strlen(text_sign(t, text_way(e))) : 1);
}

void
text_below(struct text *t, bool under_text)
{
	int in = time_width(t);

	if (under_text && t->o.marks != TALK_MARKS_WORDS)
		in += 2 + VERB_WIDTH;
	text_put(t, "%*s", in, "");
}

void
text_end(struct text *t)
{
	text_plain(t);
	text_put(t, "\n");
}

void
text_str(struct text *t, const char *s)
{
	size_t n, show;
	struct vis v;

	if (t->failed)
		return;
	if (s == NULL)
		s = "?";
	n = strlen(s);
	show = n > TALK_TEXT_LINE ? TALK_TEXT_LINE : n;
	text_vis(t, &v);
	v.flags |= VIS_LINE;
	if (vis_add(&v, &t->out, s, show) < 0 || vis_end(&v, &t->out) < 0) {
		errno = ENOBUFS;
		t->failed = true;
	}
	if (show < n)
		text_put(t, " %s +%zu B", text_dots(t), n - show);
}

/* vis doubles a backslash, and ours stand for escapes already. */
void
text_own(struct text *t, const char *s)
{
	char part[256];

	if (s == NULL)
		s = "?";
	while (*s != '\0') {
		size_t n = strcspn(s, "\\");

		n = n < sizeof part ? n : sizeof part - 1;
		snprintf(part, sizeof part, "%.*s", (int)n, s);
		text_str(t, part);
		s += n;
		if (*s == '\\') {
			text_put(t, "\\");
			s++;
		}
	}
}

void
text_addr(struct text *t, const struct addr *a)
{
	char text[ADDR_TEXT];

	/* Not every terminal takes what a path may hold. */
	if (a != NULL && addr_family(a) == AF_UNIX)
		text_own(t, addr_text(a, text));
	else
		text_put(t, "%s", a == NULL ? "" : addr_text(a, text));
}

void
text_size(struct text *t, int64_t bytes)
{
	char text[HUMAN_TEXT];

	text_put(t, "%s", human_size((uint64_t)bytes, text));
}

void
text_time(struct text *t, int64_t us)
{
	char text[HUMAN_TEXT];

	text_put(t, "%s", human_time((uint64_t)us, text));
}

size_t
text_at(const struct text *t)
{
	return t->out.len;
}

/* Counts characters, not bytes; what is wider than its column pushes on. */
void
text_pad(struct text *t, size_t from, size_t width)
{
	const char *p = buf_head(&t->out);
	size_t have = 0;
	bool words = t->o.marks == TALK_MARKS_WORDS;

	if (t->failed)
		return;
	for (size_t i = from; i < t->out.len; i++)
		have += ((unsigned char)p[i] & 0xc0) != 0x80;
	text_put(t, "%*s", words ? 1 : have + GAP > width ? GAP :
	    (int)(width - have), "");
}

const char *
text_peer(const struct text *t)
{
	const char *s = t->o.peer_word;

	return strncmp(s, "the ", 4) == 0 ? s + 4 : s;
}

int64_t
text_int(const struct talk_event *e, enum talk_field f)
{
	return talk_get_int(e, f, TALK_UNKNOWN);
}
