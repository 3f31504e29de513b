/*
 * unit - what a table test in C starts from.
 *
 * A test is a static void function with CHECKs in it; main() names each with
 * RUN() and ends with "return unit_end();". The last line of the output is
 * "N passed, N failed", counted in tests (not in CHECKs).
 */
#ifndef UNIT_H
#define UNIT_H

#include "base/base.h"

static int unit_passed, unit_failed, unit_bad;

/* CHECK(n == 3, "case %s: n is %d", name, n): says what is wrong, goes on. */
#define CHECK(ok, ...)							\
	do {								\
		if (!(ok)) {						\
			unit_bad++;					\
			printf("%s:%d: ", __FILE__, __LINE__);		\
			printf(__VA_ARGS__);				\
			putchar('\n');					\
		}							\
	} while (0)

#define RUN(test)							\
	do {								\
		int before_ = unit_bad;					\
		test();							\
		if (unit_bad == before_)				\
			unit_passed++;					\
		else {							\
			unit_failed++;					\
			printf("FAIL %s\n", #test);			\
		}							\
	} while (0)

static inline int
unit_end(void)
{
	printf("%d passed, %d failed\n", unit_passed, unit_failed);
	return unit_failed != 0 || unit_passed == 0;
}

#endif
