/* SPDX-License-Identifier: MIT */
#include "run/serve.h"

#include <ev.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "net/conn.h"
#include "proto/classic.h"
#include "talk/talk.h"

enum { PIECE = 16 * KIB };

struct served {
	struct ev_loop	*loop;
	struct conn	*conn;
	struct serve_opts opts;
	struct buf	 out;
	ev_io		 r, w;
	ev_timer	 idle, linger;
	ev_timer	 more;		/* bytes wait within the conn */
	uint64_t	 made;		/* bytes of the generator */
	bool		 last;		/* our end follows what is in out */
};

static void
stop(struct served *s)
{
	ev_io_stop(s->loop, &s->r);
	ev_io_stop(s->loop, &s->w);
	ev_timer_stop(s->loop, &s->idle);
	ev_timer_stop(s->loop, &s->linger);
	ev_timer_stop(s->loop, &s->more);
}

static void
finish(struct served *s)
{
	stop(s);
	s->opts.done(s->opts.arg);
}

static void
alive(struct served *s)
{
	if (s->opts.idle_ms > 0)
		ev_timer_again(s->loop, &s->idle);
}

/* The generator never ends; made as it is taken. */
static int
refill(struct served *s)
{
	char *room;

	if (s->opts.what != SERVE_CHARGEN || s->out.len >= PIECE)
		return 0;
	if ((room = buf_room(&s->out, PIECE)) == NULL)
		return -1;
	classic_chargen(room, PIECE, s->made);
	buf_added(&s->out, PIECE);
	s->made += PIECE;
	return 0;
}

/* What is read and written next; false: it is over. */
static bool
arrange(struct served *s)
{
	struct conn *c = s->conn;

	if (s->out.len == 0 && s->last) {
		if (conn_shut(c) == CONN_LATER) {
			ev_io_start(s->loop, &s->w);
			return true;
		}
		if (c->ended_in)
			return false;
		ev_timer_start(s->loop, &s->linger);
	}
	if (c->ended_in || s->out.len > SERVE_BUF - PIECE)
		ev_io_stop(s->loop, &s->r);
	else {
		ev_io_start(s->loop, &s->r);
		if (conn_pending(c))
			ev_timer_start(s->loop, &s->more);
	}
	if (s->out.len > 0 || s->opts.what == SERVE_CHARGEN)
		ev_io_start(s->loop, &s->w);
	else
		ev_io_stop(s->loop, &s->w);
	return true;
}

static void
flush(struct served *s)
{
	struct why told = { 0 };
	ssize_t n = 0;

	if (refill(s) < 0)
		n = -1;
	if (n == 0 && s->out.len > 0)
		n = conn_write(s->conn, buf_head(&s->out), s->out.len, &told);
	if (n > 0) {
		buf_drop(&s->out, (size_t)n);
		alive(s);
	}
	if (n == -1 || !arrange(s))
		finish(s);
}

static void
on_writable(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	flush(w->data);
}

static void
read_some(struct served *s)
{
	struct why told = { 0 };
	char data[PIECE];
	ssize_t n = conn_read(s->conn, data, sizeof data, &told);

	if (n == CONN_LATER)
		return;
	if (n > 0) {
		alive(s);
		if (s->opts.what == SERVE_ECHO &&
		    buf_add(&s->out, data, (size_t)n) < 0)
			n = -1;
	}
	if (n == 0 && s->opts.what != SERVE_CHARGEN)
		s->last = true;
	if (n < 0)
		finish(s);
	else
		flush(s);
}

static void
on_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	read_some(w->data);
}

static void
on_more(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	if (ev_is_active(&((struct served *)t->data)->r))
		read_some(t->data);
}

static void
on_idle(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct served *s = t->data;

	(void)loop, (void)revents;
	talk_tell(s->conn->talk, &(struct talk_event){ .kind = TALK_IDLE,
	    .conn = s->conn->id, TALK_VALUES(
	    TALK_I(TF_SECONDS, s->opts.idle_ms / 1000)) });
	finish(s);
}

static void
on_linger(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	finish(t->data);
}

int
serve_greeting(struct buf *out, enum serve_what what, const struct addr *peer)
{
	int64_t now = (int64_t)(clock_wall_ns() / NS_PER_S);
	char text[CLASSIC_DAYTIME], at[ADDR_TEXT];
	unsigned char bytes[CLASSIC_TIME];

	switch (what) {
	case SERVE_DAYTIME:
		return buf_add(out, text, classic_daytime(text, now));
	case SERVE_TIME:
		classic_time(bytes, now);
		return buf_add(out, bytes, sizeof bytes);
	case SERVE_HELLO:
		return buf_printf(out, "hello %s, this is process %d, "
		    "thread %d\r\n", addr_text(peer, at), (int)getpid(),
		    (int)gettid());
	default:
		return 0;
	}
}

static bool
says_one_thing(enum serve_what what)
{
	return what == SERVE_DAYTIME || what == SERVE_TIME ||
	    what == SERVE_HELLO;
}

struct served *
serve(struct ev_loop *loop, struct conn *c, const struct serve_opts *o)
{
	struct served *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	*s = (struct served){ .loop = loop, .conn = c, .opts = *o,
	    .out = BUF_MAX(SERVE_BUF) };
	c->src = "protocol";
	c->crlf = o->what == SERVE_DAYTIME || o->what == SERVE_CHARGEN ||
	    o->what == SERVE_HELLO;
	ev_io_init(&s->r, on_readable, c->rfd, EV_READ);
	ev_io_init(&s->w, on_writable, c->wfd, EV_WRITE);
	ev_init(&s->idle, on_idle);
	s->idle.repeat = o->idle_ms / 1000.0;
	ev_timer_init(&s->linger, on_linger, SERVE_LINGER_MS / 1000.0, 0);
	ev_timer_init(&s->more, on_more, 0, 0);
	s->r.data = s->w.data = s->more.data = s;
	s->idle.data = s->linger.data = s;
	s->last = says_one_thing(o->what);
	if (serve_greeting(&s->out, o->what, &c->peer) < 0) {
		serve_free(s);
		return NULL;
	}
	alive(s);
	ev_io_start(loop, &s->r);
	ev_io_start(loop, &s->w);	/* done never comes from within */
	return s;
}

void
serve_free(struct served *s)
{
	if (s == NULL)
		return;
	stop(s);
	buf_free(&s->out);
	free(s);
}

const char *
serve_name(enum serve_what what, char dst[static 16])
{
	const char *p = SERVE_NAMES;

	for (; what > 0 && strchr(p, '|') != NULL; what--)
		p = strchr(p, '|') + 1;
	snprintf(dst, 16, "%.*s", (int)strcspn(p, "|"), p);
	return dst;
}
