/* SPDX-License-Identifier: MIT */
#include "proto/http_via.h"

#include "base/buf.h"
#include "proto/http_request.h"
#include "proto/http_response.h"

#define BY "sockt"	/* RFC 9110 7.6.3: a pseudonym, no name of a host */

static bool
is_one_of(struct http_text name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (http_text_is(name, list[i]))
			return true;
	return false;
}

/* RFC 9110 7.6.1: whether Connection names this field. */
static bool
is_named(const struct http_head *h, struct http_text name)
{
	const struct http_field *f = NULL;
	struct http_text list, e;

	while ((f = http_field_next(h, f, "connection")) != NULL)
		for (list = f->value; http_list_next(&list, &e);)
			if (e.n == name.n &&
			    strncasecmp(e.p, name.p, name.n) == 0)
				return true;
	return false;
}

static bool
stays_here(const struct http_head *h, struct http_text name)
{
	static const char *const ours[] = { "connection", "keep-alive",
		"proxy-connection", "te", "upgrade", "proxy-authorization" };

	return is_one_of(name, ours, NELEMS(ours)) || is_named(h, name);
}

/* "Name: value" in one line, whatever it was. */
static int
add_field(struct buf *b, const struct http_field *f)
{
	if (buf_add(b, f->name.p, f->name.n) < 0 || buf_add(b, ": ", 2) < 0)
		return -1;
	for (size_t i = 0; i < f->value.n; i++) {
		char c = f->value.p[i];

		if (buf_add(b, c == '\r' || c == '\n' ? " " : &c, 1) < 0)
			return -1;
	}
	return buf_add(b, "\r\n", 2);
}

static int
add_end(struct buf *b, const struct http_head *h, bool last)
{
	return buf_printf(b, "Via: 1.%u " BY "\r\n%s\r\n", h->minor,
	    last ? "Connection: close\r\n" : "");
}

/* RFC 9112 3.2.1: without a path, "/"; 3.2.4: or "*". */
static int
add_request_line(struct buf *b, const struct http_request *r)
{
	const char *path = r->host.p + r->host.n;
	size_t n = (size_t)(r->target.p + r->target.n - path);
	const char *none = n > 0 && *path == '/' ? "" :
	    n == 0 && r->method == HTTP_OPTIONS ? "*" : "/";

	return buf_printf(b, "%.*s %s%.*s HTTP/1.%u\r\nHost: %.*s\r\n",
	    (int)r->verb.n, r->verb.p, none, (int)n, path, r->head.minor,
	    (int)r->host.n, r->host.p);
}

static int
add_length(struct buf *b, const struct http_head *h)
{
	if (h->body == HTTP_BODY_CHUNKED)
		return buf_printf(b, "Transfer-Encoding: chunked\r\n");
	if (http_field_next(h, NULL, "content-length") == NULL)
		return 0;
	return buf_printf(b, "Content-Length: %llu\r\n",
	    (unsigned long long)h->length);
}

int
http_via_request(struct buf *b, const struct http_request *r)
{
	static const char *const anew[] = { "host", "content-length",
		"transfer-encoding" };
	const struct http_head *h = &r->head;

	if (add_request_line(b, r) < 0)
		return -1;
	for (const struct http_field *f = h->field; f < h->field + h->nfields;
	    f++)
		if (!is_one_of(f->name, anew, NELEMS(anew)) &&
		    !stays_here(h, f->name) && add_field(b, f) < 0)
			return -1;
	return add_length(b, h) < 0 ? -1 : add_end(b, h, true);
}

/* What says how long it is, Connection cannot name away. */
static bool
goes_on(const struct http_head *h, struct http_text name)
{
	if (http_text_is(name, "transfer-encoding"))
		return true;
	if (http_text_is(name, "content-length"))
		return h->body != HTTP_BODY_CHUNKED;
	return !stays_here(h, name);
}

int
http_via_response(struct buf *b, const struct http_response *r)
{
	const struct http_head *h = &r->head;

	if (buf_printf(b, "HTTP/1.%u %03u %.*s\r\n", h->minor, r->status,
	    (int)r->reason.n, r->reason.p) < 0)
		return -1;
	for (const struct http_field *f = h->field; f < h->field + h->nfields;
	    f++)
		if (goes_on(h, f->name) && add_field(b, f) < 0)
			return -1;
	return add_end(b, h, r->status / 100 != 1);
}
