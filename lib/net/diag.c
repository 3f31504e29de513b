/* SPDX-License-Identifier: MIT */
#include "net/diag.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <unistd.h>

/* include/net/tcp_states.h: all of them. */
enum { EVERY_STATE = 0xfff, TIME_WAIT = 6 };

const char *
diag_state(unsigned st)
{
	static const char *const names[] = { NULL, "ESTABLISHED", "SYN_SENT",
		"SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
		"CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING" };

	return st < NELEMS(names) ? names[st] : NULL;
}

static void
put_end(uint32_t ip[4], uint16_t *port, const struct addr *a)
{
	if (addr_family(a) == AF_INET) {
		memcpy(ip, &a->in.sin_addr, 4);
		*port = a->in.sin_port;
	} else {
		memcpy(ip, &a->in6.sin6_addr, 16);
		*port = a->in6.sin6_port;
	}
}

/* The answer, or an errno: ENOENT if nobody has such a socket. */
static int
ask(int fd, const struct addr *local, const struct addr *peer,
    struct inet_diag_msg *about)
{
	struct {
		struct nlmsghdr h;
		struct inet_diag_req_v2 r;
	} q = { .h = { .nlmsg_len = sizeof q, .nlmsg_flags = NLM_F_REQUEST,
	    .nlmsg_type = SOCK_DIAG_BY_FAMILY },
	    .r = { .sdiag_family = (uint8_t)addr_family(local),
	    .sdiag_protocol = IPPROTO_TCP, .idiag_states = EVERY_STATE } };
	union {
		struct nlmsghdr h;
		char room[1024];
	} a;
	struct nlmsgerr *e = NLMSG_DATA(&a.h);
	ssize_t n;

	put_end(q.r.id.idiag_src, &q.r.id.idiag_sport, local);
	put_end(q.r.id.idiag_dst, &q.r.id.idiag_dport, peer);
	q.r.id.idiag_cookie[0] = q.r.id.idiag_cookie[1] =
	    INET_DIAG_NOCOOKIE;
	if (send(fd, &q, sizeof q, 0) < 0 ||
	    (n = recv(fd, &a, sizeof a, 0)) < (ssize_t)sizeof a.h)
		return EIO;
	if (a.h.nlmsg_type == NLMSG_ERROR)
		return -e->error;
	if ((size_t)n < NLMSG_LENGTH(sizeof *about))
		return EIO;
	memcpy(about, NLMSG_DATA(&a.h), sizeof *about);
	return 0;
}

bool
diag_ask(struct diag *d, const struct addr *local, const struct addr *peer)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
	    NETLINK_SOCK_DIAG);
	struct inet_diag_msg about = { .idiag_inode = 0 };
	int err;

	*d = (struct diag){ .timer_s = -1 };
	if (fd < 0)
		return false;
	err = ask(fd, local, peer, &about);
	close(fd);
	if (err != 0)
		return err == ENOENT;
	d->there = true;
	d->owned = about.idiag_inode != 0;
	d->state = diag_state(about.idiag_state);
	if (about.idiag_state == TIME_WAIT)
		d->timer_s = (int)((about.idiag_expires + 999) / 1000);
	return true;
}
