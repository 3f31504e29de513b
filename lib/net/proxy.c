/* SPDX-License-Identifier: MIT */
#include "net/proxy.h"

#include <errno.h>

#include "base/clock.h"
#include "net/conn.h"
#include "net/proxy_state.h"
#include "talk/talk.h"

enum { PEEK = 4 * KIB };

struct proxy *
proxy_new(struct ev_loop *loop, const struct proxy_ask *ask,
    proxy_done *done, void *arg)
{
	struct proxy *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	*p = (struct proxy){ .loop = loop, .ask = *ask, .done = done,
	    .arg = arg, .out = BUF_MAX(PROXY_HEAD), .in = BUF_MAX(PROXY_HEAD) };
	return p;
}

static void
leave_conn(struct proxy *p)
{
	ev_io_stop(p->loop, &p->io);
	buf_clear(&p->in);
	buf_clear(&p->out);
	p->conn = NULL;
}

void
proxy_free(struct proxy *p)
{
	if (p == NULL)
		return;
	if (p->conn != NULL) {
		ev_io_stop(p->loop, &p->io);
		conn_close(p->conn);
	}
	buf_free(&p->in);
	buf_free(&p->out);
	explicit_bzero(&p->ask.via.login, sizeof p->ask.via.login);
	free(p);
}

enum proxy_next
proxy_through(struct proxy *p)
{
	const struct why fine = { 0 };
	struct conn *c = p->conn;

	leave_conn(p);
	c->quiet = false;
	c->before_in = c->in;
	c->before_out = c->out;
	c->in = c->out = 0;
	p->done(p->arg, PROXY_THROUGH, c, &fine);
	return PROXY_OVER;
}

static enum proxy_next
lose(struct proxy *p, enum proxy_verdict v, const struct why *why)
{
	const struct why kept = *why;
	struct conn *c = p->conn;

	leave_conn(p);
	conn_close(c);
	p->done(p->arg, v, NULL, &kept);
	return PROXY_OVER;
}

enum proxy_next
proxy_again(struct proxy *p)
{
	return lose(p, PROXY_AGAIN, &(struct why){ 0 });
}

enum proxy_next
proxy_fail(struct proxy *p, const struct why *why)
{
	return lose(p, PROXY_FAILED, why);
}

void
proxy_put(struct proxy *p, const void *data, size_t n)
{
	int full = buf_add(&p->out, data, n);

	assert(full == 0);	/* 32 KiB for a request of 5 */
	(void)full;
}

static void
await(struct proxy *p, int events)
{
	ev_io_stop(p->loop, &p->io);
	ev_io_set(&p->io, p->conn->rfd, events);
	ev_io_start(p->loop, &p->io);
}

static void
write_some(struct proxy *p)
{
	struct why why = { 0 };
	ssize_t n = conn_write(p->conn, buf_head(&p->out), p->out.len, &why);

	if (n == CONN_LATER)
		return;
	if (n < 0) {
		(void)proxy_fail(p, &why);
		return;
	}
	buf_drop(&p->out, (size_t)n);
	if (p->out.len == 0)
		await(p, EV_READ);
}

/* Its end, or a failure, before it has answered. */
static void
ended(struct proxy *p)
{
	struct why why = { 0 };
	char data[1], name[ADDR_TEXT + 32];

	/* It may well close a connection that it seemed to keep. */
	if (p->kept && p->in.len == 0) {
		(void)proxy_again(p);
		return;
	}
	if (conn_read(p->conn, data, sizeof data, &why) == 0)
		why_set(&why, WHY_BROKEN, 0, "%s: it closed the connection "
		    "before it had answered", proxy_name(p, name));
	(void)proxy_fail(p, &why);
}

/* Of what waits, the bytes that were understood are taken. */
static int
take(struct proxy *p, size_t n, struct why *why)
{
	char data[PEEK];

	while (n > 0) {
		ssize_t r = conn_read(p->conn, data, n, why);

		if (r <= 0)
			return r == CONN_LATER ? 0 : -1;
		n -= (size_t)r;
	}
	return 0;
}

/*
 * What follows the reply is the far side's, and may come in the same segment:
 * so look first, and take no more than is the proxy's.
 */
static void
read_some(struct proxy *p)
{
	struct why why = { 0 };
	char data[PEEK];
	size_t before = p->in.len, room = buf_left(&p->in);
	ssize_t n = recv(p->conn->rfd, data, room < PEEK ? room : PEEK,
	    MSG_PEEK | MSG_DONTWAIT), len;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		ended(p);
		return;
	}
	if (buf_add(&p->in, data, (size_t)n) < 0)
		len = why_set(&why, WHY_LOCAL, ENOMEM, "out of memory");
	else
		len = p->step->parse(p, &why);
	if (len == 0 && buf_left(&p->in) == 0)
		len = proxy_garbled(p, &why, "its reply is longer than %d KiB",
		    PROXY_HEAD / KIB);
	if (len < 0 || take(p, len > 0 ? (size_t)len - before : (size_t)n,
	    &why) < 0) {
		(void)proxy_fail(p, &why);
		return;
	}
	if (len == 0 || p->step->then(p) == PROXY_OVER)
		return;
	buf_clear(&p->in);
	if (p->out.len > 0)
		await(p, EV_WRITE);
}

static void
on_io(struct ev_loop *loop, ev_io *w, int revents)
{
	struct proxy *p = w->data;

	(void)loop, (void)revents;
	if (p->out.len > 0)
		write_some(p);
	else
		read_some(p);
}

void
proxy_take(struct proxy *p, struct conn *c)
{
	p->conn = c;
	if (p->ask.plain) {
		(void)proxy_through(p);
		return;
	}
	p->kept = false;
	p->since_ns = clock_ns();
	c->quiet = true;		/* we tell what is said, in words */
	ev_io_init(&p->io, on_io, c->rfd, EV_WRITE);
	p->io.data = p;
	if ((p->ask.via.kind == PROXY_HTTP ? proxy_http_begin(p) :
	    proxy_socks_begin(p)) == PROXY_ON)
		ev_io_start(p->loop, &p->io);
}

bool
proxy_late(struct proxy *p, struct why *why)
{
	char name[ADDR_TEXT + 32];

	if (p == NULL || p->conn == NULL)
		return false;
	why_set(why, WHY_TIMEOUT, ETIMEDOUT, "%s: no answer in time "
	    "(--connect-timeout)", proxy_name(p, name));
	conn_tell_why(p->conn, why, "proxy");
	return true;
}
