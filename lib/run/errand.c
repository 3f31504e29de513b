/* SPDX-License-Identifier: MIT */
#include "run/errand.h"

#include <errno.h>

#include "net/conn.h"
#include "proto/http_extent.h"
#include "proto/http_response.h"
#include "proto/http_via.h"
#include "run/passage.h"
#include "talk/talk.h"

enum { PIECE = 64 * KIB };	/* of a relay, at most */

struct errand {
	struct buf	 head;		/* of the request, as it goes on */
	struct http_extent body;
	bool		 too_much;	/* and that was told */

	struct buf	 in;		/* of the reply, before its body */
	struct http_scan scan;
	struct http_response res;
	struct http_field field[PASSAGE_FIELDS];
	unsigned	 interim;
};

struct errand *
errand_new(const struct passage *p)
{
	struct errand *e = calloc(1, sizeof *e);

	if (e == NULL)
		return NULL;
	e->head = (struct buf)BUF_MAX(PROXY_ASK_MAX + HTTP_VIA_MORE);
	e->in = (struct buf)BUF_MAX(PROXY_ASK_MAX + PIECE);
	http_extent_init(&e->body, &p->req.head);
	http_head_init(&e->res.head, e->field, &passage_limits);
	if (http_via_request(&e->head, &p->req) < 0) {
		errand_free(e);
		return NULL;
	}
	return e;
}

void
errand_free(struct errand *e)
{
	if (e == NULL)
		return;
	buf_free(&e->head);
	buf_free(&e->in);
	free(e);
}

static enum relay_verdict
out_of_memory(struct why *why)
{
	why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
	return RELAY_FAIL;
}

/* --- from the client: one request --- */

/* Another request, or what only looks like one, reaches nobody. */
static void
leave_out(struct passage *p, size_t n)
{
	if (n == 0 || p->errand->too_much)
		return;
	p->errand->too_much = true;
	talk_warn(p->told->talk, p->told->id, "extra", "what a client sends "
	    "behind its request is not passed on: one for each connection");
}

static enum relay_verdict
pass_body(struct passage *p, const struct relay_piece *piece, struct buf *to,
    struct why *why)
{
	struct http_extent *x = &p->errand->body;
	ssize_t n = http_extent(x, piece->p, piece->n);

	if (n < 0) {
		why_set(why, WHY_PROTOCOL, 0, "a client's request: %s",
		    http_err_text(x->chunk.err));
		conn_tell_why(p->told, why, "proxy");
		return RELAY_FAIL;
	}
	leave_out(p, piece->n - (size_t)n);
	if (buf_add(to, piece->p, (size_t)n) < 0)
		return out_of_memory(why);
	return x->done ? RELAY_KEEP : RELAY_ON;
}

static enum relay_verdict
ask(struct passage *p, const struct relay_piece *piece, struct buf *to,
    struct why *why)
{
	struct errand *e = p->errand;

	if (piece->when == RELAY_CAME)
		return pass_body(p, piece, to, why);
	if (buf_add(to, buf_head(&e->head), e->head.len) < 0)
		return out_of_memory(why);
	buf_clear(&e->head);	/* its end is no second beginning */
	/* An end is ours to keep: some servers take it for a farewell. */
	return e->body.done ? RELAY_KEEP : RELAY_ON;
}

/* --- from the server: interim replies, and one --- */

static enum relay_verdict
bad_gateway(struct passage *p, const char *text, struct buf *to,
    struct why *why)
{
	char says[PASSAGE_SAYS], full[128];

	snprintf(full, sizeof full, "The server's reply: %s.", text);
	why_set(&p->why, WHY_PROTOCOL, 0, "a server's reply: %s", text);
	if (buf_add(to, says, passage_http_says(p, says, 502, full)) < 0)
		return out_of_memory(why);
	return RELAY_END;
}

static int
pass_head(struct errand *e, size_t n, struct buf *to)
{
	if (http_via_response(to, &e->res) < 0)
		return -1;
	buf_drop(&e->in, n);
	e->scan = (struct http_scan){ 0 };
	return 0;
}

static enum relay_verdict
pass_final(struct passage *p, size_t n, struct buf *to, struct why *why)
{
	struct errand *e = p->errand;

	passage_tell(p, true, "%03u %s", e->res.status,
	    http_status_name(e->res.status) != NULL ?
	    http_status_name(e->res.status) : "");
	if (pass_head(e, n, to) < 0 ||
	    buf_add(to, buf_head(&e->in), e->in.len) < 0)
		return out_of_memory(why);
	buf_free(&e->in);
	return RELAY_AS_IS;
}

static enum relay_verdict
pass_heads(struct passage *p, struct buf *to, struct why *why)
{
	struct errand *e = p->errand;
	ssize_t n;

	while ((n = http_response_parse(&e->res, &e->scan, buf_head(&e->in),
	    e->in.len, p->req.method == HTTP_HEAD)) > 0) {
		if (e->res.status / 100 != 1)
			return pass_final(p, (size_t)n, to, why);
		if (e->res.status == 101)	/* RFC 9110 7.8: nobody asked */
			return bad_gateway(p, "it switches protocols, which "
			    "was not asked for", to, why);
		if (++e->interim > HTTP_INTERIM_MAX)
			return bad_gateway(p, "too many of it are interim "
			    "(1xx)", to, why);
		if (pass_head(e, (size_t)n, to) < 0)
			return out_of_memory(why);
	}
	return n == 0 ? RELAY_ON : bad_gateway(p,
	    http_err_text(e->res.head.err), to, why);
}

static enum relay_verdict
answer(struct passage *p, const struct relay_piece *piece, struct buf *to,
    struct why *why)
{
	struct errand *e = p->errand;

	if (piece->when == RELAY_BEGINS)
		return RELAY_ON;
	if (piece->when == RELAY_ENDED)
		return bad_gateway(p, e->in.len == 0 ? "there is none" :
		    "its head is not complete", to, why);
	if (buf_add(&e->in, piece->p, piece->n) < 0)
		return out_of_memory(why);
	return pass_heads(p, to, why);
}

enum relay_verdict
errand_filter(void *arg, const struct relay_piece *piece, struct buf *to,
    struct why *why)
{
	return piece->up ? ask(arg, piece, to, why) :
	    answer(arg, piece, to, why);
}
