/* SPDX-License-Identifier: MIT */
#include "run/cutter.h"

#include "unit.h"

enum { MAX = 8, PIECE = 16 };

/* What comes out, each datagram in brackets; "!" for a line too long. */
static void
all(struct cutter *c, bool ended, char *out)
{
	char dst[MAX];
	size_t n;

	for (;;) {
		enum cut r = cutter_next(c, ended, dst, &n);

		if (r == CUT_MORE)
			return;
		if (r == CUT_TOO_LONG)
			snprintf(out + strlen(out), 32, "!");
		else
			snprintf(out + strlen(out), 32, "[%.*s]", (int)n, dst);
	}
}

static void
test_however_it_comes_it_is_cut_alike(void)
{
	static const struct {
		size_t size;
		bool crlf;
		const char *in, *out;
	} rows[] = {
		{ 0, false, "", "" },
		{ 0, false, "\n", "[\n]" },
		{ 0, false, "a\n\nbc", "[a\n][\n][bc]" },
		{ 0, false, "1234567\n", "[1234567\n]" },
		{ 0, false, "12345678\nx", "![x]" },
		{ 0, false, "1234567890abcdefghijkl\nx\n", "![x\n]" },
		{ 0, false, "1234567890abcdefghijkl", "!" },
		{ 0, true, "a\nb\r\n\n", "[a\r\n][b\r\n][\r\n]" },
		{ 0, true, "123456\n1234567\n", "[123456\r\n]!" },
		{ 3, false, "a\nbcdefg", "[a\nb][cde][fg]" },
		{ 3, false, "abc", "[abc]" },
	};

	for (size_t i = 0; i < NELEMS(rows); i++)
		for (size_t step = 1; step <= PIECE; step++) {
			size_t n = strlen(rows[i].in);
			char out[256] = "";
			struct cutter c;

			cutter_init(&c, MAX, PIECE);
			c.size = rows[i].size;
			c.crlf = rows[i].crlf;
			for (size_t k = 0; k < n; k += step) {
				CHECK(cutter_add(&c, rows[i].in + k,
				    n - k < step ? n - k : step) == 0,
				    "row %zu: no room", i);
				all(&c, false, out);
			}
			all(&c, true, out);
			CHECK(strcmp(out, rows[i].out) == 0,
			    "row %zu, by %zu: '%s'", i, step, out);
			cutter_free(&c);
		}
}

int
main(void)
{
	RUN(test_however_it_comes_it_is_cut_alike);
	return unit_end();
}
