/* SPDX-License-Identifier: MIT */
#include "site/transfer.h"

#include <errno.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "net/conn.h"

struct transfer *
transfer_new(int fd, uint64_t from, uint64_t len)
{
	struct transfer *t = calloc(1, sizeof *t);

	if (t == NULL) {
		close(fd);
		return NULL;
	}
	t->fd = fd;
	t->at = (off_t)from;
	t->left = len;
	return t;
}

void
transfer_free(struct transfer *t)
{
	if (t == NULL)
		return;
	close(t->fd);
	exchange_free(&t->x);
	free(t);
}

/* sendfile(2) reports both ends' errors alike: these are the socket's. */
static bool
is_the_clients(int err)
{
	return err == EPIPE || err == ECONNRESET || err == ETIMEDOUT ||
	    err == ENOTCONN || err == EHOSTUNREACH || err == ENETUNREACH;
}

static enum transfer_state
failed(struct transfer *t, struct conn *c, int err)
{
	struct why why = { 0 };

	if (err == EAGAIN || err == EINTR)
		return TRANSFER_WAIT;
	if (!is_the_clients(err)) {
		t->x.note = errno_words(err);
		return TRANSFER_SHORT;
	}
	c->reset = true;
	why_sys(&why, err == ETIMEDOUT ? WHY_TIMEOUT : WHY_BROKEN, err,
	    "write");
	conn_tell_why(c, &why, "write");
	return TRANSFER_LOST;
}

enum transfer_state
transfer_send(struct transfer *t, struct conn *c)
{
	uint64_t turn = TRANSFER_TURN;

	while (t->left > 0 && turn > 0) {
		size_t n = t->left < TRANSFER_PIECE ? (size_t)t->left :
		    TRANSFER_PIECE;
		ssize_t r = sendfile(conn_plain(c), t->fd, &t->at, n);

		if (r < 0)
			return failed(t, c, errno);
		if (r == 0) {
			t->x.note = "the file has become shorter";
			return TRANSFER_SHORT;
		}
		conn_moved(c, true, (size_t)r);
		t->left -= (uint64_t)r;
		t->x.sent += (uint64_t)r;
		turn -= (uint64_t)r < turn ? (uint64_t)r : turn;
	}
	return t->left > 0 ? TRANSFER_WAIT : TRANSFER_DONE;
}
