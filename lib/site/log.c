/* SPDX-License-Identifier: MIT */
#include "site/log.h"

#include <errno.h>

#include "base/file.h"
#include "proto/addr.h"
#include "site/exchange.h"

enum { LINE_MAX = 256 * KIB };	/* a head's worth of escaped text, and more */

void
site_log_init(struct site_log *l, int fd)
{
	*l = (struct site_log){ .fd = fd };
	buf_init(&l->lines, SITE_LOG_HELD + LINE_MAX);
}

void
site_log_free(struct site_log *l)
{
	buf_free(&l->lines);
}

/* In quotes; "-" where there is nothing. */
static int
quoted(struct buf *b, struct http_text t)
{
	static const char digits[] = "0123456789abcdef";
	char *to;
	size_t n = 0;

	if (t.n == 0)
		return buf_add(b, " \"-\"", 4);
	if ((to = buf_room(b, 4 * t.n + 3)) == NULL)
		return -1;
	to[n++] = ' ';
	to[n++] = '"';
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
			to[n++] = (char)c;
			continue;
		}
		to[n++] = '\\';
		to[n++] = 'x';
		to[n++] = digits[c >> 4];
		to[n++] = digits[c & 15];
	}
	to[n++] = '"';
	buf_added(b, n);
	return 0;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" becomes "06/Nov/1994:08:49:37 +0000". */
static int
add_line(struct buf *b, const struct exchange *x, const struct addr *peer,
    const char *date)
{
	char ip[ADDR_TEXT], when[] = " - - [DD/MMM/YYYY:hh:mm:ss +0000]";

	memcpy(when + 6, date + 5, 2);
	memcpy(when + 9, date + 8, 3);
	memcpy(when + 13, date + 12, 4);
	memcpy(when + 18, date + 17, 8);
	addr_ip(peer, ip);
	if (buf_add(b, ip, strlen(ip)) < 0 ||
	    buf_add(b, when, sizeof when - 1) < 0 || quoted(b, x->line) < 0 ||
	    buf_add(b, " ", 1) < 0 || buf_number(b, x->status) < 0 ||
	    buf_add(b, " ", 1) < 0 || buf_number(b, x->sent) < 0 ||
	    quoted(b, x->referer) < 0 || quoted(b, x->agent) < 0)
		return -1;
	return buf_add(b, "\n", 1);
}

void
site_log_add(struct site_log *l, const struct exchange *x,
    const struct addr *peer, const char *date)
{
	size_t before = l->lines.len;

	if (l->err != 0)
		return;
	if (add_line(&l->lines, x, peer, date) < 0) {
		l->lines.len = before;
		l->err = ENOMEM;
	} else if (l->lines.len >= SITE_LOG_HELD)
		site_log_flush(l);
}

void
site_log_flush(struct site_log *l)
{
	if (l->err != 0 || l->lines.len == 0)
		return;
	if (file_write_all(l->fd, buf_head(&l->lines), l->lines.len) < 0)
		l->err = errno;
	buf_clear(&l->lines);
}
