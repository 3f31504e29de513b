/* SPDX-License-Identifier: MIT */
/* What a remote program may do to the local terminal, and what not. */
#include "unit.h"

#include "proto/safe_vt.h"

#define S(lit) (lit), sizeof(lit) - 1

static const struct filter_case {
	const char	*name;
	const char	*in;
	size_t		 n;
	const char	*want;		/* NULL: the same */
} cases[] = {
	/* passes */
	{ "text", S("hello\r\n\tworld\b"), NULL },
	{ "colours", S("\033[1;31mred\033[0m\033[38;2;1;2;3m"), NULL },
	{ "colon colours", S("\033[38:5:12m\033[4:3m"), NULL },
	{ "cursor", S("\033[H\033[12;40H\033[A\033[2B\033[C\033[9D\033[5d"
	    "\033[7G"), NULL },
	{ "erase", S("\033[2J\033[K\033[1K\033[4X"), NULL },
	{ "insert, delete, scroll", S("\033[L\033[2M\033[P\033[@\033[S\033[T"
	    "\033[2;20r"), NULL },
	{ "vim starts", S("\033[?1049h\033[?1h\033=\033[?2004h\033[?25l"),
	    NULL },
	{ "insert mode", S("\033[4h\033[4l"), NULL },
	{ "line drawing", S("\033(0lqk\033(B\016x\017"), NULL },
	{ "save, restore, index", S("\0337\0338\033M\033D\033E\033>"), NULL },
	{ "UTF-8", S("\303\244\342\202\254\360\237\230\200e\314\201"), NULL },
	{ "private use glyphs", S("\356\202\260"), NULL },
	/* the terminal would type */
	{ "cursor report", S("a\033[6nb\033[5nc"), "abc" },
	{ "who are you", S("a\033[cb\033[>cc\033[=cd\033Ze"), "abcde" },
	{ "mode report", S("a\033[?1$pb\033[?6nc"), "abc" },
	{ "parameters report", S("a\033[xb"), "ab" },
	{ "answerback", S("a\005b"), "ab" },
	{ "window title report", S("a\033[21tb\033[18tc"), "abc" },
	{ "settings report", S("a\033P$qm\033\\b"), "ab" },
	{ "colour report", S("a\033]4;1;?\007b\033]11;?\033\\c"), "abc" },
	/* the terminal would act */
	{ "title", S("a\033]0;owned\007b"), "ab" },
	{ "title, ST", S("a\033]2;owned\033\\b"), "ab" },
	{ "clipboard", S("a\033]52;c;cm0gLXJm\007b"), "ab" },
	{ "APC, PM, SOS", S("a\033_x\033\\b\033^x\033\\c\033Xx\033\\d"),
	    "abcd" },
	{ "window operations", S("a\033[8;5;5tb\033[3;9999;9999tc"), "abc" },
	{ "mouse modes", S("a\033[?1000hb\033[?1003;1006hc"), "abc" },
	{ "one unknown mode in a list", S("a\033[?25;1000hb"), "ab" },
	{ "focus reports", S("a\033[?1004hb"), "ab" },
	{ "keyboard lock", S("a\033[2hb"), "ab" },
	{ "local echo", S("a\033[12lb"), "ab" },
	{ "newline mode", S("a\033[20hb"), "ab" },
	{ "reset", S("a\033cb\033[!pc"), "abc" },
	{ "print the screen", S("a\033[ib\033[5ic"), "abc" },
	{ "other keyboard", S("a\033[>4;2mb\033[>1uc"), "abc" },
	{ "saved modes", S("a\033[?1000sb\033[?1000rc"), "abc" },
	{ "double height", S("a\033#3b\033#8c"), "abc" },
	{ "other code page", S("a\033%@b\033%Gc"), "abc" },
	{ "single shifts", S("a\033Nb\033Oc"), "abc" },
	{ "odd charset", S("a\033(Kb\033-Ac\033(%5d"), "abcd" },
	/* C1, as characters and as bytes */
	{ "C1 CSI", S("a\302\23331mb"), "a31mb" },
	{ "C1 OSC", S("a\302\2350;t\302\234b"), "a0;tb" },
	{ "raw C1", S("a\2336nb"), "a\357\277\2756nb" },
	/* characters that mislead */
	{ "bidi", S("a\342\200\256b\342\201\246c\342\200\217d"), "abcd" },
	{ "line separator", S("a\342\200\250b"), "ab" },
	{ "tags", S("a\363\240\201\201b"), "ab" },
	/* what is no UTF-8 */
	{ "overlong", S("\300\200\340\200\200"),
	    "\357\277\275\357\277\275\357\277\275\357\277\275\357\277\275" },
	{ "surrogate", S("\355\240\200"),
	    "\357\277\275\357\277\275\357\277\275" },
	{ "cut character", S("\342\202x"), "\357\277\275x" },
	{ "too high", S("\364\220\200\200"),
	    "\357\277\275\357\277\275\357\277\275\357\277\275" },
	/* sequences that are broken or too much */
	{ "controls inside", S("\033[1\r;3\n1mx"), "\r\n\033[1;31mx" },
	{ "NUL, DEL, VT, FF", S("a\0b\177c\013d\014e"), "abcde" },
	{ "CAN ends it", S("\033[1;3\0301m"), "1m" },
	{ "ESC begins anew", S("\033[1;3\033[31m"), "\033[31m" },
	{ "high byte ends it", S("\033[1\303\244m"), "\303\244m" },
	{ "large number", S("a\033[99999Cb"), "ab" },
	{ "marks amid numbers", S("a\033[1?5hb\033[1 qc"), "abc" },
	{ "21 parameters",
	    S("a\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1mb"), "ab" },
	{ "long sequence",
	    S("a\033[000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000mb"), "ab" },
	{ "string, then a sequence", S("\033]0;x\033[31mb"), "\033[31mb" },
	{ "unfinished string", S("a\033]0;rest is swallowed"), "a" },
	{ "unfinished sequence", S("a\033[12;3"), "a" },
};

static void
check_case(const struct filter_case *c, size_t step)
{
	struct safe_vt vt = { .utf8 = true };
	struct buf b = BUF_MAX(10000);
	const char *want = c->want ? c->want : c->in;
	size_t n = c->want ? strlen(c->want) : c->n;
	int r = 0;

	for (size_t i = 0; i < c->n; i += step)
		r |= safe_vt_feed(&vt, c->in + i,
		    c->n - i < step ? c->n - i : step, &b);
	CHECK(r == 0 && b.len == n && (n == 0 ||
	    memcmp(buf_head(&b), want, n) == 0), "%s by %zu: \"%.*s\"",
	    c->name, step, (int)b.len, buf_head(&b));
	buf_free(&b);
}

static void
test_filters_every_case_at_every_split(void)
{
	for (size_t i = 0; i < NELEMS(cases); i++)
		for (size_t step = 1; step <= cases[i].n; step++)
			check_case(&cases[i], step);
}

static size_t
feed(struct safe_vt *vt, const void *p, size_t n, struct buf *b)
{
	CHECK(safe_vt_feed(vt, p, n, b) == 0, "room enough");
	return b->len;
}

static void
test_rings_only_as_often_as_it_may(void)
{
	struct safe_vt vt = { .bells = 2 };
	struct buf b = BUF_MAX(1000);

	CHECK(feed(&vt, "\a\a\a\a", 4, &b) == 2, "two of four");
	vt.bells = 1;
	CHECK(feed(&vt, "\a\a", 2, &b) == 3, "and one more");
	buf_free(&b);
}

static void
test_ends_a_string_that_does_not_end(void)
{
	struct safe_vt vt = { .utf8 = true };
	struct buf b = BUF_MAX(MIB);
	char flood[SAFE_VT_STRING_MAX];

	memset(flood, 'A', sizeof flood);
	feed(&vt, "\033P", 2, &b);
	CHECK(feed(&vt, flood, sizeof flood, &b) == 0, "all of it is dropped");
	CHECK(feed(&vt, "xback", 5, &b) == 4, "and then text is text again");
	buf_free(&b);
}

static void
test_passes_latin1_in_other_charsets(void)
{
	struct safe_vt vt = { .utf8 = false };
	struct buf b = BUF_MAX(1000);

	CHECK(feed(&vt, "\344\2336n\377", 5, &b) == 4 &&
	    memcmp(buf_head(&b), "\3446n\377", 4) == 0, "no C1 bytes");
	buf_free(&b);
}

static void
test_puts_the_terminal_back(void)
{
	static const struct {
		const char	*in, *want;
	} back[] = {
		{ "hello\033[31m\033[m", "" },
		{ "\033[?25l", "\033[?25h" },
		{ "\033[?25l\033[?25h", "" },
		{ "\033[31m", "\033[m" },
		{ "\033[?1049h\033[?1h\033=\033[2;5r",
		    "\033[?1l\033[?1049l\0337\033[r\0338\033>" },
		{ "\033[2;5r\033[r\033[4h", "\033[4l" },
		{ "\033(0", "\033(B\017" },
		{ "\033[?1000h", "" },
	};

	for (size_t i = 0; i < NELEMS(back); i++) {
		struct safe_vt vt = { .utf8 = true };
		struct buf b = BUF_MAX(1000);
		feed(&vt, back[i].in, strlen(back[i].in), &b);
		buf_clear(&b);
		CHECK(safe_vt_restore(&vt, &b) == 0 && vt.utf8 &&
		    b.len == strlen(back[i].want) &&
		    memcmp(buf_head(&b), back[i].want, b.len) == 0,
		    "case %zu: %.*s", i, (int)b.len, buf_head(&b));
		buf_free(&b);
	}
}

static void
test_takes_nothing_at_the_ceiling(void)
{
	struct safe_vt vt = { 0 };
	struct buf b = BUF_MAX(10);

	CHECK(safe_vt_feed(&vt, "text", 4, &b) < 0 && b.len == 0, "feed");
	CHECK(safe_vt_restore(&vt, &b) < 0 && b.len == 0, "restore");
}

int
main(void)
{
	RUN(test_filters_every_case_at_every_split);
	RUN(test_rings_only_as_often_as_it_may);
	RUN(test_ends_a_string_that_does_not_end);
	RUN(test_passes_latin1_in_other_charsets);
	RUN(test_puts_the_terminal_back);
	RUN(test_takes_nothing_at_the_ceiling);
	return unit_end();
}
