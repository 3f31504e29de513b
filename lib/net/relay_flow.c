/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/clock.h"

#include "net/conn.h"
#include "net/relay_state.h"

enum {
	READ = 64 * KIB,	/* bytes asked for at a time */
	TURN = 8,		/* pieces moved per turn of the loop */
};

static void
pass_end_on(struct flow *f)
{
	struct relay *r = f->relay;
	bool later = !f->kept && conn_shut(f->to) == CONN_LATER;
	struct why why = { 0 };

	ev_io_stop(r->loop, &f->r);
	ev_timer_stop(r->loop, &f->more);
	if (later) {
		ev_io_start(r->loop, &f->w);
		return;
	}
	ev_io_stop(r->loop, &f->w);
	f->ended = true;
	if (f == &r->down && relay_short(r, &why)) {
		relay_finish(r, &why);
		return;
	}
	if (r->opts.linger_ms > 0 && f == &r->up)
		ev_timer_again(r->loop, &r->linger);
	relay_settle(r);
}

static bool
at_end(const struct flow *f)
{
	return f->from->ended_in || f->cut;
}

/* What is read and written next follows from what is held. */
void
relay_arrange(struct flow *f)
{
	struct relay *r = f->relay;

	if (r->over)
		return;
	if (f->limited && f->left == 0 && f->held.len == 0) {
		relay_leave(r);
		return;
	}
	if (at_end(f) && f->held.len + f->move.inside == 0 && !f->ended) {
		pass_end_on(f);
		return;
	}
	if (at_end(f) || f->held.len > RELAY_BUF - READ ||
	    (f->limited && f->left == 0)) {
		ev_io_stop(r->loop, &f->r);
		ev_timer_stop(r->loop, &f->more);
	} else if (f->from->rfd >= 0) {
		ev_io_start(r->loop, &f->r);
		if (conn_pending(f->from))
			ev_timer_start(r->loop, &f->more);
	}
	if (f->held.len == 0 || ev_is_active(&f->pause))
		ev_io_stop(r->loop, &f->w);
	else
		ev_io_start(r->loop, &f->w);
}

/* A program is free to go, a server to answer before it was asked it all. */
static bool
excused(struct flow *f, const struct conn *c, struct why *why)
{
	const struct relay *r = f->relay;
	bool free = c == r->a ? r->opts.program : f->filter != NULL;

	if (free)
		why_clear(why);
	return free;
}

/* How much of what is held may leave now? If none, later. */
static size_t
may_leave(struct flow *f)
{
	uint64_t now, due;
	size_t n = f->held.len;

	if (!f->paced)
		return n;
	now = clock_ns();
	if ((n = pace_may(&f->pace, buf_head(&f->held), n, now)) > 0)
		return n;
	due = pace_due(&f->pace, f->held.len);
	ev_timer_stop(f->relay->loop, &f->pause);
	ev_now_update(f->relay->loop);
	ev_timer_set(&f->pause, due > now ? (double)(due - now) / NS_PER_S :
	    0, 0);
	ev_timer_start(f->relay->loop, &f->pause);
	return 0;
}

static int
drain(struct flow *f, struct why *why)
{
	size_t most;

	while (f->held.len > 0 && (most = may_leave(f)) > 0) {
		ssize_t n = f->deaf ? -1 : conn_write(f->to,
		    buf_head(&f->held), most, why);

		if (n == CONN_LATER)
			return 0;
		if (n < 0 && !excused(f, f->to, why))
			return -1;
		f->deaf |= n < 0;
		if (f->paced && n > 0)
			pace_sent(&f->pace, buf_head(&f->held), (size_t)n,
			    clock_ns());
		buf_drop(&f->held, f->deaf ? f->held.len : (size_t)n);
		relay_alive(f->relay);
	}
	return 0;
}

/* LF becomes CR LF; a CR that is there already is not doubled. */
static int
add_crlf(struct flow *f, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool bare = p[i] == '\n' && !f->was_cr;

		if (bare && buf_add(&f->held, "\r", 1) < 0)
			return -1;
		if (buf_add(&f->held, p + i, 1) < 0)
			return -1;
		f->was_cr = p[i] == '\r';
	}
	return 0;
}

/* Bytes that fill a whole read are worth setting the kernel to work. */
static void
consider_moving(struct flow *f)
{
	if (f->moving || f->no_move || f->crlf || f->held.len > 0 ||
	    f->paced || f->limited || f->filter != NULL)
		return;
	move_init(&f->move, f->from, f->to);
	f->moving = f->move.how != MOVE_NOT;
	f->no_move = !f->moving;
}

static void
stop_moving(struct flow *f)
{
	char *room = buf_room(&f->held, MOVE_FIRST);

	f->moving = false;
	f->no_move = true;
	if (room != NULL)
		buf_added(&f->held, move_rescue(&f->move, room));
	move_free(&f->move);
	relay_arrange(f);
}

/* Waits for one side, the other being idle. */
static void
await(struct flow *f, bool to)
{
	struct ev_loop *loop = f->relay->loop;

	ev_io_stop(loop, to ? &f->r : &f->w);
	ev_io_start(loop, to ? &f->w : &f->r);
}

static void
move_on(struct flow *f)
{
	struct why why = { 0 };

	for (int i = 0; i < TURN; i++) {
		switch (move_some(&f->move, f->from, f->to, &why)) {
		case MOVE_GO:
			relay_alive(f->relay);
			continue;
		case MOVE_AWAIT_FROM:
			await(f, false);
			return;
		case MOVE_AWAIT_TO:
			await(f, true);
			return;
		case MOVE_COPY:
			stop_moving(f);
			return;
		case MOVE_END:
			relay_arrange(f);
			return;
		case MOVE_FAILED:
			relay_finish(f->relay, &why);
			return;
		}
	}
}

static int
show(struct flow *f, const struct relay_piece *piece, struct why *why)
{
	switch (f->filter(f->relay->opts.arg, piece, &f->held, why)) {
	case RELAY_FAIL:
		return -1;
	case RELAY_ON:
		f->kept = false;
		break;
	case RELAY_KEEP:
		f->kept = true;
		break;
	case RELAY_AS_IS:
		f->filter = NULL;
		break;
	case RELAY_END:
		f->cut = true;
		break;
	}
	return 0;
}

static int
hold(struct flow *f, const struct relay_piece *piece, struct why *why)
{
	if (f->filter != NULL)
		return show(f, piece, why);
	if ((f->crlf ? add_crlf(f, piece->p, piece->n) :
	    buf_add(&f->held, piece->p, piece->n)) == 0)
		return 0;
	return why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
}

static void
take(struct flow *f, enum relay_when when, const char *p, size_t n)
{
	struct why why = { 0 };

	if (when == RELAY_CAME)
		relay_alive(f->relay);
	if (f->limited)
		f->left -= n;
	if (hold(f, &(struct relay_piece){ .up = f == &f->relay->up,
	    .when = when, .p = p, .n = n }, &why) < 0 || drain(f, &why) < 0) {
		relay_finish(f->relay, &why);
		return;
	}
	if (n == READ)
		consider_moving(f);
}

int
relay_flow_start(struct flow *f)
{
	struct why why = { 0 };

	f->filter = f->relay->opts.filter;
	if (f->filter != NULL && show(f, &(struct relay_piece){
	    .up = f == &f->relay->up, .when = RELAY_BEGINS }, &why) < 0)
		return -1;
	relay_arrange(f);
	return 0;
}

static void
read_some(struct flow *f)
{
	struct why why = { 0 };
	char data[READ];
	ssize_t n;

	if (f->moving) {
		move_on(f);
		return;
	}
	n = conn_read(f->from, data, f->limited && f->left < sizeof data ?
	    f->left : sizeof data, &why);
	if (n == -1 && !excused(f, f->from, &why)) {
		relay_finish(f->relay, &why);
		return;
	}
	if (n == -1)
		conn_at_end(f->from);
	if (n > 0)
		take(f, RELAY_CAME, data, (size_t)n);
	else if (f->from->ended_in && f->filter != NULL)
		take(f, RELAY_ENDED, NULL, 0);
	relay_arrange(f);
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
	read_some(t->data);
}

static void
write_some(struct flow *f)
{
	struct why why = { 0 };

	if (f->moving)
		move_on(f);
	else if (drain(f, &why) < 0)
		relay_finish(f->relay, &why);
	else
		relay_arrange(f);
}

static void
on_writable(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	write_some(w->data);
}

static void
on_pause(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	write_some(t->data);
}

void
relay_flow_init(struct flow *f, struct relay *r, struct conn *from,
    struct conn *to)
{
	f->relay = r;
	f->from = from;
	f->to = to;
	/* Twice: with CR LF a whole read may double. */
	buf_init(&f->held, RELAY_BUF + READ);
	ev_io_init(&f->r, on_readable, from->rfd, EV_READ);
	ev_io_init(&f->w, on_writable, to->wfd, EV_WRITE);
	ev_timer_init(&f->more, on_more, 0, 0);
	ev_init(&f->pause, on_pause);
	f->r.data = f->w.data = f->more.data = f->pause.data = f;
	if (from->rfd < 0)
		from->ended_in = true;
}
