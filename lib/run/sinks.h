/*
 * sinks - who hears the talk of a run: from the conversation options to the
 * sinks on stdout, on stderr and in files.
 */
#ifndef RUN_SINKS_H
#define RUN_SINKS_H

#include "run/session.h"

/* What stdout takes: the rule of session.h. */
enum session_out sinks_out(const struct session_opts *);

/* -1: s->why has the cause: a file, memory, options at odds. */
int	sinks_add(struct session *, const struct session_opts *,
	    const struct session_for *) MUST_CHECK;

#endif
