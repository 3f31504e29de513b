/* SPDX-License-Identifier: MIT */
#include "site/content.h"

#include <unistd.h>

#include "proto/http_cond.h"
#include "proto/mime.h"
#include "run/session.h"
#include "site/answer.h"
#include "site/asset.h"
#include "site/kept.h"
#include "site/site.h"
#include "site/transfer.h"

enum { RACES = 3 };		/* a file shrinks while it is read */

/*
 * The lines of a list field as one (RFC 9110 5.3). More than one is joined in
 * the site's scratch, which has room for a whole head, so it stays in place.
 */
static struct http_cond_field
list_field(struct answer *a, const char *name)
{
	const struct http_head *h = &a->req->head;
	const struct http_field *f = http_field_next(h, NULL, name);
	struct buf *b = &a->s->page;
	size_t from = b->len;

	if (f == NULL)
		return (struct http_cond_field){ NULL, 0 };
	if (http_field_next(h, f, name) == NULL)
		return (struct http_cond_field){ f->value.p, f->value.n };
	if (buf_room(b, http_limits_server.head) == NULL)
		return (struct http_cond_field){ NULL, 0 };
	for (; f != NULL; f = http_field_next(h, f, name))
		if (buf_add(b, f->value.p, f->value.n) < 0 ||
		    buf_add(b, ", ", 2) < 0)
			break;
	return (struct http_cond_field){ buf_head(b) + from, b->len - from };
}

/* A field that stands alone; given twice it means nothing. */
static struct http_cond_field
one_field(const struct answer *a, const char *name)
{
	const struct http_head *h = &a->req->head;
	const struct http_field *f = http_field_next(h, NULL, name);

	if (f == NULL || http_field_next(h, f, name) != NULL)
		return (struct http_cond_field){ NULL, 0 };
	return (struct http_cond_field){ f->value.p, f->value.n };
}

static enum http_cond_verdict
conditions(struct answer *a)
{
	struct http_cond c;
	const struct http_cond_file f = { .etag = a->r.etag,
	    .modified = a->r.modified, .now = a->s->now };

	if (buf_room(&a->s->page, 2 * http_limits_server.head) == NULL)
		return HTTP_COND_GO;
	c = (struct http_cond){
	    .if_match = list_field(a, "if-match"),
	    .if_none_match = list_field(a, "if-none-match"),
	    .if_modified_since = one_field(a, "if-modified-since"),
	    .if_unmodified_since = one_field(a, "if-unmodified-since"),
	    .if_range = one_field(a, "if-range") };
	return http_cond(&c, &f);
}

/* RFC 9110 14.2: Range is defined for GET alone. */
static enum http_range_kind
range(struct answer *a, struct http_range *part, uint64_t size)
{
	struct http_cond_field f = one_field(a, "range");

	if (a->req->method != HTTP_GET || f.s == NULL)
		return HTTP_RANGE_NONE;
	return http_range(part, f.s, f.n, size);
}

/* The bytes from `from` on in the site's scratch; NULL: the file has shrunk. */
static const char *
read_small(struct answer *a, const struct asset *f, uint64_t from)
{
	struct site *s = a->s;
	size_t n = (size_t)a->r.length;
	char *to;

	buf_clear(&s->page);
	to = buf_room(&s->page, n);
	if (to == NULL || pread(f->fd, to, n, (off_t)from) != (ssize_t)n)
		return NULL;
	if (n == f->size)
		kept_put(&s->kept, s->path.text, f, to, (int64_t)(ev_now(
		    s->session->loop) * NS_PER_S));
	return to;
}

/* In one piece with its head. 1: the file has shrunk. */
static int
send_small(struct answer *a, const struct asset *f, uint64_t from)
{
	const char *bytes = f->bytes != NULL ? f->bytes + from :
	    read_small(a, f, from);

	if (bytes == NULL)
		return 1;
	if (reply_head(&a->s->out, &a->r, a->s->date) < 0 ||
	    buf_add(&a->s->out, bytes, (size_t)a->r.length) < 0)
		return -1;
	answer_told(a, NULL);
	return 0;
}

/* Takes the descriptor. */
static int
send_large(struct answer *a, struct asset *f, uint64_t from)
{
	int fd = f->fd;

	f->fd = -1;
	if ((a->file = transfer_new(fd, from, a->r.length)) == NULL)
		return -1;
	if (reply_head(&a->s->out, &a->r, a->s->date) < 0)
		return -1;
	answer_told(a, NULL);
	a->x->sent = 0;
	return 0;
}

static int
send_content(struct answer *a, struct asset *f, uint64_t from)
{
	if (a->bare) {
		if (reply_head(&a->s->out, &a->r, a->s->date) < 0)
			return -1;
		answer_told(a, NULL);
		return 0;
	}
	return a->r.length <= CONTENT_SMALL ? send_small(a, f, from) :
	    send_large(a, f, from);
}

/* 1: the file has changed meanwhile, look at it again. */
static int
send_once(struct answer *a, struct asset *f)
{
	char etag[ASSET_ETAG];
	struct http_range part = { 0, f->size };
	enum http_cond_verdict verdict;
	enum http_range_kind kind = HTTP_RANGE_NONE;
	struct reply *r = &a->r;

	buf_clear(&a->s->page);
	r->etag = f->etag != NULL ? f->etag : asset_etag(f, etag);
	/* RFC 9110 8.8.2.1: never later than Date. */
	r->modified = f->modified < a->s->now ? f->modified : a->s->now;
	verdict = conditions(a);
	if (verdict == HTTP_COND_SAME)
		return answer_head(a, 304);
	if (verdict == HTTP_COND_GO)
		kind = range(a, &part, f->size);
	r->whole = f->size;
	if (verdict == HTTP_COND_FAILED || kind == HTTP_RANGE_BEYOND) {
		r->etag = NULL;
		return answer_with(a, kind == HTTP_RANGE_BEYOND ? 416 : 412,
		    NULL, NULL);
	}
	if (kind == HTTP_RANGE_NONE)
		part = (struct http_range){ 0, f->size };
	r->status = kind == HTTP_RANGE_PART ? 206 : 200;
	r->part = &part;
	r->type = mime_type(a->x->path.p, a->x->path.n);
	r->length = part.len;
	return send_content(a, f, part.from);
}

int
content_send(struct answer *a, struct asset *f)
{
	int e = 1;

	for (int i = 0; i < RACES && e == 1; i++)
		if ((e = send_once(a, f)) == 1 && !asset_again(f))
			break;
	if (f->fd >= 0)
		close(f->fd);
	if (e == 1) {
		a->r.etag = NULL;
		return answer_with(a, 503, NULL,
		    "the file changes while it is read");
	}
	return e;
}

