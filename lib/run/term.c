/* SPDX-License-Identifier: MIT */
#include "run/term.h"

#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool
term_in_front(int fd)
{
	pid_t front = tcgetpgrp(fd);

	return front < 0 || front == getpgrp();
}

static void
edited(const struct term *t, struct termios *io)
{
	io->c_lflag |= ICANON | ISIG | IEXTEN;
	io->c_iflag |= ICRNL;
	io->c_cc[VINTR] = _POSIX_VDISABLE;
	io->c_cc[VEOL] = TERM_INTERRUPT;
	io->c_cc[VEOL2] = t->escape < 0 ? _POSIX_VDISABLE : (cc_t)t->escape;
	if (t->mode == TERM_HIDDEN)
		io->c_lflag &= (tcflag_t)~(ECHO | ECHONL);
}

static void
raw(const struct term *t, struct termios *io)
{
	tcflag_t output = io->c_oflag;

	cfmakeraw(io);
	if (t->cooked)
		io->c_oflag = output | OPOST | ONLCR;
	io->c_cc[VMIN] = 1;
	io->c_cc[VTIME] = 0;
}

static void
apply(struct term *t)
{
	struct termios io = t->found;

	if (!t->open || !term_in_front(t->fd))
		return;
	if (t->mode == TERM_FOUND) {
		term_restore(t);
		return;
	}
	if (t->mode == TERM_KEYS)
		raw(t, &io);
	else
		edited(t, &io);
	t->changed = true;	/* before it is: a crash may come between */
	if (t->mode != TERM_EDITED)
		tcsetattr(t->fd, TCSANOW, &io);
}

void
term_set(struct term *t, enum term_mode mode)
{
	t->mode = mode;
	t->cooked = false;
	apply(t);
}

void
term_cook(struct term *t, bool cooked)
{
	if (t->mode != TERM_KEYS || t->cooked == cooked)
		return;
	t->cooked = cooked;
	apply(t);
}

void
term_restore(struct term *t)
{
	int err = errno;

	if (t->changed && term_in_front(t->fd)) {
		tcsetattr(t->fd, TCSANOW, &t->found);
		t->changed = false;
	}
	errno = err;
}

/* Stops here, until SIGCONT. */
static void
stop_now(struct term *t)
{
	sigset_t set;

	if (t->call->stopping != NULL)
		t->call->stopping(t->arg);
	term_restore(t);
	ev_signal_stop(t->loop, &t->stop);	/* its default action is back */
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGTSTP);
	ev_signal_start(t->loop, &t->stop);
	apply(t);
}

static void
on_stop(struct ev_loop *loop, ev_signal *w, int revents)
{
	(void)loop, (void)revents;
	stop_now(w->data);
}

static void
on_cont(struct ev_loop *loop, ev_signal *w, int revents)
{
	struct term *t = w->data;

	(void)loop, (void)revents;
	apply(t);
	t->call->resized(t->arg, true);
}

static void
on_winch(struct ev_loop *loop, ev_signal *w, int revents)
{
	struct term *t = w->data;

	(void)loop, (void)revents;
	t->call->resized(t->arg, false);
}

static void
on_end(struct ev_loop *loop, ev_signal *w, int revents)
{
	struct term *t = w->data;

	(void)loop, (void)revents;
	t->call->ending(t->arg);
	term_set(t, TERM_FOUND);
}

static void
on_quit(struct ev_loop *loop, ev_signal *w, int revents)
{
	struct term *t = w->data;

	on_end(loop, w, revents);
	t->call->quit(t->arg);
}

static void
watch(struct term *t, ev_signal *w, int sig,
    void (*on)(struct ev_loop *, ev_signal *, int))
{
	ev_signal_init(w, on, sig);
	w->data = t;
	/* Before the session, which tells of the signal on this terminal. */
	ev_set_priority(w, EV_MAXPRI);
	ev_signal_start(t->loop, w);
	ev_unref(t->loop);
}

int
term_open(struct term *t, struct why *why)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

	if (tcgetattr(t->fd, &t->found) < 0)
		return why_sys(why, WHY_LOCAL, errno, "terminal");
	t->open = true;
	for (size_t i = 0; i < NELEMS(ends); i++)
		watch(t, &t->end[i], ends[i], on_end);
	watch(t, &t->quit, SIGQUIT, on_quit);
	watch(t, &t->stop, SIGTSTP, on_stop);
	watch(t, &t->cont, SIGCONT, on_cont);
	watch(t, &t->winch, SIGWINCH, on_winch);
	return 0;
}

void
term_suspend(struct term *t)
{
	term_restore(t);
	kill(0, SIGTSTP);	/* all of a pipeline, as ^Z would */
}

static void
unwatch(struct term *t, ev_signal *w)
{
	ev_ref(t->loop);
	ev_signal_stop(t->loop, w);
}

void
term_close(struct term *t)
{
	if (!t->open)
		return;
	term_restore(t);
	t->open = false;
	for (size_t i = 0; i < NELEMS(t->end); i++)
		unwatch(t, &t->end[i]);
	unwatch(t, &t->quit);
	unwatch(t, &t->stop);
	unwatch(t, &t->cont);
	unwatch(t, &t->winch);
}

bool
term_size(int fd, unsigned *cols, unsigned *rows)
{
	struct winsize w;

	if (ioctl(fd, TIOCGWINSZ, &w) < 0 || w.ws_col == 0 || w.ws_row == 0)
		return false;
	*cols = w.ws_col;
	*rows = w.ws_row;
	return true;
}
