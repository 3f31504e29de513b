/* SPDX-License-Identifier: MIT */
#include "proto/expect.h"

#include "unit.h"

/* Where the text ends in the stream, fed in pieces of step; 0: nowhere. */
static size_t
find(const char *text, const char *stream, size_t n, size_t step)
{
	struct expect e;
	size_t at = 0;

	expect_init(&e, text, strlen(text));
	while (at < n && !expect_met(&e)) {
		size_t piece = n - at < step ? n - at : step;
		size_t used = expect_feed(&e, stream + at, piece);

		at += used;
		CHECK(used == piece || expect_met(&e), "stopped early");
	}
	return expect_met(&e) ? at : 0;
}

static void
test_a_text_is_found_across_every_border(void)
{
	static const struct {
		const char *text, *stream;
		size_t end;
	} rows[] = {
		{ "220", "220 ready\r\n", 3 },
		{ "220", "22\r\n220", 7 },
		{ "aab", "aaaab", 5 },
		{ "abab", "abaabab", 7 },
		{ "aabaaa", "aabaabaaab", 9 },
		{ "\r\n\r\n", "a\r\n\r\r\n\r\nx", 8 },
		{ "x", "abc", 0 },
		{ "abc", "abab", 0 },
		{ "login:", "last login: login", 11 },
	};

	for (size_t i = 0; i < NELEMS(rows); i++)
		for (size_t step = 1; step < 12; step++) {
			size_t got = find(rows[i].text, rows[i].stream,
			    strlen(rows[i].stream), step);

			CHECK(got == rows[i].end, "%s by %zu: %zu",
			    rows[i].text, step, got);
		}
}

/* Every text of a and b up to 6 long in every stream up to 9: as memmem(3). */
static void
test_it_finds_what_memmem_finds(void)
{
	for (unsigned t = 2; t < 128; t++)
		for (unsigned s = 2; s < 1024; s++) {
			char text[8] = "", stream[16] = "";
			size_t n = 0, m = 0, want;
			const char *at;

			for (unsigned x = t; x > 1; x >>= 1)
				text[n++] = "ab"[x & 1];
			for (unsigned x = s; x > 1; x >>= 1)
				stream[m++] = "ab"[x & 1];
			at = memmem(stream, m, text, n);
			want = at != NULL ? (size_t)(at - stream) + n : 0;
			CHECK(find(text, stream, m, 1 + s % 4) == want,
			    "%s in %s", text, stream);
		}
}

static void
test_the_longest_text_fits(void)
{
	static char text[EXPECT_MAX], stream[2 * EXPECT_MAX];
	struct expect e;

	memset(text, 'a', sizeof text);
	memset(stream, 'a', sizeof stream);
	expect_init(&e, text, sizeof text);
	CHECK(expect_feed(&e, stream, sizeof stream) == EXPECT_MAX &&
	    expect_met(&e), "%zu", e.met);
}

static void
test_the_last_line_is_what_a_person_wants_to_see(void)
{
	static const struct {
		const char *in, *line;
	} rows[] = {
		{ "", "" },
		{ "\r\n\n", "" },
		{ "one", "one" },
		{ "one\ntwo", "two" },
		{ "one\r\ntwo\r\n\r\n", "two" },
		{ "one\ntwo\nthree", "three" },
	};

	for (size_t i = 0; i < NELEMS(rows); i++)
		for (size_t step = 1; step < 9; step++) {
			struct last_line l = { .n = 0 };
			size_t n = strlen(rows[i].in), at = 0;

			for (; at + step < n; at += step)
				last_line_feed(&l, rows[i].in + at, step);
			last_line_feed(&l, rows[i].in + at, n - at);
			CHECK(l.n == strlen(rows[i].line) &&
			    memcmp(l.text, rows[i].line, l.n) == 0,
			    "row %zu by %zu: %.*s", i, step, (int)l.n, l.text);
		}
}

static void
test_of_a_long_line_the_beginning_is_kept(void)
{
	struct last_line l = { .n = 0 };
	char line[EXPECT_LINE + 10];

	memset(line, 'x', sizeof line);
	last_line_feed(&l, line, sizeof line);
	CHECK(l.n == EXPECT_LINE, "%zu", l.n);
}

int
main(void)
{
	RUN(test_a_text_is_found_across_every_border);
	RUN(test_it_finds_what_memmem_finds);
	RUN(test_the_longest_text_fits);
	RUN(test_the_last_line_is_what_a_person_wants_to_see);
	RUN(test_of_a_long_line_the_beginning_is_kept);
	return unit_end();
}
