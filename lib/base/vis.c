/* SPDX-License-Identifier: MIT */
#include "base/vis.h"

#include <wchar.h>

#include "base/buf.h"
#include "base/tty.h"

/* What hides, reorders or forges, from U+0080 up; sorted. */
static const struct range {
	uint32_t first, last;
} hidden[] = {
	{ 0x80, 0x9f },		/* C1: U+009B is another CSI */
	{ 0xad, 0xad },		/* soft hyphen */
	{ 0x34f, 0x34f },	/* combining grapheme joiner */
	{ 0x61c, 0x61c },	/* Arabic letter mark */
	{ 0x115f, 0x1160 },	/* Hangul fillers */
	{ 0x17b4, 0x17b5 },	/* Khmer inherent vowels */
	{ 0x180e, 0x180e },	/* Mongolian vowel separator */
	{ 0x200b, 0x200f },	/* zero width, direction marks */
	{ 0x2028, 0x202e },	/* line ends, bidirectional controls */
	{ 0x2060, 0x206f },	/* joiners, isolates */
	{ 0x3164, 0x3164 },	/* Hangul filler */
	{ 0xd800, 0xdfff },	/* surrogates */
	{ 0xe000, 0xf8ff },	/* private use: glyphs unknown */
	{ 0xfdd0, 0xfdef },	/* non-characters */
	{ 0xfeff, 0xfeff },	/* byte order mark */
	{ 0xffa0, 0xffa0 },	/* halfwidth Hangul filler */
	{ 0xfff9, 0xffff },	/* annotations, replacement, non-characters */
	{ 0xe0000, 0xe0fff },	/* tags, further variation selectors */
	{ 0xf0000, 0x10ffff },	/* private use */
};

static int
compare(const void *key, const void *elem)
{
	uint32_t c = *(const uint32_t *)key;
	const struct range *r = elem;

	return c < r->first ? -1 : c > r->last;
}

bool
vis_hides(uint32_t c)
{
	return (c & 0xfffe) == 0xfffe ||
	    bsearch(&c, hidden, NELEMS(hidden), sizeof *hidden, compare);
}

static int
unmark(struct vis *v, struct buf *b)
{
	if (!v->marking)
		return 0;
	v->marking = false;
	return buf_add(b, v->off, strlen(v->off));
}

/* Bytes that pass as they are; marks: combining marks that may follow. */
static int
pass(struct vis *v, struct buf *b, const void *p, size_t n, int marks)
{
	v->marks = (unsigned char)marks;
	return unmark(v, b) < 0 ? -1 : buf_add(b, p, n);
}

/* Our own text for what cannot pass; nothing may combine with it. */
static int
escape(struct vis *v, struct buf *b, const char *text)
{
	if (v->on != NULL && !v->marking) {
		if (buf_add(b, v->on, strlen(v->on)) < 0)
			return -1;
		v->marking = true;
	}
	v->marks = 0;
	return buf_add(b, text, strlen(text));
}

static int
escape_bytes(struct vis *v, struct buf *b, const unsigned char *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		char text[] = { '\\', 'x', digit[p[i] >> 4], digit[p[i] & 15],
			'\0' };

		if (escape(v, b, text) < 0)
			return -1;
	}
	return (int)n;
}

/* An ASCII byte that vis_add()'s quick way did not take. */
static int
put_ascii(struct vis *v, struct buf *b, unsigned char c)
{
	if (c == '\\')		/* doubled, so that escapes can be undone */
		return pass(v, b, "\\\\", 2, 0);
	if ((c == '\n' || c == '\t') && !(v->flags & VIS_LINE))
		return pass(v, b, &c, 1, 0);
	switch (c) {
	case '\n':
		return escape(v, b, "\\n") < 0 ? -1 : 1;
	case '\t':
		return escape(v, b, "\\t") < 0 ? -1 : 1;
	case '\r':
		return escape(v, b, "\\r") < 0 ? -1 : 1;
	case 0x1b:
		return escape(v, b, "\\e") < 0 ? -1 : 1;
	default:
		return escape_bytes(v, b, &c, 1);
	}
}

/* A whole well-formed sequence of n bytes. */
static int
put_char(struct vis *v, struct buf *b, const unsigned char *p, size_t n)
{
	uint32_t c = p[0] & (0xffu >> (n + 1));
	int width;

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 63u);
	if ((v->flags & VIS_ASCII) || vis_hides(c) ||
	    (width = wcwidth((wchar_t)c)) < 0)
		return escape_bytes(v, b, p, n);
	if (width > 0)
		return pass(v, b, p, n, VIS_MARKS);
	if (v->marks == 0)
		return escape_bytes(v, b, p, n);
	return pass(v, b, p, n, v->marks - 1);
}

/*
 * May c follow the bytes that wait? Refuses overlong forms, surrogates and
 * what lies above U+10FFFF at the second byte (RFC 3629 section 4).
 */
static bool
continues(const struct vis *v, unsigned char c)
{
	if ((c & 0xc0) != 0x80)
		return false;
	if (v->npart > 1)
		return true;
	switch (v->part[0]) {
	case 0xe0:
		return c >= 0xa0;
	case 0xed:
		return c <= 0x9f;
	case 0xf0:
		return c >= 0x90;
	case 0xf4:
		return c <= 0x8f;
	default:
		return true;
	}
}

static int
put_high(struct vis *v, struct buf *b, unsigned char c)
{
	if (v->npart == 0) {
		if (c < 0xc2 || c > 0xf4)
			return escape_bytes(v, b, &c, 1);
		v->need = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	}
	v->part[v->npart++] = c;
	if (v->npart < v->need)
		return 0;
	v->npart = 0;
	return put_char(v, b, v->part, v->need);
}

static int
drop_part(struct vis *v, struct buf *b)
{
	size_t n = v->npart;

	v->npart = 0;
	return escape_bytes(v, b, v->part, n);
}

/* How many bytes from p on are ASCII that passes as it is. */
static size_t
plain(const unsigned char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && p[i] >= 0x20 && p[i] < 0x7f && p[i] != '\\'; i++)
		;
	return i;
}

static int
add(struct vis *v, struct buf *b, const unsigned char *p, size_t n)
{
	int escaped = 0, r;

	for (size_t i = 0; i < n;) {
		size_t k = 0;

		if (v->npart > 0 && !continues(v, p[i]))
			r = drop_part(v, b);
		else if ((k = plain(p + i, n - i)) > 0)
			r = pass(v, b, p + i, k, VIS_MARKS);
		else if (k = 1, p[i] < 0x80)
			r = put_ascii(v, b, p[i]);
		else
			r = put_high(v, b, p[i]);
		if (r < 0)
			return -1;
		escaped += r;
		i += k;
	}
	return unmark(v, b) < 0 ? -1 : escaped;
}

int
vis_add(struct vis *v, struct buf *b, const void *p, size_t n)
{
	return add(v, b, p, n);
}

int
vis_end(struct vis *v, struct buf *b)
{
	int escaped = drop_part(v, b);

	return unmark(v, b) < 0 ? -1 : escaped;
}

/*
 * Each character goes through a small buffer of its own, so that the cut
 * falls between characters and never inside an escape.
 */
char *
vis_str(char *dst, size_t size, const void *src, size_t n)
{
	static const char cut[] = "...";
	struct vis v = { .flags = VIS_LINE | (tty_utf8() ? 0 : VIS_ASCII) };
	char room[5 * VIS_GROWTH];
	const unsigned char *p = src;
	size_t len = 0, fits = 0;

	for (size_t i = 0; i <= n; i++) {
		struct buf b = { .data = room, .cap = sizeof room,
			.max = sizeof room };
		int r = i < n ? add(&v, &b, p + i, 1) : vis_end(&v, &b);

		assert(r >= 0);		/* room holds any four bytes escaped */
		if (len + b.len >= size) {
			snprintf(dst + fits, size - fits, "%s", cut);
			return dst;
		}
		memcpy(dst + len, b.data, b.len);
		len += b.len;
		if (len + sizeof cut <= size)
			fits = len;
	}
	dst[len] = '\0';
	return dst;
}
