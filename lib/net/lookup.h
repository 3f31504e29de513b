/*
 * lookup - names become addresses while the loop runs on.
 *
 * The machine's resolver can only be waited for, so a thread does that, at
 * most LOOKUP_THREADS of them at a time; further questions stand in line. An
 * address asks nobody, and is answered from the loop all the same. A lookup
 * that is given up goes on unheard.
 */
#ifndef NET_LOOKUP_H
#define NET_LOOKUP_H

#include "base/why.h"
#include "net/resolve.h"

enum { LOOKUP_THREADS = 64 };

struct ev_loop;
struct lookup;
struct lookups;

/* r->n 0: why has the cause. Both are there during the call. */
typedef void lookup_done(void *arg, const struct resolve *,
	    const struct why *);

/* NULL: out of memory. */
struct lookups *lookups_new(struct ev_loop *, struct talk *) MUST_CHECK;
/* Once all lookups were given up or are done. */
void	lookups_free(struct lookups *);

/* done is called once, from the loop. NULL: out of memory. */
struct lookup *lookup(struct lookups *, const struct resolve_ask *,
	    lookup_done *, void *arg) MUST_CHECK;
void	lookup_give_up(struct lookup *);	/* done is not called */

#endif
