/* SPDX-License-Identifier: MIT */
#include "proto/pace.h"

#include "unit.h"

#define MS ((uint64_t)NS_PER_MS)

/* How long n bytes take, and in how many pieces. */
static uint64_t
send_all(struct pace *p, size_t n, uint64_t now, unsigned *pieces)
{
	static const char data[64 * KIB];
	uint64_t began = now;
	size_t sent = 0;

	for (*pieces = 0; sent < n; ++*pieces) {
		size_t left = n - sent < sizeof data ? n - sent : sizeof data;
		size_t k = pace_may(p, data, left, now);

		if (k == 0) {
			uint64_t due = pace_due(p, left);

			CHECK(due > now, "due in the past");
			now = due > now ? due : now + 1;
			k = pace_may(p, data, left, now);
			CHECK(k > 0, "due, but nothing may leave");
		}
		pace_sent(p, data, k, now);
		sent += k;
		CHECK((double)sent <= (double)(now - began) *
		    (double)p->rate / 1e9 + 1e-6, "%zu too early", sent);
	}
	return now - began;
}

static void
test_bytes_leave_at_the_rate(void)
{
	static const struct {
		int64_t rate;
		size_t n;
		uint64_t ms;
		unsigned pieces;	/* at most */
	} rows[] = {
		{ 1, 3, 3000, 3 },
		{ 3, 6, 2000, 6 },
		{ 10, 10, 1000, 10 },
		{ 1000, 2000, 2000, 101 },
		{ 1000000, 3000000, 3000, 200 },
		{ 100000000, 100000000, 1000, 1600 },
		{ PACE_RATE_MAX, 100000000, 1, 1600 },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct pace p = { .rate = rows[i].rate };
		unsigned pieces;
		uint64_t took = send_all(&p, rows[i].n, 7 * MS, &pieces);

		CHECK(took >= rows[i].ms * MS && took <= rows[i].ms * MS +
		    MS, "%lld: %llu ns", (long long)rows[i].rate,
		    (unsigned long long)took);
		CHECK(pieces <= rows[i].pieces, "%lld: %u pieces",
		    (long long)rows[i].rate, pieces);
	}
}

static void
test_a_pause_does_not_save_up_for_a_flood(void)
{
	struct pace p = { .rate = 1000 };
	char data[5000] = { 0 };

	CHECK(pace_may(&p, data, sizeof data, MS) == 0, "at once");
	CHECK(pace_may(&p, data, sizeof data, 60000 * MS) == 100,
	    "after a minute");
	p = (struct pace){ .rate = 2 };
	CHECK(pace_may(&p, data, 9, MS) == 0, "slow, at once");
	CHECK(pace_may(&p, data, 9, 60000 * MS) == 1, "slow, after a minute");
}

static void
test_lines_leave_one_by_one(void)
{
	struct pace p = { .line_ms = 50 };

	CHECK(pace_may(&p, "one\ntwo\n", 8, MS) == 4, "the first");
	pace_sent(&p, "one\n", 4, MS);
	CHECK(pace_may(&p, "two\n", 4, 50 * MS) == 0, "too early");
	CHECK(pace_due(&p, 4) == 51 * MS, "due");
	CHECK(pace_may(&p, "two\n", 4, 51 * MS) == 4, "the second");
	pace_sent(&p, "tw", 2, 51 * MS);
	CHECK(pace_may(&p, "o\nx", 3, 51 * MS) == 2, "the rest of it");
	pace_sent(&p, "o\n", 2, 51 * MS);
	CHECK(pace_may(&p, "x", 1, 100 * MS) == 0, "after it");
	CHECK(pace_may(&p, "x", 1, 101 * MS) == 1, "no line end");
}

int
main(void)
{
	RUN(test_bytes_leave_at_the_rate);
	RUN(test_a_pause_does_not_save_up_for_a_flood);
	RUN(test_lines_leave_one_by_one);
	return unit_end();
}
