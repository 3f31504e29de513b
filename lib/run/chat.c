/* SPDX-License-Identifier: MIT */
#include "run/chat.h"

#include <locale.h>
#include <strings.h>

#include "base/vis.h"
#include "run/guest.h"

#define HOST "host"		/* who types at the server's terminal */

struct chatter {
	char		 name[CHAT_NAME + 1];
	struct buf	 line;		/* so far */
	bool		 too_long;	/* thrown away until its end */
};

struct chat {
	locale_t	 utf8;		/* 0: then ASCII is all that passes */
	char		*said[CHAT_HISTORY];	/* a ring, with their LF */
	unsigned	 nsaid;		/* ever */
};

struct chat *
chat_new(void)
{
	struct chat *c = calloc(1, sizeof *c);

	if (c != NULL)
		c->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return c;
}

void
chat_free(struct chat *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < NELEMS(c->said); i++)
		free(c->said[i]);
	if (c->utf8 != (locale_t)0)
		freelocale(c->utf8);
	free(c);
}

const char *
chat_name(const struct guest *g)
{
	return g->chatter != NULL ? g->chatter->name : "";
}

/* One line of ours to a guest. */
PRINTF_LIKE(2, 3) static void
tell(struct guest *g, const char *fmt, ...)
{
	struct buf b = BUF_MAX(4 * CHAT_LINE);
	va_list ap;

	va_start(ap, fmt);
	if (buf_vprintf(&b, fmt, ap) == 0 &&
	    buf_add(&b, g->room->opts.crlf ? "\r\n" : "\n",
	    g->room->opts.crlf ? 2 : 1) == 0)
		guest_send(g, buf_head(&b), b.len);
	va_end(ap);
	buf_free(&b);
}

/* To all who have a name already, and into the history. */
static void
announce(struct room *m, const struct guest *but, const char *line)
{
	char **place = &m->chat->said[m->chat->nsaid++ % CHAT_HISTORY];

	free(*place);
	*place = strdup(line);
	for (struct guest *g = m->guests; g != NULL; g = g->next)
		if (g != but && *chat_name(g) != '\0')
			tell(g, "%s", line);
}

/* Text that shows as itself on any terminal; tabs are. */
static bool
is_plain(const struct chat *c, const char *p, size_t n)
{
	locale_t before = (locale_t)0;
	struct buf b = BUF_MAX(n * VIS_GROWTH + 16);
	struct vis v = { .flags = c->utf8 == (locale_t)0 ? VIS_ASCII : 0 };
	bool plain;

	if (c->utf8 != (locale_t)0)
		before = uselocale(c->utf8);
	plain = vis_add(&v, &b, p, n) == 0 && vis_end(&v, &b) == 0;
	if (c->utf8 != (locale_t)0)
		uselocale(before);
	buf_free(&b);
	return plain;
}

static bool
taken(const struct room *m, const char *name)
{
	for (const struct guest *g = m->guests; g != NULL; g = g->next)
		if (strcasecmp(chat_name(g), name) == 0)
			return true;
	return strcasecmp(name, HOST) == 0;
}

static void
ask(struct guest *g)
{
	tell(g, "* your name?");
}

void
chat_enter(struct guest *g)
{
	if ((g->chatter = calloc(1, sizeof *g->chatter)) == NULL) {
		guest_go(g);
		return;
	}
	buf_init(&g->chatter->line, CHAT_LINE + 2);
	ask(g);
}

/* "3 others are here: ann, bob, cy" */
static void
list(struct guest *to)
{
	struct buf b = BUF_MAX(CHAT_LIST * (CHAT_NAME + 2) + 64);
	unsigned named = 0, shown = 0;
	int bad = 0;

	for (const struct guest *g = to->room->guests; g != NULL; g = g->next) {
		if (g == to || g->leaving || *chat_name(g) == '\0')
			continue;
		named++;
		if (shown < CHAT_LIST)
			bad |= buf_printf(&b, "%s%s", shown++ ? ", " : ": ",
			    chat_name(g));
	}
	if (named > shown)
		bad |= buf_printf(&b, " and %u more", named - shown);
	if (named == 0)
		tell(to, "* nobody else is here");
	else if (bad == 0)
		tell(to, "* %u other%s here%.*s", named,
		    named == 1 ? " is" : "s are", (int)b.len, buf_head(&b));
	buf_free(&b);
}

static void
recall(struct guest *g)
{
	const struct chat *c = g->room->chat;
	unsigned i = c->nsaid > CHAT_HISTORY ? c->nsaid - CHAT_HISTORY : 0;

	for (; i < c->nsaid; i++)
		if (c->said[i % CHAT_HISTORY] != NULL)
			tell(g, "%s", c->said[i % CHAT_HISTORY]);
}

/* The first line: "" if it will do, or what is wrong with it. */
static const char *
wrong_name(const struct guest *g, const char *p, size_t n)
{
	char name[CHAT_NAME + 1];

	if (n == 0)
		return "a name has at least one letter";
	if (n > CHAT_NAME)
		return "a name has at most 24 bytes";
	if (memchr(p, ' ', n) != NULL || memchr(p, '\t', n) != NULL ||
	    memchr(p, '<', n) != NULL ||
	    memchr(p, '>', n) != NULL || memchr(p, '\\', n) != NULL ||
	    p[0] == '/' || p[0] == '*' || !is_plain(g->room->chat, p, n))
		return "a name has no blanks, brackets or control bytes";
	snprintf(name, sizeof name, "%.*s", (int)n, p);
	return taken(g->room, name) ? "that name is taken" : NULL;
}

static void
join(struct guest *g, const char *p, size_t n)
{
	const char *wrong = wrong_name(g, p, n);
	char line[CHAT_NAME + 16];

	if (wrong != NULL) {
		tell(g, "* %s; your name?", wrong);
		return;
	}
	recall(g);
	list(g);
	snprintf(g->chatter->name, sizeof g->chatter->name, "%.*s", (int)n, p);
	talk_note(g->conn->talk, g->conn->id, "joined", "%s joined",
	    chat_name(g));
	snprintf(line, sizeof line, "* %s joined", chat_name(g));
	announce(g->room, g, line);
	tell(g, "* you are %s; /who lists, /quit leaves", chat_name(g));
}

void
chat_left(struct guest *g)
{
	struct chatter *c = g->chatter;
	char line[CHAT_NAME + 16];

	g->chatter = NULL;
	if (c == NULL)
		return;
	if (c->name[0] != '\0') {
		talk_note(g->conn->talk, g->conn->id, "left", "%s left",
		    c->name);
		snprintf(line, sizeof line, "* %s left", c->name);
		announce(g->room, g, line);
	}
	buf_free(&c->line);
	free(c);
}

static void
speak(struct room *m, const struct guest *from, const char *p, size_t n)
{
	char line[CHAT_NAME + CHAT_LINE + 8];

	snprintf(line, sizeof line, "<%s> %.*s", from != NULL ?
	    chat_name(from) : HOST, (int)n, p);
	announce(m, from, line);
}

/* The others hear of it now, even if the client takes its time to close. */
static void
quit(struct guest *g)
{
	guest_finish(g);
	chat_left(g);
}

static void
command(struct guest *g, const char *p, size_t n)
{
	if (n == 4 && memcmp(p, "/who", 4) == 0)
		list(g);
	else if (n == 5 && memcmp(p, "/quit", 5) == 0)
		quit(g);
	else
		tell(g, "* commands are /who and /quit; // says a slash");
}

/* A whole line, without its end. */
static void
said(struct guest *g, const char *p, size_t n)
{
	if (n > 0 && p[n - 1] == '\r')
		n--;
	if (*chat_name(g) == '\0')
		join(g, p, n);
	else if (n > CHAT_LINE)
		tell(g, "* not said: over %d bytes", CHAT_LINE);
	else if (!is_plain(g->room->chat, p, n))
		tell(g, "* not said: it has control bytes");
	else if (n > 1 && p[0] == '/' && p[1] == '/')
		speak(g->room, g, p + 1, n - 1);
	else if (n > 0 && p[0] == '/')
		command(g, p, n);
	else if (n > 0)
		speak(g->room, g, p, n);
}

/* Up to CHAT_LINE and a CR are held; beyond, a line is counted out. */
void
chat_said(struct guest *g, const char *p, size_t n)
{
	struct chatter *c = g->chatter;

	while (n > 0 && c != NULL && !g->leaving) {
		const char *nl = memchr(p, '\n', n);
		size_t k = nl != NULL ? (size_t)(nl - p) : n;

		c->too_long |= buf_add(&c->line, p, k) < 0;
		p += k + (nl != NULL);
		n -= k + (nl != NULL);
		if (nl == NULL)
			return;
		if (c->too_long)
			tell(g, "* not said: over %d bytes", CHAT_LINE);
		else
			said(g, buf_head(&c->line), c->line.len);
		if (g->chatter == NULL)
			return;		/* has quit */
		c->too_long = false;
		buf_free(&c->line);
	}
}

void
chat_ended(struct guest *g)
{
	if (g->chatter != NULL && g->chatter->line.len > 0)
		chat_said(g, "\n", 1);
}

void
chat_typed(struct room *m, const char *p, size_t n)
{
	if (n > CHAT_LINE)
		talk_warn(&m->session->talk, 0, "line",
		    "a line of over %d bytes was not said", CHAT_LINE);
	else if (!is_plain(m->chat, p, n))
		talk_warn(&m->session->talk, 0, "line",
		    "a line with control bytes was not said");
	else if (n > 0)
		speak(m, NULL, p, n);
}
