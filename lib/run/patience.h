/*
 * patience - how often, and for how long, one asks again: --retry and --wait.
 *
 * With both, the one that is reached first ends it. The pauses double, from
 * PATIENCE_FIRST_MS to PATIENCE_PAUSE_MS; the last try begins when the time is
 * over.
 */
#ifndef RUN_PATIENCE_H
#define RUN_PATIENCE_H

#include "base/base.h"

enum {
	PATIENCE_FIRST_MS = 100,	/* pause after the first try */
	PATIENCE_PAUSE_MS = 1000,	/* the longest */
	PATIENCE_LEAST_MS = 200,	/* a try has so long, however late */
};

struct talk;

struct patience {
	int		 retry;		/* times more; 0: see wait_ms */
	int		 wait_ms;	/* 0: see retry; both: once is all */
	uint64_t	 began_ns;
	int		 tries;		/* so far: the caller's to count */
	int		 pause_ms;	/* the next one; 0: the first */
};

bool	patience_wanted(const struct patience *);
bool	patience_over(const struct patience *);	/* that was the last try */
/* For the next try, which may have up to own_ms; 0: no limit, in both. */
int	patience_limit_ms(const struct patience *, int own_ms);
/* Tells the pause before the next try, which is so long; wordy: from -v on. */
int	patience_pause_ms(struct patience *, struct talk *, bool wordy);
int	patience_elapsed_ms(const struct patience *);

#endif
