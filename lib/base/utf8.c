/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

/* The table of RFC 3629 section 4: the second byte has limits of its own. */
size_t
utf8_decode(const void *data, size_t n, uint32_t *c)
{
	const unsigned char *p = data;
	unsigned lead = p[0], low = 0x80, high = 0xbf;
	size_t len = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	*c = lead;
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4 || n < len)
		return 0;
	if (lead == 0xe0)
		low = 0xa0;
	else if (lead == 0xed)
		high = 0x9f;
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	*c = lead & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3fu);
	}
	return len;
}
