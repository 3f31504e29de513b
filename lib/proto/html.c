/* SPDX-License-Identifier: MIT */
#include "proto/html.h"

/* Code points that a page must not show as they are, in order. */
static const struct range {
	uint32_t from, to;
} unseen[] = {
	{ 0x80, 0x9f },			/* C1 controls */
	{ 0xad, 0xad },			/* soft hyphen */
	{ 0x61c, 0x61c },		/* Arabic letter mark */
	{ 0x180e, 0x180e },		/* Mongolian vowel separator */
	{ 0x200b, 0x200f },		/* zero width, direction marks */
	{ 0x2028, 0x202e },		/* line ends, bidi embeddings */
	{ 0x2060, 0x206f },		/* joiners, bidi isolates */
	{ 0xe000, 0xf8ff },		/* private use: meaning unknown */
	{ 0xfdd0, 0xfdef },		/* no characters */
	{ 0xfeff, 0xfeff },		/* byte order mark */
	{ 0xfff9, 0xffff },		/* annotations, no characters */
	{ 0xe0000, 0x10ffff },		/* tags, private planes */
};

static bool
hidden(uint32_t c)
{
	for (size_t i = 0; i < NELEMS(unseen); i++)
		if (c >= unseen[i].from && c <= unseen[i].to)
			return true;
	return (c & 0xfffe) == 0xfffe;
}

/*
 * The length of the UTF-8 sequence at s, 0 if there is none. The second
 * byte's limits keep out overlong forms and surrogates (RFC 3629 4).
 */
static size_t
utf8(const unsigned char *s, size_t n, uint32_t *c)
{
	unsigned lead = s[0], lo = 0x80, hi = 0xbf;
	size_t len = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	if (lead < 0xc2 || lead > 0xf4 || n < len)
		return 0;
	if (lead == 0xe0 || lead == 0xf0)
		lo = lead == 0xe0 ? 0xa0 : 0x90;
	if (lead == 0xed || lead == 0xf4)
		hi = lead == 0xed ? 0x9f : 0x8f;
	if (s[1] < lo || s[1] > hi)
		return 0;
	*c = lead & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	return len;
}

static int
entity(struct buf *b, unsigned char c)
{
	switch (c) {
	case '&':
		return buf_add(b, "&amp;", 5);
	case '<':
		return buf_add(b, "&lt;", 4);
	case '>':
		return buf_add(b, "&gt;", 4);
	case '"':
		return buf_add(b, "&quot;", 6);
	case '\'':
		return buf_add(b, "&#39;", 5);
	case '\\':		/* or \x41 in a name would look like ours */
		return buf_add(b, "\\\\", 2);
	}
	if (c < ' ' || c >= 0x7f)
		return buf_printf(b, "\\x%02x", c);
	return buf_add(b, &c, 1);
}

int
html_text(struct buf *b, const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len;
	uint32_t c;
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i += len) {
		len = s[i] < 0x80 ? 0 : utf8(s + i, n - i, &c);
		if (len > 0 && !hidden(c)) {
			r = buf_add(b, s + i, len);
			continue;
		}
		len = len > 0 ? len : 1;
		for (size_t k = 0; k < len && r == 0; k++)
			r = entity(b, s[i + k]);
	}
	return r;
}
