/* SPDX-License-Identifier: MIT */
#include "run/command.h"

#include <errno.h>

#include "base/words.h"

char **
command_words(const char *exec, const char *sh_exec, struct why *why)
{
	const char *bad = NULL;
	size_t n = exec != NULL ? 0 : strlen(sh_exec) + 1;
	char **v, *text;

	if (exec != NULL) {
		if ((v = words_split(exec, &bad)) == NULL)
			why_set(why, WHY_USAGE, 0, "--exec: the command is %s",
			    bad);
		return v;
	}
	/* "/bin/sh", "-c", the text; in one piece, as words_split() does. */
	if ((v = calloc(1, 4 * sizeof *v + 16 + n)) == NULL) {
		why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
		return NULL;
	}
	text = (char *)(v + 4);
	v[0] = memcpy(text, "/bin/sh", 8);
	v[1] = memcpy(text + 8, "-c", 3);
	v[2] = memcpy(text + 16, sh_exec, n);
	return v;
}
