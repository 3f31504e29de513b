/* SPDX-License-Identifier: MIT */
#include "base/guess.h"

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* Optimal string alignment; row i - 2 is kept for the swap of two letters. */
int
guess_distance(const char *a, const char *b)
{
	int rows[3][GUESS_MAX + 1];
	int *two = rows[0], *one = rows[1], *now = rows[2];
	size_t na = strlen(a), nb = strlen(b);

	assert(na < GUESS_MAX && nb < GUESS_MAX);
	for (size_t j = 0; j <= nb; j++)
		one[j] = two[j] = (int)j;
	for (size_t i = 1; i <= na; i++) {
		int *spare = two;

		now[0] = (int)i;
		for (size_t j = 1; j <= nb; j++) {
			int cost = a[i - 1] != b[j - 1];

			now[j] = least(one[j - 1] + cost,
			    least(one[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], two[j - 2] + 1);
		}
		two = one;
		one = now;
		now = spare;
	}
	return one[nb];
}

void
guess_try(struct guess *g, const char *candidate)
{
	size_t n = strlen(g->word);
	int d;

	if (n >= GUESS_MAX || strlen(candidate) >= GUESS_MAX || n < 2)
		return;
	if (strncmp(candidate, g->word, n) == 0)
		d = 1;
	else if ((d = guess_distance(g->word, candidate)) > ((int)n + 2) / 3)
		return;
	if (g->best == NULL || d < g->distance) {
		g->best = candidate;
		g->distance = d;
	}
}
