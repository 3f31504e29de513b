/* SPDX-License-Identifier: MIT */
#include "run/room.h"

#include <errno.h>
#include <ev.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "net/conn.h"
#include "run/session.h"

struct guest {
	struct room	*room;
	struct guest	*next, **link;
	struct conn	*conn;
	struct buf	 queue;
	ev_io		 r, w;
	ev_timer	 idle;
};

struct room {
	struct session	*session;
	struct room_opts opts;
	struct guest	*guests;
	unsigned	 seen;
	unsigned	 to;		/* typed lines go there; 0: nobody */
	bool		 chosen;	/* by /to: who speaks changes nothing */
	bool		 all;
	uint64_t	 in, out;	/* of those that have left */
	struct conn	*typist;	/* stdin; NULL: nobody types */
	struct buf	 line;
	ev_io		 keys;
};

static struct guest *
find(const struct room *m, unsigned id)
{
	struct guest *g = m->guests;

	while (g != NULL && g->conn->id != id)
		g = g->next;
	return g;
}

static void
leave(struct guest *g)
{
	struct room *m = g->room;
	struct ev_loop *loop = m->session->loop;

	ev_io_stop(loop, &g->r);
	ev_io_stop(loop, &g->w);
	ev_timer_stop(loop, &g->idle);
	if (g->next != NULL)
		g->next->link = g->link;
	*g->link = g->next;
	m->in += g->conn->in;
	m->out += g->conn->out;
	if (m->to == g->conn->id) {
		m->to = m->guests != NULL ? m->guests->conn->id : 0;
		m->chosen = false;
	}
	conn_close(g->conn);
	buf_free(&g->queue);
	free(g);
}

static void
alive(struct guest *g)
{
	if (g->room->opts.idle_ms > 0)
		ev_timer_again(g->room->session->loop, &g->idle);
}

/* False: the client is gone. */
static bool
flush(struct guest *g)
{
	struct why told = { 0 };

	while (g->queue.len > 0) {
		ssize_t n = conn_write(g->conn, buf_head(&g->queue),
		    g->queue.len, &told);

		if (n == CONN_LATER) {
			ev_io_start(g->room->session->loop, &g->w);
			return true;
		}
		if (n < 0) {
			leave(g);
			return false;
		}
		buf_drop(&g->queue, (size_t)n);
		alive(g);
	}
	ev_io_stop(g->room->session->loop, &g->w);
	return true;
}

static void
on_writable(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	(void)flush(w->data);
}

static void
on_said(struct ev_loop *loop, ev_io *w, int revents)
{
	struct guest *g = w->data;
	struct why told = { 0 };
	char data[16 * KIB];
	ssize_t n = conn_read(g->conn, data, sizeof data, &told);

	(void)loop, (void)revents;
	if (n == CONN_LATER)
		return;
	if (n <= 0) {
		leave(g);
		return;
	}
	alive(g);
	if (!g->room->chosen)
		g->room->to = g->conn->id;
}

static void
on_silent(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct guest *g = t->data;

	(void)loop, (void)revents;
	talk_tell(g->conn->talk, &(struct talk_event){ .kind = TALK_IDLE,
	    .conn = g->conn->id, TALK_VALUES(
	    TALK_I(TF_SECONDS, g->room->opts.idle_ms / 1000)) });
	leave(g);
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
	m->seen++;
	c->src = "stdin";
	c->crlf = m->opts.crlf;
	ev_io_init(&g->r, on_said, c->rfd, EV_READ);
	ev_io_init(&g->w, on_writable, c->wfd, EV_WRITE);
	ev_init(&g->idle, on_silent);
	g->idle.repeat = m->opts.idle_ms / 1000.0;
	g->r.data = g->w.data = g->idle.data = g;
	ev_io_start(m->session->loop, &g->r);
	alive(g);
	if (m->to == 0)
		m->to = c->id;
}

static void
post(struct guest *g, const char *line, size_t n)
{
	bool crlf = g->room->opts.crlf && !(n > 1 && line[n - 2] == '\r');

	if (buf_left(&g->queue) < n + 1 || (crlf ?
	    buf_add(&g->queue, line, n - 1) < 0 ||
	    buf_add(&g->queue, "\r\n", 2) < 0 :
	    buf_add(&g->queue, line, n) < 0)) {
		talk_warn(g->conn->talk, g->conn->id, "queue",
		    "does not read: this line was not sent (1 MiB waits)");
		return;
	}
	(void)flush(g);
}

static void
say(struct room *m, const char *line, size_t n)
{
	struct guest *g = m->guests, *next;

	if (g == NULL) {
		talk_warn(&m->session->talk, 0, "nobody",
		    "nobody is there: the line was not sent");
		return;
	}
	if (!m->all) {
		if ((g = find(m, m->to)) != NULL)
			post(g, line, n);
		return;
	}
	for (; g != NULL; g = next) {
		next = g->next;
		post(g, line, n);
	}
}

static void
choose(struct room *m, const char *whom)
{
	int64_t id;

	if (strcmp(whom, "all") == 0) {
		m->all = true;
		return;
	}
	if (num_whole(whom, 1, UINT32_MAX, &id) != NULL ||
	    find(m, (unsigned)id) == NULL) {
		talk_warn(&m->session->talk, 0, "nobody",
		    "/to NUMBER or /to all; /who lists who is there");
		return;
	}
	m->to = (unsigned)id;
	m->all = false;
	m->chosen = true;
}

static void
list(struct room *m)
{
	char peer[ADDR_TEXT];

	if (m->guests == NULL)
		talk_note(&m->session->talk, 0, "who", "nobody is there");
	for (struct guest *g = m->guests; g != NULL; g = g->next)
		talk_note(&m->session->talk, g->conn->id, "who", "%s%s",
		    addr_text(&g->conn->peer, peer),
		    m->all || g->conn->id == m->to ?
		    ", hears what you type" : "");
}

/* A line with its LF. */
static void
typed(struct room *m, char *line, size_t n)
{
	if (line[0] != '/') {
		say(m, line, n);
		return;
	}
	if (n > 1 && line[1] == '/') {
		say(m, line + 1, n - 1);
		return;
	}
	line[n - 1] = '\0';
	if (strncmp(line, "/to ", 4) == 0)
		choose(m, line + 4);
	else if (strcmp(line, "/all") == 0)
		m->all = true;
	else if (strcmp(line, "/who") == 0)
		list(m);
	else
		talk_warn(&m->session->talk, 0, "command",
		    "commands are /to NUMBER, /all and /who; // sends a slash");
}

static void
end_of_typing(struct room *m)
{
	struct guest *g = find(m, m->to);

	if (g == NULL)
		session_leave(m->session, NULL);
	else
		conn_shut(g->conn);
}

static void
on_keys(struct ev_loop *loop, ev_io *w, int revents)
{
	struct room *m = w->data;
	struct why why = { 0 };
	char data[4096], *nl;
	ssize_t n = conn_read(m->typist, data, sizeof data, &why);

	(void)loop, (void)revents;
	if (n == CONN_LATER)
		return;
	if (n <= 0) {
		m->typist->ended_in = false;	/* a terminal may go on */
		end_of_typing(m);
		if (n < 0 || !isatty(STDIN_FILENO))
			ev_io_stop(loop, w);
		return;
	}
	if (buf_add(&m->line, data, (size_t)n) < 0) {
		talk_warn(&m->session->talk, 0, "line",
		    "a line of over 64 KiB was not sent");
		buf_clear(&m->line);
	}
	while (m->line.len > 0 && (nl = memchr(buf_head(&m->line), '\n',
	    m->line.len)) != NULL) {
		size_t len = (size_t)(nl - buf_head(&m->line)) + 1;

		typed(m, buf_head(&m->line), len);
		buf_drop(&m->line, len);
	}
}

struct room *
room_new(struct session *s, const struct room_opts *opts)
{
	struct room *m = calloc(1, sizeof *m);

	if (m == NULL)
		return NULL;
	*m = (struct room){ .session = s, .opts = *opts,
	    .line = BUF_MAX(ROOM_LINE) };
	ev_io_init(&m->keys, on_keys, STDIN_FILENO, EV_READ);
	m->keys.data = m;
	if (s->typed) {
		if ((m->typist = conn_pipe_new(STDIN_FILENO, -1)) == NULL) {
			free(m);
			return NULL;
		}
		ev_io_start(s->loop, &m->keys);
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
	struct guest *next = NULL;

	if (m == NULL)
		return;
	for (struct guest *g = m->guests; g != NULL; g = next) {
		next = g->next;
		leave(g);
	}
	ev_io_stop(m->session->loop, &m->keys);
	conn_close(m->typist);
	buf_free(&m->line);
	free(m);
}
