/* SPDX-License-Identifier: MIT */
#include "run/slash.h"

#include "unit.h"

static const char *const name[] = {
	"text", "to", "all", "who", "nobody", "unknown",
};

static const struct {
	const char *line;
	enum slash what;
	unsigned id;
	size_t at;
} rows[] = {
	{ "", SLASH_TEXT, 0, 0 },
	{ "hello", SLASH_TEXT, 0, 0 },
	{ " /who", SLASH_TEXT, 0, 0 },
	{ "//", SLASH_TEXT, 0, 1 },
	{ "//who", SLASH_TEXT, 0, 1 },
	{ "///", SLASH_TEXT, 0, 1 },
	{ "/to 1", SLASH_TO, 1, 0 },
	{ "/to 4294967295", SLASH_TO, 4294967295U, 0 },
	{ "/to all", SLASH_ALL, 0, 0 },
	{ "/all", SLASH_ALL, 0, 0 },
	{ "/who", SLASH_WHO, 0, 0 },
	{ "/to ", SLASH_NOBODY, 0, 0 },
	{ "/to 0", SLASH_NOBODY, 0, 0 },
	{ "/to -1", SLASH_NOBODY, 0, 0 },
	{ "/to 1 ", SLASH_NOBODY, 0, 0 },
	{ "/to 4294967296", SLASH_NOBODY, 0, 0 },
	{ "/to ALL", SLASH_NOBODY, 0, 0 },
	{ "/", SLASH_UNKNOWN, 0, 0 },
	{ "/to", SLASH_UNKNOWN, 0, 0 },
	{ "/who ", SLASH_UNKNOWN, 0, 0 },
	{ "/WHO", SLASH_UNKNOWN, 0, 0 },
	{ "/all of us", SLASH_UNKNOWN, 0, 0 },
	{ "/to 00000000000000000000000000001", SLASH_UNKNOWN, 0, 0 },
};

/* Whatever ends the line, it means the same. */
static void
test_a_line_is_text_or_a_command(void)
{
	static const char *const ends[] = { "", "\n", "\r\n" };

	for (size_t i = 0; i < NELEMS(rows); i++)
		for (size_t k = 0; k < NELEMS(ends); k++) {
			char line[64];
			int n = snprintf(line, sizeof line, "%s%s",
			    rows[i].line, ends[k]);
			struct slash_line l = slash_parse(line, (size_t)n);

			CHECK(l.what == rows[i].what && l.id == rows[i].id &&
			    l.at == rows[i].at, "'%s' %zu: %s %u %zu",
			    rows[i].line, k, name[l.what], l.id, l.at);
		}
}

static void
test_a_NUL_is_no_end(void)
{
	CHECK(slash_parse("/who\0x", 6).what == SLASH_UNKNOWN, "NUL");
	CHECK(slash_parse("/to 1\0", 6).what == SLASH_UNKNOWN, "NUL");
}

int
main(void)
{
	RUN(test_a_line_is_text_or_a_command);
	RUN(test_a_NUL_is_no_end);
	return unit_end();
}
