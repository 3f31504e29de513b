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

/*
 * A piece that must pass through us, since it is encrypted on its way, or
 * recorded. What the client has no room for yet is read again.
 */
static ssize_t
pass_on(struct transfer *t, struct conn *c, size_t n, enum transfer_state *bad)
{
	char piece[TRANSFER_SEEN];
	struct why why = { 0 };
	ssize_t r = pread(t->fd, piece, n < sizeof piece ? n : sizeof piece,
	    t->at);

	*bad = TRANSFER_SHORT;
	if (r < 0)
		t->x.note = errno_words(errno);
	if (r <= 0)
		return r;
	r = conn_write(c, piece, (size_t)r, &why);
	*bad = r == CONN_LATER ? TRANSFER_WAIT : TRANSFER_LOST;
	if (r <= 0)
		return -1;
	t->at += r;
	return r;
}

static ssize_t
let_kernel_pass(struct transfer *t, struct conn *c, size_t n,
    enum transfer_state *bad)
{
	ssize_t r = sendfile(conn_plain(c), t->fd, &t->at, n);

	*bad = TRANSFER_SHORT;
	if (r < 0)
		*bad = failed(t, c, errno);
	else
		conn_moved(c, true, (size_t)r);
	return r;
}

enum transfer_state
transfer_send(struct transfer *t, struct conn *c)
{
	bool plain = conn_kind(c, true) == CONN_SOCKET;
	uint64_t turn = TRANSFER_TURN;

	while (t->left > 0 && turn > 0) {
		size_t n = t->left < TRANSFER_PIECE ? (size_t)t->left :
		    TRANSFER_PIECE;
		enum transfer_state bad;
		ssize_t r = plain ? let_kernel_pass(t, c, n, &bad) :
		    pass_on(t, c, n, &bad);

		if (r == 0)
			t->x.note = "the file has become shorter";
		if (r <= 0)
			return bad;
		t->left -= (uint64_t)r;
		t->x.sent += (uint64_t)r;
		turn -= (uint64_t)r < turn ? (uint64_t)r : turn;
	}
	return t->left > 0 ? TRANSFER_WAIT : TRANSFER_DONE;
}
