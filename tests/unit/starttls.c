/* SPDX-License-Identifier: MIT */
#include "proto/starttls.h"

#include "unit.h"

#define STREAM "<stream:stream xmlns='jabber:client' id='>'>"
#define FEATURES "<stream:features><starttls/></stream:features>"

struct row {
	enum starttls_proto proto;
	unsigned step;		/* which answer it is */
	const char *in;
	enum starttls_state state;
	const char *said;	/* NULL: whatever */
};

/* clang-format off */
static const struct row rows[] = {
	/* lines with codes */
	{ STARTTLS_SMTP, 0, "", STARTTLS_MORE, NULL },
	{ STARTTLS_SMTP, 0, "220 a\r", STARTTLS_MORE, NULL },
	{ STARTTLS_SMTP, 0, "220 a\r\n", STARTTLS_SPEAK, "220 a" },
	{ STARTTLS_SMTP, 0, "220\r\n", STARTTLS_SPEAK, "220" },
	{ STARTTLS_SMTP, 0, "220 a\n", STARTTLS_STRANGE, "220 a" },
	{ STARTTLS_SMTP, 0, "\n", STARTTLS_STRANGE, "" },
	{ STARTTLS_SMTP, 0, "220-a\r\n", STARTTLS_MORE, NULL },
	{ STARTTLS_SMTP, 0, "220-a\r\n220 b\r\n", STARTTLS_SPEAK, "220 b" },
	{ STARTTLS_SMTP, 0, "220-a\r\n221 b\r\n", STARTTLS_STRANGE, "221 b" },
	{ STARTTLS_SMTP, 0, "220-a\r\nb\r\n", STARTTLS_STRANGE, "b" },
	{ STARTTLS_SMTP, 0, "22 a\r\n", STARTTLS_STRANGE, "22 a" },
	{ STARTTLS_SMTP, 0, "2200 a\r\n", STARTTLS_STRANGE, "2200 a" },
	{ STARTTLS_SMTP, 0, "554 no\r\n", STARTTLS_REFUSED, "554 no" },
	{ STARTTLS_SMTP, 0, "220 a\r\n250 b\r\n", STARTTLS_BEHIND, "250 b\r\n" },
	{ STARTTLS_SMTP, 0, "220 a\r\n2", STARTTLS_BEHIND, "2" },
	{ STARTTLS_SMTP, 1, "250 STARTTLS\r\n", STARTTLS_SPEAK, NULL },
	{ STARTTLS_SMTP, 1, "250-a\r\n250-starttls x\r\n250 b\r\n", STARTTLS_SPEAK, NULL },
	{ STARTTLS_SMTP, 1, "250 XSTARTTLS\r\n", STARTTLS_NOT_OFFERED, NULL },
	{ STARTTLS_SMTP, 1, "250 STARTTLSX\r\n", STARTTLS_NOT_OFFERED, NULL },
	{ STARTTLS_SMTP, 1, "500 STARTTLS\r\n", STARTTLS_REFUSED, NULL },
	{ STARTTLS_SMTP, 2, "220 go\r\n", STARTTLS_AGREED, NULL },
	{ STARTTLS_SMTP, 2, "454 no\r\n", STARTTLS_REFUSED, "454 no" },
	{ STARTTLS_SMTP, 2, "220 go\r\n\r\n", STARTTLS_BEHIND, "\r\n" },
	{ STARTTLS_FTP, 0, "220-a\r\nb\r\n220-c\r\n220 d\r\n", STARTTLS_SPEAK, "220 d" },
	{ STARTTLS_FTP, 0, "120 a\r\n", STARTTLS_MORE, NULL },
	{ STARTTLS_FTP, 0, "120 a\r\n220 b\r\n", STARTTLS_SPEAK, "220 b" },
	{ STARTTLS_FTP, 0, "120 a\r\nb\r\n", STARTTLS_STRANGE, "b" },
	{ STARTTLS_FTP, 1, "234 go\r\n", STARTTLS_AGREED, NULL },
	{ STARTTLS_FTP, 1, "220 go\r\n", STARTTLS_REFUSED, NULL },
	{ STARTTLS_FTP, 1, "234 go\r\n234 go\r\n", STARTTLS_BEHIND, NULL },
	/* words */
	{ STARTTLS_POP3, 0, "+OK\r\n", STARTTLS_SPEAK, NULL },
	{ STARTTLS_POP3, 0, "+OKAY\r\n", STARTTLS_STRANGE, NULL },
	{ STARTTLS_POP3, 1, "+OK go\r\n", STARTTLS_AGREED, NULL },
	{ STARTTLS_POP3, 1, "-ERR no\r\n", STARTTLS_REFUSED, "-ERR no" },
	{ STARTTLS_IMAP, 0, "* OK\r\n", STARTTLS_SPEAK, NULL },
	{ STARTTLS_IMAP, 0, "* OK\r\n* 1 EXISTS\r\n", STARTTLS_SPEAK, NULL },
	{ STARTTLS_IMAP, 0, "* OK\r\n* 1", STARTTLS_MORE, NULL },
	{ STARTTLS_IMAP, 0, "* OK\r\na OK\r\n", STARTTLS_STRANGE, "a OK" },
	{ STARTTLS_IMAP, 0, "* 1 EXISTS\r\n", STARTTLS_STRANGE, NULL },
	{ STARTTLS_IMAP, 0, "* PREAUTH x\r\n", STARTTLS_REFUSED, NULL },
	{ STARTTLS_IMAP, 0, "* BYE\r\n", STARTTLS_REFUSED, NULL },
	{ STARTTLS_IMAP, 1, "* OK\r\na ok go\r\n", STARTTLS_AGREED, NULL },
	{ STARTTLS_IMAP, 1, "a NO\r\n", STARTTLS_REFUSED, NULL },
	{ STARTTLS_IMAP, 1, "b OK\r\n", STARTTLS_STRANGE, NULL },
	{ STARTTLS_IMAP, 1, "a OK\r\n* OK\r\n", STARTTLS_BEHIND, NULL },
	/* XML */
	{ STARTTLS_XMPP, 0, "<", STARTTLS_MORE, NULL },
	{ STARTTLS_XMPP, 0, "x", STARTTLS_STRANGE, NULL },
	{ STARTTLS_XMPP, 0, "<!-- -->", STARTTLS_STRANGE, NULL },
	{ STARTTLS_XMPP, 0, "<html>", STARTTLS_STRANGE, NULL },
	{ STARTTLS_XMPP, 0, "<stream:stream/>", STARTTLS_STRANGE, NULL },
	{ STARTTLS_XMPP, 0, STREAM, STARTTLS_MORE, NULL },
	{ STARTTLS_XMPP, 0, "<?xml version='1.0'?>" STREAM, STARTTLS_MORE, NULL },
	{ STARTTLS_XMPP, 0, STREAM "<?x?>", STARTTLS_STRANGE, NULL },
	{ STARTTLS_XMPP, 0, STREAM "x", STARTTLS_STRANGE, NULL },
	{ STARTTLS_XMPP, 0, STREAM "<stream:features>", STARTTLS_MORE, NULL },
	{ STARTTLS_XMPP, 0, STREAM "\n" FEATURES, STARTTLS_SPEAK, FEATURES },
	{ STARTTLS_XMPP, 0, STREAM FEATURES "\n ", STARTTLS_SPEAK, NULL },
	{ STARTTLS_XMPP, 0, STREAM FEATURES "<a/>", STARTTLS_BEHIND, "<a/>" },
	{ STARTTLS_XMPP, 0, STREAM "<features/>", STARTTLS_NOT_OFFERED, NULL },
	{ STARTTLS_XMPP, 0, STREAM "<features><a><starttls/></a></features>", STARTTLS_NOT_OFFERED, NULL },
	{ STARTTLS_XMPP, 0, STREAM "</stream:stream>", STARTTLS_REFUSED, NULL },
	{ STARTTLS_XMPP, 1, "<proceed/>", STARTTLS_AGREED, NULL },
	{ STARTTLS_XMPP, 1, "<proceed></proceed>", STARTTLS_AGREED, NULL },
	{ STARTTLS_XMPP, 1, "<proceed/> ", STARTTLS_BEHIND, " " },
	{ STARTTLS_XMPP, 1, "<failure/>", STARTTLS_REFUSED, "<failure/>" },
	{ STARTTLS_XMPP, 1, "<message/>", STARTTLS_STRANGE, NULL },
	{ STARTTLS_XMPP, 1, "</stream:stream>", STARTTLS_REFUSED, NULL },
};

#define BYTES(text) text, sizeof text - 1
static const struct {
	enum starttls_proto proto;
	const char *in;
	size_t n;
	enum starttls_state state;
	unsigned code;
	const char *said;
} bytes[] = {
	{ STARTTLS_LDAP, BYTES("0\x0c\2\1\1x\7\n\1\0\4\0\4\0"), STARTTLS_AGREED, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\x84\0\0\0\x0c\2\1\1x\7\n\1\0\4\0\4\0"), STARTTLS_AGREED, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\x0c\2\1\1x\7\n\1\0\4\0\4\0x"), STARTTLS_BEHIND, 0, "x" },
	{ STARTTLS_LDAP, BYTES("0\x0c\2\1\1x\7\n\1\0\4\0\4"), STARTTLS_MORE, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\x84\0\0"), STARTTLS_MORE, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\x80"), STARTTLS_STRANGE, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\x85\1"), STARTTLS_STRANGE, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\x84\xff\xff\xff\xff"), STARTTLS_STRANGE, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\0"), STARTTLS_STRANGE, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\x0c\2\1\2x\7\n\1\0\4\0\4\0"), STARTTLS_STRANGE, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\x0c\2\1\0x\7\n\1\0\4\0\4\0"), STARTTLS_STRANGE, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\x0c\2\1\1x\7\n\1\0\4\0\4\1"), STARTTLS_STRANGE, 0, NULL },
	{ STARTTLS_LDAP, BYTES("0\x0d\2\1\1x\x08\n\1\2\4\0\4\1x"), STARTTLS_REFUSED, 2, "x" },
	{ STARTTLS_LDAP, BYTES("0\x0d\2\1\0x\x08\n\1\x34\4\0\4\1x"), STARTTLS_REFUSED, 52, "x" },
	{ STARTTLS_POSTGRES, BYTES(""), STARTTLS_MORE, 0, NULL },
	{ STARTTLS_POSTGRES, BYTES("S"), STARTTLS_AGREED, 0, NULL },
	{ STARTTLS_POSTGRES, BYTES("SE"), STARTTLS_BEHIND, 0, "E" },
	{ STARTTLS_POSTGRES, BYTES("N"), STARTTLS_REFUSED, 0, "N" },
	{ STARTTLS_POSTGRES, BYTES("s"), STARTTLS_STRANGE, 0, "s" },
	{ STARTTLS_POSTGRES, BYTES("E\0\0\0"), STARTTLS_MORE, 0, NULL },
	{ STARTTLS_POSTGRES, BYTES("E\0\0\0\3"), STARTTLS_STRANGE, 0, NULL },
	{ STARTTLS_POSTGRES, BYTES("E\xff\0\0\0"), STARTTLS_STRANGE, 0, NULL },
	{ STARTTLS_POSTGRES, BYTES("E\0\0\0\x0cSx\0Mno\0"), STARTTLS_MORE, 0, NULL },
	{ STARTTLS_POSTGRES, BYTES("E\0\0\0\x0cSx\0Mno\0\0"), STARTTLS_REFUSED, 0, "no" },
};
/* clang-format on */

/* Our turns up to that answer, the others having been good. */
static void
reach_step(struct starttls *s, enum starttls_proto proto, unsigned step)
{
	starttls_init(s, proto);
	s->step = step;
	s->offered = step > 1;
}

static bool
said(const struct starttls *s, const char *want)
{
	return want == NULL || (s->said != NULL &&
	    s->said_len == strlen(want) &&
	    memcmp(s->said, want, s->said_len) == 0);
}

static void
test_answers_in_text(void)
{
	for (size_t i = 0; i < NELEMS(rows); i++) {
		const struct row *r = &rows[i];
		enum starttls_state state;
		struct starttls s;

		reach_step(&s, r->proto, r->step);
		state = starttls_answer(&s, r->in, strlen(r->in));
		CHECK(state == r->state, "%s: %s: %d", starttls_name(r->proto),
		    r->in, (int)state);
		CHECK(said(&s, r->said), "%s: said %.*s", r->in,
		    (int)s.said_len, s.said);
	}
}

static void
test_answers_in_bytes(void)
{
	for (size_t i = 0; i < NELEMS(bytes); i++) {
		enum starttls_state state;
		struct starttls s;

		starttls_init(&s, bytes[i].proto);
		state = starttls_answer(&s, bytes[i].in, bytes[i].n);
		CHECK(state == bytes[i].state, "row %zu: %d", i, (int)state);
		CHECK(s.code == bytes[i].code, "row %zu: code %u", i, s.code);
		CHECK(said(&s, bytes[i].said), "row %zu: said", i);
	}
}

static void
test_an_answer_has_an_end(void)
{
	static const enum starttls_proto protos[] = { STARTTLS_SMTP,
		STARTTLS_IMAP, STARTTLS_POP3, STARTTLS_FTP, STARTTLS_XMPP };
	static char long_one[STARTTLS_ANSWER];
	struct starttls s;

	for (size_t i = 0; i < NELEMS(protos); i++) {
		memset(long_one, '<', sizeof long_one);
		starttls_init(&s, protos[i]);
		CHECK(starttls_answer(&s, long_one, sizeof long_one - 1) ==
		    STARTTLS_MORE, "%s", starttls_name(protos[i]));
		CHECK(starttls_answer(&s, long_one, sizeof long_one) ==
		    STARTTLS_LONG, "%s", starttls_name(protos[i]));
	}
}

static void
test_what_we_say(void)
{
	char words[STARTTLS_WORDS + 1], name[2 * STARTTLS_WORDS];
	struct starttls s;
	size_t n;

	reach_step(&s, STARTTLS_SMTP, 0);
	CHECK(starttls_words(&s, "a", words) == 0, "they speak first");
	reach_step(&s, STARTTLS_SMTP, 2);
	n = starttls_words(&s, "a", words);
	CHECK(n == 10 && memcmp(words, "STARTTLS\r\n", n) == 0, "%zu", n);
	reach_step(&s, STARTTLS_LDAP, 0);
	n = starttls_words(&s, "a", words);
	CHECK(n == 31 && words[1] == (char)(n - 2), "LDAP: %zu", n);
	reach_step(&s, STARTTLS_POSTGRES, 0);
	n = starttls_words(&s, "a", words);
	CHECK(n == 8 && words[3] == (char)n, "PostgreSQL: %zu", n);
	reach_step(&s, STARTTLS_XMPP, 0);
	n = starttls_words(&s, "a'>\n.b", words);
	words[n] = '\0';
	CHECK(strstr(words, " to='a&#39;&#62;&#10;.b' ") != NULL, "%s", words);
	memset(name, '&', sizeof name);
	name[sizeof name - 1] = '\0';
	n = starttls_words(&s, name, words);
	CHECK(n <= STARTTLS_WORDS && words[n - 1] == '>', "%zu", n);
}

static void
test_the_names_are_in_their_order(void)
{
	char names[sizeof STARTTLS_NAMES + 1] = "";

	for (int p = STARTTLS_NONE + 1; p < STARTTLS_PROTOS; p++)
		snprintf(names + strlen(names), sizeof names - strlen(names),
		    "%s%s", p > 1 ? "|" : "", starttls_name(p));
	CHECK(strcmp(names, STARTTLS_NAMES) == 0, "%s", names);
}

int
main(void)
{
	RUN(test_answers_in_text);
	RUN(test_answers_in_bytes);
	RUN(test_an_answer_has_an_end);
	RUN(test_what_we_say);
	RUN(test_the_names_are_in_their_order);
	return unit_end();
}
