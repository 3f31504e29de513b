/* SPDX-License-Identifier: MIT */
#include "proto/starttls.h"

#include "proto/starttls_parts.h"

enum { STEPS = 3 };

typedef enum starttls_state parse(struct starttls *, struct starttls_cut *,
	    const char *wanted);

static parse smtp, ftp, pop3, imap;

/* RFC 4511 4.14.1: message 1, an ExtendedRequest for this OID. */
#define LDAP_REQUEST "\x30\x1d\x02\x01\x01\x77\x18\x80\x16" \
    "1.3.6.1.4.1.1466.20037"
/* Its length, 8; 1234 and 5679, which no version of the protocol has. */
#define POSTGRES_REQUEST "\0\0\0\x08\x04\xd2\x16\x2f"

/* "%s" in what we say is the name of whom we call. */
static const struct dialogue {
	const char	*name;
	parse		*parse;
	struct {
		const char	*say;	/* NULL: they speak first */
		size_t		 len;
		const char	*wanted;	/* NULL: no such step */
	} step[STEPS];
} dialogues[STARTTLS_PROTOS] = {
#define SAY(text) (text), sizeof(text) - 1
	[STARTTLS_SMTP] = { "smtp", smtp, {
	    { NULL, 0, "220" },
	    { SAY("EHLO localhost\r\n"), "250" },
	    { SAY("STARTTLS\r\n"), "220" } } },
	[STARTTLS_IMAP] = { "imap", imap, {
	    { NULL, 0, "* OK" },
	    { SAY("a STARTTLS\r\n"), "a OK" } } },
	[STARTTLS_POP3] = { "pop3", pop3, {
	    { NULL, 0, "+OK" },
	    { SAY("STLS\r\n"), "+OK" } } },
	[STARTTLS_FTP] = { "ftp", ftp, {
	    { NULL, 0, "220" },
	    { SAY("AUTH TLS\r\n"), "234" } } },
	[STARTTLS_XMPP] = { "xmpp", starttls_xmpp, {
	    { SAY("<?xml version='1.0'?><stream:stream to='%s' "
	    "version='1.0' xmlns='jabber:client' "
	    "xmlns:stream='http://etherx.jabber.org/streams'>"), "features" },
	    { SAY("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
	    "proceed" } } },
	[STARTTLS_LDAP] = { "ldap", starttls_ldap, {
	    { SAY(LDAP_REQUEST), "" } } },
	[STARTTLS_POSTGRES] = { "postgres", starttls_postgres, {
	    { SAY(POSTGRES_REQUEST), "S" } } },
#undef SAY
};

const char *
starttls_name(enum starttls_proto p)
{
	return dialogues[p].name;
}

void
starttls_init(struct starttls *s, enum starttls_proto p)
{
	*s = (struct starttls){ .proto = p };
}

/* A name within an attribute's apostrophes. */
static size_t
escaped(char *dst, size_t size, const char *name)
{
	size_t n = 0;

	for (; *name != '\0' && n + sizeof "&#255;" < size; name++)
		if (strchr("&<>'\"", *name) != NULL || (*name & 0xe0) == 0)
			n += (size_t)snprintf(dst + n, size - n, "&#%d;",
			    (unsigned char)*name);
		else
			dst[n++] = *name;
	return n;
}

size_t
starttls_words(const struct starttls *s, const char *name,
    char dst[static STARTTLS_WORDS])
{
	const struct dialogue *d = &dialogues[s->proto];
	const char *say = d->step[s->step].say, *hole;
	size_t len = d->step[s->step].len, n;

	if (say == NULL)
		return 0;
	memcpy(dst, say, len);
	hole = memmem(say, len, "%s", 2);
	if (hole == NULL)
		return len;
	n = (size_t)(hole - say);
	len -= n + 2;
	n += escaped(dst + n, STARTTLS_WORDS - n - len, name);
	memcpy(dst + n, hole + 2, len);
	return n + len;
}

int
starttls_line(struct starttls_cut *c)
{
	const char *p = c->p + c->at;
	const char *lf = memchr(p, '\n', c->n - c->at);

	c->line = p;
	c->len = lf != NULL ? (size_t)(lf - p) : c->n - c->at;
	if (lf == NULL)
		return 0;
	c->at += c->len + 1;
	if (c->len == 0 || lf[-1] != '\r')
		return -1;
	c->len--;
	return 1;
}

static bool
begins(const struct starttls_cut *c, const char *word)
{
	size_t n = strlen(word);

	return c->len >= n && strncasecmp(c->line, word, n) == 0 &&
	    (c->len == n || c->line[n] == ' ');
}

enum starttls_state
starttls_said(struct starttls *s, const struct starttls_cut *c,
    enum starttls_state state)
{
	s->said = c->line;
	s->said_len = c->len;
	return state;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "220 ready", "250-SIZE", "220" */
static bool
has_code(const struct starttls_cut *c)
{
	return c->len >= 3 && digit(c->line[0]) && digit(c->line[1]) &&
	    digit(c->line[2]) &&
	    (c->len == 3 || c->line[3] == ' ' || c->line[3] == '-');
}

static bool
is_last(const struct starttls_cut *c, const char *code)
{
	return has_code(c) && memcmp(c->line, code, 3) == 0 &&
	    (c->len == 3 || c->line[3] == ' ');
}

/*
 * RFC 5321 4.2.1: each line has the code. RFC 959 4.2: the first and the last
 * have, between them stands anything; 1yz announces another reply.
 */
static enum starttls_state
reply(struct starttls *s, struct starttls_cut *c, const char *wanted,
    bool each)
{
	char code[4] = "";
	int r;

	while ((r = starttls_line(c)) > 0) {
		if ((code[0] == '\0' || each) && !has_code(c))
			break;
		if (code[0] == '\0')
			memcpy(code, c->line, 3);
		if (each && memcmp(c->line, code, 3) != 0)
			break;
		if (each && c->len >= 12 &&
		    strncasecmp(c->line + 4, "STARTTLS", 8) == 0 &&
		    (c->len == 12 || c->line[12] == ' '))
			s->offered = true;
		if (!is_last(c, code))
			continue;
		if (each || code[0] != '1')
			return starttls_said(s, c, memcmp(code, wanted, 3) == 0
			    ? STARTTLS_SPEAK : STARTTLS_REFUSED);
		code[0] = '\0';
	}
	return starttls_said(s, c, r == 0 ? STARTTLS_MORE : STARTTLS_STRANGE);
}

static enum starttls_state
smtp(struct starttls *s, struct starttls_cut *c, const char *wanted)
{
	enum starttls_state state = reply(s, c, wanted, true);

	/* RFC 3207 4: who knows it names it in the answer to EHLO. */
	return state == STARTTLS_SPEAK && s->step == 1 && !s->offered ?
	    STARTTLS_NOT_OFFERED : state;
}

static enum starttls_state
ftp(struct starttls *s, struct starttls_cut *c, const char *wanted)
{
	return reply(s, c, wanted, false);
}

static enum starttls_state
pop3(struct starttls *s, struct starttls_cut *c, const char *wanted)
{
	int r = starttls_line(c);

	if (r > 0 && begins(c, wanted))
		return starttls_said(s, c, STARTTLS_SPEAK);
	if (r > 0 && begins(c, "-ERR"))
		return starttls_said(s, c, STARTTLS_REFUSED);
	return starttls_said(s, c, r == 0 ? STARTTLS_MORE : STARTTLS_STRANGE);
}

/*
 * RFC 9051 7: untagged lines may come at any time, behind the greeting, too.
 * PREAUTH is a refusal, for there can be no STARTTLS any more (11.1).
 */
static enum starttls_state
imap(struct starttls *s, struct starttls_cut *c, const char *wanted)
{
	bool greeted = false;
	int r;

	while ((r = starttls_line(c)) > 0) {
		if (begins(c, wanted)) {
			starttls_said(s, c, STARTTLS_SPEAK);
			greeted = true;
			if (wanted[0] != '*' || c->at == c->n)
				return STARTTLS_SPEAK;
			continue;
		}
		if (begins(c, "* BYE") || begins(c, "a NO") ||
		    begins(c, "a BAD") || begins(c, "* PREAUTH"))
			return starttls_said(s, c, STARTTLS_REFUSED);
		if (!begins(c, "*") || (wanted[0] == '*' && !greeted))
			break;
		if (greeted && c->at == c->n)
			return STARTTLS_SPEAK;
	}
	return starttls_said(s, c, r == 0 ? STARTTLS_MORE : STARTTLS_STRANGE);
}

enum starttls_state
starttls_answer(struct starttls *s, const char *p, size_t n)
{
	const struct dialogue *d = &dialogues[s->proto];
	struct starttls_cut c = { .p = p, .n = n, .line = p };
	enum starttls_state state = d->parse(s, &c, d->step[s->step].wanted);
	bool last = s->step + 1 == STEPS || d->step[s->step + 1].wanted == NULL;

	if (state == STARTTLS_MORE && n >= STARTTLS_ANSWER)
		return STARTTLS_LONG;
	if (state != STARTTLS_SPEAK)
		return state;
	if (c.at < n) {
		c.line = p + c.at;
		c.len = n - c.at;
		return starttls_said(s, &c, STARTTLS_BEHIND);
	}
	if (last)
		return STARTTLS_AGREED;
	s->step++;
	return STARTTLS_SPEAK;
}
