/* SPDX-License-Identifier: MIT */
#include "site/serve.h"

#include "base/clock.h"
#include "net/conn.h"
#include "site/answer.h"
#include "site/site.h"
#include "site/transfer.h"
#include "talk/talk.h"

enum { LINE_SHOWN = 256 };	/* of what is no request line */

static void
tell_out(struct client *c, const struct exchange *x)
{
	struct site *s = c->site;

	exchange_tell_out(x, c->conn, s->o.log_fd >= 0 ? &s->log : NULL,
	    s->date);
}

/* -v: the head itself, as it came or went. */
static void
tell_head(struct client *c, bool out, const char *p, size_t n)
{
	if (!c->site->o.heads || n == 0)
		return;
	talk_tell(c->conn->talk, &(struct talk_event){
	    .kind = out ? TALK_SENT : TALK_RECEIVED, .conn = c->conn->id,
	    .out = out, .crlf = true, TALK_VALUES(TALK_I(TF_BYTES, n),
	    TALK_B(TF_DATA, p, n), TALK_S(TF_PART, "head")) });
}

/* What was just composed from byte `from` on begins with a head. */
static void
tell_reply_head(struct client *c, size_t from)
{
	const struct buf *b = &c->site->out;
	const char *p, *end;

	if (!c->site->o.heads || b->len <= from)
		return;
	p = buf_head(b) + from;
	end = memmem(p, b->len - from, "\r\n\r\n", 4);
	if (end != NULL)
		tell_head(c, true, p, (size_t)(end + 4 - p));
}

/* What the log and the conversation need to know of a request. */
static struct exchange
begin(struct client *c, const struct http_request *req, const char *p,
    size_t n)
{
	struct exchange x = { .root = c->site->o.dir };

	if (talk_heard(c->conn->talk))
		x.began_ns = clock_ns();
	x.line = (struct http_text){ p, n < LINE_SHOWN ? n : LINE_SHOWN };
	if (c->scan.lines > 0)
		x.line = http_scan_start(&c->scan, p);
	if (req != NULL) {
		x.verb = req->verb;
		x.target = req->target;
	}
	return x;
}

static void
answered(struct client *c, const struct exchange *x, int e, size_t from)
{
	c->site->requests++;
	c->last = !x->keep;
	c->lost = e < 0;
	if (e < 0)
		return;
	tell_reply_head(c, from);
	if (c->file == NULL)
		tell_out(c, x);
	else if (c->file->x = *x, exchange_keep(&c->file->x) < 0)
		c->lost = true;
}

/* A reply to n bytes that are no request to be carried out: the last one. */
static void
refuse(struct client *c, const char *p, size_t n, unsigned status,
    const char *sentence)
{
	struct site *s = c->site;
	const struct http_request *req = c->scan.started ? &s->req : NULL;
	struct exchange x = begin(c, req, p, n);
	size_t from = s->out.len;

	if (n > 0) {
		tell_head(c, false, p, n);
		exchange_tell_in(&x, c->conn);
	}
	answered(c, &x, answer_page(s, req, &x, status, sentence), from);
}

/* Content that follows is thrown away, so that the next request is found. */
static void
expect_body(struct client *c, const struct http_head *h)
{
	if (h->body == HTTP_BODY_LENGTH)
		c->body_left = h->length;
	c->chunked = h->body == HTTP_BODY_CHUNKED;
	if (c->chunked)
		http_chunk_init(&c->chunk, http_limits_server.head,
		    http_limits_server.fields);
}

/*
 * With "Expect: 100-continue" the client sends its content only if it likes,
 * so where the next request would begin is not known (RFC 9110 10.1.1).
 */
static bool
keeps(const struct client *c, const struct http_head *h, bool *too_big)
{
	*too_big = h->body == HTTP_BODY_LENGTH && h->length > SITE_BODY;
	return h->keep && !c->site->stopping && !*too_big &&
	    (h->body == HTTP_BODY_NONE ||
	    !http_list_has(h, "expect", "100-continue"));
}

static void
carry_out(struct client *c, const char *p, size_t len)
{
	struct site *s = c->site;
	struct http_request *req = &s->req;
	struct exchange x = begin(c, req, p, len);
	size_t from = s->out.len;
	bool too_big;
	int e;

	x.referer = http_field_value(&req->head, "referer");
	x.agent = http_field_value(&req->head, "user-agent");
	x.version = http_head_version_text(&req->head);
	x.keep = keeps(c, &req->head, &too_big);
	tell_head(c, false, p, len);
	exchange_tell_in(&x, c->conn);
	if (too_big && (req->method == HTTP_GET || req->method == HTTP_HEAD))
		e = answer_page(s, req, &x, 413, NULL);
	else
		e = answer(s, req, &x, &c->file);
	answered(c, &x, e, from);
	if (x.keep)
		expect_body(c, &req->head);
}

/*
 * The request is the site's, and other clients may have had it since this one
 * began: what is not complete is read once more from its beginning.
 */
static ssize_t
read_again(struct client *c, const char *p, size_t n)
{
	c->scan = (struct http_scan){ 0 };
	return http_request_parse(&c->site->req, &c->scan, p, n);
}

/* Bytes used; 0: the head is not complete. */
static size_t
take_request(struct client *c, const char *p, size_t n)
{
	struct http_head *h = &c->site->req.head;
	ssize_t len = http_request_parse(&c->site->req, &c->scan, p, n);

	if (len == 0)
		return 0;
	if (len < 0)
		len = read_again(c, p, n);
	if (len > 0)
		carry_out(c, p, (size_t)len);
	else
		refuse(c, p, n, (unsigned)http_err_status(h->err),
		    http_err_text(h->err));
	c->scan = (struct http_scan){ 0 };
	c->state = CLIENT_IDLE;
	return len > 0 ? (size_t)len : n;
}

static size_t
skip_chunks(struct client *c, const char *p, size_t n)
{
	size_t used = 0;

	while (used < n && !c->chunk.done) {
		enum http_part part;
		ssize_t r = http_chunk_next(&c->chunk, p + used, n - used,
		    &part);

		if (r < 0 || c->chunk.data > SITE_BODY) {
			talk_warn(c->conn->talk, c->conn->id, "content",
			    "the request's content: %s; closed by us", r < 0 ?
			    http_err_text(c->chunk.err) :
			    "longer than the limit");
			c->last = true;
			return n;
		}
		used += (size_t)r;
	}
	c->chunked = !c->chunk.done;
	return used;
}

static size_t
skip_body(struct client *c, const char *p, size_t n)
{
	if (c->chunked)
		return skip_chunks(c, p, n);
	n = n < c->body_left ? n : (size_t)c->body_left;
	c->body_left -= n;
	return n;
}

bool
serve_in_body(const struct client *c)
{
	return c->chunked || c->body_left > 0;
}

/* Bytes used. After a last reply nothing matters that follows. */
static size_t
serve(struct client *c, const char *p, size_t n)
{
	size_t used = 0, r = 1;

	site_clock(c->site);
	while (r > 0 && used < n && !c->last && !c->lost && !c->file &&
	    c->site->out.len < SITE_BATCH) {
		r = serve_in_body(c) ? skip_body(c, p + used, n - used) :
		    take_request(c, p + used, n - used);
		used += r;
	}
	return c->last ? n : used;
}

bool
serve_kept(struct client *c)
{
	if (c->in.len == 0)
		return false;
	buf_drop(&c->in, serve(c, buf_head(&c->in), c->in.len));
	if (c->in.len == 0)
		buf_free(&c->in);
	return c->last || c->site->out.len > 0;
}

void
serve_fresh(struct client *c, const char *p, size_t n)
{
	size_t used = 0;

	if (c->in.len == 0)
		used = serve(c, p, n);
	if (used < n && buf_add(&c->in, p + used, n - used) < 0)
		c->lost = true;
}

void
serve_late(struct client *c)
{
	site_clock(c->site);
	if (read_again(c, buf_head(&c->in), c->in.len) == 0)
		refuse(c, buf_head(&c->in), c->in.len, 408, NULL);
	buf_free(&c->in);
}

void
serve_refusal(struct client *c)
{
	site_clock(c->site);
	refuse(c, NULL, 0, 503, NULL);
}

void
serve_sent(struct client *c)
{
	site_clock(c->site);
	tell_out(c, &c->file->x);
	transfer_free(c->file);
	c->file = NULL;
}
