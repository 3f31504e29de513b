/* SPDX-License-Identifier: MIT */
#include "run/cutter.h"

void
cutter_init(struct cutter *c, size_t max, size_t piece)
{
	*c = (struct cutter){ .max = max };
	buf_init(&c->held, max + piece + 1);
}

void
cutter_free(struct cutter *c)
{
	buf_free(&c->held);
}

int
cutter_add(struct cutter *c, const void *p, size_t n)
{
	return buf_add(&c->held, p, n);
}

static enum cut
block(struct cutter *c, bool ended, char *dst, size_t *n)
{
	*n = c->held.len < c->size ? c->held.len : c->size;
	if (*n == 0 || (*n < c->size && !ended))
		return CUT_MORE;
	memcpy(dst, buf_head(&c->held), *n);
	buf_drop(&c->held, *n);
	return CUT_ONE;
}

/* What of the long line is there is dropped; what comes until LF will be. */
static enum cut
too_long(struct cutter *c, size_t line, bool whole)
{
	buf_drop(&c->held, line);
	c->skip = !whole;
	return CUT_TOO_LONG;
}

static enum cut
line(struct cutter *c, bool ended, char *dst, size_t *n)
{
	const char *p = buf_head(&c->held);
	const char *lf = c->held.len == 0 ? NULL :
	    memchr(p, '\n', c->held.len);
	size_t len = lf == NULL ? c->held.len : (size_t)(lf - p) + 1;
	bool bare = lf != NULL && c->crlf && (len < 2 || p[len - 2] != '\r');

	if (len + bare > c->max)
		return too_long(c, len, lf != NULL || ended);
	if (len == 0 || (lf == NULL && !ended))
		return CUT_MORE;
	memcpy(dst, p, len);
	if (bare) {
		dst[len - 1] = '\r';
		dst[len] = '\n';
	}
	*n = len + bare;
	buf_drop(&c->held, len);
	return CUT_ONE;
}

enum cut
cutter_next(struct cutter *c, bool ended, char *dst, size_t *n)
{
	const char *lf;

	if (c->size > 0)
		return block(c, ended, dst, n);
	if (c->skip && c->held.len > 0) {
		lf = memchr(buf_head(&c->held), '\n', c->held.len);
		buf_drop(&c->held, lf == NULL ? c->held.len :
		    (size_t)(lf - buf_head(&c->held)) + 1);
		c->skip = lf == NULL;
	}
	return line(c, ended, dst, n);
}
