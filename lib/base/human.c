/* SPDX-License-Identifier: MIT */
#include "base/human.h"

#include <inttypes.h>

struct unit {
	uint64_t	 from;	/* this unit is used from here on, */
	uint64_t	 one;	/* and one of it is so much */
	const char	*name;
	const char	*rest;	/* name of the next lower unit, if the */
	uint64_t	 part;	/* rest is told in it, and its size */
};

/* clang-format off */
static const struct unit sizes[] = {	/* the largest first */
	{ 1000000000000000, 1000000000000000, "PB", NULL, 0 },
	{ 1000000000000,    1000000000000,    "TB", NULL, 0 },
	{ 1000000000,       1000000000,       "GB", NULL, 0 },
	{ 1000000,          1000000,          "MB", NULL, 0 },
	{ 1000,             1000,             "kB", NULL, 0 },
	{ 0,                1,                "B",  NULL, 0 },
};

static const struct unit times[] = {
	{ 172800000000, 86400000000, "d",  "h", 3600000000 },
	{ 7200000000,   3600000000,  "h",  "m", 60000000 },
	{ 120000000,    60000000,    "m",  "s", 1000000 },
	{ 1000000,      1000000,     "s",  NULL, 0 },
	{ 0,            1000,        "ms", NULL, 0 },
};
/* clang-format on */

static const struct unit *
find(const struct unit *u, uint64_t v)
{
	while (v < u->from)
		u++;
	return u;
}

/* Decimals until the first digit of so many thousandths that is not 0. */
static int
decimals(unsigned thousandths)
{
	return thousandths >= 100 || thousandths == 0 ? 1 :
	    thousandths >= 10 ? 2 : 3;
}

static const char *
show(const struct unit *u, uint64_t v, char *dst)
{
	uint64_t whole = v / u->one, part = v % u->one;
	unsigned thousandths = (unsigned)(part * 1000 / u->one % 1000);
	char digits[4];

	snprintf(digits, sizeof digits, "%03u", thousandths);
	if (u->rest != NULL)
		snprintf(dst, HUMAN_TEXT, "%" PRIu64 " %s %" PRIu64 " %s",
		    whole, u->name, part / u->part, u->rest);
	else if (whole >= 20 || u->one == 1 || v == 0)
		snprintf(dst, HUMAN_TEXT, "%" PRIu64 " %s", whole, u->name);
	else
		snprintf(dst, HUMAN_TEXT, "%" PRIu64 ".%.*s %s", whole,
		    whole > 0 ? 1 : decimals(thousandths), digits, u->name);
	return dst;
}

const char *
human_size(uint64_t bytes, char dst[static HUMAN_TEXT])
{
	return show(find(sizes, bytes), bytes, dst);
}

const char *
human_time(uint64_t us, char dst[static HUMAN_TEXT])
{
	return show(find(times, us), us, dst);
}
