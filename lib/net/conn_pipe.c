/* SPDX-License-Identifier: MIT */
/*
 * Other processes may share the open file behind stdin or stdout, so setting
 * O_NONBLOCK there would change it for them. A pipe is opened anew instead
 * (its own open file, through /proc); where that is forbidden, one that poll
 * calls writable takes PIPE_BUF bytes without blocking (pipe(7)).
 */
#include "net/conn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum how {
	PLAIN,			/* file, terminal, device: read and write do */
	ANEW,			/* a pipe opened anew, non-blocking, ours */
	CAREFUL,		/* a pipe that could not be: poll first */
	SOCKET,			/* MSG_DONTWAIT serves */
	SOURCE,			/* somebody else has it (conn_source) */
};

struct pipe_conn {
	struct conn	c;	/* first: a conn is what others see */
	enum how	in, out;
	struct conn_source source;
};

static bool
ready(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 0) > 0;
}

/*
 * Who opens a named FIFO that nobody writes any more is never told of its end
 * (POLLHUP), in case that somebody will; who had it open before is.
 */
static bool
has_missed_end(int anew, int before)
{
	return ready(before, 0) && !ready(anew, 0);
}

static enum how
prepare(int *fd, int flags)
{
	struct stat st;
	char path[32];
	int anew;

	if (*fd < 0 || fstat(*fd, &st) < 0)
		return PLAIN;
	if (S_ISSOCK(st.st_mode))
		return SOCKET;
	if (!S_ISFIFO(st.st_mode))
		return PLAIN;
	snprintf(path, sizeof path, "/proc/self/fd/%d", *fd);
	anew = open(path, flags | O_NONBLOCK | O_CLOEXEC);
	if (anew < 0)
		return CAREFUL;
	if (flags == O_RDONLY && has_missed_end(anew, *fd)) {
		close(anew);
		return CAREFUL;
	}
	*fd = anew;
	return ANEW;
}

static ssize_t
later(ssize_t r)
{
	return r < 0 && (errno == EAGAIN || errno == EINTR) ? CONN_LATER : r;
}

static ssize_t
pipe_read(struct conn *c, void *p, size_t n)
{
	struct pipe_conn *pc = (struct pipe_conn *)c;

	if (c->rfd < 0)
		return 0;
	if (pc->in == SOURCE)
		return pc->source.read(pc->source.arg, p, n);
	if (pc->in == SOCKET)
		return later(recv(c->rfd, p, n, MSG_DONTWAIT));
	if (pc->in == CAREFUL && !ready(c->rfd, POLLIN))
		return CONN_LATER;
	ssize_t r = later(read(c->rfd, p, n));

	/* A terminal whose other end is gone says EIO: that is its end. */
	return r == -1 && errno == EIO && isatty(c->rfd) ? 0 : r;
}

static ssize_t
write_careful(int fd, const struct iovec *v)
{
	size_t n = v->iov_len < PIPE_BUF ? v->iov_len : PIPE_BUF;

	return ready(fd, POLLOUT) ? write(fd, v->iov_base, n) : CONN_LATER;
}

static ssize_t
pipe_write(struct conn *c, const struct iovec *v, int nv, bool more)
{
	struct pipe_conn *pc = (struct pipe_conn *)c;
	struct msghdr m = {
		.msg_iov = (struct iovec *)(uintptr_t)v,
		.msg_iovlen = (size_t)nv,
	};
	ssize_t sum = 0;

	(void)more;
	if (c->wfd < 0) {
		for (int i = 0; i < nv; i++)
			sum += (ssize_t)v[i].iov_len;
		return sum;
	}
	if (pc->out == SOCKET)
		return later(sendmsg(c->wfd, &m, MSG_DONTWAIT | MSG_NOSIGNAL));
	if (pc->out == CAREFUL)
		return later(write_careful(c->wfd, v));
	return later(writev(c->wfd, v, nv));
}

/* Who reads our output learns of its end when the process ends. */
static int
pipe_shut(struct conn *c)
{
	struct pipe_conn *pc = (struct pipe_conn *)c;

	return pc->out == SOCKET ? shutdown(c->wfd, SHUT_WR) : 0;
}

static void
pipe_close(struct conn *c)
{
	struct pipe_conn *pc = (struct pipe_conn *)c;

	if (pc->in == SOURCE)
		pc->source.close(pc->source.arg);
	if (pc->in == ANEW)
		close(c->rfd);
	if (pc->out == ANEW)
		close(c->wfd);
}

/*
 * The kernel cannot splice to a file opened for appending, and a pipe that
 * could not be opened anew might block.
 */
static enum conn_kind
pipe_kind(const struct conn *c, bool out)
{
	const struct pipe_conn *pc = (const struct pipe_conn *)c;
	int fd = out ? c->wfd : c->rfd;
	struct stat st;

	if (fd < 0 || (!out && pc->in == SOURCE) || fstat(fd, &st) < 0 ||
	    (fcntl(fd, F_GETFL) & O_APPEND) != 0)
		return CONN_SEEN;
	if (S_ISREG(st.st_mode))
		return CONN_FILE;
	if (S_ISFIFO(st.st_mode))
		return (out ? pc->out : pc->in) == ANEW ? CONN_PIPE :
		    CONN_SEEN;
	return S_ISCHR(st.st_mode) && !isatty(fd) ? CONN_DEVICE : CONN_SEEN;
}

static const struct conn_ops pipe_ops = {
	.kind = pipe_kind,
	.read = pipe_read,
	.write = pipe_write,
	.shut = pipe_shut,
	.close = pipe_close,
};

struct conn *
conn_pipe_new(int rfd, int wfd)
{
	struct pipe_conn *pc = calloc(1, sizeof *pc);

	if (pc == NULL)
		return NULL;
	pc->c = (struct conn){ .ops = &pipe_ops, .rfd = rfd, .wfd = wfd };
	pc->in = prepare(&pc->c.rfd, O_RDONLY);
	pc->out = prepare(&pc->c.wfd, O_WRONLY);
	return &pc->c;
}

void
conn_pipe_from(struct conn *c, const struct conn_source *source)
{
	struct pipe_conn *pc = (struct pipe_conn *)c;

	pc->in = SOURCE;
	pc->source = *source;
	c->rfd = source->fd;
}

int
conn_pipe_out(const struct conn *c)
{
	const struct pipe_conn *pc = (const struct pipe_conn *)c;

	if (c->ops != &pipe_ops || (pc->out != ANEW && pc->out != CAREFUL))
		return -1;
	return c->wfd;
}

bool
conn_reader_gone(const struct conn *c)
{
	struct pollfd p = { .fd = conn_pipe_out(c) };

	return p.fd >= 0 && poll(&p, 1, 0) > 0 &&
	    (p.revents & POLLERR) != 0;
}
