/* SPDX-License-Identifier: MIT */
#include "proto/html.h"

#include "unit.h"

static void
text_is_shown_and_harmless(void)
{
	static const struct {
		const char *text, *html;
	} rows[] = {
		{ "", "" },
		{ "a b.txt", "a b.txt" },
		{ "<img src=x>", "&lt;img src=x&gt;" },
		{ "a&b \"c' \\", "a&amp;b &quot;c&#39; \\\\" },
		{ "nl\nx\t", "nl\\x0ax\\x09" },
		{ "\x1b[31m\x7f", "\\x1b[31m\\x7f" },
		{ "caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80",
		  "caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80" },
		{ "\xc2\x9b", "\\xc2\\x9b" },
		{ "\xe2\x80\xaegnp", "\\xe2\\x80\\xaegnp" },
		{ "\xef\xbb\xbf", "\\xef\\xbb\\xbf" },
		{ "\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81" },
		{ "bad\xff\xfe", "bad\\xff\\xfe" },
		{ "\xc3", "\\xc3" },
		{ "\xc3" "a", "\\xc3a" },
		{ "\xe2\x80", "\\xe2\\x80" },
		{ "\xc0\xae", "\\xc0\\xae" },
		{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
		{ "\xf0\x9f\xbf\xbe", "\\xf0\\x9f\\xbf\\xbe" },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct buf b = BUF_MAX(256);
		const char *s = rows[i].text, *want = rows[i].html;

		CHECK(html_text(&b, s, strlen(s)) == 0, "row %zu", i);
		CHECK(b.len == strlen(want) && (b.len == 0 ||
		    memcmp(buf_head(&b), want, b.len) == 0),
		    "%s: '%.*s'", want, (int)b.len, buf_head(&b));
		buf_free(&b);
	}
}

static void
text_stops_at_the_ceiling(void)
{
	struct buf b = BUF_MAX(8);

	CHECK(html_text(&b, "<<<", 3) < 0 && b.len <= 8, "%zu", b.len);
	buf_free(&b);
}

int
main(void)
{
	RUN(text_is_shown_and_harmless);
	RUN(text_stops_at_the_ceiling);
	return unit_end();
}
