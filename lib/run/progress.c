/* SPDX-License-Identifier: MIT */
#include "run/progress.h"

#include <unistd.h>

#include "base/tty.h"
#include "run/session.h"
#include "talk/out.h"
#include "talk/text.h"

static const char erase[] = "\r\033[K";

/* What the terminal does not take is not missed. */
static void
put(const char *s)
{
	if (talk_out(STDERR_FILENO, s, strlen(s)) < 0)
		return;
}

static void
on_tick(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct progress *p = t->data;
	char line[PROGRESS_MAX], text[PROGRESS_MAX + sizeof erase];

	(void)loop, (void)revents;
	p->say(p->arg, line);
	snprintf(text, sizeof text, "%s%s", erase, line);
	put(text);
	p->shown = true;
}

void
progress_start(struct progress *p, const struct session *s,
    const struct session_opts *o,
    void (*say)(void *arg, char dst[static PROGRESS_MAX]), void *arg)
{
	*p = (struct progress){ .loop = s->loop, .say = say, .arg = arg };
	ev_timer_init(&p->tick, on_tick, 1, 0.2);
	p->tick.data = p;
	if (tty_is(STDERR_FILENO) && !tty_dumb() && !o->quiet &&
	    s->out != SESSION_JSON && o->marks != TALK_MARKS_WORDS)
		ev_timer_start(p->loop, &p->tick);
}

void
progress_clear(struct progress *p)
{
	if (p->shown)
		put(erase);
	p->shown = false;
}

void
progress_stop(struct progress *p)
{
	progress_clear(p);
	if (p->loop != NULL)
		ev_timer_stop(p->loop, &p->tick);
}
