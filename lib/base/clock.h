/*
 * clock - what time it is, twice: a steady clock for spans, the calendar's
 * for people.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/base.h"

#define CLOCK_TEXT 32		/* "2026-11-22T17:22:53.354537Z" and NUL */

uint64_t clock_ns(void);	/* CLOCK_MONOTONIC, ns */
uint64_t clock_wall_ns(void);	/* CLOCK_REALTIME, ns since 1970 */
/* RFC 3339, UTC, microseconds. Returns dst. */
const char *clock_text(uint64_t wall_ns, char dst[static CLOCK_TEXT]);
/* The reverse, with up to nine digits behind the point. False: it is none. */
bool	clock_parse(const char *, uint64_t *wall_ns) MUST_CHECK;

#endif
