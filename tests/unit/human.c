/* SPDX-License-Identifier: MIT */
#include "base/human.h"

#include "unit.h"

static void
sizes(void)
{
	static const struct {
		uint64_t bytes;
		const char *want;
	} t[] = {
		{ 0, "0 B" }, { 1, "1 B" }, { 72, "72 B" }, { 999, "999 B" },
		{ 1000, "1.0 kB" }, { 1201, "1.2 kB" }, { 1999, "1.9 kB" },
		{ 19999, "19.9 kB" }, { 20000, "20 kB" },
		{ 999999, "999 kB" }, { 1000000, "1.0 MB" },
		{ 12400000, "12.4 MB" }, { 80000000, "80 MB" },
		{ 1073741824, "1.0 GB" }, { 4000000000000, "4.0 TB" },
		{ UINT64_MAX, "18446 PB" },
	};
	char got[HUMAN_TEXT];

	for (size_t i = 0; i < NELEMS(t); i++)
		CHECK(strcmp(human_size(t[i].bytes, got), t[i].want) == 0,
		    "want %s, got %s", t[i].want, got);
}

static void
times(void)
{
	static const struct {
		uint64_t us;
		const char *want;
	} t[] = {
		{ 0, "0 ms" }, { 1, "0.001 ms" }, { 9, "0.009 ms" },
		{ 10, "0.01 ms" }, { 50, "0.05 ms" }, { 99, "0.09 ms" },
		{ 100, "0.1 ms" }, { 1698, "1.6 ms" }, { 12300, "12.3 ms" },
		{ 25600, "25 ms" }, { 999999, "999 ms" },
		{ 1000000, "1.0 s" }, { 4200000, "4.2 s" },
		{ 47000000, "47 s" }, { 119999999, "119 s" },
		{ 120000000, "2 m 0 s" }, { 200000000, "3 m 20 s" },
		{ 7500000000, "2 h 5 m" }, { 180000000000, "2 d 2 h" },
	};
	char got[HUMAN_TEXT];

	for (size_t i = 0; i < NELEMS(t); i++)
		CHECK(strcmp(human_time(t[i].us, got), t[i].want) == 0,
		    "want %s, got %s", t[i].want, got);
}

int
main(void)
{
	RUN(sizes);
	RUN(times);
	return unit_end();
}
