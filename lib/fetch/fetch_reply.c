/* SPDX-License-Identifier: MIT */
/*
 * What was read becomes head, framing, content and trailers, one span at a
 * time.
 */
#include "fetch/fetch_state.h"

static void
keep_reason(struct fetch *f)
{
	struct http_text r = f->res.reason;

	if (r.n >= sizeof f->reason)
		r.n = sizeof f->reason - 1;
	memcpy(f->reason, r.p, r.n);
	f->reason[r.n] = '\0';
}

/* A 1xx head is shown and forgotten; the next one begins where it ends. */
static enum fetch_next
interim(struct fetch *f, size_t n, struct why *why)
{
	if (f->res.status == 101)	/* we did not ask: RFC 9110 15.2.2 */
		return fetch_limit(f, why, "the server switches protocols "
		    "(101), which was not asked for");
	if (++f->interim > HTTP_INTERIM_MAX)
		return fetch_limit(f, why, "more than %d interim replies "
		    "(1xx)", HTTP_INTERIM_MAX);
	fetch_tell_reply(f);
	f->pos = n;
	return FETCH_AGAIN;
}

static enum fetch_next
final(struct fetch *f, size_t n)
{
	const struct http_head *h = &f->res.head;

	keep_reason(f);
	f->base = f->pos = n;
	f->left = h->length;
	http_chunk_init(&f->chunk, (uint32_t)(FETCH_HEAD - n),
	    FETCH_FIELDS - h->nfields);
	f->state = FETCH_IN_BODY;
	return FETCH_AGAIN;
}

/* What an interim head left behind it moves to the front. */
static void
settle(struct fetch *f)
{
	if (f->pos == 0)
		return;
	f->len -= f->pos;
	memmove(f->buf, f->buf + f->pos, f->len);
	f->pos = f->head_told = 0;
	f->scan = (struct http_scan){ 0 };
}

static enum fetch_next
take_head(struct fetch *f, struct why *why)
{
	ssize_t n;
	size_t upto;
	int open;

	settle(f);
	n = http_response_parse(&f->res, &f->scan, f->buf, f->len,
	    f->o.to_head);
	upto = n > 0 ? (size_t)n : f->len;
	fetch_tell_part(f, "head", f->buf + f->head_told,
	    upto - f->head_told);
	f->head_told = upto;
	if (n == 0)
		return FETCH_MORE;
	if (n < 0)
		return fetch_bad(f, f->res.head.err, why);
	if (f->o.unwanted != NULL && f->o.unwanted(f->o.arg, &f->res))
		return FETCH_UNWANTED;
	if ((open = output_open(f->out, why)) == CONN_LATER) {
		f->scan = (struct http_scan){ 0 };	/* it is read again */
		return FETCH_WAIT;
	}
	if (open < 0)
		return FETCH_FAILED;
	fetch_tell_notes(f);
	if (f->o.include) {
		f->hold = f->buf;
		f->nhold = upto;
	}
	return f->res.status / 100 == 1 ? interim(f, upto, why)
	    : final(f, upto);
}

static enum fetch_next
give(struct fetch *f, size_t n)
{
	f->hold = f->buf + f->pos;
	f->nhold = n;
	f->pos += n;
	f->body += n;
	fetch_tell_part(f, "body", f->hold, n);
	return FETCH_AGAIN;
}

static enum fetch_next
take_chunked(struct fetch *f, struct why *why)
{
	enum http_part part;
	ssize_t n;

	if (f->chunk.done)
		return FETCH_COMPLETE;
	n = http_chunk_next(&f->chunk, f->buf + f->pos, f->len - f->pos,
	    &part);
	if (n < 0) {
		fetch_tell_part(f, "extra", f->buf + f->pos,
		    f->len - f->pos);
		return fetch_bad(f, f->chunk.err, why);
	}
	if (n == 0)
		return FETCH_MORE;
	if (part == HTTP_PART_DATA)
		return give(f, (size_t)n);
	fetch_tell_part(f, part == HTTP_PART_TRAILER ? "trailer" : "framing",
	    f->buf + f->pos, (size_t)n);
	f->pos += (size_t)n;
	return FETCH_AGAIN;
}

static enum fetch_next
take_body(struct fetch *f, struct why *why)
{
	size_t n = f->len - f->pos;

	switch (f->res.head.body) {
	case HTTP_BODY_CHUNKED:
		return take_chunked(f, why);
	case HTTP_BODY_LENGTH:
		if (f->left == 0)
			return FETCH_COMPLETE;
		if (n > f->left)
			n = (size_t)f->left;
		f->left -= n;
		return n == 0 ? FETCH_MORE : give(f, n);
	case HTTP_BODY_CLOSE:
		return n == 0 ? FETCH_MORE : give(f, n);
	default:
		return FETCH_COMPLETE;
	}
}

enum fetch_next
fetch_step(struct fetch *f, struct why *why)
{
	return f->state == FETCH_IN_HEAD ? take_head(f, why)
	    : take_body(f, why);
}
