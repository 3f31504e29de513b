/* SPDX-License-Identifier: MIT */
#include "site/answer.h"

#include <unistd.h>

#include "proto/path.h"
#include "run/session.h"
#include "site/asset.h"
#include "site/content.h"
#include "site/kept.h"
#include "site/listing.h"
#include "site/site.h"
#include "site/transfer.h"

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
void
answer_told(struct answer *a, const char *note)
{
	a->x->status = a->r.status;
	a->x->note = note;
	a->x->type = a->r.type;
	a->x->length = a->bare ? 0 : a->r.length;
	a->x->sent = a->x->length;
}

int
answer_with(struct answer *a, unsigned status, const char *sentence,
    const char *note)
{
	a->r.status = status;
	if (sentence == NULL)
		sentence = reply_sentence(status);
	if (reply_page(&a->s->out, &a->r, sentence, a->bare, a->s->date) < 0)
		return -1;
	answer_told(a, note);
	return 0;
}

/* A head and nothing else: 204 and 304 have no content. */
int
answer_head(struct answer *a, unsigned status)
{
	a->r.status = status;
	a->r.type = NULL;
	a->r.length = 0;
	if (reply_head(&a->s->out, &a->r, a->s->date) < 0)
		return -1;
	answer_told(a, NULL);
	return 0;
}

/* The address of a folder ends in a slash; the query is that of the request. */
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
	    path_href_query(&to, q.p, q.n) == 0)) &&
	    buf_add(&to, "", 1) == 0) {
		a->r.location = buf_head(&to);
		e = answer_with(a, 301, NULL, NULL);
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
		return answer_with(a, 500, unread, unread);
	a->r.status = 200;
	a->r.type = "text/html; charset=utf-8";
	a->r.length = b->len;
	a->r.ours = true;
	if (reply_head(&a->s->out, &a->r, a->s->date) < 0 || (!a->bare &&
	    buf_add(&a->s->out, buf_head(b), b->len) < 0))
		return -1;
	answer_told(a, NULL);
	p->text[p->len] = '/';
	a->x->path = (struct http_text){ p->text, p->len + 1 };
	return 0;
}

/* As asset_open(), or from what is kept in memory. */
static unsigned
find(struct answer *a, struct asset *f, const char **note)
{
	struct site *s = a->s;

	if (kept_get(&s->kept, s->root, s->path.text,
	    ev_iteration(s->session->loop), f))
		return 0;
	return asset_open(f, s->root, s->path.text, note);
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
		*status = find(a, f, note);
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
		return answer_with(a, status, NULL, note);
	return index ? content_send(a, &f) : send_listing(a, &f);
}

/* "/sub": a file, or the way to a folder. */
static int
answer_name(struct answer *a)
{
	struct path *p = &a->s->path;
	const char *note = NULL;
	struct asset f;
	unsigned status = find(a, &f, &note);

	a->x->path = (struct http_text){ p->text, p->len };
	if (status != 0)
		return answer_with(a, status, NULL, note);
	if (!f.folder)
		return content_send(a, &f);
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
		return answer_with(a, 404, NULL, words);
	if (bad != PATH_OK)
		return answer_with(a, 400, words, words);
	if (a->s->path.hidden) {
		a->x->path = (struct http_text){ a->s->path.text,
		    a->s->path.len };
		return answer_with(a, 404, NULL, "a hidden name");
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
		e = answer_head(&a, 204);
		break;
	case HTTP_OTHER:
		e = answer_with(&a, 501, NULL, NULL);
		break;
	default:
		e = answer_with(&a, 405, NULL, NULL);
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
	return answer_with(&a, status, sentence, sentence);
}
