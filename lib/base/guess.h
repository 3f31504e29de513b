/*
 * guess - "did you mean ...?": the known word nearest to a mistyped one.
 *
 * Near is: one edit in three letters (a letter added, dropped, changed, or
 * two swapped), or the known word begins with what was typed. Fill in word,
 * offer every candidate, look at best.
 */
#ifndef BASE_GUESS_H
#define BASE_GUESS_H

#include "base/base.h"

#define GUESS_MAX 32		/* letters; longer words are not compared */

struct guess {
	const char	*word;		/* what was typed; borrowed */
	const char	*best;		/* nearest so far, or NULL */
	int		 distance;	/* of best */
};

void	guess_try(struct guess *, const char *candidate);

/* Edits that lead from a to b; both shorter than GUESS_MAX. */
int	guess_distance(const char *a, const char *b);

#endif
