/* SPDX-License-Identifier: MIT */
#include "scan/local.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	ENOUGH = 64,		/* source ports worth having */
	PLENTY = 4096,
	UNPRIVILEGED = 1024,
	LAST = 65535,
	ANY_PORT = 9,		/* connect() of UDP wants one, sends nothing */
};

bool
local_is(const struct addr *a)
{
	struct addr to = *a, from = { .len = sizeof from.in6 };
	bool is = false;
	int fd;

	if (addr_is_loopback(a))
		return true;
	fd = socket(addr_family(a), SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	/* The route to an address of one's own starts at that address. */
	addr_set_port(&to, ANY_PORT);
	if (connect(fd, &to.sa, to.len) == 0 &&
	    getsockname(fd, &from.sa, &from.len) == 0) {
		addr_set_port(&from, ANY_PORT);
		is = addr_equal(&from, &to);
	}
	close(fd);
	return is;
}

/* Linux keeps the range for IPv6 there too. */
static bool
kernels_range(unsigned *low, unsigned *high)
{
	char text[64];
	ssize_t n;
	int fd;

	fd = open("/proc/sys/net/ipv4/ip_local_port_range",
	    O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return sscanf(text, "%u %u", low, high) == 2;
}

unsigned
local_sources(unsigned *first)
{
	unsigned low, high;

	if (!kernels_range(&low, &high))
		return 0;
	if (high + ENOUGH <= LAST) {
		*first = high + 1;
		return LAST - high;
	}
	if (low < UNPRIVILEGED + ENOUGH)
		return 0;
	*first = low - UNPRIVILEGED > PLENTY ? low - PLENTY : UNPRIVILEGED;
	return low - *first;
}

void
local_allow_fds(unsigned n)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_cur >= n)
		return;
	r.rlim_cur = r.rlim_max < n ? r.rlim_max : n;
	setrlimit(RLIMIT_NOFILE, &r);
}
