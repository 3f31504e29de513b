/* SPDX-License-Identifier: MIT */
#include "proto/http_head.h"

const struct http_limits http_limits_client = {
	.start = 64 * KIB, .line = 64 * KIB, .head = 256 * KIB, .fields = 1000,
};
const struct http_limits http_limits_server = {
	.start = 16 * KIB, .line = 16 * KIB, .head = 64 * KIB, .fields = 100,
};

void
http_head_init(struct http_head *h, struct http_field *field,
    const struct http_limits *limits)
{
	*h = (struct http_head){ .field = field, .limits = limits };
}

int
http_head_bad(struct http_head *h, enum http_err e)
{
	h->err = e;
	return -1;
}

const char *
http_note_text(unsigned note)
{
	switch (note) {
	case HTTP_NOTE_LF:
		return "LF alone ends a line (RFC 9112, 2.2)";
	case HTTP_NOTE_FOLD:
		return "a field value is folded over lines (RFC 9112, 5.2)";
	case HTTP_NOTE_CONTROL:
		return "a control character in a field value (RFC 9110, 5.5)";
	case HTTP_NOTE_BOTH:
		return "both Transfer-Encoding and Content-Length: "
		    "the length is ignored (RFC 9112, 6.3)";
	default:
		return "";
	}
}

/*
 * The next LF in [s->at, stop), CR alone and NUL refused. 1: s->at is behind
 * it; 0: not there, s->at is where to look on.
 */
static int
find_lf(struct http_head *h, struct http_scan *s, const char *p, size_t stop)
{
	size_t i = s->at;

	for (; i < stop; i++) {
		if ((uint8_t)p[i] > '\r')
			continue;
		if (p[i] == '\0')
			return http_head_bad(h, HTTP_E_NUL);
		if (p[i] == '\r') {
			if (i + 1 == stop)
				break;
			if (p[i + 1] != '\n')
				return http_head_bad(h, HTTP_E_CR);
		} else if (p[i] == '\n') {
			if (i == s->line || p[i - 1] != '\r')
				s->lf_alone = true;
			s->at = (uint32_t)i + 1;
			return 1;
		}
	}
	s->at = (uint32_t)i;
	return 0;
}

/* The bytes of the line that ended before s->at, without its end. */
static size_t
line_len(const struct http_scan *s, const char *p)
{
	size_t n = s->at - s->line - 1;

	return n > 0 && p[s->line + n - 1] == '\r' ? n - 1 : n;
}

static int
too_long(struct http_head *h, const struct http_scan *s)
{
	return http_head_bad(h,
	    s->lines == 0 ? HTTP_E_START_LONG : HTTP_E_LINE_LONG);
}

/*
 * Each limit ends the search at a byte of its own, so that which error it is
 * does not hang on how many bytes came at once.
 */
ssize_t
http_scan_end(struct http_head *h, struct http_scan *s, const char *p,
    size_t n)
{
	for (;;) {
		size_t max = s->lines == 0 ? h->limits->start
		    : h->limits->line;
		size_t stop = s->line + max + 2;	/* and CR LF */
		size_t len;
		int r;

		if (stop > h->limits->head)
			stop = h->limits->head;
		r = find_lf(h, s, p, n < stop ? n : stop);
		if (r < 0)
			return -1;
		if (r == 0 && n < stop)
			return 0;
		if (r == 0)
			return stop == h->limits->head
			    ? http_head_bad(h, HTTP_E_HEAD_LONG)
			    : too_long(h, s);
		if ((len = line_len(s, p)) > max)
			return too_long(h, s);
		s->line = s->at;
		if (len == 0 && s->lines > 0)
			return s->at;
		if (len == 0)
			s->start = s->at;
		else if (s->lines++ > h->limits->fields)
			return http_head_bad(h, HTTP_E_FIELDS);
	}
}

struct http_text
http_scan_start(const struct http_scan *s, const char *p)
{
	const char *lf = memchr(p + s->start, '\n', s->at - s->start);
	size_t n = (size_t)(lf - (p + s->start));

	if (n > 0 && lf[-1] == '\r')
		n--;
	return (struct http_text){ p + s->start, n };
}

const char *
http_head_version_text(const struct http_head *h)
{
	return h->minor == 0 ? "HTTP/1.0" : "HTTP/1.1";
}

int
http_head_version(struct http_head *h, struct http_text v)
{
	if (v.n < 5 || memcmp(v.p, "HTTP/", 5) != 0)
		return http_head_bad(h, HTTP_E_START);
	if (v.n != 8 || v.p[6] != '.' || v.p[5] < '0' || v.p[5] > '9' ||
	    v.p[7] < '0' || v.p[7] > '9')
		return http_head_bad(h, HTTP_E_START);
	if (v.p[5] != '1')
		return http_head_bad(h, HTTP_E_VERSION);
	h->minor = v.p[7] != '0';
	return 0;
}

/* The line's name into f; what is wrong with it, if something is. */
static enum http_err
take_name(struct http_field *f, const char *p, size_t n)
{
	size_t len = http_token_len(p, n);

	f->name = (struct http_text){ p, len };
	if (len < n && len > 0 && p[len] == ':')
		return HTTP_OK;
	if (memchr(p, ':', n) == NULL)
		return HTTP_E_COLON;
	if (len > 0 && (p[len] == ' ' || p[len] == '\t')) {
		while (p[len] == ' ' || p[len] == '\t')
			len++;
		if (p[len] == ':')
			return HTTP_E_SPACE_COLON;
	}
	return HTTP_E_NAME;
}

/* One line that continues the value of the last field. */
static int
take_fold(struct http_head *h, const char *p, size_t n, bool fold)
{
	struct http_field *f;

	if (h->nfields == 0)
		return http_head_bad(h, HTTP_E_SPACE_FIRST);
	if (!fold)
		return http_head_bad(h, HTTP_E_FOLD);
	f = &h->field[h->nfields - 1];
	h->notes |= HTTP_NOTE_FOLD;
	if (!http_is_value(p, n))
		h->notes |= HTTP_NOTE_CONTROL;
	if (f->value.n == 0)
		f->value.p = p;
	f->value.n = (size_t)(p + n - f->value.p);
	http_text_trim(&f->value);
	return 0;
}

static int
take_line(struct http_head *h, const char *p, size_t n, bool fold)
{
	struct http_field *f = &h->field[h->nfields];
	enum http_err e;

	if (*p == ' ' || *p == '\t')
		return take_fold(h, p, n, fold);
	if ((e = take_name(f, p, n)) != HTTP_OK)
		return http_head_bad(h, e);
	f->value.p = p + f->name.n + 1;
	f->value.n = n - f->name.n - 1;
	if (!http_is_value(f->value.p, f->value.n)) {
		/*
		 * RFC 9110 5.5: a recipient MAY retain other controls within a
		 * safe context; a reply's are shown escaped, a request's
		 * refused.
		 */
		if (!fold)
			return http_head_bad(h, HTTP_E_VALUE);
		h->notes |= HTTP_NOTE_CONTROL;
	}
	http_text_trim(&f->value);
	h->nfields++;
	return 0;
}

int
http_head_fields(struct http_head *h, const struct http_scan *s,
    const char *p, size_t len, bool fold)
{
	struct http_text start = http_scan_start(s, p);
	const char *at = start.p + start.n, *end = p + len;

	h->nfields = 0;
	at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
	for (;;) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t n = (size_t)(lf - at);

		if (n > 0 && lf[-1] == '\r')
			n--;
		if (n == 0)
			break;
		if (take_line(h, at, n, fold) < 0)
			return -1;
		at = lf + 1;
	}
	if (s->lf_alone)
		h->notes |= HTTP_NOTE_LF;
	return 0;
}
