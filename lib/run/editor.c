/* SPDX-License-Identifier: MIT */
#include "run/editor.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/module.h"
#include "base/tty.h"
#include "net/conn.h"
#include "run/editor_state.h"

static const struct module module = { "edit", "libedit2", "libedit-dev" };

/* Takes the terminal, unless it is not ours now. */
void
editor_begin(struct editor *e)
{
	talk_settle(&e->session->talk);
	term_set(e->term, TERM_FOUND);
	term_set(e->term, TERM_EDITED);
	e->editing = true;
	e->away = !e->term->changed;
	if (e->away)
		return;
	e->engine->begin(e->edit);
	editor_view(e, true);
}

/* The line goes, what waits appears; from here on it is as without us. */
void
editor_end(struct editor *e)
{
	if (!e->editing)
		return;
	editor_flush(e);
	if (!e->away) {
		e->engine->end(e->edit);
		term_set(e->term, TERM_EDITED);	/* whatever it left */
		term_set(e->term, TERM_FOUND);
	}
	e->editing = e->away = false;
	editor_spill(e);
	editor_view(e, false);
}

void
editor_mode(struct editor *e, enum term_mode mode)
{
	e->mode = mode;
	if (e->busy)
		return;		/* the engine leaves off first */
	if (mode == TERM_EDITED && !e->ending) {
		if (!e->editing)
			editor_begin(e);
		return;
	}
	editor_end(e);
	term_set(e->term, e->ending ? TERM_FOUND : mode);
}

void
editor_aside(struct editor *e, const char *prompt)
{
	e->aside = prompt != NULL;
	e->engine->prompt(e->edit, e->aside ? prompt : EDITOR_PROMPT);
	if (!e->busy && e->editing && !e->away)
		e->engine->above(e->edit, "", 0);
}

void
editor_resized(struct editor *e, bool again)
{
	if (!e->editing || !e->term->changed)
		return;
	if (again && e->away) {
		e->away = false;
		e->engine->again(e->edit);
		editor_view(e, true);
	}
	e->resize_due = e->busy;
	if (!e->busy)
		e->engine->resized(e->edit);
}

void
editor_stopping(struct editor *e)
{
	if (!e->editing || e->away)
		return;
	editor_flush(e);
	e->away = true;
	editor_view(e, false);
	editor_write(e, "\r\n", 2);
	editor_spill(e);
}

void
editor_ending(struct editor *e)
{
	e->ending = true;
	if (!e->busy)
		editor_end(e);
}

/* --- a terminal of its own --- */

static void
on_resized(void *arg, bool again)
{
	editor_resized(arg, again);
}

static void
on_stopping(void *arg)
{
	editor_stopping(arg);
}

static void
on_ending(void *arg)
{
	editor_ending(arg);
}

static void
on_quit(void *arg)
{
	struct editor *e = arg;

	session_quit(e->session);
}

static void
on_start(struct ev_loop *loop, ev_timer *t, int revents)
{
	static const struct term_calls calls = {
		.resized = on_resized, .stopping = on_stopping,
		.ending = on_ending, .quit = on_quit,
	};
	struct editor *e = t->data;
	struct why why = { 0 };

	(void)revents;
	e->own = (struct term){ .fd = STDIN_FILENO, .escape = -1,
		.loop = loop, .call = &calls, .arg = e };
	if (term_open(&e->own, &why) < 0)
		return;		/* then it edits lines itself */
	e->session->term = &e->own;
	editor_mode(e, TERM_EDITED);
}

/* --- beginning and end --- */

static void
free_editor(void *arg)
{
	struct editor *e = arg;

	editor_end(e);
	ev_timer_stop(e->session->loop, &e->start);
	if (e->session->term == &e->own)
		e->session->term = NULL;
	term_close(&e->own);
	editor_keys_free(e);
	editor_view_free(e);
	if (e->ready_fd >= 0)
		close(e->ready_fd);
	if (e->edit != NULL)
		e->engine->free(e->edit);
	free(e);
}

/* XDG base directories: what is kept between runs, and is not settings. */
static const char *
history_path(char dst[static PATH_MAX])
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n;

	if (state != NULL && state[0] == '/')
		n = snprintf(dst, PATH_MAX, "%s/sockt/history", state);
	else if (home != NULL && home[0] == '/')
		n = snprintf(dst, PATH_MAX, "%s/.local/state/sockt/history",
		    home);
	else
		return NULL;
	return n < PATH_MAX ? dst : NULL;
}

static const struct edit_engine *
load(struct session *s)
{
	struct why why = { 0 };
	const struct edit_engine *engine = module_load(&module, &why);

	if (engine == NULL)
		talk_note(&s->talk, 0, "editor", "no line editor: %s; %s",
		    why.what, why.hint);
	else if (engine->abi != EDIT_ABI)
		talk_note(&s->talk, 0, "editor", "no line editor: the module "
		    "edit is of another version of sockt");
	else
		return engine;
	return NULL;
}

/* Where lines may be edited: a terminal in front, with the view; or -1. */
static int
place(const struct session *s)
{
	int fd = s->out == SESSION_BYTES ? STDERR_FILENO : STDOUT_FILENO;

	if (!s->typed || s->quiet || s->out == SESSION_JSON || !tty_is(fd) ||
	    !term_in_front(STDIN_FILENO))
		return -1;
	return s->out == SESSION_BYTES && tty_is(STDOUT_FILENO) ? -1 : fd;
}

/* -1: there is none, for whatever reason. */
static int
make(struct editor *e)
{
	char history[PATH_MAX];
	const struct edit_setup setup = {
		.in = STDIN_FILENO, .out = e->out, .prompt = EDITOR_PROMPT,
		.history = history_path(history),
		.no_interrupt = e->opts.term != NULL,
		.byte = editor_byte, .write = editor_write, .arg = e,
	};
	bool off;

	e->ready_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (e->ready_fd < 0 ||
	    (e->edit = e->engine->make(&setup, &off)) == NULL)
		return -1;
	e->term = e->opts.term != NULL ? e->opts.term : &e->own;
	return 0;
}

static struct editor *
editor_new(struct session *s, const struct editor_opts *o)
{
	const struct edit_engine *engine;
	struct editor *e;
	int out = place(s);

	if (out < 0 || (engine = load(s)) == NULL ||
	    (e = calloc(1, sizeof *e)) == NULL)
		return NULL;
	*e = (struct editor){ .session = s, .opts = *o, .engine = engine,
		.out = out, .ready_fd = -1 };
	editor_keys_init(e);
	editor_view_init(e);
	ev_timer_init(&e->start, on_start, 0, 0);
	e->start.data = e;
	if (make(e) < 0) {
		free_editor(e);
		return NULL;
	}
	if (o->term == NULL)
		ev_timer_start(s->loop, &e->start);
	editor_arrange(e);
	return e;
}

struct conn *
editor_conn(struct session *s, const struct editor_opts *o, struct editor **to)
{
	struct editor *e = editor_new(s, o);
	struct conn *c = conn_pipe_new(e == NULL ? STDIN_FILENO : -1, o->wfd);

	if (to != NULL)
		*to = e;
	if (e == NULL)
		return c;
	if (c == NULL)
		free_editor(e);
	else
		conn_pipe_from(c, &(struct conn_source){ .fd = e->ready_fd,
		    .read = editor_read, .close = free_editor, .arg = e });
	return c;
}
