/* SPDX-License-Identifier: MIT */
#include "proto/escape.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* -1: there is no such escape. */
static int
letter(char c)
{
	static const char names[] = "abfnrtve0\\'\"";
	static const char bytes[] = "\a\b\f\n\r\t\v\033\0\\'\"";
	const char *at = c != '\0' ? strchr(names, c) : NULL;

	return at != NULL ? (unsigned char)bytes[at - names] : -1;
}

/* p is behind "\x". */
static int
two_digits(const char *p)
{
	int high = hex_digit(p[0]), low = high < 0 ? -1 : hex_digit(p[1]);

	return low < 0 ? -1 : high << 4 | low;
}

const char *
escape_decode(const char *text, char *dst, size_t size, size_t *n)
{
	int byte;

	for (*n = 0; *text != '\0'; text++) {
		byte = (unsigned char)*text;
		if (*n == size)
			return "too long";
		if (*text == '\\') {
			text++;
			byte = *text == 'x' ? two_digits(text + 1) :
			    letter(*text);
			if (*text == '\0')
				return "incomplete: it ends in a backslash";
			if (byte < 0)
				return *text == 'x' ? "wrong: \\x needs two "
				    "hexadecimal digits" : "wrong: after a "
				    "backslash comes one of abfnrtve0\\'\"x";
			text += *text == 'x' ? 2 : 0;
		}
		dst[(*n)++] = (char)byte;
	}
	return NULL;
}
