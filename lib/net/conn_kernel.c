/* SPDX-License-Identifier: MIT */
#include "net/conn_kernel.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "talk/talk.h"

enum { END_MAX = 64 };		/* bytes of a close_notify on the wire */

bool
conn_kernel_info(const struct conn *c, struct tcp_info *ti)
{
	socklen_t len = sizeof *ti;

	*ti = (struct tcp_info){ 0 };
	return c->id != 0 &&
	    getsockopt(c->rfd, IPPROTO_TCP, TCP_INFO, ti, &len) == 0;
}

bool
conn_kernel_lost_only_end(const struct conn *c)
{
	struct tcp_info ti;

	return c->end != NULL && c->ended_in && c->ended_out &&
	    conn_kernel_info(c, &ti) &&
	    ti.tcpi_bytes_sent - ti.tcpi_bytes_retrans <=
	    ti.tcpi_bytes_acked + END_MAX;
}

size_t
conn_unacked(const struct conn *c)
{
	int n = 0;

	if (c->id == 0 || c->settled ||
	    ioctl(c->wfd, SIOCOUTQ, &n) < 0 || n < 0)
		return 0;
	return (size_t)n;
}

size_t
conn_kernel_unread(const struct conn *c)
{
	int n = 0;

	return ioctl(c->rfd, FIONREAD, &n) == 0 && n > 0 ? (size_t)n : 0;
}

/*
 * Of what was sent, so much was not acknowledged when it broke. The caller's
 * SYN has a place in the sequence, too (RFC 9293 3.4).
 */
static int64_t
never_acked(const struct conn *c)
{
	uint64_t out = c->out + c->before_out;
	struct tcp_info ti;

	if (c->layer != NULL || c->uncounted || !conn_kernel_info(c, &ti))
		return TALK_UNKNOWN;
	if (c->called && ti.tcpi_bytes_acked > 0)
		ti.tcpi_bytes_acked--;
	return out > ti.tcpi_bytes_acked ?
	    (int64_t)(out - ti.tcpi_bytes_acked) : 0;
}

/* A Unix socket counts the memory that is held, not the bytes in it. */
int64_t
conn_kernel_unacked(const struct conn *c)
{
	size_t n;

	if (c->reset)
		return never_acked(c);
	n = conn_unacked(c);
	return n > 0 && addr_family(&c->local) == AF_UNIX ? TALK_UNKNOWN :
	    (int64_t)n;
}
