/* SPDX-License-Identifier: MIT */
#include "proto/starttls_parts.h"

enum tag_kind { TAG_OPEN, TAG_CLOSE, TAG_EMPTY, TAG_PROLOG };

struct tag {
	enum tag_kind	 kind;
	const char	*start;
	const char	*name;		/* without its prefix */
	size_t		 len;
};

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The '>' that ends it, which may stand in a value, too; or NULL. */
static const char *
end_of(const char *p, const char *end)
{
	char quote = '\0';

	for (; p < end; p++) {
		if (quote == '\0' && *p == '>')
			return p;
		if (quote == *p)
			quote = '\0';
		else if (quote == '\0' && (*p == '"' || *p == '\''))
			quote = *p;
	}
	return NULL;
}

static void
take_name(struct tag *t, const char *p, const char *end)
{
	const char *from = p;

	while (p < end && !blank(*p) && *p != '/') {
		if (*p == ':')
			from = p + 1;
		p++;
	}
	t->name = from;
	t->len = (size_t)(p - from);
}

/*
 * 0: there is none yet; -1: RFC 6120 11.1 has no comments, DTDs and such, and
 * between what is said stands no text.
 */
static int
next_tag(struct starttls_cut *c, struct tag *t, bool text)
{
	const char *end = c->p + c->n, *p = c->p + c->at, *close;

	while (p < end && *p != '<') {
		if (!text && !blank(*p))
			return -1;
		p++;
	}
	if (end - p < 2)
		return 0;
	if (p[1] == '!')
		return -1;
	t->start = p;
	if ((close = end_of(p, end)) == NULL)
		return 0;
	t->kind = p[1] == '?' ? TAG_PROLOG : p[1] == '/' ? TAG_CLOSE :
	    close[-1] == '/' ? TAG_EMPTY : TAG_OPEN;
	take_name(t, p + 1 + (t->kind == TAG_CLOSE || t->kind == TAG_PROLOG),
	    close);
	c->at = (size_t)(close + 1 - c->p);
	return 1;
}

static bool
is(const struct tag *t, const char *name)
{
	return t->len == strlen(name) && memcmp(t->name, name, t->len) == 0;
}

/* A child of the stream is whole. */
static enum starttls_state
judge(struct starttls *s, struct starttls_cut *c, const struct tag *child,
    const char *wanted)
{
	c->line = child->start;
	c->len = (size_t)(c->p + c->at - child->start);
	if (is(child, "failure") || is(child, "error"))
		return STARTTLS_REFUSED;
	if (!is(child, wanted))
		return STARTTLS_STRANGE;
	if (s->step > 0)
		return STARTTLS_SPEAK;
	while (c->at < c->n && blank(c->p[c->at]))
		c->at++;
	return s->offered ? STARTTLS_SPEAK : STARTTLS_NOT_OFFERED;
}

/* RFC 6120 4.2: within the stream each child of it is one thing said. */
static enum starttls_state
children(struct starttls *s, struct starttls_cut *c, const char *wanted)
{
	unsigned depth = s->step > 0;	/* of tags that are open */
	struct tag t, child = { 0 };
	int r;

	while ((r = next_tag(c, &t, depth > 1)) > 0) {
		if (depth == 0 && t.kind == TAG_PROLOG)
			continue;
		if (t.kind == TAG_PROLOG ||
		    (depth == 0 && (t.kind != TAG_OPEN || !is(&t, "stream"))))
			return STARTTLS_STRANGE;
		if (depth == 1 && t.kind == TAG_CLOSE) {
			c->line = t.start;
			c->len = (size_t)(c->p + c->at - t.start);
			return STARTTLS_REFUSED;
		}
		if (depth == 1)
			child = t;
		if (depth == 2 && is(&child, "features") && is(&t, "starttls"))
			s->offered = true;
		depth += t.kind == TAG_OPEN;
		depth -= t.kind == TAG_CLOSE;
		if (depth == 1 && child.start != NULL)
			return judge(s, c, &child, wanted);
	}
	return r == 0 ? STARTTLS_MORE : STARTTLS_STRANGE;
}

enum starttls_state
starttls_xmpp(struct starttls *s, struct starttls_cut *c, const char *wanted)
{
	enum starttls_state state;

	c->len = c->n;
	state = children(s, c, wanted);
	return starttls_said(s, c, state);
}
