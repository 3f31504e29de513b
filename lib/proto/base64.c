/* SPDX-License-Identifier: MIT */
#include "proto/base64.h"

static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* Three bytes become four characters, '=' fills up. */
void
base64_encode(char *to, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (; n > 0; p += 3, to += 4) {
		uint32_t v = (uint32_t)p[0] << 16;

		v |= n > 1 ? (uint32_t)p[1] << 8 : 0;
		v |= n > 2 ? p[2] : 0;
		memset(to, '=', 4);
		to[0] = digit[v >> 18];
		to[1] = digit[v >> 12 & 63];
		if (n > 1)
			to[2] = digit[v >> 6 & 63];
		if (n > 2)
			to[3] = digit[v & 63];
		n -= n < 3 ? n : 3;
	}
}

static int
value(char c)
{
	const char *p = c != '\0' ? strchr(digit, c) : NULL;

	return p != NULL ? (int)(p - digit) : -1;
}

ssize_t
base64_decode(void *to, const char *p, size_t n)
{
	unsigned char *q = to;
	size_t fill = 0;

	if (n % 4 != 0)
		return -1;
	while (fill < 2 && fill < n && p[n - 1 - fill] == '=')
		fill++;
	for (size_t i = 0; i < n; i += 4) {
		size_t chars = i + 4 == n ? 4 - fill : 4;
		uint32_t v = 0;

		for (size_t k = 0; k < 4; k++) {
			int d = k < chars ? value(p[i + k]) : 0;

			if (d < 0)
				return -1;
			v = v << 6 | (uint32_t)d;
		}
		if (chars < 4 && (v & (chars == 3 ? 0xff : 0xffff)) != 0)
			return -1;
		for (size_t k = 0; k + 1 < chars; k++)
			*q++ = (unsigned char)(v >> (16 - 8 * k));
	}
	return q - (unsigned char *)to;
}
