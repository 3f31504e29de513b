/* SPDX-License-Identifier: MIT */
#include "proto/escape.h"

#include "unit.h"

static void
test_escapes_are_those_of_c(void)
{
	static const struct {
		const char *in, *out;
		size_t n;
	} rows[] = {
		{ "", "", 0 },
		{ "QUIT\\r\\n", "QUIT\r\n", 6 },
		{ "a\\tb\\\\n", "a\tb\\n", 5 },
		{ "\\a\\b\\f\\v\\e\\'\\\"", "\a\b\f\v\033'\"", 7 },
		{ "\\0x\\0", "\0x\0", 3 },
		{ "\\x00\\xff\\xFfg", "\0\xff\xff" "g", 4 },
		{ "\\x410", "A0", 2 },
		{ "\xc3\xa4", "\xc3\xa4", 2 },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		char got[16];
		size_t n;
		const char *bad = escape_decode(rows[i].in, got, sizeof got,
		    &n);

		CHECK(bad == NULL && n == rows[i].n &&
		    memcmp(got, rows[i].out, n) == 0, "%s: %s, %zu bytes",
		    rows[i].in, bad != NULL ? bad : "other", n);
	}
}

static void
test_what_is_no_escape_is_an_error(void)
{
	static const struct {
		const char *in, *bad;
	} rows[] = {
		{ "a\\", "incomplete" },
		{ "\\q", "wrong" },
		{ "\\1", "wrong" },
		{ "\\x", "wrong: \\x" },
		{ "\\x1", "wrong: \\x" },
		{ "\\x1g", "wrong: \\x" },
		{ "\\xg1", "wrong: \\x" },
		{ "12345", "too long" },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		char got[4];
		size_t n;
		const char *bad = escape_decode(rows[i].in, got, sizeof got,
		    &n);

		CHECK(bad != NULL && strncmp(bad, rows[i].bad,
		    strlen(rows[i].bad)) == 0, "%s: %s", rows[i].in,
		    bad != NULL ? bad : "fine");
	}
}

static void
test_exactly_full_is_not_too_long(void)
{
	char got[4];
	size_t n;

	CHECK(escape_decode("\\n\\n\\n\\n", got, sizeof got, &n) == NULL &&
	    n == 4, "%zu", n);
}

int
main(void)
{
	RUN(test_escapes_are_those_of_c);
	RUN(test_what_is_no_escape_is_an_error);
	RUN(test_exactly_full_is_not_too_long);
	return unit_end();
}
