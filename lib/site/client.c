/* SPDX-License-Identifier: MIT */
#include "site/client.h"

#include <sys/socket.h>

#include "net/conn.h"
#include "run/session.h"
#include "site/serve.h"
#include "site/site.h"
#include "site/transfer.h"
#include "talk/talk.h"

#define NEVER 1e12		/* a time that does not come */

static struct ev_loop *
loop_of(const struct client *c)
{
	return c->site->session->loop;
}

static void
arm(struct client *c)
{
	ev_tstamp left = c->deadline - ev_now(loop_of(c));

	c->fires = c->deadline;
	ev_timer_stop(loop_of(c), &c->timer);
	ev_timer_set(&c->timer, left > 0 ? left : 0, 0);
	ev_timer_start(loop_of(c), &c->timer);
}

/*
 * Deadlines move with every request; the timer moves only to come earlier,
 * and looks again when it fires too early.
 */
static void
due_in(struct client *c, int ms)
{
	c->deadline = ms == 0 ? NEVER : ev_now(loop_of(c)) + ms / 1000.0;
	if (c->deadline < c->fires)
		arm(c);
}

static int
limit(const struct client *c, enum client_state state)
{
	const struct site_opts *o = &c->site->o;

	switch (state) {
	case CLIENT_IDLE: return o->idle_ms;
	case CLIENT_SEND: return o->send_ms;
	case CLIENT_LINGER: return SITE_LINGER_MS;
	default: return o->head_ms;
	}
}

/* A limit counts from when the state began; idling begins anew each time. */
static void
enter(struct client *c, enum client_state state)
{
	bool turned = (state == CLIENT_SEND) != (c->state == CLIENT_SEND);

	if (state == c->state && state != CLIENT_IDLE)
		return;
	c->state = state;
	due_in(c, limit(c, state));
	if (!turned)
		return;
	ev_io_stop(loop_of(c), &c->io);
	ev_io_set(&c->io, c->conn->rfd,
	    state == CLIENT_SEND ? EV_WRITE : EV_READ);
	ev_io_start(loop_of(c), &c->io);
}

static uint64_t
acknowledged(const struct client *c)
{
	size_t held = conn_unacked(c->conn);

	/* Under TLS it holds more than we gave it. */
	return held < c->conn->out ? c->conn->out - held : 0;
}

/* Replies to the socket: 1: all of it, 0: the rest must wait, -1: lost. */
static int
send_replies(struct client *c)
{
	struct buf *shared = &c->site->out;
	struct buf *b = c->out.len > 0 ? &c->out : shared;
	struct why why = { 0 };
	ssize_t n = 0;

	while (b->len > 0 && n >= 0) {
		struct iovec v = { .iov_base = buf_head(b),
		    .iov_len = b->len };

		n = conn_writev(c->conn, &v, 1, c->file != NULL, &why);
		if (n > 0)
			buf_drop(b, (size_t)n);
	}
	if (b->len == 0) {
		buf_free(&c->out);
		return 1;
	}
	if (n == CONN_LATER && b == shared &&
	    buf_add(&c->out, buf_head(b), b->len) < 0)
		n = -1;
	buf_clear(shared);
	return n == CONN_LATER ? 0 : -1;
}

static int
send_file(struct client *c)
{
	switch (transfer_send(c->file, c->conn)) {
	case TRANSFER_DONE:
		serve_sent(c);
		return 1;
	case TRANSFER_WAIT:
		return 0;
	case TRANSFER_SHORT:
		talk_warn(c->conn->talk, c->conn->id, "file", "%s: closed "
		    "after %llu of %llu B", c->file->x.note,
		    (unsigned long long)c->file->x.sent,
		    (unsigned long long)c->file->x.length);
		return -1;
	default:
		return -1;
	}
}

/* Answers and sends in turn until something must wait. */
static int
go_round(struct client *c)
{
	int r;

	do {
		r = send_replies(c);
		if (r == 1 && c->file != NULL)
			r = send_file(c);
	} while (r == 1 && !c->last && !c->lost && serve_kept(c));
	return c->lost ? -1 : r;
}

/* Under TLS the rest may be in our memory, the socket being silent. */
static void
read_on(struct client *c)
{
	if (conn_pending(c->conn))
		ev_feed_event(loop_of(c), &c->io, EV_READ);
}

static void
go_on(struct client *c)
{
	int r = go_round(c);

	if (r == 1 && c->last && conn_shut(c->conn) == CONN_LATER)
		r = 0;
	if (r < 0) {
		client_free(c);
		return;
	}
	if (r == 0) {
		if (c->state != CLIENT_SEND)
			c->taken = acknowledged(c);
		enter(c, CLIENT_SEND);
	} else if (c->last && c->conn->ended_in) {
		client_free(c);
		return;
	} else if (c->last) {
		enter(c, CLIENT_LINGER);
	} else if (serve_in_body(c)) {
		enter(c, CLIENT_BODY);
	} else {
		enter(c, c->in.len > 0 ? CLIENT_HEAD : CLIENT_IDLE);
	}
	if (c->state != CLIENT_SEND)
		read_on(c);
}

/*
 * At their end everything that was asked for has been answered, since while
 * a reply is on its way nothing is read.
 */
void
client_read(struct client *c)
{
	struct site *s = c->site;
	struct why why = { 0 };
	ssize_t n = conn_read(c->conn, s->in, sizeof s->in - c->in.len, &why);

	if (n == CONN_LATER)
		return;
	if (n <= 0) {
		client_free(c);
		return;
	}
	if (c->state == CLIENT_LINGER) {
		read_on(c);
		return;
	}
	serve_fresh(c, s->in, (size_t)n);
	go_on(c);
}

static void
on_io(struct ev_loop *loop, ev_io *w, int revents)
{
	struct client *c = w->data;

	(void)loop, (void)revents;
	if (c->state == CLIENT_SEND)
		go_on(c);
	else
		client_read(c);
}

static void
tell_idle(struct client *c)
{
	talk_tell(c->conn->talk, &(struct talk_event){ .kind = TALK_IDLE,
	    .conn = c->conn->id, TALK_VALUES(
	    TALK_I(TF_SECONDS, limit(c, c->state) / 1000),
	    TALK_S(TF_MEANING, "without a request: closed by us "
	    "(keep-alive limit)")) });
	client_free(c);
}

/*
 * Closes at once, what the kernel still holds for it included: left to itself
 * that would be held for minutes for a client who takes nothing.
 */
static void
cut_off(struct client *c)
{
	const struct linger none = { .l_onoff = 1 };

	setsockopt(c->conn->rfd, SOL_SOCKET, SO_LINGER, &none,
	    sizeof none);
	client_free(c);
}

/* What counts is what arrived at the other side, not what the kernel holds. */
static void
look_if_slow(struct client *c)
{
	uint64_t taken = acknowledged(c);

	if (taken - c->taken >= SITE_SLOW) {
		c->taken = taken;
		due_in(c, limit(c, CLIENT_SEND));
		return;
	}
	talk_warn(c->conn->talk, c->conn->id, "slow", "takes less than %d B "
	    "in %g s: closed by us", SITE_SLOW, c->site->o.send_ms / 1000.0);
	cut_off(c);
}

static void
overdue(struct client *c)
{
	switch (c->state) {
	case CLIENT_IDLE:
		tell_idle(c);
		break;
	case CLIENT_HEAD:
		if (c->in.len == 0) {
			tell_idle(c);
			break;
		}
		serve_late(c);
		go_on(c);
		break;
	case CLIENT_SEND:
		look_if_slow(c);
		break;
	default:
		client_free(c);
	}
}

static void
on_timer(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct client *c = t->data;

	(void)revents;
	c->fires = NEVER;
	if (c->deadline <= ev_now(loop))
		overdue(c);
	else if (c->deadline < NEVER)
		arm(c);
}

struct client *
client_new(struct site *s, struct conn *conn)
{
	struct client *c = calloc(1, sizeof *c);

	if (c == NULL) {
		conn_close(conn);
		return NULL;
	}
	conn->quiet = conn->brief = true;
	c->site = s;
	c->conn = conn;
	buf_init(&c->in, SITE_READ);
	buf_init(&c->out, SITE_REPLIES);
	ev_io_init(&c->io, on_io, conn->rfd, EV_READ);
	ev_init(&c->timer, on_timer);
	c->io.data = c->timer.data = c;
	ev_io_start(s->session->loop, &c->io);
	c->fires = NEVER;
	enter(c, CLIENT_HEAD);
	return c;
}

void
client_refuse(struct client *c)
{
	serve_refusal(c);
	go_on(c);
}

void
client_stop(struct client *c)
{
	if (c->state == CLIENT_SEND)
		c->last = true;
	else if (c->state != CLIENT_LINGER)
		client_free(c);
}

void
client_free(struct client *c)
{
	if (c->file != NULL)
		serve_sent(c);
	ev_io_stop(loop_of(c), &c->io);
	ev_timer_stop(loop_of(c), &c->timer);
	buf_free(&c->in);
	buf_free(&c->out);
	site_left(c->site, c);
	conn_close(c->conn);
	free(c);
}
