/* SPDX-License-Identifier: MIT */
#include "net/move.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "net/conn.h"

enum { FLAGS = SPLICE_F_MOVE | SPLICE_F_NONBLOCK };

void
move_init(struct move *m, const struct conn *from, const struct conn *to)
{
	enum conn_kind in = conn_kind(from, false), out = conn_kind(to, true);

	*m = (struct move){ .how = MOVE_NOT };
	if (in == CONN_SEEN || out == CONN_SEEN)
		return;
	if (in == CONN_PIPE || out == CONN_PIPE) {
		/* With 64 KiB there is no gain; more may be forbidden. */
		(void)fcntl(in == CONN_PIPE ? from->rfd : to->wfd,
		    F_SETPIPE_SZ, MOVE_PIPE);
		m->how = MOVE_STRAIGHT;
	} else if (in == CONN_FILE && out == CONN_SOCKET) {
		m->how = MOVE_FILE;
	} else if (in == CONN_SOCKET &&
	    pipe2(m->pipe, O_NONBLOCK | O_CLOEXEC) == 0) {
		(void)fcntl(m->pipe[0], F_SETPIPE_SZ, MOVE_PIPE);
		m->how = MOVE_THROUGH;
	}
}

void
move_free(struct move *m)
{
	if (m->how == MOVE_THROUGH) {
		close(m->pipe[0]);
		close(m->pipe[1]);
	}
	*m = (struct move){ .how = MOVE_NOT };
}

/* EAGAIN does not say which side it was. */
static enum move_state
who_waits(const struct conn *from)
{
	struct pollfd p = { .fd = from->rfd, .events = POLLIN };

	return poll(&p, 1, 0) > 0 ? MOVE_AWAIT_TO : MOVE_AWAIT_FROM;
}

/* Which side failed? A write to the sink tells by the errors of writing. */
static enum move_state
failed(struct conn *from, struct conn *to, struct why *why)
{
	bool writing = errno == EPIPE || errno == ENOSPC || errno == EFBIG ||
	    errno == EDQUOT || conn_kind(from, false) != CONN_SOCKET;

	if (errno == EINVAL || errno == ENOSYS)
		return MOVE_COPY;
	(void)conn_failed(writing ? to : from, why, writing ? "write" :
	    "read");
	return MOVE_FAILED;
}

static enum move_state
moved(struct conn *from, struct conn *to, ssize_t n)
{
	if (n == 0) {
		conn_at_end(from);
		return MOVE_END;
	}
	conn_moved(from, false, (size_t)n);
	conn_moved(to, true, (size_t)n);
	return MOVE_GO;
}

static enum move_state
straight(struct move *m, struct conn *from, struct conn *to, struct why *why)
{
	ssize_t n = m->how == MOVE_FILE ?
	    sendfile(to->wfd, from->rfd, NULL, MOVE_CHUNK) :
	    splice(from->rfd, NULL, to->wfd, NULL, MOVE_CHUNK, FLAGS);

	if (n >= 0)
		return moved(from, to, n);
	if (errno == EINTR)
		return MOVE_GO;
	if (errno == EAGAIN)
		return m->how == MOVE_FILE ? MOVE_AWAIT_TO : who_waits(from);
	return failed(from, to, why);
}

/* What is inside must get out before more is taken in. */
static enum move_state
let_out(struct move *m, struct conn *to, struct why *why)
{
	ssize_t n = splice(m->pipe[0], NULL, to->wfd, NULL, m->inside, FLAGS);

	if (n > 0) {
		m->inside -= (size_t)n;
		m->proven = true;
		conn_moved(to, true, (size_t)n);
		return MOVE_GO;
	}
	if (n < 0 && errno == EINTR)
		return MOVE_GO;
	if (n < 0 && errno == EAGAIN)
		return MOVE_AWAIT_TO;
	if (n < 0 && errno == EINVAL && !m->proven)
		return MOVE_COPY;	/* appending, or a device */
	(void)conn_failed(to, why, "write");
	return MOVE_FAILED;
}

static enum move_state
take_in(struct move *m, struct conn *from, struct why *why)
{
	ssize_t n = splice(from->rfd, NULL, m->pipe[1], NULL,
	    m->proven ? MOVE_CHUNK : MOVE_FIRST, FLAGS);

	if (n > 0) {
		m->inside += (size_t)n;
		conn_moved(from, false, (size_t)n);
		return MOVE_GO;
	}
	if (n == 0) {
		conn_at_end(from);
		return MOVE_END;
	}
	if (errno == EINTR)
		return MOVE_GO;
	if (errno == EAGAIN)
		return MOVE_AWAIT_FROM;
	(void)conn_failed(from, why, "read");
	return MOVE_FAILED;
}

size_t
move_rescue(struct move *m, char *dst)
{
	size_t n = 0;

	while (m->inside > 0) {
		ssize_t r = read(m->pipe[0], dst + n, m->inside);

		assert(r > 0);	/* our own pipe, and they are in it */
		n += (size_t)r;
		m->inside -= (size_t)r;
	}
	return n;
}

enum move_state
move_some(struct move *m, struct conn *from, struct conn *to, struct why *why)
{
	if (m->how == MOVE_NOT)
		return MOVE_COPY;
	if (m->how != MOVE_THROUGH)
		return straight(m, from, to, why);
	return m->inside > 0 ? let_out(m, to, why) : take_in(m, from, why);
}
