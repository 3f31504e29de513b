/* SPDX-License-Identifier: MIT */
#include "run/slash.h"

#include "base/num.h"

enum { WORD = 32 };	/* the longest that means anything, and more */

/* What stands behind "/to ". */
static struct slash_line
to(const char *whom)
{
	struct slash_line l = { .what = SLASH_TO };
	int64_t id;

	if (strcmp(whom, "all") == 0)
		l.what = SLASH_ALL;
	else if (num_whole(whom, 1, UINT32_MAX, &id) != NULL)
		l.what = SLASH_NOBODY;
	else
		l.id = (unsigned)id;
	return l;
}

struct slash_line
slash_parse(const char *line, size_t n)
{
	struct slash_line l = { .what = SLASH_UNKNOWN };
	char word[WORD];

	if (n == 0 || line[0] != '/' || (n > 1 && line[1] == '/')) {
		l.what = SLASH_TEXT;
		l.at = n > 0 && line[0] == '/';
		return l;
	}
	if (n > 0 && line[n - 1] == '\n')
		n--;
	if (n > 0 && line[n - 1] == '\r')
		n--;
	if (n >= sizeof word || memchr(line, '\0', n) != NULL)
		return l;
	memcpy(word, line, n);
	word[n] = '\0';
	if (strncmp(word, "/to ", 4) == 0)
		return to(word + 4);
	if (strcmp(word, "/all") == 0)
		l.what = SLASH_ALL;
	else if (strcmp(word, "/who") == 0)
		l.what = SLASH_WHO;
	return l;
}
