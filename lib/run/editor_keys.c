/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/tty.h"
#include "base/vis.h"
#include "net/conn.h"
#include "run/editor_state.h"

enum {
	TURN = 64,		/* keys taken before others have their turn */
	PIECE = 4096,		/* bytes at a time, without editing */
	SHORTLY_MS = 300,	/* for the rest of what a key sends */
};

/* --- what was typed, until it is read --- */

static void
put(struct editor *e, const char *p, size_t n, const char *end)
{
	size_t k = strlen(end);
	struct typed *t = malloc(sizeof *t + n + k);

	if (t == NULL) {
		talk_warn(&e->session->talk, 0, "line",
		    "out of memory: what was typed is lost");
		return;
	}
	*t = (struct typed){ .len = n + k };
	memcpy(t->data, p, n);
	memcpy(t->data + n, end, k);
	*e->last = t;
	e->last = &t->next;
	e->ahead += n + k;
	eventfd_write(e->ready_fd, 1);
}

ssize_t
editor_read(void *editor, void *p, size_t n)
{
	struct editor *e = editor;
	struct typed *t = e->first;
	eventfd_t some;
	size_t k;

	if (t == NULL)
		return CONN_LATER;
	k = t->len - t->off < n ? t->len - t->off : n;
	memcpy(p, t->data + t->off, k);
	t->off += k;
	e->ahead -= k;
	if (t->off == t->len) {
		if ((e->first = t->next) == NULL)
			e->last = &e->first;
		free(t);
	}
	if (e->first == NULL)
		eventfd_read(e->ready_fd, &some);
	editor_arrange(e);
	return (ssize_t)k;
}

/* --- the terminal --- */

/*
 * Who has the terminal may change its mode at any line: what is typed behind
 * it is for the next mode.
 */
static bool
full(const struct editor *e)
{
	return e->opts.term != NULL ? e->ahead > 0 :
	    e->ahead >= EDITOR_AHEAD;
}

void
editor_arrange(struct editor *e)
{
	if (e->gone || (full(e) && !e->busy))
		ev_io_stop(e->session->loop, &e->keys);
	else if (!e->busy)
		ev_io_start(e->session->loop, &e->keys);
}

static bool
readable(const struct editor *e)
{
	struct pollfd p = { .fd = e->keys.fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

/* The engine is to leave off, whatever it waits for. */
static bool
leaving(const struct editor *e)
{
	return e->session->left || e->ending || e->mode != TERM_EDITED;
}

/* The loop goes on while a key waits for another. */
static bool
await_byte(struct editor *e, bool shortly)
{
	struct ev_loop *loop = e->session->loop;

	e->ready = readable(e);
	e->expired = false;
	ev_io_start(loop, &e->keys);
	if (shortly) {
		ev_now_update(loop);
		ev_timer_set(&e->shortly, SHORTLY_MS / 1000.0, 0);
		ev_timer_start(loop, &e->shortly);
	}
	while (!e->ready && !e->expired && !leaving(e))
		ev_run(loop, EVRUN_ONCE);
	ev_timer_stop(loop, &e->shortly);
	return e->ready && !leaving(e);
}

static void
on_shortly(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct editor *e = t->data;

	(void)loop, (void)revents;
	e->expired = true;
}

/* Keys of who has the terminal, not of the engine. */
static bool
is_special(const struct editor *e, char c)
{
	return e->opts.term != NULL &&
	    (c == TERM_INTERRUPT || (unsigned char)c == e->opts.escape);
}

bool
editor_byte(void *editor, char *c, enum edit_patience patience)
{
	struct editor *e = editor;
	ssize_t n;

	if (leaving(e) || (patience != EDIT_AT_ONCE &&
	    !await_byte(e, patience == EDIT_SHORTLY)))
		return false;
	n = read(e->keys.fd, c, 1);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		e->gone = true;
	if (n != 1)
		return false;
	if (patience != EDIT_AT_ONCE || !is_special(e, *c))
		return true;
	e->special = (unsigned char)*c;
	return false;
}

/* --- lines --- */

/* What no event will show stays, as it was typed. */
static void
keep(struct editor *e, const char *line, size_t n)
{
	struct vis v = { .flags = VIS_LINE | (tty_utf8() ? 0 : VIS_ASCII) };
	struct buf b = BUF_MAX(EDITOR_WAITING);
	int bad = buf_printf(&b, "%s", e->engine->prompted(e->edit));

	if (bad == 0 && vis_add(&v, &b, line, n) == 0 &&
	    vis_end(&v, &b) == 0 && buf_add(&b, "\n", 1) == 0)
		editor_say(e, buf_head(&b), b.len);
	buf_free(&b);
}

static void
enter(struct editor *e)
{
	size_t n;
	const char *line = e->engine->line(e->edit, &n);
	bool ours = e->aside || (e->opts.commands && n > 0 &&
	    line[0] == '/' && line[1] != '/');

	if (ours || !e->session->payload)
		keep(e, line, n);
	if (!ours && n > 0 && line[0] != ' ')
		e->engine->remember(e->edit);
	put(e, line, n, "\n");
}

static void
special(struct editor *e)
{
	const char end[2] = { (char)e->special, '\0' };
	const char *line;
	size_t n;

	e->special = 0;
	e->engine->take(e->edit);
	line = e->engine->line(e->edit, &n);
	put(e, line, e->aside ? 0 : n, end);
}

/* Nothing more is read; what was typed so far is gone, as with any terminal. */
static void
over(struct editor *e)
{
	put(e, "", 0, "");
	e->gone = true;
	editor_mode(e, TERM_FOUND);
}

static void
one_key(struct editor *e)
{
	enum edit_got got;

	e->busy = true;
	got = e->engine->key(e->edit);
	e->busy = false;
	if (e->resize_due)
		editor_resized(e, false);
	if (e->ending || e->mode != TERM_EDITED)
		editor_mode(e, e->mode);
	else if (e->gone || (got == EDIT_END && !e->opts.goes_on))
		over(e);
	else if (e->special != 0)
		special(e);
	else if (got == EDIT_LINE)
		enter(e);
	else if (got == EDIT_END)
		put(e, "", 0, "");
}

/* Bytes as they come: the terminal edits, or nobody. */
static void
pass(struct editor *e)
{
	char data[PIECE];
	ssize_t n = read(e->keys.fd, data, sizeof data);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	put(e, data, n > 0 ? (size_t)n : 0, "");
	e->gone = n < 0 || (n == 0 && !e->opts.goes_on);
}

static void
on_keys(struct ev_loop *loop, ev_io *w, int revents)
{
	struct editor *e = w->data;

	(void)revents;
	if (e->busy) {
		e->ready = true;
		ev_io_stop(loop, w);
		return;
	}
	if (!e->editing)
		pass(e);
	for (int i = 0; i < TURN && e->editing && !e->away && !e->gone &&
	    readable(e) && !full(e); i++)
		one_key(e);
	editor_arrange(e);
}

void
editor_keys_init(struct editor *e)
{
	e->last = &e->first;
	ev_io_init(&e->keys, on_keys, STDIN_FILENO, EV_READ);
	ev_init(&e->shortly, on_shortly);
	e->keys.data = e->shortly.data = e;
}

void
editor_keys_free(struct editor *e)
{
	ev_io_stop(e->session->loop, &e->keys);
	ev_timer_stop(e->session->loop, &e->shortly);
	while (e->first != NULL) {
		struct typed *t = e->first;

		e->first = t->next;
		free(t);
	}
}
