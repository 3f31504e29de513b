/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <time.h>

static uint64_t
now(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

uint64_t
clock_ns(void)
{
	return now(CLOCK_MONOTONIC);
}

uint64_t
clock_wall_ns(void)
{
	return now(CLOCK_REALTIME);
}

const char *
clock_text(uint64_t wall_ns, char dst[static CLOCK_TEXT])
{
	time_t s = (time_t)(wall_ns / NS_PER_S);
	struct tm tm;
	size_t n;

	gmtime_r(&s, &tm);
	n = strftime(dst, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(dst + n, CLOCK_TEXT - n, ".%06uZ",
	    (unsigned)(wall_ns % NS_PER_S / NS_PER_US));
	return dst;
}

bool
clock_parse(const char *s, uint64_t *wall_ns)
{
	struct tm tm = { 0 };
	const char *p = strptime(s, "%Y-%m-%dT%H:%M:%S", &tm);
	uint64_t ns = 0;
	time_t t;

	if (p == NULL || (t = timegm(&tm)) < 0)
		return false;
	if (*p == '.') {
		uint64_t unit = NS_PER_S;

		for (p++; *p >= '0' && *p <= '9' && unit > 1; p++)
			ns += (uint64_t)(*p - '0') * (unit /= 10);
	}
	*wall_ns = (uint64_t)t * NS_PER_S + ns;
	return strcmp(p, "Z") == 0;
}
