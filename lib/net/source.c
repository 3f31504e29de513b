/* SPDX-License-Identifier: MIT */
#include "net/source.h"

#include <errno.h>

#include "base/vis.h"
#include "net/resolve.h"

static int
bad(const char *text, const char *what, struct why *why)
{
	char safe[ADDR_HOST];

	return why_set(why, WHY_USAGE, 0, "--source: '%.100s' is not %s",
	    vis_str(safe, sizeof safe, text, strlen(text)), what);
}

static int
port_of(unsigned *port, const char *text, bool udp, struct why *why)
{
	struct why w = { 0 };

	if ((udp ? resolve_udp_port(port, text, 0, &w) :
	    resolve_port(port, text, 0, &w)) == 0)
		return 0;
	return why_set(why, w.kind, 0, "--source: %.200s", w.what);
}

int
source_parse(struct source *s, const char *text, bool udp, struct why *why)
{
	struct addr_operand o;

	*s = (struct source){ .port = 0 };
	if (text[0] == ':' && text[1] != ':')
		return port_of(&s->port, text + 1, udp, why);
	if (addr_operand_parse(&o, text) != NULL)
		return bad(text, "ADDRESS, ADDRESS:PORT or :PORT", why);
	if (o.service[0] && port_of(&s->port, o.service, udp, why) < 0)
		return -1;
	if (!addr_literal(&s->addr, o.host, s->port))
		return bad(text, "an IP address", why);
	return 0;
}

int
source_bind(const struct source *s, int fd, int family, struct addr *where)
{
	int on = 1, type = 0;
	socklen_t len = sizeof type;

	*where = s->addr;
	if (addr_family(where) == AF_UNSPEC && s->port == 0)
		return 0;
	if (addr_family(where) == AF_UNSPEC &&
	    !addr_literal(where, family == AF_INET6 ? "::" : "0.0.0.0",
	    s->port))
		return EAFNOSUPPORT;
	if (addr_family(where) != family)
		return EAFNOSUPPORT;
	/* What is left of a former connection is in nobody's way (tcp(7)). */
	if (s->port != 0 && getsockopt(fd, SOL_SOCKET, SO_TYPE, &type,
	    &len) == 0 && type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	return bind(fd, &where->sa, where->len) < 0 ? errno : 0;
}
