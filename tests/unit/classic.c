/* SPDX-License-Identifier: MIT */
#include "proto/classic.h"

#include "unit.h"

static void
test_daytime(void)
{
	static const struct {
		int64_t s;
		const char *text;
	} rows[] = {
		{ 0, "Thursday, January 1, 1970 00:00:00-UTC\r\n" },
		{ 951782399, "Monday, February 28, 2000 23:59:59-UTC\r\n" },
		{ 1790726400,
		    "Wednesday, September 30, 2026 00:00:00-UTC\r\n" },
		{ 253402300799, "Friday, December 31, 9999 23:59:59-UTC\r\n" },
	};
	char text[CLASSIC_DAYTIME];

	for (size_t i = 0; i < NELEMS(rows); i++) {
		size_t n = classic_daytime(text, rows[i].s);

		CHECK(n == strlen(rows[i].text) &&
		    memcmp(text, rows[i].text, n) == 0, "%lld: '%.*s'",
		    (long long)rows[i].s, (int)n, text);
	}
}

/* The RFC's own examples. */
static void
test_time(void)
{
	static const struct {
		int64_t s;
		uint32_t want;
	} rows[] = {
		{ 0, 2208988800U },
		{ 189302400, 2398291200U },	/* 1 Jan 1976 */
		{ 325987200, 2534976000U },	/* 1 May 1980 */
		{ 420595200, 2629584000U },	/* 1 May 1983 */
		{ 2085978495, 4294967295U },
		{ 2085978496, 0 },		/* 7 Feb 2036 */
	};
	unsigned char b[CLASSIC_TIME];

	for (size_t i = 0; i < NELEMS(rows); i++) {
		uint32_t v;

		classic_time(b, rows[i].s);
		v = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
		    (uint32_t)b[2] << 8 | b[3];
		CHECK(v == rows[i].want, "%lld: %u", (long long)rows[i].s, v);
	}
}

static void
test_chargen_is_the_same_however_it_is_cut(void)
{
	char whole[CLASSIC_LINE * 96], part[CLASSIC_LINE * 96];

	classic_chargen(whole, sizeof whole, 0);
	CHECK(memcmp(whole, " !\"#$%&'()", 10) == 0, "first line");
	CHECK(memcmp(whole + 70, "fg\r\n!\"#", 7) == 0, "second line");
	CHECK(memcmp(whole, whole + CLASSIC_LINE * 95, CLASSIC_LINE) == 0,
	    "the pattern begins anew");
	for (size_t off = 0, n = 1; off + n <= sizeof whole; off += n, n++) {
		classic_chargen(part, n, off);
		CHECK(memcmp(part, whole + off, n) == 0, "%zu at %zu", n, off);
	}
}

int
main(void)
{
	RUN(test_daytime);
	RUN(test_time);
	RUN(test_chargen_is_the_same_however_it_is_cut);
	return unit_end();
}
