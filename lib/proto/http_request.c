/* SPDX-License-Identifier: MIT */
#include "proto/http_request.h"

#include "proto/http_body.h"

static enum http_method
method_of(struct http_text verb)
{
	/* RFC 9110 9.1: the method is case-sensitive. */
	static const char *const names[] = {
		[HTTP_GET] = "GET", [HTTP_HEAD] = "HEAD",
		[HTTP_POST] = "POST", [HTTP_PUT] = "PUT",
		[HTTP_DELETE] = "DELETE", [HTTP_CONNECT] = "CONNECT",
		[HTTP_OPTIONS] = "OPTIONS", [HTTP_TRACE] = "TRACE",
		[HTTP_PATCH] = "PATCH",
	};

	for (unsigned i = HTTP_GET; i < NELEMS(names); i++)
		if (http_text_eq(verb, names[i]))
			return i;
	return HTTP_OTHER;
}

/* p up to end is "/path?query", or "?query", or nothing: path "/" then. */
static void
split_path(struct http_request *r, const char *p, const char *end)
{
	const char *q = memchr(p, '?', (size_t)(end - p));
	const char *path_end = q != NULL ? q : end;

	r->path = (struct http_text){ p, (size_t)(path_end - p) };
	if (r->path.n == 0)
		r->path = (struct http_text){ "/", 1 };
	if (q != NULL)
		r->query = (struct http_text){ q + 1, (size_t)(end - q - 1) };
}

/* "http://" host [":" port] path; RFC 9112 3.2.2. */
static enum http_err
absolute(struct http_request *r, size_t scheme)
{
	const char *p = r->target.p + scheme + 3;
	const char *end = r->target.p + r->target.n, *host_end = p;

	if (!http_text_is((struct http_text){ r->target.p, scheme }, "http"))
		return HTTP_E_SCHEME;
	while (host_end < end && *host_end != '/' && *host_end != '?')
		host_end++;
	r->form = HTTP_FORM_ABSOLUTE;
	r->host = (struct http_text){ p, (size_t)(host_end - p) };
	if (r->host.n == 0 || !http_is_host(r->host.p, r->host.n))
		return HTTP_E_TARGET;
	split_path(r, host_end, end);
	return HTTP_OK;
}

/* The length of a scheme that "://" follows; 0 if there is none. */
static size_t
scheme_len(struct http_text t)
{
	size_t n = http_token_len(t.p, t.n);

	return n + 3 <= t.n && memcmp(t.p + n, "://", 3) == 0 ? n : 0;
}

static enum http_err
take_target(struct http_request *r)
{
	struct http_text t = r->target;
	size_t scheme;

	/* RFC 9112 3.2: no form has a fragment. */
	if (!http_is_target(t.p, t.n) || memchr(t.p, '#', t.n) != NULL)
		return HTTP_E_TARGET;
	if (r->method == HTTP_CONNECT) {
		r->form = HTTP_FORM_AUTHORITY;
		r->host = t;
		return http_is_host(t.p, t.n) ? HTTP_OK : HTTP_E_TARGET;
	}
	if (t.p[0] == '/') {
		r->form = HTTP_FORM_ORIGIN;
		split_path(r, t.p, t.p + t.n);
		return HTTP_OK;
	}
	if (t.n == 1 && t.p[0] == '*') {
		r->form = HTTP_FORM_ASTERISK;
		return r->method == HTTP_OPTIONS ? HTTP_OK : HTTP_E_TARGET;
	}
	if ((scheme = scheme_len(t)) > 0)
		return absolute(r, scheme);
	return HTTP_E_TARGET;
}

/* method SP request-target SP HTTP-version, and no white space more. */
static int
request_line(struct http_request *r, struct http_text t)
{
	struct http_head *h = &r->head;
	const char *end = t.p + t.n, *sp, *last;
	enum http_err e;

	r->path = r->query = r->host = (struct http_text){ NULL, 0 };
	r->verb = (struct http_text){ t.p, http_token_len(t.p, t.n) };
	sp = t.p + r->verb.n;
	if (r->verb.n == 0 || sp == end || *sp != ' ')
		return http_head_bad(h, HTTP_E_METHOD);
	r->method = method_of(r->verb);
	last = memrchr(sp + 1, ' ', (size_t)(end - sp - 1));
	if (last == NULL)
		return http_head_bad(h, HTTP_E_START);
	r->target = (struct http_text){ sp + 1, (size_t)(last - sp - 1) };
	if (http_head_version(h, (struct http_text){ last + 1,
		(size_t)(end - last - 1) }) < 0)
		return -1;
	if ((e = take_target(r)) != HTTP_OK)
		return http_head_bad(h, e);
	return 0;
}

/* RFC 9112 3.2: one Host in 1.1, and never two or a bad one. */
static int
take_host(struct http_request *r)
{
	struct http_head *h = &r->head;
	const struct http_field *f = http_field_next(h, NULL, "host");

	if (f == NULL)
		return h->minor == 0 ? 0 : http_head_bad(h, HTTP_E_HOST_NONE);
	if (http_field_next(h, f, "host") != NULL)
		return http_head_bad(h, HTTP_E_HOST_TWICE);
	if (!http_is_host(f->value.p, f->value.n))
		return http_head_bad(h, HTTP_E_HOST_BAD);
	if (r->host.p == NULL)
		r->host = f->value;
	return 0;
}

static int
framing(struct http_head *h)
{
	int chunked, length;

	h->keep = http_body_keeps(h);
	h->length = 0;
	if ((chunked = http_body_coding(h)) < 0 ||
	    (length = http_body_length(h)) < 0)
		return -1;
	if (chunked && length)
		return http_head_bad(h, HTTP_E_BOTH);
	h->body = chunked ? HTTP_BODY_CHUNKED
	    : h->length > 0 ? HTTP_BODY_LENGTH : HTTP_BODY_NONE;
	return 0;
}

/* What a client of another protocol says first. */
static enum http_err
speaks(const char *p, size_t n)
{
	if (p[0] == 0x16)
		return HTTP_E_TLS;	/* a ClientHello, RFC 8446 5.1 */
	if (n >= 4 && memcmp(p, "PRI ", 4) == 0)
		return HTTP_E_HTTP2;	/* RFC 9113 3.4 */
	if (n >= 4 && memcmp(p, "SSH-", 4) == 0)
		return HTTP_E_SSH;
	return HTTP_OK;
}

ssize_t
http_request_parse(struct http_request *r, struct http_scan *s,
    const char *p, size_t n)
{
	struct http_head *h = &r->head;
	enum http_err e;
	ssize_t len;

	h->notes = 0;
	if (n == 0)
		return 0;
	if (!s->started && (e = speaks(p, n)) != HTTP_OK)
		return http_head_bad(h, e);
	len = http_scan_end(h, s, p, n);
	/* A bad request line is the first fault of any, and told at once. */
	if (s->lines > 0 && (!s->started || len > 0)) {
		if (request_line(r, http_scan_start(s, p)) < 0)
			return -1;
		s->started = true;
	}
	if (len <= 0)
		return len;
	if (http_head_fields(h, s, p, (size_t)len, false) < 0 ||
	    take_host(r) < 0 || framing(h) < 0)
		return -1;
	return len;
}
