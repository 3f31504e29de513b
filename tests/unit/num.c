/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/num.h"

static void
whole_numbers(void)
{
	static const struct {
		const char *text, *wrong;
		int64_t value;
	} t[] = {
		{ "1", NULL, 1 },
		{ "80", NULL, 80 },
		{ "65535", NULL, 65535 },
		{ "0", "too small", 0 },
		{ "65536", "too large", 0 },
		{ "9223372036854775807", "too large", 0 },
		{ "99999999999999999999999999", "too large", 0 },
		{ "", "not a whole number", 0 },
		{ " 80", "not a whole number", 0 },
		{ "80 ", "not a whole number", 0 },
		{ "+80", "not a whole number", 0 },
		{ "-1", "not a whole number", 0 },
		{ "80x", "not a whole number", 0 },
		{ "0x50", "not a whole number", 0 },
		{ "8.0", "not a whole number", 0 },
		{ "1e3", "not a whole number", 0 },
		{ "\xd9\xa1", "not a whole number", 0 },
		{ "070", "written with a leading zero", 0 },
		{ "00", "written with a leading zero", 0 },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		int64_t n = -7;
		const char *wrong = num_whole(t[i].text, 1, 65535, &n);

		CHECK((wrong == NULL) == (t[i].wrong == NULL) &&
		    (wrong == NULL || strcmp(wrong, t[i].wrong) == 0),
		    "'%s' is %s", t[i].text, wrong ? wrong : "accepted");
		CHECK(n == (t[i].wrong ? -7 : t[i].value), "'%s' gave %lld",
		    t[i].text, (long long)n);
	}
}

static void
part_of_a_text(void)
{
	int64_t n = 0;

	CHECK(num_whole_n("20-25", 2, 1, 99, &n) == NULL && n == 20, "20-");
	CHECK(num_whole_n("20-25", 3, 1, 99, &n) != NULL, "took '20-'");
	CHECK(num_whole_n("20", 0, 1, 99, &n) != NULL, "took nothing");
	CHECK(num_whole("0", 0, 9, &n) == NULL && n == 0, "zero");
}

static void
durations(void)
{
	static const struct {
		const char *text;
		int ms;		/* -1: refused */
	} t[] = {
		{ "0", 0 }, { "2", 2000 }, { "1.5", 1500 }, { "0.25s", 250 },
		{ "200ms", 200 }, { "90s", 90000 }, { "3m", 180000 },
		{ "0.5m", 30000 }, { "1h", 3600000 }, { "24h", 86400000 },
		{ "0.001", 1 }, { "0.0001h", 360 }, { "86400", 86400000 },
		{ "0.0001", -1 }, { "1.5ms", -1 }, { "1.0000000000", -1 },
		{ "24.001h", -1 }, { "86400.001", -1 }, { "25h", -1 },
		{ "999999999999999999999999", -1 }, { "", -1 }, { ".5", -1 },
		{ "1.", -1 }, { "1,5", -1 }, { "-1", -1 }, { "+1", -1 },
		{ "1 s", -1 }, { "1d", -1 }, { "02", -1 }, { "1e3", -1 },
		{ "inf", -1 }, { "0x10", -1 }, { "1sm", -1 },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		int ms = -1;
		const char *wrong = num_time(t[i].text, &ms);

		CHECK(ms == t[i].ms && (wrong != NULL) == (t[i].ms < 0),
		    "'%s' gave %d, %s", t[i].text, ms, wrong ? wrong : "fine");
	}
}

static void
sizes(void)
{
	static const struct {
		const char *text;
		int64_t bytes;	/* -1: refused */
	} t[] = {
		{ "0", 0 }, { "512", 512 }, { "64k", 65536 },
		{ "64K", 65536 }, { "1M", 1 << 20 }, { "2G", 2LL << 30 },
		{ "4G", 4LL << 30 }, { "5G", -1 }, { "8589934592G", -1 },
		{ "99999999999999999999", -1 }, { "", -1 }, { "k", -1 },
		{ "1kB", -1 }, { "1m", -1 }, { "01k", -1 }, { "-1k", -1 },
		{ "1.5M", -1 }, { "1T", -1 }, { "1 k", -1 },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		int64_t n = -1;
		const char *wrong = num_size(t[i].text, 0, 4LL << 30, &n);

		CHECK(n == t[i].bytes && (wrong != NULL) == (n < 0),
		    "'%s' gave %lld, %s", t[i].text, (long long)n,
		    wrong ? wrong : "fine");
	}
}

int
main(void)
{
	RUN(whole_numbers);
	RUN(part_of_a_text);
	RUN(durations);
	RUN(sizes);
	return unit_end();
}
