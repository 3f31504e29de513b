/* SPDX-License-Identifier: MIT */
#include "proto/http_response.h"

#include "proto/http_body.h"

enum { NAMED = 4 };	/* bytes that tell what the peer speaks */

const char *
http_status_name(unsigned status)
{
	/* clang-format off */
	static const struct {
		unsigned	 status;
		const char	*name;
	} names[] = {
		{ 100, "Continue" }, { 101, "Switching Protocols" },
		{ 103, "Early Hints" },
		{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
		{ 203, "Non-Authoritative Information" },
		{ 204, "No Content" }, { 205, "Reset Content" },
		{ 206, "Partial Content" },
		{ 300, "Multiple Choices" }, { 301, "Moved Permanently" },
		{ 302, "Found" }, { 303, "See Other" },
		{ 304, "Not Modified" }, { 305, "Use Proxy" },
		{ 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 402, "Payment Required" }, { 403, "Forbidden" },
		{ 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 406, "Not Acceptable" },
		{ 407, "Proxy Authentication Required" },
		{ 408, "Request Timeout" }, { 409, "Conflict" },
		{ 410, "Gone" }, { 411, "Length Required" },
		{ 412, "Precondition Failed" }, { 413, "Content Too Large" },
		{ 414, "URI Too Long" }, { 415, "Unsupported Media Type" },
		{ 416, "Range Not Satisfiable" },
		{ 417, "Expectation Failed" }, { 421, "Misdirected Request" },
		{ 422, "Unprocessable Content" }, { 425, "Too Early" },
		{ 426, "Upgrade Required" }, { 428, "Precondition Required" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 451, "Unavailable For Legal Reasons" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" },
		{ 502, "Bad Gateway" }, { 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
		{ 505, "HTTP Version Not Supported" },
		{ 511, "Network Authentication Required" },
	};
	/* clang-format on */

	for (size_t i = 0; i < NELEMS(names); i++)
		if (names[i].status == status)
			return names[i].name;
	return NULL;
}

/* What the peer speaks, by its first four bytes. */
static enum http_err
speaks(const char *p)
{
	if (memcmp(p, "HTTP", NAMED) == 0)
		return HTTP_OK;
	if ((p[0] == 0x15 || p[0] == 0x16) && p[1] == 3)
		return HTTP_E_TLS;	/* alert, handshake: RFC 8446 5.1 */
	if (memcmp(p, "SSH-", NAMED) == 0)
		return HTTP_E_SSH;	/* RFC 4253 4.2 */
	if (p[0] == 0 && p[3] == 4)
		return HTTP_E_HTTP2;	/* length, SETTINGS: RFC 9113 3.4 */
	return p[0] == '<' ? HTTP_E_HTTP09 : HTTP_E_FOREIGN;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* HTTP-version SP 3DIGIT [ SP reason ] */
static int
status_line(struct http_response *r, struct http_text t)
{
	const char *p = t.p;

	if (t.n < 9 || p[8] != ' ')
		return http_head_bad(&r->head, HTTP_E_START);
	if (http_head_version(&r->head, (struct http_text){ p, 8 }) < 0)
		return -1;
	if (t.n < 12 || !is_digit(p[9]) || !is_digit(p[10]) ||
	    !is_digit(p[11]) || (t.n > 12 && p[12] != ' '))
		return http_head_bad(&r->head, HTTP_E_STATUS);
	r->status = (unsigned)(p[9] - '0') * 100 +
	    (unsigned)(p[10] - '0') * 10 + (unsigned)(p[11] - '0');
	r->reason = (struct http_text){ p + 12, 0 };
	if (t.n > 13)
		r->reason = (struct http_text){ p + 13, t.n - 13 };
	if (!http_is_value(r->reason.p, r->reason.n))
		r->head.notes |= HTTP_NOTE_CONTROL;
	return 0;
}

/* RFC 9112 6.3, in its order. */
static int
framing(struct http_response *r, bool to_head)
{
	struct http_head *h = &r->head;
	int chunked, length;

	h->keep = http_body_keeps(h);
	h->body = HTTP_BODY_NONE;
	if (to_head || r->status / 100 == 1 || r->status == 204 ||
	    r->status == 304)
		return 0;
	if ((chunked = http_body_coding(h)) < 0)
		return -1;
	if (chunked && http_field_next(h, NULL, "content-length") != NULL) {
		h->notes |= HTTP_NOTE_BOTH;
		h->keep = false;
	}
	if (chunked) {
		h->body = HTTP_BODY_CHUNKED;
		return 0;
	}
	if ((length = http_body_length(h)) < 0)
		return -1;
	h->body = length ? HTTP_BODY_LENGTH : HTTP_BODY_CLOSE;
	h->keep = h->keep && length;
	return 0;
}

ssize_t
http_response_parse(struct http_response *r, struct http_scan *s,
    const char *p, size_t n, bool to_head)
{
	struct http_head *h = &r->head;
	enum http_err e;
	ssize_t len;

	if (n < NAMED)
		return 0;
	if (!s->started && (e = speaks(p)) != HTTP_OK)
		return http_head_bad(h, e);
	h->notes = 0;
	len = http_scan_end(h, s, p, n);
	/* A bad status line is the first fault of any, and told at once. */
	if (s->lines > 0 && (!s->started || len > 0)) {
		if (status_line(r, http_scan_start(s, p)) < 0)
			return -1;
		s->started = true;
	}
	if (len <= 0)
		return len;
	if (http_head_fields(h, s, p, (size_t)len, true) < 0 ||
	    framing(r, to_head) < 0)
		return -1;
	return len;
}
