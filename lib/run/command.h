/*
 * command - the words of a program to run, as the user wrote them.
 */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

#include "base/why.h"

/*
 * The words of exec, or /bin/sh -c sh_exec, whichever is not NULL; for
 * free(3). NULL: WHY_USAGE or WHY_LOCAL.
 */
char	**command_words(const char *exec, const char *sh_exec, struct why *)
	    MUST_CHECK;

#endif
