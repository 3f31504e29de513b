/* SPDX-License-Identifier: MIT */
#include "site/reply.h"

#include <ctype.h>

#include "proto/http_date.h"

/* clang-format off */
static const struct {
	unsigned	 status;
	const char	*reason, *sentence;
} statuses[] = {
	{ 200, "OK", "" },
	{ 204, "No Content", "" },
	{ 206, "Partial Content", "" },
	{ 301, "Moved Permanently", "This is a folder: its address ends in a slash" },
	{ 304, "Not Modified", "" },
	{ 400, "Bad Request", "The request is malformed" },
	{ 403, "Forbidden", "There is no permission to read this" },
	{ 404, "Not Found", "There is no such file here" },
	{ 405, "Method Not Allowed", "Only GET, HEAD and OPTIONS are answered here" },
	{ 408, "Request Timeout", "The request did not arrive in time" },
	{ 412, "Precondition Failed", "The file is not the one that the request expects" },
	{ 413, "Content Too Large", "The request brings more content than is read here" },
	{ 414, "URI Too Long", "The request line is too long" },
	{ 416, "Range Not Satisfiable", "The file has no such bytes" },
	{ 421, "Misdirected Request", "This is not the server that the request is for" },
	{ 431, "Request Header Fields Too Large", "The request has too many or too long fields" },
	{ 500, "Internal Server Error", "The file cannot be read" },
	{ 501, "Not Implemented", "This method is not known here" },
	{ 503, "Service Unavailable", "The server is busy, try again in a moment" },
	{ 505, "HTTP Version Not Supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here" },
};
/* clang-format on */

const char *
reply_reason(unsigned status)
{
	for (size_t i = 0; i < NELEMS(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].reason;
	return "Unknown";
}

const char *
reply_sentence(unsigned status)
{
	for (size_t i = 0; i < NELEMS(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].sentence;
	return "";
}

/* RFC 9110 15.5.6 wants Allow with 405, 9.3.7 with what OPTIONS gets. */
static const char *
fixed_fields(const struct reply *r)
{
	switch (r->status) {
	case 204:
	case 405:
	case 501:
		return "Allow: GET, HEAD, OPTIONS\r\n";
	case 503:
		return "Retry-After: 1\r\n";
	default:
		return "";
	}
}

/* What the request's version has us say about the connection (9112 9.3). */
static const char *
connection(const struct reply *r)
{
	if (!r->keep)
		return "Connection: close\r\n";
	return r->minor == 0 ? "Connection: keep-alive\r\n" : "";
}

/* A head in the making; every reply pays for this, so no printf. */
struct out {
	struct buf	*b;
	bool		 full;		/* something did not fit */
};

static void
put(struct out *o, const char *s)
{
	o->full = o->full || buf_add(o->b, s, strlen(s)) < 0;
}

static void
put_number(struct out *o, uint64_t value)
{
	o->full = o->full || buf_number(o->b, value) < 0;
}

static void
content(struct out *o, const struct reply *r)
{
	if (r->type == NULL)
		return;
	put(o, "Content-Type: ");
	put(o, r->type);
	put(o, "\r\nContent-Length: ");
	put_number(o, r->length);
	put(o, "\r\nX-Content-Type-Options: nosniff\r\n");
	if (r->ours)
		put(o, "Content-Security-Policy: default-src 'none'; "
		    "style-src 'unsafe-inline'\r\n");
}

static void
validators(struct out *o, const struct reply *r)
{
	char date[HTTP_DATE_LEN + 1];

	if (r->etag == NULL)
		return;
	http_date(date, r->modified);
	put(o, "Last-Modified: ");
	put(o, date);
	put(o, "\r\nETag: ");
	put(o, r->etag);
	put(o, "\r\nAccept-Ranges: bytes\r\n");
}

static void
range(struct out *o, const struct reply *r)
{
	if (r->status != 206 && r->status != 416)
		return;
	put(o, "Content-Range: bytes ");
	if (r->status == 206) {
		put_number(o, r->part->from);
		put(o, "-");
		put_number(o, r->part->from + r->part->len - 1);
	} else
		put(o, "*");
	put(o, "/");
	put_number(o, r->whole);
	put(o, "\r\n");
}

int
reply_head(struct buf *b, const struct reply *r, const char *date)
{
	struct out o = { .b = b };

	put(&o, "HTTP/1.1 ");
	put_number(&o, r->status);
	put(&o, " ");
	put(&o, reply_reason(r->status));
	put(&o, "\r\nDate: ");
	put(&o, date);
	put(&o, "\r\n");
	put(&o, fixed_fields(r));
	put(&o, connection(r));
	content(&o, r);
	validators(&o, r);
	range(&o, r);
	if (r->location != NULL) {
		put(&o, "Location: ");
		put(&o, r->location);
		put(&o, "\r\n");
	}
	put(&o, "Cache-Control: no-cache\r\n\r\n");
	return o.full ? -1 : 0;
}

int
reply_page(struct buf *b, struct reply *r, const char *sentence, bool bare,
    const char *date)
{
	/* People read this raw as well: a few short lines. */
	static const char page[] = "<!DOCTYPE html>\n<html lang=\"en\">\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width\">\n<title>%u %s</title>\n"
	    "<style>:root { color-scheme: light dark; margin: 2rem; "
	    "font-family: sans-serif }</style>\n"
	    "<h1>%u %s</h1>\n<p>%c%s.</p>\n";
	const char *reason = reply_reason(r->status);
	int first = toupper((unsigned char)sentence[0]);
	const char *rest = first != '\0' ? sentence + 1 : sentence;
	int n = snprintf(NULL, 0, page, r->status, reason, r->status, reason,
	    first, rest);

	r->type = "text/html; charset=utf-8";
	r->length = (uint64_t)n;
	r->ours = true;
	if (reply_head(b, r, date) < 0)
		return -1;
	return bare ? 0 : buf_printf(b, page, r->status, reason, r->status,
	    reason, first, rest);
}
