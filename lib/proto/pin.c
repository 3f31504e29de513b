/* SPDX-License-Identifier: MIT */
#include "proto/pin.h"

static const char prefix[] = "sha256:";

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int
pin_parse(unsigned char pin[static PIN_BYTES], const char *text)
{
	const char *p = text + strlen(prefix);

	if (strncmp(text, prefix, strlen(prefix)) != 0)
		return -1;
	for (size_t i = 0; i < PIN_BYTES; i++) {
		int high, low;

		if (i > 0 && *p == ':')
			p++;
		if ((high = digit(p[0])) < 0 || (low = digit(p[1])) < 0)
			return -1;
		pin[i] = (unsigned char)(high << 4 | low);
		p += 2;
	}
	return *p == '\0' ? 0 : -1;
}

const char *
pin_text(const unsigned char pin[static PIN_BYTES], char dst[static PIN_TEXT])
{
	static const char hex[] = "0123456789abcdef";
	char *p = dst + strlen(prefix);

	snprintf(dst, PIN_TEXT, "%s", prefix);
	for (size_t i = 0; i < PIN_BYTES; i++) {
		*p++ = hex[pin[i] >> 4];
		*p++ = hex[pin[i] & 15];
	}
	*p = '\0';
	return dst;
}
