/* SPDX-License-Identifier: MIT */
#include "proto/http_range.h"

#include "unit.h"

static void
a_field_gives_a_range(void)
{
	enum { NONE = HTTP_RANGE_NONE, PART = HTTP_RANGE_PART,
	       BEYOND = HTTP_RANGE_BEYOND };
	static const struct {
		const char *value;
		uint64_t size;
		int kind;
		uint64_t from, len;
	} rows[] = {
		{ "bytes=0-0", 10, PART, 0, 1 },
		{ "bytes=0-9", 10, PART, 0, 10 },
		{ "bytes=9-9", 10, PART, 9, 1 },
		{ "bytes=2-5", 10, PART, 2, 4 },
		{ "bytes=8-", 10, PART, 8, 2 },
		{ "bytes=0-99", 10, PART, 0, 10 },
		{ "bytes=-3", 10, PART, 7, 3 },
		{ "bytes=-99", 10, PART, 0, 10 },
		{ "BYTES=0-0", 10, PART, 0, 1 },
		{ "Bytes= 0-0 ", 10, PART, 0, 1 },
		{ "bytes=,0-0,", 10, PART, 0, 1 },
		{ "bytes=0-18446744073709551615", 10, PART, 0, 10 },
		{ "bytes=0-99999999999999999999999", 10, PART, 0, 10 },
		{ "bytes=-99999999999999999999999", 10, PART, 0, 10 },
		{ "bytes=9-", UINT64_MAX, PART, 9, UINT64_MAX - 9 },
		{ "bytes=10-", 10, BEYOND, 0, 0 },
		{ "bytes=10-20", 10, BEYOND, 0, 0 },
		{ "bytes=-0", 10, BEYOND, 0, 0 },
		{ "bytes=18446744073709551616-", 10, BEYOND, 0, 0 },
		{ "bytes=0-0", 0, BEYOND, 0, 0 },
		{ "bytes=-5", 0, BEYOND, 0, 0 },
		{ "bytes=-0", 0, BEYOND, 0, 0 },
		{ "", 10, NONE, 0, 0 },
		{ "bytes", 10, NONE, 0, 0 },
		{ "bytes=", 10, NONE, 0, 0 },
		{ "bytes=,", 10, NONE, 0, 0 },
		{ "bytes=-", 10, NONE, 0, 0 },
		{ "bytes=a-b", 10, NONE, 0, 0 },
		{ "bytes=5-2", 10, NONE, 0, 0 },
		{ "bytes=5", 10, NONE, 0, 0 },
		{ "bytes=+5-6", 10, NONE, 0, 0 },
		{ "bytes=5 -6", 10, NONE, 0, 0 },
		{ "bytes=--5", 10, NONE, 0, 0 },
		{ "bytes=-5x", 10, NONE, 0, 0 },
		{ "bytes =0-1", 10, NONE, 0, 0 },
		{ "items=0-5", 10, NONE, 0, 0 },
		{ "bytes=0-0,-1", 10, NONE, 0, 0 },
		{ "bytes=0-0 , 2-2", 10, NONE, 0, 0 },
		{ "bytes=-9223372036854775608,-9223372036854775608", 10,
		  NONE, 0, 0 },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *s = rows[i].value;
		struct http_range r;
		int kind = (int)http_range(&r, s, strlen(s), rows[i].size);

		CHECK(kind == rows[i].kind, "'%s' of %llu: kind %d", s,
		    (unsigned long long)rows[i].size, kind);
		CHECK(kind != PART || (r.from == rows[i].from &&
		    r.len == rows[i].len), "'%s': %llu+%llu", s,
		    (unsigned long long)r.from, (unsigned long long)r.len);
	}
}

int
main(void)
{
	RUN(a_field_gives_a_range);
	return unit_end();
}
