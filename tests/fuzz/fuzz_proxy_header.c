/* SPDX-License-Identifier: MIT */
/*
 * fuzz_proxy_header - the PROXY header of a caller.
 *
 * Holds: the length is within the input and the limit; of no prefix of a
 * header is it said that it is none; what is known is written and read again
 * as the same.
 */
#include "proto/proxy_header.h"

#define HOLDS(ok)							\
	do {								\
		if (!(ok))						\
			abort();					\
	} while (0)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct proxy_header h, again;
	char text[PROXY_HEADER_SIZE];
	const char *why = NULL;
	int len = proxy_header_parse(&h, data, size, &why);

	HOLDS(len >= -1 && (len < 0 || (size_t)len <= size) &&
	    len <= PROXY_HEADER_MAX && (len >= 0 || why != NULL));
	for (int k = 0; k < len; k++)
		HOLDS(proxy_header_parse(&again, data, (size_t)k, &why) == 0);
	for (int v = PROXY_HEADER_V1; len > 0 && h.known &&
	    v <= PROXY_HEADER_V2; v++) {
		size_t n = proxy_header_format(text,
		    (enum proxy_header_version)v, &h.from, &h.to);

		HOLDS(proxy_header_parse(&again, text, n, &why) == (int)n);
		HOLDS(again.known && addr_equal(&again.from, &h.from) &&
		    addr_equal(&again.to, &h.to));
	}
	return 0;
}
