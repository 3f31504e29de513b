/* SPDX-License-Identifier: MIT */
#include "net/facts.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "talk/talk.h"

enum { PORT_MAX = 65535 };

/* The numbers in a line of /proc/sys; how many there were. */
static int
numbers(const char *path, int64_t n[2])
{
	FILE *f = fopen(path, "re");
	long long a, b;
	int got = 0;

	if (f == NULL)
		return 0;
	if ((got = fscanf(f, "%lld %lld", &a, &b)) > 0)
		n[0] = a;
	if (got > 1)
		n[1] = b;
	fclose(f);
	return got < 0 ? 0 : got;
}

unsigned
facts_unprivileged(void)
{
	int64_t n[2] = { 1024, 0 };

	(void)numbers("/proc/sys/net/ipv4/ip_unprivileged_port_start", n);
	return (unsigned)n[0];
}

static int64_t
syns_sent(int fd)
{
	struct tcp_info ti;
	socklen_t len = sizeof ti;

	return fd < 0 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &ti, &len) < 0 ?
	    TALK_UNKNOWN : (int64_t)ti.tcpi_total_retrans + 1;
}

/* Are its neighbours open? And here, a server may be begun. */
static void
what_to_try(char *to, size_t size, const struct addr *peer)
{
	unsigned port = addr_port(peer), low = port - port % 100;
	char ip[ADDR_TEXT];
	int n;

	n = snprintf(to, size, "'sockt port-check %s %u-%u'",
	    addr_ip(peer, ip), low > 0 ? low : 1, low + 100 < PORT_MAX ?
	    low + 100 : PORT_MAX);
	if (addr_is_loopback(peer))
		snprintf(to + n, size - (size_t)n,
		    " or start a server: 'sockt listen %u'", port);
}

void
facts_of_call(struct facts *f, const struct talk *t, int fd,
    const struct addr *peer, int err)
{
	int64_t n[2];

	*f = (struct facts){ .low = TALK_UNKNOWN, .high = TALK_UNKNOWN,
		.syns = TALK_UNKNOWN, .syn_retries = TALK_UNKNOWN,
		.time_waits = TALK_UNKNOWN };
	if (!talk_curious(t) || !addr_is_ip(peer))
		return;
	if ((err == 0 || err == EADDRNOTAVAIL) && numbers(
	    "/proc/sys/net/ipv4/ip_local_port_range", n) == 2) {
		f->low = n[0];
		f->high = n[1];
	}
	if (err == EADDRNOTAVAIL)
		f->time_waits = owner_time_waits(peer);
	if (err == ETIMEDOUT)
		f->syns = syns_sent(fd);
	if (err == EINPROGRESS &&
	    numbers("/proc/sys/net/ipv4/tcp_syn_retries", n) > 0)
		f->syn_retries = n[0];
	if (err == ECONNREFUSED)
		what_to_try(f->try, sizeof f->try, peer);
	if (err == ECONNREFUSED && addr_is_loopback(peer))
		owner_of_port(&f->elsewhere, addr_port(peer), false);
}
