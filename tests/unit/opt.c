/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/buf.h"
#include "base/guess.h"
#include "base/opt.h"

static struct {
	bool udp;
	int verbose, format, backlog, timeout, color, hex;
	int64_t size;
	const char *file;
	char headers[64];
} cfg;

static const char *
add_header(const struct opt *o, const char *arg)
{
	char *to = o->to;
	size_t n = strlen(to);

	if (strchr(arg, ':') == NULL)
		return "not a header";
	snprintf(to + n, sizeof cfg.headers - n, "%s;", arg);
	return NULL;
}

static const struct opt opts[] = {
	OPT_FLAG('u', "udp", &cfg.udp, "use UDP"),
	OPT_INT(0, "backlog", &cfg.backlog, 1, 99, "queue"),
	OPT_TIME('w', "timeout", &cfg.timeout, "give up"),
	OPT_STR('o', "output", &cfg.file, "FILE", "write to FILE"),
	OPT_CUSTOM('H', "header", cfg.headers, "LINE", add_header, "send"),
	OPT_GROUP("Conversation"),
	OPT_COUNT('v', "verbose", &cfg.verbose, "say more"),
	OPT_VALUE(0, "text", &cfg.format, 1, "as text"),
	OPT_VALUE(0, "json", &cfg.format, 3, "as JSON"),
	OPT_CHOICE(0, "color", &cfg.color, "auto|always|never", "colour"),
	OPT_MAYBE('x', "hex", &cfg.hex, "[both|sent]", "in hex"),
	OPT_SIZE(0, "size", &cfg.size, 1, 1 << 20, "how much"),
	OPT_END
};

enum { WORDS = 8 };

/* Parses words[]; r is opt_parse()'s result, the words may be reordered. */
static int
parse(const char *const *words, char **argv, enum opt_order order,
    struct why *why)
{
	int argc = 1;

	memset(&cfg, 0, sizeof cfg);
	why_clear(why);
	argv[0] = (char *)"x";
	for (; argc < WORDS && words[argc - 1] != NULL; argc++)
		argv[argc] = (char *)words[argc - 1];
	argv[argc] = NULL;
	return opt_parse(argc, argv, opts, order, why);
}

static void
mistakes(void)
{
	static const struct {
		const char *words[WORDS], *what;
	} t[] = {
		{ { "--foo" }, "no option '--foo'" },
		{ { "--upd" }, "no option '--upd'; did you mean '--udp'?" },
		{ { "--helf" }, "no option '--helf'; did you mean '--help'?" },
		{ { "--colour=x" },
		    "no option '--colour'; did you mean '--color'?" },
		{ { "--t" }, "no option '--t'" },
		{ { "-Z" }, "no option '-Z'" },
		{ { "-uZv" }, "no option '-Z'" },
		{ { "-\x1b" }, "no option '-\\e'" },
		{ { "--\x1b[2J" }, "no option '--\\e[2J'" },
		{ { "--back", "5" }, "write --backlog in full" },
		{ { "--back=5" }, "write --backlog in full" },
		{ { "--ver" }, "write --verbose in full" },
		{ { "--backlog" },
		    "--backlog needs a value: --backlog=N" },
		{ { "-uw" }, "--timeout needs a value: --timeout=TIME" },
		{ { "--udp=1" }, "--udp takes no argument" },
		{ { "--text=1" }, "--text takes no argument" },
		{ { "--help=1" }, "--help takes no argument" },
		{ { "--backlog=0" },
		    "--backlog: '0' is too small: 1 to 99" },
		{ { "--backlog", "100" },
		    "--backlog: '100' is too large: 1 to 99" },
		{ { "--backlog=" },
		    "--backlog: '' is not a whole number: 1 to 99" },
		{ { "-w", "x" }, "--timeout: 'x' is not a duration" },
		{ { "--size=2M" }, "--size: '2M' is too large: 1 to 1048576" },
		{ { "--color=red" }, "--color: 'red' is not one of the "
		    "choices: auto|always|never" },
		{ { "--color=" }, "--color: '' is not one of the "
		    "choices: auto|always|never" },
		{ { "--color=auto|always" }, "--color: 'auto|always' is not "
		    "one of the choices: auto|always|never" },
		{ { "--hex=se" }, "--hex: 'se' is not one of the choices: "
		    "both|sent" },
		{ { "--hex=" }, "--hex: '' is not one of the choices: "
		    "both|sent" },
		{ { "-xsent" }, "no option '-s'" },
		{ { "-H", "nonsense" },
		    "--header: 'nonsense' is not a header" },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		char *argv[WORDS + 1];
		struct why why = { 0 };
		int r = parse(t[i].words, argv, OPT_ANYWHERE, &why);

		CHECK(r == OPT_WRONG && why.kind == WHY_USAGE,
		    "%s: returned %d", t[i].words[0], r);
		CHECK(strcmp(why.what, t[i].what) == 0, "%s: %s",
		    t[i].words[0], why.what);
	}
}

static void
operands(void)
{
	static const struct {
		const char *words[WORDS], *first;
		enum opt_order order;
		int left, verbose;
	} t[] = {
		{ { NULL }, NULL, OPT_ANYWHERE, 0, 0 },
		{ { "-v", "a", "-v" }, "a", OPT_ANYWHERE, 1, 2 },
		{ { "-v", "a", "-v" }, "a", OPT_FIRST, 2, 1 },
		{ { "a", "b", "-vv" }, "a", OPT_ANYWHERE, 2, 2 },
		{ { "a", "--", "-v" }, "a", OPT_ANYWHERE, 2, 0 },
		{ { "--", "-v" }, "-v", OPT_ANYWHERE, 1, 0 },
		{ { "-", "-v" }, "-", OPT_ANYWHERE, 1, 1 },
		{ { "--backlog=5", "-uv", "a" }, "a", OPT_ANYWHERE, 1, 1 },
		{ { "-w", "2", "-v", "--", "a" }, "a", OPT_FIRST, 1, 1 },
		{ { "-o", "--json", "a" }, "a", OPT_ANYWHERE, 1, 0 },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		char *argv[WORDS + 1];
		struct why why = { 0 };
		int argc = 0, r = parse(t[i].words, argv, t[i].order, &why);

		while (argv[argc] != NULL)
			argc++;
		CHECK(r > 0 && argc - r == t[i].left, "case %zu: %d of %d: %s",
		    i, r, argc, why.what);
		CHECK(r < 0 || (argv[r] == NULL) == (t[i].first == NULL),
		    "case %zu: operand missing", i);
		CHECK(r < 0 || argv[r] == NULL ||
		    strcmp(argv[r], t[i].first) == 0, "case %zu: '%s' first",
		    i, argv[r]);
		CHECK(cfg.verbose == t[i].verbose, "case %zu: -v %d times", i,
		    cfg.verbose);
	}
}

static void
values(void)
{
	static const char *const words[] = { "-w1.5", "--backlog", "7",
		"--backlog=9", "--color=never", "--size=64k", "-Ha:1",
		"--header=b:2", NULL };
	static const char *const more[] = { "--json", "--text", "-u", "-o",
		"f", NULL };
	char *argv[WORDS + 1];
	struct why why = { 0 };

	CHECK(parse(words, argv, OPT_ANYWHERE, &why) > 0, "%s", why.what);
	CHECK(cfg.timeout == 1500, "timeout %d", cfg.timeout);
	CHECK(cfg.backlog == 9, "the last --backlog does not count");
	CHECK(cfg.color == 2, "color %d", cfg.color);
	CHECK(cfg.size == 65536, "size %lld", (long long)cfg.size);
	CHECK(strcmp(cfg.headers, "a:1;") == 0, "'%s'", cfg.headers);
	CHECK(parse(more, argv, OPT_ANYWHERE, &why) > 0, "%s", why.what);
	CHECK(cfg.format == 1, "the last format does not count");
	CHECK(cfg.udp && cfg.file && strcmp(cfg.file, "f") == 0, "-u -o f");
}

static void
help(void)
{
	static const char *const brief[] = { "-uh", "a", NULL };
	static const char *const full[] = { "a", "--help", "--nope", NULL };
	static const char *const late[] = { "--nope", "--help", NULL };
	char *argv[WORDS + 1];
	struct why why = { 0 };

	CHECK(parse(brief, argv, OPT_ANYWHERE, &why) == OPT_BRIEF, "-uh");
	CHECK(parse(full, argv, OPT_ANYWHERE, &why) == OPT_HELP, "--help");
	CHECK(parse(late, argv, OPT_ANYWHERE, &why) == OPT_WRONG, "--nope");
}

static void
printed_forms(void)
{
	struct buf b = BUF_MAX(4 * KIB), small = BUF_MAX(64);

	CHECK(opt_usage(&b, opts) == 0, "no room for the usage");
	CHECK(buf_add(&b, "", 1) == 0, "no room");
	CHECK(strstr(buf_head(&b), "  -w, --timeout=TIME         give up\n"),
	    "%s", buf_head(&b));
	CHECK(strstr(buf_head(&b), "      --backlog=N            queue\n"),
	    "%s", buf_head(&b));
	CHECK(strstr(buf_head(&b), "\nConversation:\n"), "no heading");
	buf_clear(&b);
	CHECK(opt_dump(&b, "x", opts) == 0, "no room for the dump");
	CHECK(buf_add(&b, "", 1) == 0, "no room");
	CHECK(strstr(buf_head(&b), "x\tw\ttimeout\tTIME\tgive up\n"), "%s",
	    buf_head(&b));
	CHECK(strstr(buf_head(&b), "x\t-\ttext\t-\tas text\n"), "%s",
	    buf_head(&b));
	CHECK(opt_usage(&small, opts) == -1, "64 bytes held the usage");
	CHECK(opt_dump(&small, "x", opts) == -1, "64 bytes held the dump");
	buf_free(&b);
	buf_free(&small);
}

static void
distances(void)
{
	static const struct {
		const char *a, *b;
		int edits;
	} t[] = {
		{ "", "", 0 }, { "", "abc", 3 }, { "abc", "", 3 },
		{ "abc", "abc", 0 }, { "abc", "acb", 1 }, { "abc", "bc", 1 },
		{ "kitten", "sitting", 3 }, { "listen", "lisetn", 1 },
		{ "ca", "abc", 3 }, { "telnet", "tlenet", 1 },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		int d = guess_distance(t[i].a, t[i].b);

		CHECK(d == t[i].edits, "%s to %s: %d", t[i].a, t[i].b, d);
	}
}

static void
guesses(void)
{
	static const struct {
		const char *word, *best;
	} t[] = {
		{ "lisen", "listen" }, { "serve", "serve-static" },
		{ "port", "port-check" }, { "conect", "connect" },
		{ "conenct", "connect" }, { "telent", "telnet" },
		{ "x", NULL }, { "frobnicate", NULL }, { "", NULL },
		{ "a-word-that-is-longer-than-any-option-name", NULL },
	};
	static const char *const known[] = { "connect", "listen",
		"port-check", "serve-static", "telnet" };

	for (size_t i = 0; i < NELEMS(t); i++) {
		struct guess g = { .word = t[i].word };

		for (size_t k = 0; k < NELEMS(known); k++)
			guess_try(&g, known[k]);
		CHECK((g.best == NULL) == (t[i].best == NULL) &&
		    (g.best == NULL || strcmp(g.best, t[i].best) == 0),
		    "%s: %s", t[i].word, g.best ? g.best : "nothing");
	}
}

int
main(void)
{
	RUN(mistakes);
	RUN(operands);
	RUN(values);
	RUN(help);
	RUN(printed_forms);
	RUN(distances);
	RUN(guesses);
	return unit_end();
}
