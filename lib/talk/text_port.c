/* SPDX-License-Identifier: MIT */
#include "talk/text_sink.h"

#include "base/human.h"
#include "proto/addr.h"

/*
 * A table with neither time nor mark, since its rows are sorted, not told as
 * they happen. Columns, after that of the host where there are several:
 *
 *	PORT   STATE     SERVICE      TIME   HOW
 *	22     open      ssh         0.1 ms  SYN-ACK; said "SSH-2.0-OpenSSH_9.2"
 */
enum {
	STATE_AT = 7, SERVICE_AT = 17, TIME_END = 35, HOW_AT = 37,
	HOST_MAX = 40,		/* a longer one pushes its row */
};

static const char header[] = "PORT   STATE     SERVICE      TIME   HOW";

/* What stands behind from, in characters. */
static size_t
wide(const struct text *t, size_t from)
{
	const char *p = buf_head(&t->out);
	size_t n = 0;

	for (size_t i = from; !t->failed && i < t->out.len; i++)
		n += ((unsigned char)p[i] & 0xc0) != 0x80;
	return n;
}

/* Blanks up to the column; one at least. */
static void
column(struct text *t, size_t from, size_t at)
{
	size_t have = wide(t, from);

	text_put(t, "%*s", have < at ? (int)(at - have) : 1, "");
}

static void
host(struct text *t, const struct talk_event *e)
{
	const char *name = talk_get_str(e, TF_HOST);

	text_str(t, name != NULL ? name : "?");
}

static void
scan(struct text *t, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_HOSTS);
	size_t widest = strlen("HOST");

	t->table = (struct text_table){ .begun = true };
	if (v == NULL || v->strings.n < 2)
		return;
	for (size_t i = 0; i < v->strings.n; i++) {
		size_t n = strlen(v->strings.v[i]);

		widest = n > widest ? n : widest;
	}
	t->table.host_width = (widest < HOST_MAX ? widest : HOST_MAX) + 2;
}

static void
head(struct text *t)
{
	size_t from = text_at(t);

	if (t->table.headed)
		return;
	t->table.headed = true;
	if (t->table.host_width > 0) {
		text_put(t, "HOST");
		column(t, from, t->table.host_width);
	}
	text_put(t, "%s\n", header);
}

/* The first line of it; what follows is not shown. */
static void
banner(struct text *t, const struct talk_value *v)
{
	const char *s = v->b.data;
	size_t n = 0, all = v->b.len;
	struct vis vis;

	while (n < all && s[n] != '\n' && s[n] != '\r')
		n++;
	text_vis(t, &vis);
	vis.flags |= VIS_LINE;
	text_put(t, "; said \"");
	if (!t->failed && (vis_add(&vis, &t->out, s, n) < 0 ||
	    vis_end(&vis, &t->out) < 0))
		t->failed = true;
	while (n < all && (s[n] == '\n' || s[n] == '\r'))
		n++;
	text_put(t, "%s\"", n < all ? text_dots(t) : "");
}

/* Right-aligned, so that long ones are seen to be. */
static void
took(struct text *t, size_t from, int64_t us)
{
	char text[HUMAN_TEXT] = "";
	size_t have = wide(t, from), width;

	if (us != TALK_UNKNOWN)
		human_time((uint64_t)us, text);
	width = have < TIME_END ? TIME_END - have : 0;
	text_put(t, "%s%*s", have < TIME_END - strlen(text) ? "" : " ",
	    (int)width, text);
}

static void
port(struct text *t, const struct talk_event *e)
{
	const char *state = talk_get_str(e, TF_STATE);
	const char *service = talk_get_str(e, TF_SERVICE);
	const char *words = talk_get_str(e, TF_TEXT);
	const char *meaning = talk_get_str(e, TF_MEANING);
	const struct talk_value *said = talk_get(e, TF_BANNER);
	size_t from = text_at(t);

	if (t->table.host_width > 0) {
		host(t, e);
		column(t, from, t->table.host_width);
		from = text_at(t);
	}
	text_put(t, "%d", (int)talk_get_int(e, TF_PORT, 0));
	column(t, from, STATE_AT);
	text_own(t, state != NULL ? state : "unknown");
	column(t, from, SERVICE_AT);
	text_str(t, service != NULL ? service : "-");
	took(t, from, text_int(e, TF_RTT_US));
	column(t, from, HOW_AT);
	text_own(t, words != NULL ? words : "-");
	if (said != NULL)
		banner(t, said);
	if (meaning != NULL && t->o.verbose > 0) {
		text_put(t, "; ");
		text_own(t, meaning);
	}
	text_put(t, "\n");
}

static void
count(struct text *t, const struct talk_event *e, enum talk_field f,
    const char *word)
{
	int64_t n = talk_get_int(e, f, 0);

	if (n == 0)
		return;
	text_put(t, "%s%lld %s", t->bare ? "" : ", ", (long long)n, word);
	t->bare = false;
}

/* Whether the host was named by its address, which need not be said twice. */
static bool
literal(const struct talk_event *e, const struct talk_value *addrs)
{
	const char *name = talk_get_str(e, TF_HOST);
	char ip[ADDR_TEXT];

	return addrs->addrs.n == 1 && name != NULL &&
	    strcmp(addr_ip(addrs->addrs.v, ip), name) == 0;
}

/* "localhost (127.0.0.1): 2 open, 5 closed, 1 filtered of 8 in 3.0 s" */
static void
scanned(struct text *t, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_ADDRS);
	const char *note = talk_get_str(e, TF_TEXT);

	host(t, e);
	if (v != NULL && v->addrs.n > 0 && !literal(e, v)) {
		text_put(t, " (");
		text_addrs(t, v->addrs.v, v->addrs.n);
		text_put(t, ")");
	}
	text_put(t, ": ");
	t->bare = true;
	count(t, e, TF_OPEN, "open");
	count(t, e, TF_CLOSED, "closed");
	count(t, e, TF_FILTERED, "filtered");
	count(t, e, TF_UNREACHABLE, "unreachable");
	count(t, e, TF_ERRORS, "not asked");
	text_put(t, "%s of %lld in ", t->bare ? "none" : "",
	    (long long)talk_get_int(e, TF_PORTS, 0));
	text_time(t, talk_get_int(e, TF_DUR_US, 0));
	if (note != NULL)
		text_put(t, "  (%s)", note);
	text_put(t, "\n");
}

bool
text_table(struct text *t, const struct talk_event *e)
{
	switch (e->kind) {
	case TALK_SCAN:
		scan(t, e);
		return true;
	case TALK_PORT:
		if (e->wordy && t->o.verbose == 0)
			return true;
		head(t);
		port(t, e);
		return true;
	case TALK_SCANNED:
		scanned(t, e);
		return true;
	case TALK_SUMMARY:
		return t->table.begun;	/* each host's line has said it */
	default:
		return false;
	}
}
