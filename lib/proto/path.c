/* SPDX-License-Identifier: MIT */
#include "proto/path.h"

/* Room for one more byte is checked here and nowhere else. */
static enum path_bad
put(struct path *p, char c)
{
	if (p->len == PATH_TEXT_MAX)
		return PATH_LONG;
	p->text[p->len++] = c;
	return PATH_OK;
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at s stands for. */
static enum path_bad
unescape(const char *s, size_t n, char *c)
{
	int hi, lo;

	if (n < 3 || (hi = hex(s[1])) < 0 || (lo = hex(s[2])) < 0)
		return PATH_ESCAPE;
	*c = (char)(hi << 4 | lo);
	if (*c == '\0')
		return PATH_NUL;
	return *c == '/' ? PATH_SLASH : PATH_OK;
}

/* Drops the segment before the open one, which begins at *at. */
static enum path_bad
go_up(struct path *p, size_t *at)
{
	if (*at == 0)
		return PATH_ABOVE;
	for (--*at; *at > 0 && p->text[*at - 1] != '/'; --*at)
		;
	p->len = *at;
	return PATH_OK;
}

/*
 * The open segment, from *at on, is complete: RFC 3986 5.2.4 on decoded text,
 * as 6.2.2.2 says that %2E is a dot. Empty segments are dropped, as the
 * kernel would.
 */
static enum path_bad
end_segment(struct path *p, size_t *at)
{
	const char *seg = p->text + *at;
	size_t n = p->len - *at;
	enum path_bad bad;

	p->folder = true;
	if (n == 2 && seg[0] == '.' && seg[1] == '.')
		return go_up(p, at);
	if (n == 0 || (n == 1 && seg[0] == '.')) {
		p->len = *at;
		return PATH_OK;
	}
	if ((bad = put(p, '/')) != PATH_OK)
		return bad;
	*at = p->len;
	p->folder = false;
	return PATH_OK;
}

/* Where the path ends: at the query, or with the target. */
static size_t
path_end(const char *s, size_t n)
{
	const char *q = memchr(s, '?', n);

	return q == NULL ? n : (size_t)(q - s);
}

static void
finish(struct path *p)
{
	if (p->len > 0)
		p->len--;	/* the slash behind the last segment */
	p->text[p->len] = '\0';
	for (size_t i = 0; i < p->len; i++)
		if (p->text[i] == '.' && (i == 0 || p->text[i - 1] == '/'))
			p->hidden = true;
}

enum path_bad
path_parse(struct path *p, const char *s, size_t n)
{
	enum path_bad bad = PATH_OK;
	size_t at = 0;

	p->len = 0;
	p->folder = p->hidden = false;
	p->used = path_end(s, n);
	if (p->used == 0 || s[0] != '/')
		return PATH_ROOTLESS;
	for (size_t i = 1; i < p->used && bad == PATH_OK; i++) {
		char c = s[i];

		if (c == '/') {
			bad = end_segment(p, &at);
		} else if (c == '%') {
			bad = unescape(s + i, p->used - i, &c);
			if (bad == PATH_OK)
				bad = put(p, c);
			i += 2;
		} else if ((unsigned char)c <= ' ' || c == 0x7f || c == '#') {
			bad = PATH_BYTE;
		} else {
			bad = put(p, c);
		}
	}
	if (bad == PATH_OK)
		bad = end_segment(p, &at);
	if (bad != PATH_OK)
		return bad;
	finish(p);
	return PATH_OK;
}

const char *
path_bad_words(enum path_bad bad)
{
	static const char *const words[] = {
		[PATH_OK] = "the path is fine",
		[PATH_ROOTLESS] = "the path does not begin with a slash",
		[PATH_BYTE] = "the path has a byte that must be escaped",
		[PATH_ESCAPE] = "the path has a '%' without two hex digits",
		[PATH_NUL] = "the path has an escaped NUL (%00)",
		[PATH_SLASH] = "the path has an escaped slash (%2F)",
		[PATH_ABOVE] = "the path leaves the folder that is served",
		[PATH_LONG] = "the path is longer than any file name",
	};

	return words[bad];
}

/* RFC 3986 2.3: the characters that never need an escape. */
static bool
unreserved(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' &&
	    (c | 0x20) <= 'z') || (c != '\0' && strchr("-._~", c) != NULL);
}

/* Appends s; besides the unreserved characters, those in `bare` stand. */
static int
escape(struct buf *b, const char *s, size_t n, const char *bare)
{
	static const char digits[] = "0123456789ABCDEF";
	char *to;
	size_t len = 0;

	if (n == 0)
		return 0;
	if (n > SIZE_MAX / 3 || (to = buf_room(b, 3 * n)) == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (unreserved(s[i]) ||
		    (s[i] != '\0' && strchr(bare, s[i]) != NULL)) {
			to[len++] = s[i];
			continue;
		}
		to[len++] = '%';
		to[len++] = digits[(unsigned char)s[i] >> 4];
		to[len++] = digits[(unsigned char)s[i] & 15];
	}
	buf_added(b, len);
	return 0;
}

int
path_href(struct buf *b, const char *name, size_t n)
{
	return escape(b, name, n, "");
}

int
path_href_all(struct buf *b, const char *path, size_t n)
{
	return escape(b, path, n, "/");
}

int
path_href_query(struct buf *b, const char *query, size_t n)
{
	return escape(b, query, n, "%/?:@!$&'()*+,;=");
}
