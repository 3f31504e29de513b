/*
 * human - durations and sizes as people read them.
 *
 * One rule for both: one decimal below 20 of a unit ("1.2 kB", "4.2 s",
 * "12.4 MB"), none from 20 on ("80 MB", "47 s"), none in bytes. What is
 * shorter than 0.1 ms has as many decimals as its first digit needs. Sizes
 * are decimal (1 kB = 1000 B). Values are cut, never rounded up.
 */
#ifndef BASE_HUMAN_H
#define BASE_HUMAN_H

#include "base/base.h"

#define HUMAN_TEXT 32		/* the longest result and its NUL */

/* "72 B", "1.2 kB", "80 MB". Returns dst. */
const char *human_size(uint64_t bytes, char dst[static HUMAN_TEXT]);
/* "0.05 ms", "0.1 ms", "4.2 s", "3 m 20 s", "2 h 5 m". Returns dst. */
const char *human_time(uint64_t us, char dst[static HUMAN_TEXT]);

#endif
