/*
 * retry - a dial that is not discouraged: somebody who is not there yet may be
 * soon.
 *
 * Asked again is only what may change by itself: nobody listens, no answer, no
 * way there, a name server that is silent. A name is looked up anew for each
 * try, since that may be what changes. How often and when: run/patience.
 */
#ifndef RUN_RETRY_H
#define RUN_RETRY_H

#include "run/reach.h"

struct retry_job {
	const struct reach_opts *how;	/* borrowed, for as long as it takes */
	const struct addr_operand *to;	/* copied; NULL: has no name */
	const struct reach *at;		/* found already; or not, if */
	const struct why *failed;	/* the first try went so; or NULL */
	uint64_t	 began_ns;
	dial_done	*done;
	void		*arg;
};

/* Was more than one try asked for? */
bool	retry_wanted(const struct reach_opts *);
/* May another try end otherwise? */
bool	retry_helps(const struct why *);
/*
 * done is called once, from the loop; in the end with the cause of the last
 * try, and how many there were. -1: out of memory.
 */
int	retry(struct session *, const struct retry_job *) MUST_CHECK;

#endif
