/* SPDX-License-Identifier: MIT */
#include "site/answer.h"

#include <unistd.h>

#include "proto/http_cond.h"
#include "proto/mime.h"
#include "proto/path.h"
#include "site/asset.h"
#include "site/listing.h"
#include "site/reply.h"
#include "site/site.h"
#include "site/transfer.h"

enum { RACES = 3 };		/* a file shrinks while it is read */

struct answer {
	struct site	*s;
	const struct http_request *req;	/* NULL: there is none to look at */
	struct exchange	*x;
	struct reply	 r;
	bool		 bare;		/* HEAD: no content follows */
	struct transfer	*file;
};

static void
init(struct answer *a, struct site *s, const struct http_request *req,
    struct exchange *x)
{
	*a = (struct answer){ .s = s, .req = req, .x = x };
	a->r.minor = req != NULL ? req->head.minor : 1;
	a->r.keep = x->keep;
	a->bare = req != NULL && req->method == HTTP_HEAD;
}

/* Where the content is already behind the head. */
static void
told(struct answer *a, const char *note)
{
	a->x->status = a->r.status;
	a->x->note = note;
	a->x->type = a->r.type;
	a->x->length = a->bare ? 0 : a->r.length;
	a->x->sent = a->x->length;
}

static int
page(struct answer *a, unsigned status, const char *sentence,
    const char *note)
{
	a->r.status = status;
	if (sentence == NULL)
		sentence = reply_sentence(status);
	if (reply_page(&a->s->out, &a->r, sentence, a->bare, a->s->date) < 0)
		return -1;
	told(a, note);
	return 0;
}

/* A head and nothing else: 204 and 304 have no content. */
static int
head_only(struct answer *a, unsigned status)
{
	a->r.status = status;
	a->r.type = NULL;
	a->r.length = 0;
	if (reply_head(&a->s->out, &a->r, a->s->date) < 0)
		return -1;
	told(a, NULL);
	return 0;
}

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

/* The content in one piece with its head. 1: the file has shrunk. */
static int
send_small(struct answer *a, const struct asset *f, uint64_t from)
{
	struct buf *b = &a->s->page;
	size_t n = (size_t)a->r.length;
	char *to;

	buf_clear(b);
	if ((to = buf_room(b, n)) == NULL)
		return -1;
	if (pread(f->fd, to, n, (off_t)from) != (ssize_t)n)
		return 1;
	if (reply_head(&a->s->out, &a->r, a->s->date) < 0 ||
	    buf_add(&a->s->out, to, n) < 0)
		return -1;
	told(a, NULL);
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
	told(a, NULL);
	a->x->sent = 0;
	return 0;
}

static int
send_content(struct answer *a, struct asset *f, uint64_t from)
{
	if (a->bare) {
		if (reply_head(&a->s->out, &a->r, a->s->date) < 0)
			return -1;
		told(a, NULL);
		return 0;
	}
	return a->r.length <= ANSWER_SMALL ? send_small(a, f, from) :
	    send_large(a, f, from);
}

/* 1: the file has changed meanwhile, look at it again. */
static int
send_file_once(struct answer *a, struct asset *f)
{
	char etag[ASSET_ETAG];
	struct http_range part = { 0, f->size };
	enum http_cond_verdict verdict;
	enum http_range_kind kind = HTTP_RANGE_NONE;
	struct reply *r = &a->r;

	buf_clear(&a->s->page);
	r->etag = asset_etag(f, etag);
	/* RFC 9110 8.8.2.1: never later than Date. */
	r->modified = f->modified < a->s->now ? f->modified : a->s->now;
	verdict = conditions(a);
	if (verdict == HTTP_COND_SAME)
		return head_only(a, 304);
	if (verdict == HTTP_COND_GO)
		kind = range(a, &part, f->size);
	r->whole = f->size;
	if (verdict == HTTP_COND_FAILED || kind == HTTP_RANGE_BEYOND) {
		r->etag = NULL;
		return page(a, kind == HTTP_RANGE_BEYOND ? 416 : 412, NULL,
		    NULL);
	}
	if (kind == HTTP_RANGE_NONE)
		part = (struct http_range){ 0, f->size };
	r->status = kind == HTTP_RANGE_PART ? 206 : 200;
	r->part = &part;
	r->type = mime_type(a->x->path.p, a->x->path.n);
	r->length = part.len;
	return send_content(a, f, part.from);
}

/* Takes the descriptor. */
static int
send_file(struct answer *a, struct asset *f)
{
	int e = 1;

	for (int i = 0; i < RACES && e == 1; i++)
		if ((e = send_file_once(a, f)) == 1 && !asset_again(f))
			break;
	if (f->fd >= 0)
		close(f->fd);
	if (e == 1) {
		a->r.etag = NULL;
		return page(a, 503, NULL, "the file changes while it is read");
	}
	return e;
}

/* The address of a folder ends in a slash; the query stays as it is. */
static int
redirect(struct answer *a)
{
	struct buf to = BUF_MAX(4 * PATH_TEXT_MAX + 64 * KIB);
	struct http_text q = a->req->query;
	int e = -1;

	if (buf_add(&to, "/", 1) == 0 &&
	    path_href_all(&to, a->s->path.text, a->s->path.len) == 0 &&
	    buf_add(&to, "/", 1) == 0 &&
	    (q.p == NULL || (buf_add(&to, "?", 1) == 0 &&
	    buf_add(&to, q.p, q.n) == 0)) && buf_add(&to, "", 1) == 0) {
		a->r.location = buf_head(&to);
		e = page(a, 301, NULL, NULL);
		a->r.location = NULL;
	}
	buf_free(&to);
	return e;
}

/* Takes the descriptor. */
static int
send_listing(struct answer *a, struct asset *f)
{
	static const char unread[] = "the folder cannot be read";
	struct path *p = &a->s->path;
	struct buf *b = &a->s->page;

	buf_clear(b);
	if (listing(b, a->s->root, p->text, f->fd, a->req->query) < 0)
		return page(a, 500, unread, unread);
	a->r.status = 200;
	a->r.type = "text/html; charset=utf-8";
	a->r.length = b->len;
	a->r.ours = true;
	if (reply_head(&a->s->out, &a->r, a->s->date) < 0 || (!a->bare &&
	    buf_add(&a->s->out, buf_head(b), b->len) < 0))
		return -1;
	told(a, NULL);
	p->text[p->len] = '/';
	a->x->path = (struct http_text){ p->text, p->len + 1 };
	return 0;
}

/*
 * Opens the index of the folder that the path names, and lengthens the path.
 * False: there is none. One that may not be read is not none: a listing does
 * not stand in for it.
 */
static bool
open_index(struct answer *a, struct asset *f, unsigned *status,
    const char **note)
{
	struct path *p = &a->s->path;
	size_t before = p->len, room = sizeof p->text - before;
	int n = snprintf(p->text + before, room, "%sindex.html",
	    before > 0 ? "/" : "");

	if (n > 0 && (size_t)n < room) {
		p->len += (size_t)n;
		*status = asset_open(f, a->s->root, p->text, note);
		if (*status == 0 ? !f->folder : *status != 404)
			return true;
		if (*status == 0)
			close(f->fd);
	}
	p->len = before;
	p->text[before] = '\0';
	return false;
}

/* "/sub/": its index, or else what is in it. */
static int
answer_folder(struct answer *a)
{
	struct path *p = &a->s->path;
	const char *note = NULL;
	unsigned status;
	struct asset f;
	bool index = open_index(a, &f, &status, &note);

	if (!index)
		status = asset_open(&f, a->s->root, p->text, &note);
	a->x->path = (struct http_text){ p->text, p->len };
	if (status == 0 && !index && !f.folder) {
		close(f.fd);
		status = 404;
		note = "a file, asked for as a folder";
	}
	if (status != 0)
		return page(a, status, NULL, note);
	return index ? send_file(a, &f) : send_listing(a, &f);
}

/* "/sub": a file, or the way to a folder. */
static int
answer_name(struct answer *a)
{
	struct path *p = &a->s->path;
	const char *note = NULL;
	struct asset f;
	unsigned status = asset_open(&f, a->s->root, p->text, &note);

	a->x->path = (struct http_text){ p->text, p->len };
	if (status != 0)
		return page(a, status, NULL, note);
	if (!f.folder)
		return send_file(a, &f);
	close(f.fd);
	return redirect(a);
}

static int
answer_get(struct answer *a)
{
	struct http_text t = a->req->path;
	enum path_bad bad = path_parse(&a->s->path, t.p, t.n);
	const char *words = path_bad_words(bad);

	if (bad == PATH_SLASH || bad == PATH_LONG)
		return page(a, 404, NULL, words);
	if (bad != PATH_OK)
		return page(a, 400, words, words);
	if (a->s->path.hidden) {
		a->x->path = (struct http_text){ a->s->path.text,
		    a->s->path.len };
		return page(a, 404, NULL, "a hidden name");
	}
	return a->s->path.folder ? answer_folder(a) : answer_name(a);
}

int
answer(struct site *s, const struct http_request *req, struct exchange *x,
    struct transfer **file)
{
	struct answer a;
	int e;

	init(&a, s, req, x);
	switch (req->method) {
	case HTTP_GET:
	case HTTP_HEAD:
		e = answer_get(&a);
		break;
	case HTTP_OPTIONS:
		e = head_only(&a, 204);
		break;
	case HTTP_OTHER:
		e = page(&a, 501, NULL, NULL);
		break;
	default:
		e = page(&a, 405, NULL, NULL);
	}
	if (e < 0)
		transfer_free(a.file);
	*file = e < 0 ? NULL : a.file;
	return e;
}

int
answer_page(struct site *s, const struct http_request *req,
    struct exchange *x, unsigned status, const char *sentence)
{
	struct answer a;

	init(&a, s, req, x);
	return page(&a, status, sentence, sentence);
}
