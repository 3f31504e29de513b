/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include "unit.h"

static void
test_the_ceiling_holds_and_loses_nothing(void)
{
	struct buf b = BUF_MAX(10);

	CHECK(buf_add(&b, "12345678", 8) == 0, "8 of 10");
	CHECK(buf_add(&b, "abc", 3) < 0, "11 of 10");
	CHECK(b.len == 8, "len %zu", b.len);
	CHECK(buf_add(&b, "ab", 2) == 0, "10 of 10");
	CHECK(buf_room(&b, 1) == NULL, "room beyond the ceiling");
	CHECK(b.len == 10 && memcmp(buf_head(&b), "12345678ab", 10) == 0,
	    "content");
	buf_free(&b);
	CHECK(b.max == 10 && b.len == 0, "free keeps the ceiling");
}

static void
test_bytes_leave_in_their_order(void)
{
	struct buf b = BUF_MAX(4096);
	char want = 0, in = 0;
	bool right = true;

	for (int turn = 0; turn < 2000; turn++) {
		for (int i = 0; i < turn % 7; i++, in++)
			right &= buf_add(&b, &in, 1) == 0;
		for (size_t n = b.len / 2; n > 0; n--, want++) {
			right &= *buf_head(&b) == want;
			buf_drop(&b, 1);
		}
	}
	CHECK(right, "order");
	CHECK(b.cap <= 4096, "cap %zu", b.cap);
	buf_free(&b);
}

static void
test_formats_whole_or_not_at_all(void)
{
	struct buf b = BUF_MAX(8);

	CHECK(buf_printf(&b, "%d", 123) == 0, "fits");
	CHECK(buf_printf(&b, "%s", "123456789") < 0, "does not fit");
	CHECK(b.len == 3 && memcmp(buf_head(&b), "123", 3) == 0, "kept");
	buf_free(&b);
}

int
main(void)
{
	RUN(test_the_ceiling_holds_and_loses_nothing);
	RUN(test_bytes_leave_in_their_order);
	RUN(test_formats_whole_or_not_at_all);
	return unit_end();
}
