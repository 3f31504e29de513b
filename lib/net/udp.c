/* SPDX-License-Identifier: MIT */
#include "net/udp.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <unistd.h>

#include "base/vis.h"
#include "net/conn.h"
#include "talk/talk.h"

/* Control messages: where to; an error, and by whom. */
union control {
	struct cmsghdr	align;
	char		room[256];
};

void
udp_prepare(int fd, int family)
{
	int on = 1, off = 0, size = UDP_RCVBUF;

	if (family == AF_UNIX) {
		setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	/* For IPv4 that an IPv6 socket serves, as well. */
	setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
	setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off);
	if (family == AF_INET6) {
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on,
		    sizeof on);
		setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, &off,
		    sizeof off);
	} else
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
}

int
udp_open(int family)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		udp_prepare(fd, family);
	return fd;
}

/* Whoever it is from; and nobody hands us a file to keep open. */
static void
take_unix(struct udp_in *in, struct cmsghdr *c)
{
	struct ucred who;
	int fd;

	if (c->cmsg_type == SCM_CREDENTIALS) {
		memcpy(&who, CMSG_DATA(c), sizeof who);
		if (who.pid != 0) {
			in->pid = who.pid;
			in->uid = who.uid;
		}
	}
	if (c->cmsg_type != SCM_RIGHTS)
		return;
	for (size_t at = CMSG_LEN(0); at + sizeof fd <= c->cmsg_len;
	    at += sizeof fd) {
		memcpy(&fd, (char *)c + at, sizeof fd);
		close(fd);
	}
}

/* The name moves to where it stays; a socket without one tells none. */
static void
take_name(struct udp_in *in, struct sockaddr_storage *ss, socklen_t len)
{
	if (len == 0) {
		ss->ss_family = AF_UNIX;
		len = offsetof(struct sockaddr_un, sun_path);
	}
	addr_set(&in->from, (struct sockaddr *)ss, len);
	if (addr_family(&in->from) != AF_UNIX)
		return;
	memcpy(in->name, in->from.un.name, in->from.un.n);
	in->from.un.name = in->name;
}

static void
take_info(struct udp_in *in, struct cmsghdr *c)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in4 = { .sin_family = AF_INET };
	struct in6_pktinfo info6;
	struct in_pktinfo info4;

	if (c->cmsg_level == SOL_SOCKET)
		take_unix(in, c);
	else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
		memcpy(&info4, CMSG_DATA(c), sizeof info4);
		in4.sin_addr = info4.ipi_spec_dst;
		addr_set(&in->to, (struct sockaddr *)&in4, sizeof in4);
	} else if (c->cmsg_level == IPPROTO_IPV6 &&
	    c->cmsg_type == IPV6_PKTINFO) {
		memcpy(&info6, CMSG_DATA(c), sizeof info6);
		in6.sin6_addr = info6.ipi6_addr;
		if (IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr))
			in6.sin6_scope_id = info6.ipi6_ifindex;
		addr_set(&in->to, (struct sockaddr *)&in6, sizeof in6);
	}
}

ssize_t
udp_receive(int fd, void *p, struct udp_in *in)
{
	struct sockaddr_storage ss = { 0 };
	struct iovec v = { .iov_base = p, .iov_len = UDP_ROOM };
	union control control;
	struct msghdr m = {
		.msg_name = &ss, .msg_namelen = sizeof ss,
		.msg_iov = &v, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof control,
	};
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? CONN_LATER : -1;
	*in = (struct udp_in){ .cut = (m.msg_flags & MSG_TRUNC) != 0,
	    .pid = TALK_UNKNOWN, .uid = TALK_UNKNOWN };
	take_name(in, &ss, m.msg_namelen);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c != NULL;
	    c = CMSG_NXTHDR(&m, c))
		take_info(in, c);
	return n;
}

/* Which address of ours the datagram comes from. */
static void
put_source(struct msghdr *m, const struct addr *from, int family)
{
	struct cmsghdr *c = m->msg_control;
	struct sockaddr_storage ss;

	addr_kernel(from, family, &ss);
	if (family == AF_INET) {
		struct in_pktinfo info = { .ipi_spec_dst =
		    ((struct sockaddr_in *)&ss)->sin_addr };

		*c = (struct cmsghdr){ .cmsg_level = IPPROTO_IP,
		    .cmsg_type = IP_PKTINFO,
		    .cmsg_len = CMSG_LEN(sizeof info) };
		memcpy(CMSG_DATA(c), &info, sizeof info);
		m->msg_controllen = CMSG_SPACE(sizeof info);
	} else {
		struct in6_pktinfo info = { .ipi6_addr =
		    ((struct sockaddr_in6 *)&ss)->sin6_addr };

		*c = (struct cmsghdr){ .cmsg_level = IPPROTO_IPV6,
		    .cmsg_type = IPV6_PKTINFO,
		    .cmsg_len = CMSG_LEN(sizeof info) };
		memcpy(CMSG_DATA(c), &info, sizeof info);
		m->msg_controllen = CMSG_SPACE(sizeof info);
	}
}

static int
family_of(int fd)
{
	int family = AF_UNSPEC;
	socklen_t len = sizeof family;

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len);
	return family;
}

int
udp_send(int fd, const struct udp_out *o, const void *p, size_t n)
{
	struct sockaddr_storage ss;
	struct iovec v = { .iov_base = (void *)(uintptr_t)p, .iov_len = n };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	union control control = { 0 };
	int family = o->to == NULL ? AF_UNSPEC : family_of(fd);

	if (o->to != NULL) {
		m.msg_name = &ss;
		m.msg_namelen = addr_kernel(o->to, family, &ss);
	}
	/* What was sent to a group, or to all, is answered by one of us. */
	if (o->from != NULL && addr_family(o->from) != AF_UNSPEC &&
	    !addr_is_multicast(o->from)) {
		m.msg_control = &control;
		m.msg_controllen = sizeof control;
		put_source(&m, o->from, family);
	}
	if (sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return 0;
	if (m.msg_control != NULL && (errno == EINVAL ||
	    errno == EADDRNOTAVAIL))
		return udp_send(fd, &(struct udp_out){ .to = o->to }, p, n);
	return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ?
	    CONN_LATER : -1;
}

int
udp_failure(int fd, struct addr *whom)
{
	struct sockaddr_storage ss = { 0 };
	char nothing[1];
	struct iovec v = { .iov_base = nothing, .iov_len = sizeof nothing };
	struct sock_extended_err e = { 0 };
	union control control;
	struct msghdr m = {
		.msg_name = &ss, .msg_namelen = sizeof ss,
		.msg_iov = &v, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof control,
	};

	if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return 0;
	addr_set(whom, (struct sockaddr *)&ss, m.msg_namelen);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c != NULL;
	    c = CMSG_NXTHDR(&m, c))
		if ((c->cmsg_level == IPPROTO_IP &&
		    c->cmsg_type == IP_RECVERR) ||
		    (c->cmsg_level == IPPROTO_IPV6 &&
		    c->cmsg_type == IPV6_RECVERR))
			memcpy(&e, CMSG_DATA(c), sizeof e);
	return e.ee_errno != 0 ? (int)e.ee_errno : EIO;
}

const char *
udp_proto(const struct addr *a)
{
	return addr_family(a) == AF_UNIX ? "unixgram" : "udp";
}

const char *
udp_text(const struct addr *a, char dst[static ADDR_TEXT])
{
	size_t n = strlen(addr_text(a, dst));

	if (addr_family(a) != AF_UNIX)
		snprintf(dst + n, ADDR_TEXT - n, "/udp");
	return dst;
}

uint32_t
udp_dropped(int fd)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t len = sizeof info;

	return getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len) == 0 ?
	    info[SK_MEMINFO_DROPS] : 0;
}

int
udp_group(struct addr *group, unsigned *interface, const char *text,
    struct why *why)
{
	size_t n = strcspn(text, "%");
	char ip[INET6_ADDRSTRLEN], safe[ADDR_HOST];

	vis_str(safe, sizeof safe, text, strlen(text));
	*interface = 0;
	snprintf(ip, sizeof ip, "%.*s", (int)n, text);
	if (n >= sizeof ip || !addr_literal(group, ip, 0) ||
	    !addr_is_multicast(group))
		return why_set(why, WHY_USAGE, 0, "--join: '%.100s' is not a "
		    "multicast address", safe);
	if (text[n] == '%' && (*interface = if_nametoindex(text + n + 1)) == 0)
		return why_set(why, WHY_USAGE, 0, "--join: '%.100s': this "
		    "machine has no such interface", safe);
	return 0;
}

int
udp_join(int fd, const struct addr *group, unsigned interface,
    struct why *why)
{
	struct group_req r = { .gr_interface = interface };
	char text[ADDR_TEXT];

	addr_kernel(group, addr_family(group), &r.gr_group);
	if (setsockopt(fd, addr_family(group) == AF_INET6 ? IPPROTO_IPV6 :
	    IPPROTO_IP, MCAST_JOIN_GROUP, &r, sizeof r) == 0)
		return 0;
	return why_sys(why, WHY_LISTEN, errno, "cannot join %s",
	    addr_ip(group, text));
}
