/*
 * explain - one plain sentence about an event: what happened on the wire, for
 * somebody who has never seen it.
 *
 * A sentence is made from the event's own fields and from what this run told
 * before, never from a guess: where a fact was not measured, nothing is said
 * about it. What is ordinary is explained the first time only, trouble always.
 *
 * Fields that cost something to measure are measured only if talk_curious().
 */
#ifndef TALK_EXPLAIN_H
#define TALK_EXPLAIN_H

#include "talk/talk.h"

enum { EXPLAIN_MAX = 640 };	/* bytes of a sentence */

/* NULL: no memory. */
struct explain *explain_new(void) MUST_CHECK;
void	explain_free(struct explain *);	/* NULL is fine */

/* NULL: nothing to say. It lasts until the next call. */
const char *explain(struct explain *, const struct talk_event *);

#endif
