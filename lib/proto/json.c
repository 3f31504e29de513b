/* SPDX-License-Identifier: MIT */
#include "proto/json.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "proto/base64.h"

void
json_init(struct json *j, struct buf *to)
{
	*j = (struct json){ .to = to };
}

static void
put(struct json *j, const void *p, size_t n)
{
	if (!j->failed && buf_add(j->to, p, n) < 0)
		j->failed = true;
}

/* Before a value: a comma, unless it is the first or follows its key. */
static void
value(struct json *j)
{
	if (j->comma)
		put(j, ",", 1);
	j->comma = true;
}

void
json_open(struct json *j, char bracket)
{
	value(j);
	put(j, &bracket, 1);
	j->comma = false;
}

void
json_close(struct json *j, char bracket)
{
	put(j, &bracket, 1);
	j->comma = true;
}

void
json_key(struct json *j, const char *key)
{
	value(j);
	put(j, "\"", 1);
	put(j, key, strlen(key));
	put(j, "\":", 2);
	j->comma = false;
}

void
json_int(struct json *j, int64_t i)
{
	value(j);
	if (!j->failed && buf_printf(j->to, "%" PRId64, i) < 0)
		j->failed = true;
}

void
json_bool(struct json *j, bool b)
{
	value(j);
	put(j, b ? "true" : "false", b ? 4 : 5);
}

void
json_null(struct json *j)
{
	value(j);
	put(j, "null", 4);
}

bool
json_is_utf8(const void *data, size_t n)
{
	const unsigned char *p = data;
	uint32_t c;
	size_t k;

	for (size_t i = 0; i < n; i += k)
		if ((k = utf8_decode(p + i, n - i, &c)) == 0)
			return false;
	return true;
}

bool
json_is_text(const void *data, size_t n)
{
	return n == 0 ||
	    (memchr(data, '\0', n) == NULL && json_is_utf8(data, n));
}

/* Characters that a terminal obeys, or that mislead who reads the line. */
static bool
unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) ||
	    c == 0x200e || c == 0x200f || c == 0x2028 || c == 0x2029 ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void
escape(struct json *j, uint32_t c)
{
	static const char letters[] = "\b\f\n\r\t\"\\";
	static const char names[] = "bfnrt\"\\";
	const char *at = c != 0 && c < 0x80 ? strchr(letters, (int)c) : NULL;
	char text[8];

	if (at != NULL)
		snprintf(text, sizeof text, "\\%c", names[at - letters]);
	else
		snprintf(text, sizeof text, "\\u%04x", (unsigned)c & 0xffff);
	put(j, text, strlen(text));
}

/* One character or bad byte at p; returns its length. */
static size_t
put_char(struct json *j, const unsigned char *p, size_t n)
{
	uint32_t c;
	size_t len = utf8_decode(p, n, &c);

	if (len == 0) {
		put(j, "\\ufffd", 6);
		return 1;
	}
	if (unsafe(c) || c == '"' || c == '\\')
		escape(j, c);
	else
		put(j, p, len);
	return len;
}

/* How many bytes from p on are ASCII that needs no escape. */
static size_t
plain(const unsigned char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] >= 0x7f || p[i] == '"' || p[i] == '\\')
			break;
	return i;
}

void
json_string(struct json *j, const void *data, size_t n)
{
	const unsigned char *p = data;
	size_t k;

	value(j);
	put(j, "\"", 1);
	for (size_t i = 0; i < n && !j->failed; i += k) {
		k = plain(p + i, n - i);
		if (k > 0)
			put(j, p + i, k);
		else
			k = put_char(j, p + i, n - i);
	}
	put(j, "\"", 1);
}

void
json_str(struct json *j, const char *s)
{
	if (s == NULL)
		json_null(j);
	else
		json_string(j, s, strlen(s));
}

void
json_base64(struct json *j, const void *data, size_t n)
{
	size_t len = BASE64_LEN(n);
	char *to;

	value(j);
	put(j, "\"", 1);
	if (len > 0 && !j->failed) {
		if ((to = buf_room(j->to, len)) == NULL) {
			j->failed = true;
			return;
		}
		base64_encode(to, data, n);
		buf_added(j->to, len);
	}
	put(j, "\"", 1);
}
