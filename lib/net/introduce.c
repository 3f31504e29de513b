/* SPDX-License-Identifier: MIT */
#include "net/introduce.h"

#include <errno.h>

#include "net/conn.h"

int
introduce(struct conn *c, const struct introduction *o, struct why *why)
{
	char header[PROXY_HEADER_SIZE];
	size_t n = proxy_header_format(header, o->version, o->from, o->to);
	ssize_t r = conn_write(c, header, n, why);

	if (r == -1)
		return -1;
	if (r == (ssize_t)n)
		return 0;
	why_set(why, WHY_LOCAL, ENOBUFS, "no room for a PROXY header");
	conn_tell_why(c, why, "write");
	return -1;
}
