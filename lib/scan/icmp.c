/* SPDX-License-Identifier: MIT */
#include "scan/icmp.h"

/* timespec, for the kernel's header of the error queue */
#include <time.h>
#include <linux/errqueue.h>

enum { V4 = 4, V6 = 6, UNREACH4 = 3, UNREACH6 = 1 };

static const struct {
	uint8_t		 version, type, code;
	bool		 firewall;	/* a rule, not a missing machine */
	const char	*words;
} messages[] = {
	/* RFC 792; RFC 1812 5.2.7.1 */
	{ V4, UNREACH4, 0, false, "network unreachable" },
	{ V4, UNREACH4, 1, false, "host unreachable" },
	{ V4, UNREACH4, 2, true, "protocol unreachable" },
	{ V4, UNREACH4, 3, true, "port unreachable" },
	{ V4, UNREACH4, 9, true, "network prohibited" },
	{ V4, UNREACH4, 10, true, "host prohibited" },
	{ V4, UNREACH4, 13, true, "administratively prohibited" },
	/* RFC 4443 3.1 */
	{ V6, UNREACH6, 0, false, "no route" },
	{ V6, UNREACH6, 1, true, "administratively prohibited" },
	{ V6, UNREACH6, 2, false, "beyond the scope of the source" },
	{ V6, UNREACH6, 3, false, "address unreachable" },
	{ V6, UNREACH6, 4, true, "port unreachable" },
	{ V6, UNREACH6, 5, true, "source address refused by policy" },
	{ V6, UNREACH6, 6, true, "route rejects" },
};

static size_t
find(int family, unsigned type, unsigned code)
{
	unsigned version = family == AF_INET6 ? V6 : V4;
	size_t i;

	for (i = 0; i < NELEMS(messages); i++)
		if (messages[i].version == version &&
		    messages[i].type == type && messages[i].code == code)
			break;
	return i;
}

const char *
icmp_words(int family, unsigned type, unsigned code)
{
	size_t i = find(family, type, code);

	return i < NELEMS(messages) ? messages[i].words : NULL;
}

static void
judge(struct scan_result *r, const struct sock_extended_err *e)
{
	const struct sockaddr *from = SO_EE_OFFENDER(e);
	bool v6 = e->ee_origin == SO_EE_ORIGIN_ICMP6;
	size_t i = find(v6 ? AF_INET6 : AF_INET, e->ee_type, e->ee_code);

	r->state = i < NELEMS(messages) && messages[i].firewall ?
	    SCAN_FILTERED : SCAN_UNREACHABLE;
	r->sign = SCAN_ICMP;
	r->err = (int)e->ee_errno;
	r->icmp_type = e->ee_type;
	r->icmp_code = e->ee_code;
	addr_set(&r->icmp_from, from, v6 ? sizeof(struct sockaddr_in6) :
	    sizeof(struct sockaddr_in));
}

bool
icmp_read(int fd, struct scan_result *r)
{
	union {
		char		bytes[512];
		struct cmsghdr	align;
	} control;
	char quoted[64];		/* the SYN's header, of no use here */
	struct iovec iov = { quoted, sizeof quoted };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof control };
	const struct sock_extended_err *e;

	if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		e = (const void *)CMSG_DATA(c);
		if (e->ee_origin == SO_EE_ORIGIN_ICMP ||
		    e->ee_origin == SO_EE_ORIGIN_ICMP6) {
			judge(r, e);
			return true;
		}
	}
	return false;
}
