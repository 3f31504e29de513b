/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include "unit.h"

static void
characters_are_decoded(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		uint32_t c;
	} rows[] = {
		{ "a", 1, 'a' },
		{ "\x7f", 1, 0x7f },
		{ "\xc2\x80", 2, 0x80 },
		{ "\xc3\xa9z", 2, 0xe9 },
		{ "\xdf\xbf", 2, 0x7ff },
		{ "\xe0\xa0\x80", 3, 0x800 },
		{ "\xe2\x82\xac", 3, 0x20ac },
		{ "\xed\x9f\xbf", 3, 0xd7ff },
		{ "\xee\x80\x80", 3, 0xe000 },
		{ "\xef\xbf\xbf", 3, 0xffff },
		{ "\xf0\x90\x80\x80", 4, 0x10000 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		uint32_t c = 0;
		size_t len = utf8_decode(rows[i].bytes,
		    strlen(rows[i].bytes), &c);

		CHECK(len == rows[i].len && c == rows[i].c,
		    "row %zu: %zu, U+%04X", i, len, (unsigned)c);
	}
}

static void
other_bytes_are_no_character(void)
{
	static const char *const rows[] = {
		"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xc3", "\xc3(",
		"\xe0\x9f\xbf", "\xe2\x82", "\xe2\x82(", "\xe2(\xac",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
		"\xf0\x90\x80", "\xf0\x90\x80(", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xff", "\xfe",
	};
	uint32_t c;

	for (size_t i = 0; i < NELEMS(rows); i++)
		CHECK(utf8_decode(rows[i], strlen(rows[i]), &c) == 0,
		    "row %zu", i);
}

int
main(void)
{
	RUN(characters_are_decoded);
	RUN(other_bytes_are_no_character);
	return unit_end();
}
