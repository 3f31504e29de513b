/* SPDX-License-Identifier: MIT */
#include "net/pty.h"

#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "net/conn.h"

struct pty {
	struct conn	c;	/* first: a conn is what others see */
	struct ev_loop	*loop;
	ev_timer	 end;	/* ours was sent, and has to stay */
	bool		 was_cr;	/* the last byte typed */
	char		 last;	/* of them */
};

static ssize_t
later(ssize_t r)
{
	return r < 0 && (errno == EAGAIN || errno == EINTR) ? CONN_LATER : r;
}

/* EIO: all is read, and nobody has the terminal open any more. */
static ssize_t
pty_read(struct conn *c, void *p, size_t n)
{
	ssize_t r = read(c->rfd, p, n);

	return r < 0 && errno == EIO ? 0 : later(r);
}

/* Up to a LF that follows a CR; that LF alone is taken and not typed. */
static size_t
typed_at_once(const struct pty *t, const char *p, size_t n)
{
	bool was_cr = t->was_cr;

	for (size_t i = 0; i < n; i++) {
		if (was_cr && p[i] == '\n')
			return i;
		was_cr = p[i] == '\r';
	}
	return n;
}

static ssize_t
type(struct pty *t, const char *p, size_t n)
{
	size_t run = typed_at_once(t, p, n);
	ssize_t r = 1;

	if (run > 0)
		r = later(write(t->c.wfd, p, run));
	if (r > 0) {
		t->last = p[r - 1];
		t->was_cr = run > 0 && t->last == '\r';
	}
	return r;
}

static ssize_t
pty_write(struct conn *c, const struct iovec *v, int nv, bool more)
{
	struct pty *t = (struct pty *)c;
	ssize_t sum = 0;

	(void)more;
	for (int i = 0; i < nv; i++)
		for (size_t k = 0; k < v[i].iov_len;) {
			ssize_t n = type(t, (char *)v[i].iov_base + k,
			    v[i].iov_len - k);

			if (n < 0)
				return sum > 0 ? sum : n;
			sum += n;
			k += (size_t)n;
		}
	return sum;
}

/* Has the program read all that was typed, an end as well? */
static bool
all_taken(const struct pty *t)
{
	int fd = ioctl(t->c.rfd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	bool taken = fd >= 0 && poll(&p, 1, 0) == 0;

	if (fd >= 0)
		close(fd);
	return taken;
}

/* Within a line the first one only ends that (termios(3), VEOF). */
static void
type_end(const struct pty *t)
{
	struct termios now;
	char end[2];
	bool twice;

	if (tcgetattr(t->c.rfd, &now) < 0)
		return;
	end[0] = end[1] = (char)now.c_cc[VEOF];
	twice = (now.c_lflag & ICANON) != 0 && t->last != '\n' &&
	    t->last != '\r' && t->last != '\0';
	if (write(t->c.wfd, end, twice ? 2 : 1) < 0)
		return;			/* EAGAIN: the next time will do */
}

static void
on_end(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct pty *t = w->data;

	(void)loop, (void)revents;
	if (all_taken(t)) {
		type_end(t);
		t->last = '\n';
	}
}

static int
pty_shut(struct conn *c)
{
	struct pty *t = (struct pty *)c;

	type_end(t);
	t->last = '\n';
	ev_timer_again(t->loop, &t->end);
	return 0;
}

static void
pty_close(struct conn *c)
{
	struct pty *t = (struct pty *)c;

	ev_timer_stop(t->loop, &t->end);
	close(c->rfd);
}

static enum conn_kind
pty_kind(const struct conn *c, bool out)
{
	(void)c, (void)out;
	return CONN_SEEN;
}

static const struct conn_ops pty_ops = {
	.kind = pty_kind,
	.read = pty_read,
	.write = pty_write,
	.shut = pty_shut,
	.close = pty_close,
};

struct conn *
pty_open(struct ev_loop *loop, int *theirs)
{
	const struct winsize size = { .ws_row = PTY_ROWS,
		.ws_col = PTY_COLUMNS };
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	struct pty *t = NULL;

	*theirs = -1;
	if (fd >= 0 && grantpt(fd) == 0 && unlockpt(fd) == 0 &&
	    ioctl(fd, TIOCSWINSZ, &size) == 0 && (*theirs = ioctl(fd,
	    TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC)) >= 0)
		t = calloc(1, sizeof *t);
	if (t == NULL) {
		int err = errno;

		if (*theirs >= 0)
			close(*theirs);
		if (fd >= 0)
			close(fd);
		errno = err;
		return NULL;
	}
	t->c = (struct conn){ .ops = &pty_ops, .rfd = fd, .wfd = fd };
	t->loop = loop;
	ev_init(&t->end, on_end);
	t->end.repeat = PTY_END_MS / 1000.0;
	t->end.data = t;
	return &t->c;
}
