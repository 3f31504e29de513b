/* SPDX-License-Identifier: MIT */
#include "fetch/fetch.h"

#include "base/clock.h"
#include "fetch/fetch_state.h"
#include "talk/talk.h"

/* What a step leads to. */
enum next { MORE, AGAIN, COMPLETE, WAIT, FAILED = -1 };

static void
stop(struct fetch *f)
{
	f->state = FETCH_OVER;
	ev_io_stop(f->loop, &f->io);
	ev_io_stop(f->loop, &f->ready);
	ev_timer_stop(f->loop, &f->idle);
}

static void
fail(struct fetch *f, const struct why *why)
{
	stop(f);
	f->done(f->arg, why);
}

/*
 * The message has ended. What came behind it belongs to nobody (RFC 9112 6.3,
 * last paragraph); a look at the socket tells whether the server has closed
 * already, but it is not waited for.
 */
static void
complete(struct fetch *f)
{
	const struct why fine = { 0 };
	struct why nothing = { 0 };

	if (f->pos < f->len) {
		talk_warn(f->c->talk, f->c->id, "extra",
		    "%zu bytes behind the end of the reply are not part "
		    "of it", f->len - f->pos);
		fetch_tell_part(f, "extra", f->buf + f->pos, f->len - f->pos);
	}
	fetch_tell_reply(f);
	if (talk_heard(f->c->talk) && !f->c->ended_in) {
		ssize_t n = conn_read(f->c, f->buf + f->base, FETCH_READ,
		    &nothing);

		if (n > 0)
			fetch_tell_part(f, "extra", f->buf + f->base,
			    (size_t)n);
	}
	stop(f);
	f->done(f->arg, &fine);
}

/* --- the head --- */

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
static enum next
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
	return AGAIN;
}

static enum next
final(struct fetch *f, size_t n)
{
	const struct http_head *h = &f->res.head;

	keep_reason(f);
	f->base = f->pos = n;
	f->left = h->length;
	http_chunk_init(&f->chunk, (uint32_t)(FETCH_HEAD - n),
	    FETCH_FIELDS - h->nfields);
	f->state = FETCH_IN_BODY;
	return AGAIN;
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

static enum next
take_head(struct fetch *f, struct why *why)
{
	ssize_t n;
	size_t upto;

	settle(f);
	n = http_response_parse(&f->res, &f->scan, f->buf, f->len,
	    f->o.to_head);
	upto = n > 0 ? (size_t)n : f->len;
	fetch_tell_part(f, "head", f->buf + f->head_told,
	    upto - f->head_told);
	f->head_told = upto;
	if (n == 0)
		return MORE;
	if (n < 0)
		return fetch_bad(f, f->res.head.err, why);
	fetch_tell_notes(f);
	if (output_open(f->out, why) < 0)
		return FAILED;
	if (f->o.include) {
		f->hold = f->buf;
		f->nhold = upto;
	}
	return f->res.status / 100 == 1 ? interim(f, upto, why)
	    : final(f, upto);
}

/* --- the body --- */

static enum next
give(struct fetch *f, size_t n)
{
	f->hold = f->buf + f->pos;
	f->nhold = n;
	f->pos += n;
	f->body += n;
	fetch_tell_part(f, "body", f->hold, n);
	return AGAIN;
}

static enum next
take_chunked(struct fetch *f, struct why *why)
{
	enum http_part part;
	ssize_t n;

	if (f->chunk.done)
		return COMPLETE;
	n = http_chunk_next(&f->chunk, f->buf + f->pos, f->len - f->pos,
	    &part);
	if (n < 0) {
		fetch_tell_part(f, "extra", f->buf + f->pos,
		    f->len - f->pos);
		return fetch_bad(f, f->chunk.err, why);
	}
	if (n == 0)
		return MORE;
	if (part == HTTP_PART_DATA)
		return give(f, (size_t)n);
	fetch_tell_part(f, part == HTTP_PART_TRAILER ? "trailer" : "framing",
	    f->buf + f->pos, (size_t)n);
	f->pos += (size_t)n;
	return AGAIN;
}

static enum next
take_body(struct fetch *f, struct why *why)
{
	size_t n = f->len - f->pos;

	switch (f->res.head.body) {
	case HTTP_BODY_CHUNKED:
		return take_chunked(f, why);
	case HTTP_BODY_LENGTH:
		if (f->left == 0)
			return COMPLETE;
		if (n > f->left)
			n = (size_t)f->left;
		f->left -= n;
		return n == 0 ? MORE : give(f, n);
	case HTTP_BODY_CLOSE:
		return n == 0 ? MORE : give(f, n);
	default:
		return COMPLETE;
	}
}

/* --- moving --- */

/* Offers what is held to the output; AGAIN once it is all taken. */
static enum next
drain(struct fetch *f, struct why *why)
{
	while (f->nhold > 0) {
		ssize_t n = output_write(f->out, f->hold, f->nhold, why);

		if (n == CONN_LATER)
			return WAIT;
		if (n < 0)
			return FAILED;
		f->hold += n;
		f->nhold -= (size_t)n;
	}
	return AGAIN;
}

static void
alive(struct fetch *f)
{
	if (f->o.idle_ms > 0 && f->state != FETCH_OVER)
		ev_timer_again(f->loop, &f->idle);
}

/* Either more is read, or the output is waited for, never both. */
static void
wait_for(struct fetch *f, enum next next)
{
	if (next == MORE && f->state == FETCH_IN_BODY)
		f->pos = f->len = f->base;
	if (next == MORE) {
		ev_io_stop(f->loop, &f->ready);
		ev_io_start(f->loop, &f->io);
		alive(f);
		return;
	}
	ev_io_stop(f->loop, &f->io);
	ev_timer_stop(f->loop, &f->idle);	/* it is we who are slow */
	if (!ev_is_active(&f->ready))
		ev_io_set(&f->ready, output_fd(f->out), EV_WRITE);
	ev_io_start(f->loop, &f->ready);
}

static void
run(struct fetch *f)
{
	struct why why = { 0 };
	enum next next = AGAIN;

	while (next == AGAIN) {
		next = drain(f, &why);
		if (next != AGAIN)
			break;
		next = f->state == FETCH_IN_HEAD ? take_head(f, &why)
		    : take_body(f, &why);
	}
	if (next == FAILED)
		fail(f, &why);
	else if (next == COMPLETE)
		complete(f);
	else
		wait_for(f, next);
}

static void
at_end(struct fetch *f)
{
	struct why why = { 0 };

	if (f->state == FETCH_IN_BODY && f->res.head.body == HTTP_BODY_CLOSE) {
		complete(f);
		return;
	}
	fetch_cut(f, &why);
	fail(f, &why);
}

static void
on_readable(struct fetch *f)
{
	struct why why = { 0 };
	size_t room = f->state == FETCH_IN_HEAD ? FETCH_HEAD - f->len
	    : FETCH_READ;
	ssize_t n = conn_read(f->c, f->buf + f->len, room, &why);

	if (n == CONN_LATER)
		return;
	if (n < 0) {
		fetch_got(f, &why);
		fail(f, &why);
	} else if (n == 0)
		at_end(f);
	else {
		f->len += (size_t)n;
		run(f);
	}
}

static void
send_request(struct fetch *f)
{
	struct why why = { 0 };

	while (f->sent < f->o.request_len) {
		const char *p = f->o.request + f->sent;
		ssize_t n = conn_write(f->c, p, f->o.request_len - f->sent,
		    &why);

		if (n == CONN_LATER) {
			ev_io_start(f->loop, &f->io);
			return;
		}
		if (n < 0) {
			fail(f, &why);
			return;
		}
		fetch_tell_sent(f, p, (size_t)n);
		f->sent += (size_t)n;
		alive(f);
	}
	fetch_tell_request(f);
	f->asked_ns = clock_ns();
	f->state = FETCH_IN_HEAD;
	ev_io_stop(f->loop, &f->io);
	ev_io_set(&f->io, f->c->rfd, EV_READ);
	ev_io_start(f->loop, &f->io);
}

static void
on_io(struct ev_loop *loop, ev_io *w, int revents)
{
	struct fetch *f = w->data;

	(void)loop, (void)revents;
	if (f->state == FETCH_SENDING)
		send_request(f);
	else
		on_readable(f);
}

static void
on_ready(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	run(w->data);
}

static void
on_idle(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct fetch *f = t->data;
	struct why why = { 0 };
	char peer[ADDR_TEXT];

	(void)loop, (void)revents;
	why_set(&why, WHY_TIMEOUT, 0, "%s: nothing came for %g s",
	    addr_text(&f->c->peer, peer), f->o.idle_ms / 1000.0);
	fetch_got(f, &why);
	conn_tell_why(f->c, &why, "idle");
	fail(f, &why);
}

struct fetch *
fetch_new(struct ev_loop *loop, struct conn *c, struct output *out,
    const struct fetch_opts *o, fetch_done *done, void *arg)
{
	struct fetch *f = calloc(1, sizeof *f);

	if (f == NULL) {
		conn_close(c);
		return NULL;
	}
	f->loop = loop;
	f->c = c;
	f->out = out;
	f->o = *o;
	f->done = done;
	f->arg = arg;
	c->quiet = c->brief = true;	/* we know better what is what */
	c->src = "protocol";
	http_head_init(&f->res.head, f->field, &http_limits_client);
	ev_io_init(&f->io, on_io, c->wfd, EV_WRITE);
	ev_io_init(&f->ready, on_ready, -1, EV_WRITE);
	ev_init(&f->idle, on_idle);
	f->idle.repeat = o->idle_ms / 1000.0;
	f->io.data = f->ready.data = f->idle.data = f;
	return f;
}

void
fetch_start(struct fetch *f)
{
	alive(f);
	send_request(f);
}

unsigned
fetch_status(const struct fetch *f)
{
	return f->res.status;
}

const char *
fetch_reason(const struct fetch *f)
{
	return f->reason;
}

void
fetch_free(struct fetch *f)
{
	if (f == NULL)
		return;
	if (f->state != FETCH_OVER)
		stop(f);
	f->c->brief = false;
	conn_close(f->c);
	free(f);
}
