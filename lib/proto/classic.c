/* SPDX-License-Identifier: MIT */
#include "proto/classic.h"

#include <time.h>

enum { FIRST = ' ', GRAPHS = 95 };	/* the printing characters of ASCII */
#define FROM_1900_TO_1970 INT64_C(2208988800)	/* seconds (RFC 868) */

size_t
classic_daytime(char dst[static CLASSIC_DAYTIME], int64_t s)
{
	static const char *const days[] = { "Sunday", "Monday", "Tuesday",
		"Wednesday", "Thursday", "Friday", "Saturday" };
	static const char *const months[] = { "January", "February", "March",
		"April", "May", "June", "July", "August", "September",
		"October", "November", "December" };
	time_t t = (time_t)s;
	struct tm tm;
	int n;

	if (gmtime_r(&t, &tm) == NULL)
		return 0;
	n = snprintf(dst, CLASSIC_DAYTIME,
	    "%s, %s %d, %04d %02d:%02d:%02d-UTC\r\n", days[tm.tm_wday],
	    months[tm.tm_mon], tm.tm_mday, tm.tm_year + 1900, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
	return n > 0 && n < CLASSIC_DAYTIME ? (size_t)n : 0;
}

void
classic_time(unsigned char dst[static CLASSIC_TIME], int64_t s)
{
	uint32_t v = (uint32_t)((uint64_t)s + FROM_1900_TO_1970);

	for (int i = 0; i < CLASSIC_TIME; i++)
		dst[i] = (unsigned char)(v >> (24 - 8 * i));
}

/* Each line begins one character later than the one before. */
void
classic_chargen(char *dst, size_t n, uint64_t off)
{
	for (; n > 0; n--, off++) {
		unsigned col = (unsigned)(off % CLASSIC_LINE);
		unsigned line = (unsigned)(off / CLASSIC_LINE % GRAPHS);

		if (col == CLASSIC_LINE - 2)
			*dst++ = '\r';
		else if (col == CLASSIC_LINE - 1)
			*dst++ = '\n';
		else
			*dst++ = (char)(FIRST + (line + col) % GRAPHS);
	}
}
