/* SPDX-License-Identifier: MIT */
#include "net/conn.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "net/conn_kernel.h"
#include "net/conn_wire.h"
#include "net/diag.h"
#include "talk/talk.h"

static const char *
who_name(enum conn_who w)
{
	return w == CONN_PEER ? "peer" : "us";
}

static void
ended_first(struct conn *c, enum conn_who w)
{
	if (c->first == CONN_NOBODY)
		c->first = w;
}

static void
tell_bytes(struct conn *c, bool out, const void *p, size_t n)
{
	struct talk_event e = {
		.kind = out ? TALK_SENT : TALK_RECEIVED,
		.conn = c->id, .out = out, .crlf = c->crlf,
		TALK_VALUES(TALK_I(TF_BYTES, n),
		    TALK_I(TF_OFF, out ? c->out : c->in),
		    TALK_B(TF_DATA, p, n),
		    TALK_S(TF_SRC, out ? c->src : NULL)),
	};

	if (!c->quiet)
		talk_tell(c->talk, &e);
}

static void
tell_half(struct conn *c, enum conn_who w)
{
	struct tcp_info ti;

	if (!talk_heard(c->talk))
		return;
	talk_tell(c->talk, &(struct talk_event){ .kind = TALK_HALF_CLOSED,
	    .conn = c->id, .wordy = c->brief,
	    TALK_VALUES(TALK_S(TF_WHO, who_name(w)),
	    TALK_S(TF_HOW, c->end), TALK_S(TF_STATE, conn_kernel_info(c, &ti) ?
	    diag_state(ti.tcpi_state) : NULL)) });
}

/* text: in words, where there is no errno. */
static void
tell_why(struct conn *c, const struct why *why, const char *during,
    const char *text)
{
	enum talk_kind kind = TALK_BROKEN;

	if (c->id == 0)
		return;
	if (why->kind == WHY_TIMEOUT)
		kind = TALK_TIMEOUT;
	else if (why->err == ECONNRESET)
		kind = TALK_RESET;
	talk_tell(c->talk, &(struct talk_event){ .kind = kind, .conn = c->id,
	    .err = why->err, .peer = &c->peer,
	    TALK_VALUES(TALK_S(TF_WHO, kind == TALK_RESET ? "peer" : NULL),
	    TALK_S(kind == TALK_TIMEOUT ? TF_PHASE : TF_DURING, during),
	    TALK_S(TF_TEXT, text),
	    TALK_I(TF_UNACKED, conn_kernel_unacked(c))) });
}

void
conn_tell_why(struct conn *c, const struct why *why, const char *during)
{
	tell_why(c, why, during, NULL);
}

/* "read 192.0.2.1:80 after 5 B sent and 0 B received" */
static const char *
so_far(const struct conn *c, const char *during, char *dst, size_t size)
{
	int64_t unsure = conn_kernel_unacked(c);
	char peer[ADDR_TEXT], some[64] = "";

	if (unsure > 0)
		snprintf(some, sizeof some, " (%lld B of them not "
		    "acknowledged)", (long long)unsure);
	snprintf(dst, size, "%s %s after %llu B sent%s and %llu B received",
	    during, addr_text(&c->peer, peer), (unsigned long long)c->out,
	    some, (unsigned long long)c->in);
	return dst;
}

/* A failed system call on a socket, or on one of our own descriptors. */
int
conn_failed(struct conn *c, struct why *why, const char *during)
{
	struct why mine = { 0 }, other = { 0 };
	char head[sizeof mine.what];
	const char *text = NULL;
	int err = errno;

	if (c->id == 0) {
		if (err == EPIPE)
			return why_set(why, WHY_SIGNAL, SIGPIPE,
			    "stdout: nobody reads it any more");
		return why_sys(why, WHY_LOCAL, err, "%s",
		    during[0] == 'r' ? "stdin" : "stdout");
	}
	c->reset = true;
	ended_first(c, CONN_PEER);
	conn_wire_failed(c, err);
	so_far(c, during, head, sizeof head);
	if (c->ops->fault != NULL)
		text = c->ops->fault(c, &other);
	if (text != NULL) {
		why_set(&mine, other.kind, 0, "%.120s: %.130s", head, text);
		why_hint(&mine, "%s", other.hint);
	} else
		why_sys(&mine, err == ETIMEDOUT ? WHY_TIMEOUT : WHY_BROKEN,
		    err, "%s", head);
	tell_why(c, &mine, during, text);
	if (why->kind == WHY_NONE)
		*why = mine;
	return -1;
}

void
conn_at_end(struct conn *c)
{
	if (c->ended_in)
		return;
	c->ended_in = true;
	conn_wire_end(c, false);
	ended_first(c, CONN_PEER);
	if (c->id != 0 && !c->ended_out)
		tell_half(c, CONN_PEER);
}

int
conn_broke(struct conn *c, struct why *why)
{
	int err = 0;
	socklen_t len = sizeof err;

	if (c->id == 0 || getsockopt(c->rfd, SOL_SOCKET, SO_ERROR,
	    &err, &len) < 0 || err == 0)
		return 0;
	if (conn_kernel_lost_only_end(c)) {
		c->settled = true;	/* asking has cleared the error */
		return 0;
	}
	errno = err == EPIPE ? ECONNRESET : err;
	return conn_failed(c, why, "write");
}

enum conn_kind
conn_kind(const struct conn *c, bool out)
{
	if (c->talk != NULL && c->talk->wants_bytes && !c->quiet)
		return CONN_SEEN;
	if (talk_wired(c->talk))
		return CONN_SEEN;
	return c->ops->kind(c, out);
}

ssize_t
conn_read(struct conn *c, void *p, size_t n, struct why *why)
{
	ssize_t r = c->ops->read(c, p, n);

	if (r > 0) {
		if (c->layer == NULL)
			conn_passed(c, false, p, (size_t)r);
		tell_bytes(c, false, p, (size_t)r);
		c->in += (size_t)r;
	} else if (r == 0)
		conn_at_end(c);
	else if (r == -1)
		return conn_failed(c, why, "read");
	return r;
}

/* Tells what was taken of a vector, piece by piece. */
static void
tell_vector(struct conn *c, const struct iovec *v, size_t n)
{
	for (; n > 0; v++) {
		size_t k = v->iov_len < n ? v->iov_len : n;

		if (k > 0 && c->layer == NULL)
			conn_passed(c, true, v->iov_base, k);
		if (k > 0)
			tell_bytes(c, true, v->iov_base, k);
		c->out += k;
		n -= k;
	}
}

void
conn_sent(struct conn *c, const void *p, size_t n)
{
	if (c->layer == NULL)
		conn_passed(c, true, p, n);
	tell_bytes(c, true, p, n);
	c->out += n;
}

ssize_t
conn_writev(struct conn *c, const struct iovec *v, int nv, bool more,
    struct why *why)
{
	ssize_t r = c->ops->write(c, v, nv, more);

	if (r >= 0)
		tell_vector(c, v, (size_t)r);
	else if (r == -1)
		return conn_failed(c, why, "write");
	return r;
}

ssize_t
conn_write(struct conn *c, const void *p, size_t n, struct why *why)
{
	struct iovec v = { .iov_base = (void *)(uintptr_t)p, .iov_len = n };

	return conn_writev(c, &v, 1, false, why);
}

int
conn_shut(struct conn *c)
{
	enum conn_who first = conn_ender(c);
	int r;

	if (c->ended_out)
		return 0;
	if ((r = c->ops->shut(c)) == CONN_LATER)
		return CONN_LATER;
	c->ended_out = true;
	if (r < 0)
		return 0;	/* reset: conn_read() or conn_broke() says so */
	conn_wire_end(c, true);
	ended_first(c, first);
	if (c->id != 0 && !c->ended_in)
		tell_half(c, CONN_US);
	return 0;
}

bool
conn_pending(const struct conn *c)
{
	return c->ops->pending != NULL && c->ops->pending(c);
}

void
conn_moved(struct conn *c, bool out, size_t n)
{
	struct talk_event e = {
		.kind = out ? TALK_SENT : TALK_RECEIVED,
		.conn = c->id, .out = out,
		TALK_VALUES(TALK_I(TF_BYTES, n),
		    TALK_I(TF_OFF, out ? c->out : c->in),
		    TALK_S(TF_SRC, out ? c->src : NULL)),
	};

	if (!c->quiet)
		talk_tell(c->talk, &e);
	if (out)
		c->out += n;
	else
		c->in += n;
}

void
conn_recount(struct conn *c)
{
	struct tcp_info ti;

	if (c->layer != NULL)
		return;		/* we moved them, and have counted */
	c->uncounted = !conn_kernel_info(c, &ti);
	if (c->uncounted)
		return;
	c->out = ti.tcpi_bytes_sent - ti.tcpi_bytes_retrans - c->before_out;
	/* A FIN takes one place in the sequence (RFC 9293 3.4). */
	c->in = ti.tcpi_bytes_received - (ti.tcpi_bytes_received > 0 &&
	    c->ended_in) - c->before_in;
}

static void
tell_closed(struct conn *c)
{
	struct tcp_info ti;
	bool known = conn_kernel_info(c, &ti);
	bool rst = known && !c->reset && conn_kernel_unread(c) > 0;

	ended_first(c, conn_ender(c));
	talk_tell(c->talk, &(struct talk_event){ .kind = TALK_CLOSED,
	    .conn = c->id, .wordy = c->brief && !c->reset,
	    .local = &c->local, .peer = &c->peer,
	    TALK_VALUES(TALK_S(TF_WHO_FIRST, who_name(c->first)),
	    TALK_I(TF_SENT, c->uncounted ? TALK_UNKNOWN : (int64_t)c->out),
	    TALK_I(TF_RECEIVED,
	    c->uncounted ? TALK_UNKNOWN : (int64_t)c->in),
	    TALK_I(TF_DUR_US, (clock_ns() - c->opened_ns) / NS_PER_US),
	    TALK_I(TF_RTT_US, known ? (int64_t)ti.tcpi_rtt : TALK_UNKNOWN),
	    TALK_I(TF_RETRANS,
	    known ? (int64_t)ti.tcpi_total_retrans : TALK_UNKNOWN),
	    TALK_I(TF_UNSENT, conn_kernel_unacked(c)),
	    TALK_S(TF_STATE, known ? diag_state(ti.tcpi_state) : NULL),
	    TALK_S(TF_HOW, rst ? "rst" : NULL)) });
	c->reset |= rst;
}

/*
 * What the kernel keeps of a connection that we ended first. The last segments
 * need their time, which an explanation is worth.
 */
static void
tell_afterlife(const struct conn *c)
{
	struct diag d = { .state = NULL };

	if (!talk_curious(c->talk) || c->id == 0 || c->first != CONN_US ||
	    c->reset || !addr_is_ip(&c->peer))
		return;
	for (int ms = 0; ms < CONN_AFTERLIFE_MS && d.timer_s <= 0; ms++) {
		if (!diag_ask(&d, &c->local, &c->peer) || !d.there || d.owned)
			return;
		if (d.timer_s <= 0)
			poll(NULL, 0, 1);
	}
	talk_tell(c->talk, &(struct talk_event){ .kind = TALK_AFTERLIFE,
	    .conn = c->id, .local = &c->local, .peer = &c->peer,
	    TALK_VALUES(TALK_S(TF_STATE, d.state), TALK_I(TF_TIMER_S,
	    d.timer_s < 0 ? TALK_UNKNOWN : d.timer_s)) });
}

void
conn_close(struct conn *c)
{
	if (c == NULL)
		return;
	/* An encrypted end goes out while it is still recorded. */
	if (c->layer != NULL && talk_wired(c->talk) && !c->ended_out)
		(void)c->ops->shut(c);
	conn_wire_close(c);
	if (c->id != 0 && talk_heard(c->talk))
		tell_closed(c);
	if (c->on_close != NULL)
		c->on_close(c->on_close_arg, c);
	c->ops->close(c);
	tell_afterlife(c);
	free(c);
}
