/* SPDX-License-Identifier: MIT */
/* The codec of lib/proto/telnet.h, each case whole and split everywhere. */
#include "unit.h"

#include "proto/telnet.h"
#include "proto/telnet_opt.h"

#define S(lit) (const uint8_t *)(lit), sizeof(lit) - 1

/*
 * The events as text: data as it is (control and high bytes as \xHH),
 * commands in <>, so that a case reads as what it means.
 */
static void
add_data(struct buf *b, const uint8_t *p, size_t n)
{
	for (; n > 0; n--, p++) {
		int r = *p >= 0x20 && *p < 0x7f ?
		    buf_printf(b, "%c", *p) : buf_printf(b, "\\x%02x", *p);
		CHECK(r == 0, "log full");
	}
}

static void
add_event(struct buf *b, const struct telnet_event *ev)
{
	char cmd[TELNET_NAME_MAX], opt[TELNET_NAME_MAX];
	int r = 0;

	telnet_cmd_name(ev->cmd, cmd);
	telnet_opt_name((uint8_t)ev->opt, opt);
	switch (ev->kind) {
	case TELNET_NONE:
		break;
	case TELNET_DATA:
		CHECK(ev->len > 0 && ev->len <= TELNET_SPAN_MAX + 1,
		    "span of %zu", ev->len);
		add_data(b, ev->data, ev->len);
		break;
	case TELNET_COMMAND:
		r = buf_printf(b, "<%s>", cmd);
		break;
	case TELNET_NEGOTIATE:
		r = buf_printf(b, "<%s %s>", cmd, opt);
		break;
	case TELNET_OVERFLOW:
		r = buf_printf(b, "<OVERFLOW %s>", opt);
		break;
	case TELNET_SUB:
		r = buf_printf(b, "<SB%s %s ", ev->broken ? "!" : "",
		    ev->opt < 0 ? "none" : opt);
		add_data(b, ev->data, ev->len < 80 ? ev->len : 3);
		r |= buf_printf(b, ev->lost ? " +%llu>" : ">",
		    (unsigned long long)ev->lost);
		break;
	}
	CHECK(r == 0, "log full");
}

static struct telnet *
decoder(bool binary)
{
	struct telnet *t = calloc(1, sizeof *t);

	if (t == NULL)
		abort();
	t->binary = binary;
	return t;
}

static void
decode(struct telnet *t, const uint8_t *p, size_t n, struct buf *b)
{
	struct telnet_event ev;

	do {
		size_t used = telnet_next(t, p, n, &ev);
		CHECK(used <= n && (used > 0 || n == 0 || ev.kind), "stuck");
		p += used;
		n -= used;
		add_event(b, &ev);
	} while (n > 0 || ev.kind != TELNET_NONE);
}

/* The text of what n bytes at p decode to, fed in pieces of step bytes. */
static char *
decoded(bool binary, const uint8_t *p, size_t n, size_t step)
{
	struct buf b = BUF_MAX(MIB);
	struct telnet *t = decoder(binary);

	for (size_t i = 0; i < n; i += step)
		decode(t, p + i, n - i < step ? n - i : step, &b);
	if (telnet_inside(t) && buf_printf(&b, "<inside>") < 0)
		CHECK(0, "log full");
	if (buf_add(&b, "", 1) < 0)
		abort();
	free(t);
	return b.data;		/* nothing was dropped: off is 0 */
}

static const struct decode_case {
	const char	*name;
	const uint8_t	*in;
	size_t		 n;
	const char	*want;
	bool		 binary;
} decode_cases[] = {
	{ "nothing", S(""), "", false },
	{ "text", S("hello"), "hello", false },
	{ "DO 99", S("\xff\xfd\x63"), "<DO 99>", false },
	{ "WILL ECHO", S("\xff\xfb\x01"), "<WILL ECHO>", false },
	{ "WONT and DONT 99", S("\xff\xfc\x63\xff\xfe\x63"),
	    "<WONT 99><DONT 99>", false },
	{ "option 255 in a negotiation", S("\xff\xfd\xff" "x"),
	    "<DO EXTENDED-OPTIONS-LIST>x", false },
	{ "doubled IAC", S("a\xff\xff" "b"), "a\\xffb", false },
	{ "two doubled IACs", S("\xff\xff\xff\xff"), "\\xff\\xff", false },
	{ "doubled IAC, NUL", S("\xff\xff\0z"), "\\xffz", false },
	{ "CR NUL", S("x\r\0y"), "x\\x0dy", false },
	{ "CR LF", S("p\r\nq"), "p\\x0d\\x0aq", false },
	{ "lone CR and lone LF", S("\rz\n"), "\\x0dz\\x0a", false },
	{ "CR, command", S("p\r\xff\xfb\x01q"), "p\\x0d<WILL ECHO>q", false },
	{ "CR, command, NUL", S("p\r\xff\xf1\0q"), "p\\x0d<NOP>q", false },
	{ "CR CR LF", S("p\r\r\n"), "p\\x0d\\x0d\\x0a", false },
	{ "stray NULs", S("\xff\xfb\x03\0\0\xff\xfd\x1f\0"),
	    "<WILL SUPPRESS-GO-AHEAD><DO NAWS>", false },
	{ "NUL in BINARY", S("a\0\r\0b"), "a\\x00\\x0d\\x00b", true },
	{ "commands between data", S("a\xff\xf1" "b\xff\xf6" "c\xff\xf9" "d"),
	    "a<NOP>b<AYT>c<GA>d", false },
	{ "EOR and DM", S("\xff\xef>\xff\xf2"), "<EOR>><DM>", false },
	{ "unknown command", S("a\xff\x01" "b"), "a<1>b", false },
	{ "SE alone", S("a\xff\xf0" "b"), "a<SE>b", false },
	{ "TTYPE SEND", S("\xff\xfa\x18\x01\xff\xf0"),
	    "<SB TERMINAL-TYPE \\x01>", false },
	{ "SB without payload", S("\xff\xfa\x18\xff\xf0x"),
	    "<SB TERMINAL-TYPE >x", false },
	{ "IAC in SB", S("\xff\xfa\x1f\0\xff\xff\1\xff\xff\xff\xf0."),
	    "<SB NAWS \\x00\\xff\\x01\\xff>.", false },
	{ "SE byte in SB", S("\xff\xfa\x05\xf0\xf0\xff\xf0"),
	    "<SB STATUS \\xf0\\xf0>", false },
	{ "NUL and CR in SB", S("\xff\xfa\x05\0\r\0\xff\xf0"),
	    "<SB STATUS \\x00\\x0d\\x00>", false },
	{ "empty SB", S("\xff\xfa\xff\xf0text"), "<SB none >text", false },
	{ "SB of option 255", S("\xff\xfa\xff\xff" "e\xff\xf0text"),
	    "<SB EXTENDED-OPTIONS-LIST e>text", false },
	{ "SB ended by NOP", S("\xff\xfa\x18\x01\xff\xf1" "data"),
	    "<SB! TERMINAL-TYPE \\x01><NOP>data", false },
	{ "SB ended by WILL", S("\xff\xfa\x18\x01\xff\xfb\x01" "data"),
	    "<SB! TERMINAL-TYPE \\x01><WILL ECHO>data", false },
	{ "SB ended by SB", S("\xff\xfa\x18\xff\xfa\x1f" "a\xff\xf0"),
	    "<SB! TERMINAL-TYPE ><SB NAWS a>", false },
	{ "empty SB ended by GA", S("\xff\xfa\xff\xf9x"),
	    "<SB! none ><GA>x", false },
	{ "unasked compression", S("\xff\xfa\x56\xff\xf0plain"),
	    "<SB MCCP2 >plain", false },
	{ "cut after IAC", S("a\xff"), "a<inside>", false },
	{ "cut after DO", S("\xff\xfd"), "<inside>", false },
	{ "cut in SB", S("\xff\xfa\x18\x01xx"), "<inside>", false },
	{ "cut at the end of SB", S("\xff\xfa\x18\x01\xff"), "<inside>",
	    false },
};

static void
test_decodes_every_case_at_every_split(void)
{
	for (size_t i = 0; i < NELEMS(decode_cases); i++) {
		const struct decode_case *c = &decode_cases[i];
		for (size_t step = 1; step <= c->n + 1; step++) {
			char *got = decoded(c->binary, c->in, c->n, step);
			CHECK(strcmp(got, c->want) == 0,
			    "%s by %zu: %s, not %s", c->name, step, got,
			    c->want);
			free(got);
		}
	}
}

/* inetutils telnetd to a client on port 23: one segment as recorded. */
static void
test_decodes_a_recorded_greeting(void)
{
	static const uint8_t in[] =
	    "\xff\xfb\x25\xff\xfb\x26\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23"
	    "\xff\xfd\x27\xff\xfd\x24\xff\xfd\x26\xff\xfa\x26\x01\xff\xf0"
	    "\xff\xfb\x03\xff\xfd\x1f\xff\xfd\x21\xff\xfd\x22\xff\xfa\x22"
	    "\x01\x10\xff\xf0\x00\xff\xfb\x05\xff\xfa\x21\x03\xff\xf0\r\nL";
	static const char want[] =
	    "<WILL AUTHENTICATION><WILL ENCRYPTION><DO TERMINAL-TYPE>"
	    "<DO TERMINAL-SPEED><DO X-DISPLAY-LOCATION><DO NEW-ENVIRON>"
	    "<DO ENVIRON><DO ENCRYPTION><SB ENCRYPTION \\x01>"
	    "<WILL SUPPRESS-GO-AHEAD><DO NAWS><DO REMOTE-FLOW-CONTROL>"
	    "<DO LINEMODE><SB LINEMODE \\x01\\x10><WILL STATUS>"
	    "<SB REMOTE-FLOW-CONTROL \\x03>\\x0d\\x0aL";

	for (size_t step = 1; step < sizeof in; step++) {
		char *got = decoded(false, in, sizeof in - 1, step);
		CHECK(strcmp(got, want) == 0, "by %zu: %s", step, got);
		free(got);
	}
}

/* A subnegotiation of n bytes and text behind it, in pieces of step. */
static char *
long_sub(size_t n, size_t step)
{
	uint8_t *in = malloc(n + 9);
	char *got;

	if (in == NULL)
		abort();
	memcpy(in, "\xff\xfa\xc9", 3);
	memset(in + 3, 'A', n);
	memcpy(in + 3 + n, "\xff\xf0text", 6);
	got = decoded(false, in, n + 9, step);
	free(in);
	return got;
}

static void
test_never_shows_a_long_subnegotiation(void)
{
	static const struct {
		size_t		 n;
		const char	*want;
	} cases[] = {
		{ TELNET_SUB_MAX, "<SB GMCP AAA>text" },
		{ TELNET_SUB_MAX + 1, "<OVERFLOW GMCP><SB GMCP AAA +1>text" },
		{ 100000, "<OVERFLOW GMCP><SB GMCP AAA +34464>text" },
	};
	static const size_t steps[] = { 1, 7, 4096, 65536, 1 << 20 };

	for (size_t i = 0; i < NELEMS(cases); i++)
		for (size_t s = 0; s < NELEMS(steps); s++) {
			char *got = long_sub(cases[i].n, steps[s]);
			CHECK(strcmp(got, cases[i].want) == 0,
			    "%zu by %zu: %s", cases[i].n, steps[s], got);
			free(got);
		}
}

static const struct encode_case {
	enum telnet_eol	 eol;
	const uint8_t	*in;
	size_t		 n;
	const uint8_t	*want;
	size_t		 nwant;
} encode_cases[] = {
	{ TELNET_EOL_LINES, S("GET /\n\n"), S("GET /\r\n\r\n") },
	{ TELNET_EOL_LINES, S("a\r\nb\r\n"), S("a\r\nb\r\n") },
	{ TELNET_EOL_LINES, S("a\rb"), S("a\r\0b") },
	{ TELNET_EOL_LINES, S("a\r"), S("a\r\0") },
	{ TELNET_EOL_LINES, S("\r\r\n"), S("\r\0\r\n") },
	{ TELNET_EOL_LINES, S("\r\xff"), S("\r\0\xff\xff") },
	{ TELNET_EOL_LINES, S("\xff\0\x03\x04"), S("\xff\xff\0\x03\x04") },
	{ TELNET_EOL_KEYS, S("ls\r"), S("ls\r\0") },
	{ TELNET_EOL_KEYS, S("\r\n\x03"), S("\r\0\n\x03") },
	{ TELNET_EOL_KEYS, S("\xff\r"), S("\xff\xff\r\0") },
	{ TELNET_EOL_BINARY, S("a\r\nb\rc\n\0\xff"),
	    S("a\r\nb\rc\n\0\xff\xff") },
};

static void
test_encodes_line_ends_and_IAC_at_every_split(void)
{
	for (size_t i = 0; i < NELEMS(encode_cases); i++) {
		const struct encode_case *c = &encode_cases[i];
		for (size_t step = 1; step <= c->n; step++) {
			struct telnet_encoder e = { .eol = c->eol };
			struct buf b = BUF_MAX(1000);
			int r = 0;
			for (size_t k = 0; k < c->n; k += step)
				r |= telnet_encode(&e, c->in + k,
				    c->n - k < step ? c->n - k : step, &b);
			r |= telnet_encode_end(&e, &b);
			CHECK(r == 0 && b.len == c->nwant &&
			    memcmp(buf_head(&b), c->want, b.len) == 0,
			    "case %zu by %zu: %zu bytes", i, step, b.len);
			buf_free(&b);
		}
	}
}

static void
test_encoding_stops_at_the_ceiling(void)
{
	struct telnet_encoder e = { .eol = TELNET_EOL_BINARY };
	struct buf b = BUF_MAX(4);

	CHECK(telnet_encode(&e, "\xff\xff", 2, &b) < 0 && b.len == 0,
	    "5 bytes of room are needed");
	CHECK(telnet_put_negotiation(&b, TELNET_DO, 1) == 0, "3 fit in 4");
	CHECK(telnet_put_command(&b, TELNET_AYT) < 0 && b.len == 3,
	    "a command goes in whole or not at all");
	CHECK(telnet_put_naws(&b, 80, 24) < 0 && b.len == 3, "naws");
	buf_free(&b);
}

static void
check_bytes(const char *name, struct buf *b, const uint8_t *want, size_t n)
{
	CHECK(b->len == n && memcmp(buf_head(b), want, n) == 0,
	    "%s: %zu bytes, not %zu", name, b->len, n);
	buf_free(b);
}

static void
test_writes_subnegotiations(void)
{
	struct buf b = BUF_MAX(1000);
	int r = 0;

	r |= telnet_put_naws(&b, 80, 24);
	check_bytes("80x24", &b, S("\xff\xfa\x1f\0\x50\0\x18\xff\xf0"));
	r |= telnet_put_naws(&b, 255, 511);
	check_bytes("255x511", &b,
	    S("\xff\xfa\x1f\0\xff\xff\1\xff\xff\xff\xf0"));
	r |= telnet_put_ttype(&b, "xterm-256color");
	check_bytes("ttype", &b, S("\xff\xfa\x18\0xterm-256color\xff\xf0"));
	r |= telnet_put_ttype(&b, "an-absurdly-long-name-of-a-terminal-that-"
	    "nobody-has");
	check_bytes("long ttype", &b, S("\xff\xfa\x18\0"
	    "an-absurdly-long-name-of-a-terminal-that\xff\xf0"));
	r |= telnet_put_sub(&b, 255, "\xff", 1);
	check_bytes("option 255", &b,
	    S("\xff\xfa\xff\xff\xff\xff\xff\xf0"));
	r |= telnet_put_command(&b, TELNET_IP);
	check_bytes("IP", &b, S("\xff\xf4"));
	CHECK(r == 0, "room enough");
}

static void
test_names_what_it_knows(void)
{
	char name[TELNET_NAME_MAX], text[80];

	CHECK(strcmp(telnet_opt_name(24, name), "TERMINAL-TYPE") == 0, "24");
	CHECK(strcmp(telnet_opt_name(99, name), "99") == 0, "99");
	CHECK(strcmp(telnet_cmd_name(246, name), "AYT") == 0, "246");
	CHECK(telnet_cmd_code("ayt") == TELNET_AYT, "ayt");
	CHECK(telnet_cmd_code("aytt") == 0, "aytt");
	telnet_meaning(TELNET_WILL, TELNET_OPT_ECHO, text, sizeof text);
	CHECK(strcmp(text, "server offers: it will echo what you type") == 0,
	    "%s", text);
	telnet_meaning(TELNET_DO, TELNET_OPT_NAWS, text, sizeof text);
	CHECK(strcmp(text, "server asks: tell me your window size") == 0,
	    "%s", text);
	telnet_meaning(TELNET_DO, 99, text, sizeof text);
	CHECK(strcmp(text, "server asks: an option without a name here") == 0,
	    "%s", text);
	for (int i = 0; i < 256; i++)	/* every name fits its buffer */
		CHECK(strlen(telnet_opt_name((uint8_t)i, name)) <
		    TELNET_NAME_MAX - 1, "%s", name);
}

int
main(void)
{
	RUN(test_decodes_every_case_at_every_split);
	RUN(test_decodes_a_recorded_greeting);
	RUN(test_never_shows_a_long_subnegotiation);
	RUN(test_encodes_line_ends_and_IAC_at_every_split);
	RUN(test_encoding_stops_at_the_ceiling);
	RUN(test_writes_subnegotiations);
	RUN(test_names_what_it_knows);
	return unit_end();
}
