/*
 * here - the addresses under which others can reach this machine.
 */
#ifndef NET_HERE_H
#define NET_HERE_H

#include "proto/addr.h"

enum { HERE_MAX = 8 };

/*
 * Of interfaces that are up: no loopback, no link-local addresses. Of one
 * family, or of both with AF_UNSPEC. Returns how many.
 */
size_t	here(struct addr at[static HERE_MAX], int family, unsigned port);

#endif
