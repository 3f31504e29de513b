/* SPDX-License-Identifier: MIT */
#include "net/here.h"

#include <ifaddrs.h>
#include <net/if.h>

static bool
reachable(const struct addr *a, int family)
{
	if (family != AF_UNSPEC && addr_family(a) != family)
		return false;
	if (addr_family(a) == AF_INET6)
		return !IN6_IS_ADDR_LINKLOCAL(&a->in6.sin6_addr) &&
		    !addr_is_loopback(a);
	return addr_family(a) == AF_INET && !addr_is_loopback(a);
}

size_t
here(struct addr at[static HERE_MAX], int family, unsigned port)
{
	struct ifaddrs *list = NULL;
	size_t n = 0;

	if (getifaddrs(&list) < 0)
		return 0;
	for (struct ifaddrs *i = list; i != NULL && n < HERE_MAX;
	    i = i->ifa_next) {
		if (i->ifa_addr == NULL || !(i->ifa_flags & IFF_UP))
			continue;
		addr_set(&at[n], i->ifa_addr,
		    i->ifa_addr->sa_family == AF_INET6 ?
		    sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
		addr_set_port(&at[n], port);
		n += reachable(&at[n], family);
	}
	freeifaddrs(list);
	return n;
}
