/* SPDX-License-Identifier: MIT */
#include "proto/html.h"

#include "base/utf8.h"
#include "base/vis.h"

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
		len = utf8_decode(s + i, n - i, &c);
		if (len > 1 && !vis_hides(c)) {
			r = buf_add(b, s + i, len);
			continue;
		}
		len = len > 0 ? len : 1;
		for (size_t k = 0; k < len && r == 0; k++)
			r = entity(b, s[i + k]);
	}
	return r;
}
