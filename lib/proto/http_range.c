/* SPDX-License-Identifier: MIT */
#include "proto/http_range.h"

/* What is left to read. */
struct in {
	const char *s;
	size_t n;
};

static void
skip_blanks(struct in *in)
{
	while (in->n > 0 && (*in->s == ' ' || *in->s == '\t')) {
		in->s++;
		in->n--;
	}
}

static bool
byte(struct in *in, char c)
{
	if (in->n == 0 || *in->s != c)
		return false;
	in->s++;
	in->n--;
	return true;
}

/* 1*DIGIT, saturating; false if there is no digit. */
static bool
number(struct in *in, uint64_t *value)
{
	const char *begin = in->s;

	*value = 0;
	while (in->n > 0 && *in->s >= '0' && *in->s <= '9') {
		unsigned digit = (unsigned)(*in->s - '0');

		if (*value > (UINT64_MAX - digit) / 10)
			*value = UINT64_MAX;
		else
			*value = *value * 10 + digit;
		in->s++;
		in->n--;
	}
	return in->s != begin;
}

/* 14.1: "Range units [...] are case-insensitive". */
static bool
unit_is_bytes(struct in *in)
{
	static const char unit[] = "bytes=";

	if (in->n < sizeof unit - 1)
		return false;
	for (size_t i = 0; i < sizeof unit - 1; i++) {
		char c = in->s[i];

		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c != unit[i])
			return false;
	}
	in->s += sizeof unit - 1;
	in->n -= sizeof unit - 1;
	return true;
}

/* "-500": the last 500 bytes, or all if there are fewer (14.1.2). */
static enum http_range_kind
suffix(struct http_range *r, struct in *in, uint64_t size)
{
	uint64_t wanted;

	if (!number(in, &wanted) || in->n > 0)
		return HTTP_RANGE_NONE;
	if (wanted == 0 || size == 0)
		return HTTP_RANGE_BEYOND;
	r->len = wanted < size ? wanted : size;
	r->from = size - r->len;
	return HTTP_RANGE_PART;
}

/* "500-999", "500-" */
static enum http_range_kind
from_to(struct http_range *r, struct in *in, uint64_t size)
{
	uint64_t to = UINT64_MAX;

	if (!number(in, &r->from) || !byte(in, '-'))
		return HTTP_RANGE_NONE;
	if (in->n > 0 && (!number(in, &to) || in->n > 0))
		return HTTP_RANGE_NONE;
	if (to < r->from)
		return HTTP_RANGE_NONE;		/* 14.1.1: invalid */
	if (r->from >= size)
		return HTTP_RANGE_BEYOND;
	r->len = (to < size ? to + 1 : size) - r->from;
	return HTTP_RANGE_PART;
}

/*
 * A list may have empty elements (5.6.1.2), so "bytes=,0-0," is one range.
 * What is left in *in is that one; false if there are none or several.
 */
static bool
only_one(struct in *in)
{
	struct in one = { NULL, 0 };

	while (in->n > 0) {
		const char *comma = memchr(in->s, ',', in->n);
		size_t len = comma ? (size_t)(comma - in->s) : in->n;
		struct in part = { in->s, len };

		in->s += len + (comma != NULL);
		in->n -= len + (comma != NULL);
		skip_blanks(&part);
		while (part.n > 0 && (part.s[part.n - 1] == ' ' ||
		    part.s[part.n - 1] == '\t'))
			part.n--;
		if (part.n > 0 && one.n > 0)
			return false;
		if (part.n > 0)
			one = part;
	}
	*in = one;
	return one.n > 0;
}

enum http_range_kind
http_range(struct http_range *r, const char *value, size_t n, uint64_t size)
{
	struct in in = { value, n };

	*r = (struct http_range){ 0 };
	if (!unit_is_bytes(&in) || !only_one(&in))
		return HTTP_RANGE_NONE;
	return byte(&in, '-') ? suffix(r, &in, size) :
	    from_to(r, &in, size);
}
