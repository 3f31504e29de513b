/* SPDX-License-Identifier: MIT */
#include "net/early.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/conn.h"

/* tee(2) leaves in the pipe what it copies to another. */
static ssize_t
look_into_pipe(int fd, char *data)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int copy[2];
	ssize_t n = -1;

	if (poll(&p, 1, EARLY_WAIT_MS) <= 0 || pipe2(copy, O_CLOEXEC) < 0)
		return -1;
	if (tee(fd, copy[1], EARLY_MAX, SPLICE_F_NONBLOCK) > 0)
		n = read(copy[0], data, EARLY_MAX);
	close(copy[0]);
	close(copy[1]);
	return n;
}

void
early_look(struct early *e, int fd)
{
	struct stat st;
	ssize_t n = -1;

	e->fd = fd;
	e->n = 0;
	if (fstat(fd, &st) < 0)
		return;
	e->file = S_ISREG(st.st_mode);
	if (e->file)
		n = pread(fd, e->data, EARLY_MAX, lseek(fd, 0, SEEK_CUR));
	else if (S_ISFIFO(st.st_mode))
		n = look_into_pipe(fd, e->data);
	e->n = n > 0 ? (size_t)n : 0;
}

int
early_connect(const struct early *e, int fd, const struct sockaddr *to,
    socklen_t len, size_t *sent)
{
	bool any = e != NULL && e->n > 0 && (to->sa_family == AF_INET ||
	    to->sa_family == AF_INET6);
	ssize_t n = -1;

	*sent = 0;
	if (any)
		n = sendto(fd, e->data, e->n, MSG_FASTOPEN | MSG_DONTWAIT |
		    MSG_NOSIGNAL, to, len);
	if (n >= 0) {
		*sent = (size_t)n;
		return 0;
	}
	/* The system may be told not to (net.ipv4.tcp_fastopen): EOPNOTSUPP. */
	if ((!any || errno == EOPNOTSUPP) && connect(fd, to, len) == 0)
		return 0;
	return errno == EINPROGRESS ? 0 : errno;
}

static void
take(const struct early *e, size_t n)
{
	char data[EARLY_MAX];

	if (e->file) {
		(void)lseek(e->fd, (off_t)n, SEEK_CUR);
		return;
	}
	while (n > 0) {
		ssize_t r = read(e->fd, data, n);

		if (r <= 0)
			return;
		n -= (size_t)r;
	}
}

void
early_sent(const struct early *e, struct conn *c, size_t sent)
{
	if (sent == 0)
		return;
	take(e, sent);
	conn_sent(c, e->data, sent);
}
