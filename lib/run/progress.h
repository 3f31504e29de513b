/*
 * progress - how far a long wait has come: one line on the terminal.
 *
 * It appears on stderr after a second, if that is a terminal that can take
 * back a line, and is cleared before anything else is written. Never in a
 * pipe, with --json or --quiet, or for ears (--marks=words).
 */
#ifndef RUN_PROGRESS_H
#define RUN_PROGRESS_H

#include <ev.h>

#include "base/base.h"

enum { PROGRESS_MAX = 76 };	/* characters; stays on one line of 80 */

struct session;
struct session_opts;

struct progress {		/* zeroed: none, and progress_clear() is free */
	ev_timer	 tick;
	struct ev_loop	*loop;
	bool		 shown;
	void	       (*say)(void *arg, char dst[static PROGRESS_MAX]);
	void		*arg;
};

/* say writes the line as it is now; called from the loop. */
void	progress_start(struct progress *, const struct session *,
	    const struct session_opts *,
	    void (*say)(void *arg, char dst[static PROGRESS_MAX]), void *arg);
void	progress_clear(struct progress *);	/* something else is said */
void	progress_stop(struct progress *);

#endif
