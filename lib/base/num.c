/* SPDX-License-Identifier: MIT */
#include "base/num.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * The digits at the start of the n bytes at s: their value, capped just above
 * what any caller allows, and how many there are.
 */
static size_t
digits(const char *s, size_t n, int64_t *value)
{
	size_t i;

	*value = 0;
	for (i = 0; i < n && is_digit(s[i]); i++) {
		if (*value > (INT64_MAX - 9) / 10)
			*value = INT64_MAX;
		else
			*value = *value * 10 + (s[i] - '0');
	}
	return i;
}

static bool
leading_zero(const char *s, size_t ndigits)
{
	return ndigits > 1 && s[0] == '0';
}

static const char *
within(int64_t value, int64_t min, int64_t max, int64_t *to)
{
	if (value < min)
		return "too small";
	if (value > max)
		return "too large";
	*to = value;
	return NULL;
}

const char *
num_whole_n(const char *s, size_t n, int64_t min, int64_t max, int64_t *to)
{
	int64_t value;
	size_t k = digits(s, n, &value);

	if (k == 0 || k != n)
		return "not a whole number";
	if (leading_zero(s, k))
		return "written with a leading zero";
	return within(value, min, max, to);
}

const char *
num_whole(const char *s, int64_t min, int64_t max, int64_t *to)
{
	return num_whole_n(s, strlen(s), min, max, to);
}

/* The milliseconds in one unit; 0: no such unit. */
static int64_t
unit_ms(const char *unit)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
		{ "", 1000 }, { "s", 1000 }, { "ms", 1 },
		{ "m", 60000 }, { "h", 3600000 },
	};

	for (size_t i = 0; i < NELEMS(units); i++)
		if (strcmp(units[i].name, unit) == 0)
			return units[i].ms;
	return 0;
}

const char *
num_time(const char *s, int *ms)
{
	int64_t whole, part = 0, unit, scale = 1;
	size_t k = digits(s, strlen(s), &whole);

	if (k == 0)
		return "not a duration";
	if (leading_zero(s, k))
		return "written with a leading zero";
	s += k;
	if (*s == '.') {
		k = digits(s + 1, strlen(s + 1), &part);
		if (k == 0)
			return "not a duration";
		if (k > 9)	/* an hour's billionth is not a millisecond */
			return "finer than a millisecond";
		for (size_t i = 0; i < k; i++)
			scale *= 10;
		s += 1 + k;
	}
	if ((unit = unit_ms(s)) == 0)
		return "not a duration";
	if (part * unit % scale != 0)
		return "finer than a millisecond";
	if (whole > NUM_TIME_MAX ||
	    whole * unit + part * unit / scale > NUM_TIME_MAX)
		return "longer than 24 h";
	*ms = (int)(whole * unit + part * unit / scale);
	return NULL;
}

const char *
num_size(const char *s, int64_t min, int64_t max, int64_t *to)
{
	static const char units[] = "kMG";
	int64_t value;
	size_t k = digits(s, strlen(s), &value);
	int shift = 0;

	if (k == 0)
		return "not a size";
	if (leading_zero(s, k))
		return "written with a leading zero";
	if (s[k] != '\0') {
		const char *u = strchr(units, s[k] == 'K' ? 'k' : s[k]);

		if (u == NULL || s[k + 1] != '\0')
			return "not a size";
		shift = 10 * (int)(u - units + 1);
	}
	if (value > INT64_MAX >> shift)
		return "too large";
	return within(value << shift, min, max, to);
}
