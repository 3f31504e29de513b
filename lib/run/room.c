/* SPDX-License-Identifier: MIT */
#include "run/room.h"

#include "run/chat.h"
#include "run/guest.h"

static void
stop(struct guest *g)
{
	struct ev_loop *loop = g->room->session->loop;

	ev_io_stop(loop, &g->r);
	ev_io_stop(loop, &g->w);
	ev_timer_stop(loop, &g->idle);
	ev_timer_stop(loop, &g->more);
}

/* Out of the list, and gone. */
static void
leave(struct guest *g)
{
	struct room *m = g->room;

	stop(g);
	if (g->next != NULL)
		g->next->link = g->link;
	*g->link = g->next;
	m->here--;
	m->in += g->conn->in;
	m->out += g->conn->out;
	if (m->to == g->conn->id) {
		m->to = m->guests != NULL ? m->guests->conn->id : 0;
		m->chosen = false;
	}
	if (m->chat != NULL)
		chat_left(g);
	conn_close(g->conn);
	buf_free(&g->queue);
	free(g);
}

void
guest_go(struct guest *g)
{
	stop(g);
	g->leaving = true;
	ev_prepare_start(g->room->session->loop, &g->room->reap);
}

static void
alive(struct guest *g)
{
	if (g->room->opts.idle_ms > 0)
		ev_timer_again(g->room->session->loop, &g->idle);
}

/* Of what has come some may wait within the conn, the descriptor silent. */
static void
hear(struct guest *g)
{
	struct ev_loop *loop = g->room->session->loop;

	ev_io_start(loop, &g->r);
	if (conn_pending(g->conn))
		ev_timer_start(loop, &g->more);
}

/* Who was not read since nobody could hear. */
static void
resume(struct room *m)
{
	if (m->feed_held)
		room_stdin_resume(m);
	if (!m->held)
		return;
	m->held = false;
	for (struct guest *g = m->guests; g != NULL; g = g->next)
		if (g->held && !g->leaving) {
			g->held = false;
			hear(g);
		}
}

/* Saying that one has left may make another one leave. */
static void
on_reap(struct ev_loop *loop, ev_prepare *w, int revents)
{
	struct room *m = w->data;
	struct guest *g = m->guests;

	(void)revents;
	ev_prepare_stop(loop, w);
	while (g != NULL) {
		struct guest *next = g->next;

		if (g->leaving)
			leave(g);
		g = next;
	}
	resume(m);
	if (ev_is_active(w))
		ev_feed_event(loop, w, EV_PREPARE);
}

/* How much was taken; a guest who cannot be written to goes. */
static size_t
write_some(struct guest *g, const void *p, size_t n)
{
	struct conn *c = g->conn;
	struct why told = { 0 };
	ssize_t k;

	/* What passes from one to all is told once: where it came from. */
	c->quiet = g->room->opts.kind != ROOM_PLAIN;
	k = conn_write(c, p, n, &told);
	c->quiet = false;
	if (k == -1)
		guest_go(g);
	if (k <= 0)
		return 0;
	alive(g);
	return (size_t)k;
}

static void
drained(struct guest *g)
{
	ev_io_stop(g->room->session->loop, &g->w);
	buf_free(&g->queue);
	if (!g->finishing)
		return;
	if (conn_shut(g->conn) == CONN_LATER)
		ev_io_start(g->room->session->loop, &g->w);
	else if (g->conn->ended_in)
		guest_go(g);
}

static void
on_writable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct guest *g = w->data;

	(void)loop, (void)revents;
	buf_drop(&g->queue, write_some(g, buf_head(&g->queue), g->queue.len));
	if (g->leaving)
		return;
	if (g->queue.len < GUEST_LOW)
		resume(g->room);
	if (g->queue.len == 0)
		drained(g);
}

void
guest_send(struct guest *g, const void *p, size_t n)
{
	size_t done = 0;

	if (g->leaving || g->finishing)
		return;
	if (g->queue.len == 0)
		done = write_some(g, p, n);
	if (done == n || g->leaving)
		return;
	if (buf_add(&g->queue, (const char *)p + done, n - done) < 0) {
		talk_warn(g->conn->talk, g->conn->id, "queue",
		    "does not read: over %d KiB wait for it; closed",
		    ROOM_QUEUE / KIB);
		guest_go(g);
		return;
	}
	ev_io_start(g->room->session->loop, &g->w);
}

void
guest_send_all(struct room *m, const struct guest *but, const void *p,
    size_t n)
{
	for (struct guest *g = m->guests; g != NULL; g = g->next)
		if (g != but)
			guest_send(g, p, n);
}

bool
guest_hears(const struct room *m, const struct guest *but)
{
	for (const struct guest *g = m->guests; g != NULL; g = g->next)
		if (g != but && !g->leaving && !g->finishing &&
		    g->queue.len < GUEST_LOW)
			return true;
	return false;
}

void
guest_finish(struct guest *g)
{
	g->finishing = true;
	if (g->queue.len == 0 && !g->leaving)
		drained(g);
}

/* Its end: it may still hear what stdin has to say; else it leaves. */
static void
ended(struct guest *g)
{
	struct room *m = g->room;

	ev_io_stop(m->session->loop, &g->r);
	if (m->chat != NULL)
		chat_ended(g);
	if (!m->fed)
		guest_finish(g);
	else if (g->finishing && g->queue.len == 0)
		guest_go(g);
}

static void
listen_to(struct guest *g)
{
	struct room *m = g->room;
	struct why told = { 0 };
	char data[16 * KIB];
	ssize_t n;

	if (m->opts.kind != ROOM_PLAIN && m->here > 1 && !guest_hears(m, g)) {
		ev_io_stop(m->session->loop, &g->r);
		g->held = m->held = true;
		return;
	}
	if ((n = conn_read(g->conn, data, sizeof data, &told)) == CONN_LATER)
		return;
	if (n < 0)
		guest_go(g);
	else if (n == 0)
		ended(g);
	if (n <= 0)
		return;
	alive(g);
	hear(g);
	if (!m->chosen)
		m->to = g->conn->id;
	if (m->chat != NULL)
		chat_said(g, data, (size_t)n);
	else if (m->opts.kind == ROOM_BROKER)
		guest_send_all(m, g, data, (size_t)n);
}

static void
on_said(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	listen_to(w->data);
}

static void
on_more(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	listen_to(t->data);
}

static void
on_silent(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct guest *g = t->data;

	(void)loop, (void)revents;
	talk_tell(g->conn->talk, &(struct talk_event){ .kind = TALK_IDLE,
	    .conn = g->conn->id, TALK_VALUES(
	    TALK_I(TF_SECONDS, g->room->opts.idle_ms / 1000)) });
	guest_go(g);
}

void
room_enter(struct room *m, struct conn *c)
{
	struct guest *g = calloc(1, sizeof *g);

	if (g == NULL) {
		conn_close(c);
		return;
	}
	*g = (struct guest){ .room = m, .conn = c, .next = m->guests,
	    .link = &m->guests, .queue = BUF_MAX(ROOM_QUEUE) };
	if (g->next != NULL)
		g->next->link = &g->next;
	m->guests = g;
	m->here++;
	m->seen++;
	c->src = "stdin";
	c->crlf = m->opts.crlf;
	ev_io_init(&g->r, on_said, c->rfd, EV_READ);
	ev_io_init(&g->w, on_writable, c->wfd, EV_WRITE);
	ev_init(&g->idle, on_silent);
	g->idle.repeat = m->opts.idle_ms / 1000.0;
	ev_timer_init(&g->more, on_more, 0, 0);
	g->r.data = g->w.data = g->idle.data = g->more.data = g;
	hear(g);
	alive(g);
	if (m->to == 0)
		m->to = c->id;
	if (m->chat != NULL)
		chat_enter(g);
	if (m->fed && m->ours->ended_in)
		guest_finish(g);
	resume(m);
}

struct room *
room_new(struct session *s, const struct room_opts *opts)
{
	struct room *m = calloc(1, sizeof *m);

	if (m == NULL)
		return NULL;
	*m = (struct room){ .session = s, .opts = *opts };
	ev_prepare_init(&m->reap, on_reap);
	m->reap.data = m;
	if ((opts->kind == ROOM_CHAT && (m->chat = chat_new()) == NULL) ||
	    room_stdin(m) < 0) {
		chat_free(m->chat);
		free(m);
		return NULL;
	}
	return m;
}

unsigned
room_seen(const struct room *m)
{
	return m->seen;
}

void
room_totals(const struct room *m, uint64_t *in, uint64_t *out)
{
	*in = m->in;
	*out = m->out;
	for (struct guest *g = m->guests; g != NULL; g = g->next) {
		*in += g->conn->in;
		*out += g->conn->out;
	}
}

void
room_free(struct room *m)
{
	if (m == NULL)
		return;
	for (struct guest *g = m->guests; g != NULL; g = g->next)
		g->leaving = true;	/* nobody is told of the others */
	while (m->guests != NULL)
		leave(m->guests);
	ev_prepare_stop(m->session->loop, &m->reap);
	room_stdin_end(m);
	chat_free(m->chat);
	free(m);
}
