/* SPDX-License-Identifier: MIT */
#include "base/words.h"

#include "unit.h"

/* The words joined with '|', or "!" and what is wrong. */
static void
join(char *dst, size_t size, const char *line)
{
	const char *bad;
	char **v = words_split(line, &bad);
	size_t n = 0;

	if (v == NULL) {
		snprintf(dst, size, "!%s", bad);
		return;
	}
	for (size_t i = 0; v[i] != NULL; i++)
		n += (size_t)snprintf(dst + n, size - n, "%s%s",
		    i ? "|" : "", v[i]);
	free(v);
}

static void
test_words_are_split_as_a_shell_does(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "date", "date" },
		{ "  head   -c 3\t-q ", "head|-c|3|-q" },
		{ "echo 'a b' c", "echo|a b|c" },
		{ "echo \"a  b\"'c'd", "echo|a  bcd" },
		{ "echo a\\ b \\\\", "echo|a b|\\" },
		{ "echo \"\\\"\\$\\n\"", "echo|\"$\\n" },
		{ "echo '\\'", "echo|\\" },
		{ "echo ''", "echo|" },
		{ "echo $HOME *", "echo|$HOME|*" },
		{ "", "!empty" },
		{ " \t", "!empty" },
		{ "echo 'a", "!missing a closing quote" },
		{ "echo \"a", "!missing a closing quote" },
		{ "echo a\\", "!ending in a lone backslash" },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		char got[256];

		join(got, sizeof got, rows[i].in);
		CHECK(strcmp(got, rows[i].out) == 0, "'%s' became '%s'",
		    rows[i].in, got);
	}
}

static void
test_too_many_words_are_refused(void)
{
	char line[2 * WORDS_MAX + 3], got[1024];
	const char *bad;
	char **v;

	for (size_t i = 0; i < sizeof line - 1; i++)
		line[i] = i % 2 ? ' ' : 'x';
	line[sizeof line - 1] = '\0';
	join(got, sizeof got, line);
	CHECK(got[0] == '!', "%s", got);
	line[2 * WORDS_MAX - 1] = '\0';
	v = words_split(line, &bad);
	CHECK(v != NULL, "%d words: %s", WORDS_MAX, bad);
	free(v);
}

int
main(void)
{
	RUN(test_words_are_split_as_a_shell_does);
	RUN(test_too_many_words_are_refused);
	return unit_end();
}
