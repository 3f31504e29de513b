/*
 * words - a command line split as a shell would, without a shell.
 *
 * Blanks part words; '...' and "..." keep them, a backslash keeps the next
 * character (inside "..." only before \, " and $). Nothing is expanded.
 */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include "base/base.h"

enum { WORDS_MAX = 256 };	/* words of one command line */

/*
 * A NULL-terminated list in one piece of memory, for free(3); *bad says what
 * is wrong if it is NULL.
 */
char	**words_split(const char *, const char **bad) MUST_CHECK;

#endif
