/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

enum { FIRST = 256 };		/* bytes of the first allocation */

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void
buf_free(struct buf *b)
{
	free(b->data);
	buf_init(b, b->max);
}

/* Moves the bytes to the front, so that all free room is behind them. */
static void
settle(struct buf *b)
{
	if (b->off == 0)
		return;
	if (b->len > 0)
		memmove(b->data, b->data + b->off, b->len);
	b->off = 0;
}

static int
grow(struct buf *b, size_t need)
{
	size_t cap = b->cap ? b->cap : FIRST;
	char *p;

	while (cap < need)
		cap = cap > b->max / 2 ? b->max : cap * 2;
	if ((p = realloc(b->data, cap)) == NULL)
		return -1;
	b->data = p;
	b->cap = cap;
	return 0;
}

char *
buf_room(struct buf *b, size_t n)
{
	if (n > buf_left(b))
		return NULL;
	if (b->off + b->len + n > b->cap) {
		settle(b);
		if (b->len + n > b->cap && grow(b, b->len + n) < 0)
			return NULL;
	}
	return b->data + b->off + b->len;
}

void
buf_added(struct buf *b, size_t n)
{
	assert(b->off + b->len + n <= b->cap);
	b->len += n;
}

int
buf_add(struct buf *b, const void *p, size_t n)
{
	char *to;

	if (n == 0)
		return 0;
	if ((to = buf_room(b, n)) == NULL)
		return -1;
	memcpy(to, p, n);
	b->len += n;
	return 0;
}

int
buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	char *to;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0 || (to = buf_room(b, (size_t)n + 1)) == NULL)
		return -1;
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	b->len += (size_t)n;
	return 0;
}

int
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = buf_vprintf(b, fmt, ap);
	va_end(ap);
	return r;
}

int
buf_number(struct buf *b, uint64_t value)
{
	char digits[24];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	return buf_add(b, digits + at, sizeof digits - at);
}

size_t
buf_left(const struct buf *b)
{
	return b->max - b->len;
}

char *
buf_head(const struct buf *b)
{
	return b->data == NULL ? NULL : b->data + b->off;
}

void
buf_drop(struct buf *b, size_t n)
{
	assert(n <= b->len);
	b->len -= n;
	b->off = b->len == 0 ? 0 : b->off + n;
}

void
buf_clear(struct buf *b)
{
	b->off = b->len = 0;
}
