/* SPDX-License-Identifier: MIT */
#include "proto/alpn.h"

int
alpn_parse(const char *list, unsigned char *wire, size_t size)
{
	size_t at = 0;

	for (;; list++) {
		size_t n = strcspn(list, ",");

		if (n == 0 || n > ALPN_NAME || n + 1 > size - at)
			return -1;
		wire[at++] = (unsigned char)n;
		memcpy(wire + at, list, n);
		at += n;
		list += n;
		if (*list == '\0')
			return (int)at;
	}
}
