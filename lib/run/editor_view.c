/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "run/editor_state.h"

void
editor_write(void *editor, const char *p, size_t n)
{
	struct editor *e = editor;

	if (e->err == 0 && talk_out(e->out, p, n) < 0)
		e->err = errno;
}

void
editor_spill(struct editor *e)
{
	if (e->waiting.len > 0)
		editor_write(e, buf_head(&e->waiting), e->waiting.len);
	buf_clear(&e->waiting);
}

/* How much of what waits is whole lines. */
static size_t
whole(const struct editor *e)
{
	const char *p = buf_head(&e->waiting), *end = NULL;

	if (e->waiting.len > 0)
		end = memrchr(p, '\n', e->waiting.len);
	return end == NULL ? 0 : (size_t)(end - p) + 1;
}

static void
hold(struct editor *e)
{
	if (whole(e) < e->waiting.len && !ev_is_active(&e->hold)) {
		ev_timer_set(&e->hold, EDITOR_HOLD_MS / 1000.0, 0);
		ev_timer_start(e->session->loop, &e->hold);
	}
}

void
editor_flush(struct editor *e)
{
	size_t n = whole(e);

	if (n == 0 || e->busy || !e->editing || e->away)
		return;
	e->engine->above(e->edit, buf_head(&e->waiting), n);
	buf_drop(&e->waiting, n);
}

/* The view's. More than may wait is written where the cursor happens to be. */
static int
on_text(void *editor, const void *p, size_t n)
{
	struct editor *e = editor;

	ev_now_update(e->session->loop);
	if (buf_left(&e->waiting) < n)
		editor_flush(e);
	if (buf_add(&e->waiting, p, n) < 0) {
		editor_spill(e);
		editor_write(e, p, n);
	}
	hold(e);
	errno = e->err;
	return e->err != 0 ? -1 : 0;
}

static void
on_prepare(struct ev_loop *loop, ev_prepare *w, int revents)
{
	(void)loop, (void)revents;
	editor_flush(w->data);
}

static void
on_hold(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct editor *e = t->data;

	(void)loop, (void)revents;
	if (whole(e) < e->waiting.len)
		talk_settle(&e->session->talk);
	if (whole(e) < e->waiting.len)	/* its line has been given up */
		(void)on_text(e, "\n", 1);
}

void
editor_say(struct editor *e, const char *p, size_t n)
{
	if (e->editing && !e->away)
		(void)on_text(e, p, n);
	else
		editor_write(e, p, n);
}

void
editor_view_init(struct editor *e)
{
	buf_init(&e->waiting, EDITOR_WAITING);
	ev_prepare_init(&e->flush, on_prepare);
	ev_init(&e->hold, on_hold);
	e->flush.data = e->hold.data = e;
}

void
editor_view(struct editor *e, bool on)
{
	struct ev_loop *loop = e->session->loop;

	e->session->over = (struct talk_over){ on ? on_text : NULL, e };
	if (on)
		ev_prepare_start(loop, &e->flush);
	else {
		ev_prepare_stop(loop, &e->flush);
		ev_timer_stop(loop, &e->hold);
	}
}

void
editor_view_free(struct editor *e)
{
	editor_view(e, false);
	buf_free(&e->waiting);
}
