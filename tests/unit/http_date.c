/* SPDX-License-Identifier: MIT */
#include "proto/http_date.h"

#include "unit.h"

static const int64_t nov_2026 = 1795357359;

static void
a_time_is_written(void)
{
	static const struct {
		int64_t t;
		const char *date;
	} rows[] = {
		{ 0, "Thu, 01 Jan 1970 00:00:00 GMT" },
		{ 784111777, "Sun, 06 Nov 1994 08:49:37 GMT" },
		{ 951782400, "Tue, 29 Feb 2000 00:00:00 GMT" },
		{ 951868799, "Tue, 29 Feb 2000 23:59:59 GMT" },
		{ 951868800, "Wed, 01 Mar 2000 00:00:00 GMT" },
		{ 1706933106, "Sat, 03 Feb 2024 04:05:06 GMT" },
		{ 4107542400, "Mon, 01 Mar 2100 00:00:00 GMT" },
		{ 2147483648, "Tue, 19 Jan 2038 03:14:08 GMT" },
		{ -1, "Wed, 31 Dec 1969 23:59:59 GMT" },
		{ -62135596800, "Mon, 01 Jan 0001 00:00:00 GMT" },
		{ INT64_MIN, "Mon, 01 Jan 0001 00:00:00 GMT" },
		{ 253402300799, "Fri, 31 Dec 9999 23:59:59 GMT" },
		{ INT64_MAX, "Fri, 31 Dec 9999 23:59:59 GMT" },
	};
	char out[HTTP_DATE_LEN + 1];

	for (size_t i = 0; i < NELEMS(rows); i++) {
		http_date(out, rows[i].t);
		CHECK(strcmp(out, rows[i].date) == 0, "%s: %s", rows[i].date,
		    out);
	}
}

static void
all_three_forms_are_read(void)
{
	static const struct {
		const char *date;
		int64_t t;
	} rows[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
		{ "Sun Nov  6 08:49:37 1994", 784111777 },
		{ "Sat Feb 03 04:05:06 2024", 1706933106 },
		{ "Wed Nov 16 08:49:37 1994", 784975777 },
		{ "Sat, 31 Dec 2016 23:59:60 GMT", 1483228800 },
		{ "Tue, 29 Feb 2000 00:00:00 GMT", 951782400 },
		/* now is 2026-11-22: 2076 may still come, 2077 may not */
		{ "Sunday, 22-Nov-26 00:00:00 GMT", 1795305600 },
		{ "Sunday, 01-Jan-76 00:00:00 GMT", 3345062400 },
		{ "Sunday, 22-Nov-76 00:00:00 GMT", 3373228800 },
		{ "Wednesday, 24-Nov-76 00:00:00 GMT", 217641600 },
		{ "Saturday, 01-Jan-77 00:00:00 GMT", 220924800 },
		{ "Saturday, 01-Jan-00 00:00:00 GMT", 946684800 },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *s = rows[i].date;
		int64_t t = -1;
		int r = http_date_parse(s, strlen(s), nov_2026, &t);

		CHECK(r == 0 && t == rows[i].t, "%s: %d, %lld", s, r,
		    (long long)t);
	}
}

static void
other_text_is_no_date(void)
{
	static const char *const rows[] = {
		"", "0", "yesterday", "Sun, 06 Nov 1994 08:49:37",
		"Sun, 06 Nov 1994 08:49:37 UTC",
		"Sun, 06 Nov 1994 08:49:37 gmt",
		"Sun, 06 Nov 1994 08:49:37 GMT ",
		" Sun, 06 Nov 1994 08:49:37 GMT",
		"sun, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 nov 1994 08:49:37 GMT",
		"Sun,  6 Nov 1994 08:49:37 GMT",
		"Sun, 6 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 94 08:49:37 GMT",
		"Sun, 00 Nov 1994 08:49:37 GMT",
		"Sun, 31 Nov 1994 08:49:37 GMT",
		"Mon, 29 Feb 2100 00:00:00 GMT",
		"Sun, 06 Nov 1994 24:00:00 GMT",
		"Sun, 06 Nov 1994 08:60:00 GMT",
		"Sun, 06 Nov 1994 08:49:61 GMT",
		"Sun, 06 Nov 0000 08:49:37 GMT",
		"Sun, 06-Nov-94 08:49:37 GMT",
		"Sunday, 06-Nov-1994 08:49:37 GMT",
		"Sun Nov 6 08:49:37 1994",
		"Sun Nov  6 08:49:37 1994 GMT",
		"Sun Nov  6 08:49:37 94",
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		int64_t t = 0;

		CHECK(http_date_parse(rows[i], strlen(rows[i]), nov_2026,
		    &t) < 0, "'%s' is %lld", rows[i], (long long)t);
	}
}

static void
what_is_written_is_read_back(void)
{
	char out[HTTP_DATE_LEN + 1];
	int64_t back;

	/* A step prime to the day visits every hour and every date. */
	for (int64_t t = -62135596800; t < 253402300799; t += 1299827 * 7) {
		back = t + 1;
		http_date(out, t);
		CHECK(http_date_parse(out, HTTP_DATE_LEN, 0, &back) == 0 &&
		    back == t, "%s: %lld", out, (long long)back);
	}
}

int
main(void)
{
	RUN(a_time_is_written);
	RUN(all_three_forms_are_read);
	RUN(other_text_is_no_date);
	RUN(what_is_written_is_read_back);
	return unit_end();
}
