/*
 * pace - how many bytes may leave now, and when the next ones may: so many a
 * second, or a line at a time.
 *
 * What has left is never more than the rate times the time that has passed
 * since the first question; a pause saves up at most PACE_SAVED_NS. Bytes go in
 * pieces of a fiftieth of a second, so that a high rate costs no more calls.
 * The caller brings the clock: any that counts nanoseconds and never goes back.
 */
#ifndef PROTO_PACE_H
#define PROTO_PACE_H

#include "base/base.h"

#define PACE_RATE_MAX INT64_C(100000000000)	/* bytes a second */
#define PACE_SAVED_NS (100 * (uint64_t)NS_PER_MS)

struct pace {
	int64_t	 rate;		/* bytes a second; 0: any */
	int	 line_ms;	/* between two lines; 0: none */
	uint64_t paid_ns;	/* paid for with bytes; 0: none yet */
	uint64_t line_ns;	/* not before: the next line */
};

/* Of n bytes at p, how many may leave now? n > 0. */
size_t	pace_may(struct pace *, const char *p, size_t n, uint64_t now_ns);
/* If none: when to ask again. */
uint64_t pace_due(const struct pace *, size_t n);
/* These have left. */
void	pace_sent(struct pace *, const char *p, size_t n, uint64_t now_ns);

#endif
