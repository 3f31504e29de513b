/* SPDX-License-Identifier: MIT */
#include "proto/http_cond.h"

#include "unit.h"

#define ETAG	"\"abc\""
#define BEFORE	"Sat, 03 Feb 2024 04:05:05 GMT"
#define EXACT	"Sat, 03 Feb 2024 04:05:06 GMT"
#define AFTER	"Sat, 03 Feb 2024 04:05:07 GMT"

static const struct http_cond_file file = {
	.etag = ETAG, .modified = 1706933106, .now = 1795357359,
};

static struct http_cond_field
field(const char *s)
{
	return (struct http_cond_field){ s, s ? strlen(s) : 0 };
}

static void
each_field_is_judged(void)
{
	enum { GO = HTTP_COND_GO, WHOLE = HTTP_COND_WHOLE,
	       SAME = HTTP_COND_SAME, FAILED = HTTP_COND_FAILED };
	static const struct {
		const char *match, *none, *since, *until, *range;
		int verdict;
	} rows[] = {
		{ .verdict = GO },
		{ .match = "*", .verdict = GO },
		{ .match = ETAG, .verdict = GO },
		{ .match = "\"x\", " ETAG, .verdict = GO },
		{ .match = "\"x\"," ETAG ",\"y\"", .verdict = GO },
		{ .match = ", ," ETAG, .verdict = GO },
		{ .match = "W/\"x\"\t,\t" ETAG, .verdict = GO },
		{ .match = "\"x\"", .verdict = FAILED },
		{ .match = "W/" ETAG, .verdict = FAILED },
		{ .match = "abc", .verdict = FAILED },
		{ .match = "", .verdict = FAILED },
		{ .match = "\"abc", .verdict = FAILED },
		{ .match = "\"abcd\"", .verdict = FAILED },
		{ .match = "\"ab\"", .verdict = FAILED },
		{ .match = "\"x\" " ETAG, .verdict = FAILED },
		{ .match = "\"x y\", " ETAG, .verdict = FAILED },
		{ .none = "*", .verdict = SAME },
		{ .none = ETAG, .verdict = SAME },
		{ .none = "W/" ETAG, .verdict = SAME },
		{ .none = "W/\"x\", W/" ETAG, .verdict = SAME },
		{ .none = "\"x\"", .verdict = GO },
		{ .none = "abc", .verdict = GO },
		{ .none = "", .verdict = GO },
		{ .none = "W/", .verdict = GO },
		{ .since = EXACT, .verdict = SAME },
		{ .since = AFTER, .verdict = SAME },
		{ .since = BEFORE, .verdict = GO },
		{ .since = "Saturday, 03-Feb-24 04:05:06 GMT",
		  .verdict = SAME },
		{ .since = "Sat Feb  3 04:05:06 2024", .verdict = SAME },
		{ .since = "never", .verdict = GO },
		{ .until = EXACT, .verdict = GO },
		{ .until = AFTER, .verdict = GO },
		{ .until = BEFORE, .verdict = FAILED },
		{ .until = "never", .verdict = GO },
		{ .range = ETAG, .verdict = GO },
		{ .range = "W/" ETAG, .verdict = WHOLE },
		{ .range = "\"x\"", .verdict = WHOLE },
		{ .range = ETAG " ", .verdict = WHOLE },
		{ .range = ETAG ", " ETAG, .verdict = WHOLE },
		{ .range = "*", .verdict = WHOLE },
		{ .range = "", .verdict = WHOLE },
		{ .range = EXACT, .verdict = GO },
		{ .range = AFTER, .verdict = WHOLE },
		{ .range = BEFORE, .verdict = WHOLE },
		/* 13.2.2: the order, and which field silences which */
		{ .match = ETAG, .until = BEFORE, .verdict = GO },
		{ .match = "\"x\"", .none = ETAG, .verdict = FAILED },
		{ .match = ETAG, .none = ETAG, .verdict = SAME },
		{ .none = "\"x\"", .since = AFTER, .verdict = GO },
		{ .none = ETAG, .since = BEFORE, .verdict = SAME },
		{ .none = ETAG, .range = "\"x\"", .verdict = SAME },
		{ .until = BEFORE, .since = AFTER, .verdict = FAILED },
		{ .since = BEFORE, .range = "\"x\"", .verdict = WHOLE },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		const struct http_cond c = {
			.if_match = field(rows[i].match),
			.if_none_match = field(rows[i].none),
			.if_modified_since = field(rows[i].since),
			.if_unmodified_since = field(rows[i].until),
			.if_range = field(rows[i].range),
		};
		int verdict = (int)http_cond(&c, &file);

		CHECK(verdict == rows[i].verdict, "row %zu: verdict %d", i,
		    verdict);
	}
}

/* 8.8.2.2: within the same second it may have changed once more. */
static void
a_date_of_this_second_is_no_strong_validator(void)
{
	struct http_cond_file fresh = file;
	struct http_cond c = { .if_range = field(EXACT) };

	fresh.now = fresh.modified;
	CHECK(http_cond(&c, &fresh) == HTTP_COND_WHOLE, "same second");
	fresh.now++;
	CHECK(http_cond(&c, &fresh) == HTTP_COND_GO, "a second later");
}

int
main(void)
{
	RUN(each_field_is_judged);
	RUN(a_date_of_this_second_is_no_strong_validator);
	return unit_end();
}
