/*
 * num - strict numbers, durations and sizes, as people type them.
 *
 * What is not exactly a number is refused: no sign, no blank, no "0x", no
 * leading zero ("070" is 56 to one program and 70 to the next), nothing
 * behind it. Each function returns NULL, or what is wrong in the words that
 * follow "'070' is ...", and then stores nothing.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/base.h"

#define NUM_TIME_MAX 86400000	/* milliseconds: 24 h */

/* A whole decimal from min (at least 0) to max. */
const char *num_whole(const char *, int64_t min, int64_t max, int64_t *)
    MUST_CHECK;
/* The same of the first n bytes, for a number within a longer text. */
const char *num_whole_n(const char *, size_t n, int64_t min, int64_t max,
    int64_t *) MUST_CHECK;

/*
 * "2" and "1.5" (seconds), "200ms", "90s", "3m", "1h": stored in
 * milliseconds, 0 to NUM_TIME_MAX. Finer than a millisecond is refused.
 */
const char *num_time(const char *, int *ms) MUST_CHECK;

/* "512", "64k", "1M", "2G": bytes, in powers of 1024, from min to max. */
const char *num_size(const char *, int64_t min, int64_t max, int64_t *)
    MUST_CHECK;

#endif
