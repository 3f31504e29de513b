/* SPDX-License-Identifier: MIT */
#include "talk/text_sink.h"

#include <inttypes.h>

#include "base/tty.h"

enum {
	LOOK = 512,		/* so many bytes decide */
	FEW = 8,		/* escapes that are no reason yet */
	WIDTH = 16,		/* bytes in a line, where nothing says else */
	WIDEST = 32,
	GROUP = 8,		/* bytes between wider gaps */
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

bool
text_wants_hex(const struct text *t, const struct talk_event *e)
{
	return t->o.hex == TALK_HEX_BOTH ||
	    t->o.hex == (e->out ? TALK_HEX_SENT : TALK_HEX_RECEIVED);
}

/* Of a chunk that merely looks binary, the first lines tell enough. */
size_t
text_hex_most(const struct text *t, const struct talk_event *e)
{
	return t->o.full || text_wants_hex(t, e) ? SIZE_MAX :
	    (size_t)TALK_TEXT_HEX_LINES * WIDTH;
}

/* Columns behind the mark: offset, bytes, gaps and gutter. */
static int
columns(size_t width)
{
	return (int)(1 + 8 + 1 + 3 * width + (width / GROUP - 1) + 2 + width);
}

/* A terminal may change its size, so it is asked each time. */
static size_t
width(const struct text *t, const struct talk_event *e)
{
	size_t w = WIDEST;
	int room;

	if (t->o.hex_width != TALK_HEX_AUTO)
		return (size_t)GROUP << (t->o.hex_width - TALK_HEX_8);
	if (!t->o.tty)
		return WIDTH;
	room = tty_width(t->o.fd) - text_margin(t, e);
	while (w > GROUP && columns(w) > room)
		w /= 2;
	return w;
}

/* As hexdump -C and xxd have it, so that the first columns may be cut off. */
static void
row(struct text *t, uint64_t off, const unsigned char *p, size_t n, size_t w)
{
	char gutter[WIDEST + 1] = "";

	text_put(t, " %08" PRIx64 " ", off);
	for (size_t i = 0; i < w; i++) {
		if (i > 0 && i % GROUP == 0)
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
    const struct talk_value *data, size_t max)
{
	const unsigned char *p = data->b.data;
	size_t n = data->b.len, w = width(t, e);
	uint64_t off = (uint64_t)talk_get_int(e, TF_OFF, 0);

	if (max > n)
		max = n;
	for (size_t i = 0; i < max; i += w) {
		text_begin(t, e, text_way(e), NULL);
		row(t, off + i, p + i, max - i < w ? max - i : w, w);
		text_end(t);
		if (t->out.len > TEXT_FLUSH)
			text_flush(t);
	}
	if (n > max) {
		text_begin(t, e, text_way(e), NULL);
		text_put(t, " %s +%zu B", text_dots(t), n - max);
		text_end(t);
	}
}
