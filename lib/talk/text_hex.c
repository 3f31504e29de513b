/* SPDX-License-Identifier: MIT */
#include "talk/text_sink.h"

#include <inttypes.h>

enum {
	LOOK = 512,		/* so many bytes decide */
	FEW = 8,		/* escapes that are no reason yet */
	WIDTH = 16,		/* bytes in a line */
	HALF = WIDTH / 2,
	SHOWN = TALK_TEXT_HEX_LINES * WIDTH,
};

/* CR LF is a line end in any protocol that shows one. */
static int
line_ends(const char *p, size_t n)
{
	int ends = 0;

	for (size_t i = 1; i < n; i++)
		ends += p[i - 1] == '\r' && p[i] == '\n';
	return ends;
}

/* More than a tenth escaped, or a NUL: then characters tell less than hex. */
bool
text_is_binary(const struct vis *v, const void *data, size_t n)
{
	char room[(LOOK + 4) * VIS_GROWTH];
	struct buf b = { .data = room, .cap = sizeof room,
		.max = sizeof room };
	struct vis look = *v;
	int escaped;

	n = n < LOOK ? n : LOOK;
	if (memchr(data, '\0', n) != NULL)
		return true;
	look.on = look.off = NULL;
	escaped = vis_add(&look, &b, data, n);
	escaped -= line_ends(data, n);
	return escaped >= FEW && (size_t)escaped * 10 > n;
}

/* As hexdump -C and xxd have it, so that the first columns may be cut off. */
static void
row(struct text *t, uint64_t off, const unsigned char *p, size_t n)
{
	char gutter[WIDTH + 1] = "";

	text_put(t, " %08" PRIx64 " ", off);
	for (size_t i = 0; i < WIDTH; i++) {
		if (i == HALF)
			text_put(t, " ");
		if (i < n)
			text_put(t, " %02x", p[i]);
		else
			text_put(t, "   ");
	}
	for (size_t i = 0; i < n; i++)
		gutter[i] = (char)(p[i] >= 0x20 && p[i] < 0x7f ? p[i] : '.');
	text_put(t, "  %s", gutter);
}

void
text_hex(struct text *t, const struct talk_event *e,
    const struct talk_value *data)
{
	const unsigned char *p = data->b.data;
	size_t n = data->b.len, max = SHOWN;
	uint64_t off = (uint64_t)talk_get_int(e, TF_OFF, 0);

	for (size_t i = 0; i < n && i < max; i += WIDTH) {
		text_begin(t, e, text_way(e), NULL);
		row(t, off + i, p + i, n - i < WIDTH ? n - i : WIDTH);
		text_end(t);
	}
	if (n > max) {
		text_begin(t, e, text_way(e), NULL);
		text_put(t, " %s +%zu B", text_dots(t), n - max);
		text_end(t);
	}
}
