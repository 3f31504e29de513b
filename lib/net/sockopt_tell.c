/* SPDX-License-Identifier: MIT */
#include <linux/mptcp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>

#include "base/vis.h"
#include "net/conn.h"
#include "net/sockopt.h"
#include "net/sockopt_row.h"
#include "proto/dscp.h"
#include "talk/talk.h"

struct line {
	char	text[400];
	size_t	n;
};

static void PRINTF_LIKE(2, 3)
put(struct line *l, const char *fmt, ...)
{
	size_t room = sizeof l->text - l->n;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->n, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->n += (size_t)n < room ? (size_t)n : room - 1;
}

static int
measure(int fd, int family, enum sockopt_is i)
{
	const struct sockopt_row *r = &sockopt_rows[i];
	bool v6 = family == AF_INET6 && r->opt6 != 0;
	int v = -1;
	socklen_t len = sizeof v;

	if (getsockopt(fd, v6 ? IPPROTO_IPV6 : r->level, v6 ? r->opt6 : r->opt,
	    &v, &len) < 0)
		return -1;
	return v;
}

/* The kernel counts its own overhead as well, and twice is its guess. */
static void
put_size(struct line *l, int has, int asked)
{
	put(l, " %d", has / 2);
	if (has / 2 < asked)
		put(l, " (of %d: the system's limit)", asked);
}

static void
put_dscp(struct line *l, int tos)
{
	const char *name = dscp_name(tos >> 2);

	if (name != NULL)
		put(l, " %s", name);
	else
		put(l, " %d", tos >> 2);
}

static void
put_number(struct line *l, enum sockopt_is i, int v, int asked)
{
	switch (i) {
	case SOCKOPT_KEEPALIVE: put(l, ", keepalive%s", v ? "" : " off");
		return;
	case SOCKOPT_KEEPIDLE: put(l, " after %d s", v);
		return;
	case SOCKOPT_KEEPINTVL: put(l, " every %d s", v);
		return;
	case SOCKOPT_KEEPCNT: put(l, " %d times", v);
		return;
	case SOCKOPT_NAGLE: put(l, ", nagle %s", v ? "off" : "on");
		return;
	default: break;
	}
	put(l, ", %s", sockopt_rows[i].name);
	if (v < 0)
		put(l, " unknown");
	else if (i == SOCKOPT_DSCP)
		put_dscp(l, v);
	else if (i == SOCKOPT_SNDBUF || i == SOCKOPT_RCVBUF)
		put_size(l, v, asked);
	else
		put(l, i == SOCKOPT_USER_TIMEOUT ? " %d ms" : " %d", v);
}

static void
put_names(struct line *l, const struct sockopt *o, int fd)
{
	char has[IFNAMSIZ] = "", name[16] = "", safe[4 * IFNAMSIZ];
	socklen_t len = sizeof has;

	if (o->interface != NULL && getsockopt(fd, SOL_SOCKET,
	    SO_BINDTODEVICE, has, &len) == 0)
		put(l, ", interface %s", vis_str(safe, sizeof safe, has,
		    strnlen(has, sizeof has)));
	len = sizeof name;
	if (o->congestion != NULL && getsockopt(fd, IPPROTO_TCP,
	    TCP_CONGESTION, name, &len) == 0)
		put(l, ", congestion %s", vis_str(safe, sizeof safe, name,
		    strnlen(name, sizeof name)));
}

/*
 * Both must speak it, or it is TCP: the kernel hands a listener a plain socket
 * then (RFC 8684 3.7).
 */
static void
put_mptcp(struct line *l, int fd)
{
	struct mptcp_info info = { 0 };
	socklen_t len = sizeof info;

	if (getsockopt(fd, SOL_MPTCP, MPTCP_INFO, &info, &len) < 0 ||
	    (info.mptcpi_flags & MPTCP_INFO_FLAG_FALLBACK) != 0)
		put(l, ", no mptcp: the peer speaks plain TCP");
	else
		put(l, ", mptcp");
}

static void
put_fast_open(struct line *l, int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof info;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0)
		put(l, ", fast-open: the SYN carried %sdata",
		    (info.tcpi_options & TCPI_OPT_SYN_DATA) != 0 ? "" : "no ");
}

void
sockopt_tell(const struct sockopt *o, int fd, int family, struct talk *talk,
    unsigned conn)
{
	struct line l = { .n = 0 };

	if (o == NULL || !talk_heard(talk))
		return;
	if (o->mptcp)
		put_mptcp(&l, fd);
	if (o->fast_open)
		put_fast_open(&l, fd);
	put_names(&l, o, fd);
	for (int i = 0; i < SOCKOPT_N; i++)
		if (o->n[i] != 0)
			put_number(&l, (enum sockopt_is)i, measure(fd, family,
			    (enum sockopt_is)i), o->n[i]);
	if (l.n > 0)
		talk_tell(talk, &(struct talk_event){ .kind = TALK_NOTE,
		    .conn = conn, .wordy = true,
		    TALK_VALUES(TALK_S(TF_CODE, "socket"),
		    TALK_S(TF_TEXT, l.text + 2)) });
}

void
sockopt_tell_conn(const struct sockopt *o, const struct conn *c)
{
	sockopt_tell(o, c->wfd, addr_family(&c->peer), c->talk, c->id);
}
