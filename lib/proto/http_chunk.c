/* SPDX-License-Identifier: MIT */
#include "proto/http_chunk.h"

#include "proto/http_field.h"

enum {
	SIZE_FIRST,		/* the digit that must be there */
	SIZE,
	BLANK,			/* SP, HTAB behind the size: BWS */
	EXT,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	LINE,			/* a trailer begins, or the last CR */
	NAME,
	VALUE,
	VALUE_LF,
	LAST_LF,
};

void
http_chunk_init(struct http_chunk *c, uint32_t trailer_bytes,
    uint32_t trailer_fields)
{
	*c = (struct http_chunk){
		.trailer_left = trailer_bytes,
		.fields_left = trailer_fields,
	};
}

static int
bad(struct http_chunk *c, enum http_err e)
{
	c->err = e;
	return -1;
}

static int
hex(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	return ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

static int
size_byte(struct http_chunk *c, char ch)
{
	int v = hex(ch);

	if (v < 0)
		return bad(c, HTTP_E_CHUNK_SIZE);
	if (c->left > (uint64_t)INT64_MAX >> 4)
		return bad(c, HTTP_E_CHUNK_BIG);
	c->left = c->left << 4 | (uint64_t)v;
	c->state = SIZE;
	return 0;
}

/* Behind the digits: blanks, ";" and an extension, or the line's end. */
static int
after_size(struct http_chunk *c, char ch)
{
	if (ch == '\r') {
		c->state = SIZE_LF;
		return 0;
	}
	if (ch == '\n')
		return bad(c, HTTP_E_CHUNK_LINE);
	if (c->state != EXT && ch != ' ' && ch != '\t' && ch != ';')
		return bad(c, HTTP_E_CHUNK_SIZE);
	if (!http_is_value(&ch, 1))
		return bad(c, HTTP_E_CHUNK_LINE);
	if (++c->ext > HTTP_CHUNK_EXT_MAX)
		return bad(c, HTTP_E_CHUNK_LONG);
	if (c->state != EXT)
		c->state = ch == ';' ? EXT : BLANK;
	return 0;
}

static int
size_line_end(struct http_chunk *c, char ch)
{
	if (ch != '\n')
		return bad(c, HTTP_E_CHUNK_LINE);
	c->state = c->left > 0 ? DATA : LINE;
	c->line = 0;
	c->chunks++;
	return 0;
}

static int
size_line(struct http_chunk *c, char ch)
{
	if (c->line++ >= HTTP_CHUNK_LINE_MAX + 2)	/* and CR LF */
		return bad(c, HTTP_E_CHUNK_LONG);
	if (c->state == SIZE_LF)
		return size_line_end(c, ch);
	if (c->state == SIZE_FIRST || (c->state == SIZE && hex(ch) >= 0))
		return size_byte(c, ch);
	return after_size(c, ch);
}

static int
data_end(struct http_chunk *c, char ch)
{
	if (ch != (c->state == DATA_CR ? '\r' : '\n'))
		return bad(c, HTTP_E_CHUNK_END);
	c->state = c->state == DATA_CR ? DATA_LF : SIZE_FIRST;
	return 0;
}

static int
trailer_name(struct http_chunk *c, char ch)
{
	if (ch == ':' && c->state == NAME)
		c->state = VALUE;
	else if (!http_is_token(&ch, 1))
		return bad(c, HTTP_E_TRAILER);
	else if (c->state == LINE && c->fields_left-- == 0)
		return bad(c, HTTP_E_TRAILER_LONG);
	else
		c->state = NAME;
	return 0;
}

/* Fields by the rules of a head, but neither folded nor ended by LF alone. */
static int
trailer(struct http_chunk *c, char ch)
{
	if (c->trailer_left == 0)
		return bad(c, HTTP_E_TRAILER_LONG);
	c->trailer_left--;
	if (c->state == VALUE_LF) {
		c->state = LINE;
		return ch == '\n' ? 0 : bad(c, HTTP_E_TRAILER);
	}
	if (c->state != VALUE)
		return trailer_name(c, ch);
	if (ch == '\r')
		c->state = VALUE_LF;
	else if (!http_is_value(&ch, 1))
		return bad(c, HTTP_E_TRAILER);
	return 0;
}

static int
last_line(struct http_chunk *c, char ch)
{
	if (c->state == LAST_LF) {
		c->done = ch == '\n';
		return c->done ? 0 : bad(c, HTTP_E_CHUNK_END);
	}
	c->state = LAST_LF;
	return 0;
}

/* What a byte is that comes now, and is not data. */
static enum http_part
part_of(const struct http_chunk *c, char ch)
{
	if (c->state < LINE || c->state == LAST_LF ||
	    (c->state == LINE && ch == '\r'))
		return HTTP_PART_FRAMING;
	return HTTP_PART_TRAILER;
}

static int
step(struct http_chunk *c, char ch)
{
	if (c->state <= SIZE_LF)
		return size_line(c, ch);
	if (c->state <= DATA_LF)
		return data_end(c, ch);
	if (part_of(c, ch) == HTTP_PART_FRAMING)
		return last_line(c, ch);
	return trailer(c, ch);
}

static size_t
data(struct http_chunk *c, size_t n)
{
	if (n > c->left)
		n = (size_t)c->left;
	c->left -= n;
	c->data += n;
	if (c->left == 0)
		c->state = DATA_CR;
	return n;
}

ssize_t
http_chunk_next(struct http_chunk *c, const char *p, size_t n,
    enum http_part *part)
{
	size_t i = 0;

	*part = HTTP_PART_FRAMING;
	if (c->err != HTTP_OK)
		return -1;
	if (n == 0 || c->done)
		return 0;
	if (c->state == DATA) {
		*part = HTTP_PART_DATA;
		return (ssize_t)data(c, n);
	}
	*part = part_of(c, *p);
	while (i < n && !c->done && c->state != DATA &&
	    part_of(c, p[i]) == *part) {
		/* The good bytes first; the next call tells the fault. */
		if (step(c, p[i]) < 0)
			break;
		i++;
	}
	c->framing += i;
	return i > 0 ? (ssize_t)i : -1;
}
