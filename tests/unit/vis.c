/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <locale.h>

#include "base/buf.h"
#include "base/vis.h"

#define S(s) (s), sizeof(s) - 1

static void
what_is_shown(void)
{
	static const struct {
		const char *in;
		size_t n;
		const char *out;
		unsigned flags;
		int escaped;
	} t[] = {
		{ S("hello, world"), "hello, world", 0, 0 },
		{ S("a\tb\n"), "a\tb\n", 0, 0 },
		{ S("a\tb\n"), "a\\tb\\n", VIS_LINE, 2 },
		{ S("a\r\n"), "a\\r\n", 0, 1 },
		{ S("C:\\new"), "C:\\\\new", 0, 0 },
		{ S("\x1b]0;t\a"), "\\e]0;t\\x07", 0, 2 },
		{ S("\0\x7f\b"), "\\x00\\x7f\\x08", 0, 3 },
		{ S("\xc2\x9b""31m"), "\\xc2\\x9b31m", 0, 2 },	/* C1 CSI */
		{ S("\xe2\x80\xae"), "\\xe2\\x80\\xae", 0, 3 },	/* RLO */
		{ S("\xe2\x80\x8b"), "\\xe2\\x80\\x8b", 0, 3 },	/* ZWSP */
		{ S("\xef\xbb\xbf"), "\\xef\\xbb\\xbf", 0, 3 },	/* BOM */
		{ S("\xf3\xa0\x81\x81"), "\\xf3\\xa0\\x81\\x81", 0, 4 },
		{ S("\xee\x80\x80"), "\\xee\\x80\\x80", 0, 3 },	/* private */
		{ S("\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80"),
		    "\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80", 0, 0 },
		{ S("\xc3\xa9"), "\\xc3\\xa9", VIS_ASCII, 2 },
		{ S("\xc0\x80"), "\\xc0\\x80", 0, 2 },		/* overlong */
		{ S("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf", 0, 3 },	/* overlong */
		{ S("\xed\xa0\x80"), "\\xed\\xa0\\x80", 0, 3 },	/* surrogate */
		{ S("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80", 0, 4 },
		{ S("\xff\xfe"), "\\xff\\xfe", 0, 2 },
		{ S("\xe6\x97"), "\\xe6\\x97", 0, 2 },		/* cut off */
		{ S("\xe6\x97z"), "\\xe6\\x97z", 0, 2 },
		{ S("\xc3\xc3\xa9"), "\\xc3\xc3\xa9", 0, 1 },
		{ S("e\xcc\x81"), "e\xcc\x81", 0, 0 },
		{ S("\xcc\x81"), "\\xcc\\x81", 0, 2 },	/* on our own mark */
		{ S("a\n\xcc\x81"), "a\n\\xcc\\x81", 0, 2 },
		{ S("\x01\xcc\x81"), "\\x01\\xcc\\x81", 0, 3 },
		{ S("\\\xcc\x81"), "\\\\\\xcc\\x81", 0, 2 },
		{ S("a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
		    "\xcc\x81"), "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
		    "\xcc\x81\\xcc\\x81", 0, 2 },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		struct buf b = BUF_MAX(KIB);
		struct vis v = { .flags = t[i].flags };
		int n = vis_add(&v, &b, t[i].in, t[i].n);

		n += vis_end(&v, &b);
		CHECK(n == t[i].escaped, "case %zu: %d escaped", i, n);
		CHECK(b.len == strlen(t[i].out) &&
		    memcmp(buf_head(&b), t[i].out, b.len) == 0,
		    "case %zu: %.*s", i, (int)b.len, buf_head(&b));
		buf_free(&b);
	}
}

static void
marks_stand_around_escapes(void)
{
	struct buf b = BUF_MAX(KIB);
	struct vis v = { .on = "<", .off = ">" };

	CHECK(vis_add(&v, &b, S("a\x1b\x01z\r\n\\\x02")) == 4, "not 4");
	CHECK(b.len == 23 &&
	    memcmp(buf_head(&b), "a<\\e\\x01>z<\\r>\n\\\\<\\x02>", 23) == 0,
	    "%zu: %.*s", b.len, (int)b.len, buf_head(&b));
	buf_free(&b);
}

static void
a_full_buffer_is_said(void)
{
	char room[6];
	struct buf b = { .data = room, .cap = sizeof room, .max = sizeof room };
	struct vis v = { 0 };

	CHECK(vis_add(&v, &b, S("abc\x01")) == -1, "7 bytes fit in 6");
	CHECK(b.len == 3, "%zu bytes", b.len);
}

static void
strings_for_messages(void)
{
	static const struct {
		const char *in, *out;
		size_t size;
	} t[] = {
		{ "plain", "plain", 32 },
		{ "", "", 32 },
		{ "two\nlines", "two\\nlines", 32 },
		{ "caf\xc3\xa9", "caf\xc3\xa9", 32 },
		{ "cut\xe6", "cut\\xe6", 32 },
		{ "12345678", "12345678", 9 },
		{ "123456789", "12345...", 9 },
		{ "123\x1b[31m", "123\\e...", 9 },
		{ "1234\xc3\xa9\xc3\xa9\xc3\xa9", "1234...", 9 },
		{ "12\x01\x01\x01", "12...", 9 },
		{ "\x01\x01", "...", 5 },
		{ "abcdef", "..", 3 },
		{ "abcdef", "", 1 },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		char dst[32];

		memset(dst, '#', sizeof dst);
		vis_str(dst, t[i].size, t[i].in, strlen(t[i].in));
		CHECK(strcmp(dst, t[i].out) == 0, "case %zu: '%s'", i, dst);
		CHECK(t[i].size == sizeof dst || dst[t[i].size] == '#',
		    "case %zu: wrote beyond its room", i);
	}
}

static void
ascii_without_a_locale(void)
{
	char dst[32];

	setlocale(LC_CTYPE, "C");
	vis_str(dst, sizeof dst, S("caf\xc3\xa9"));
	CHECK(strcmp(dst, "caf\\xc3\\xa9") == 0, "'%s'", dst);
	setlocale(LC_CTYPE, "C.UTF-8");
}

int
main(void)
{
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		printf("no locale C.UTF-8\n");
	RUN(what_is_shown);
	RUN(marks_stand_around_escapes);
	RUN(a_full_buffer_is_said);
	RUN(strings_for_messages);
	RUN(ascii_without_a_locale);
	return unit_end();
}
