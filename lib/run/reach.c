/* SPDX-License-Identifier: MIT */
#include "run/reach.h"

#include <errno.h>

#include "base/vis.h"
#include "run/session.h"

static int
source_addr(struct addr *a, const char *text, struct why *why)
{
	struct addr_operand o;
	char safe[ADDR_HOST];
	unsigned port = 0;

	vis_str(safe, sizeof safe, text, strlen(text));
	if (addr_operand_parse(&o, text) != NULL)
		return why_set(why, WHY_USAGE, 0,
		    "--source: '%s' is not ADDRESS or ADDRESS:PORT", safe);
	if (o.service[0] && resolve_port(&port, o.service, 0, why) < 0)
		return -1;
	if (!addr_literal(a, o.host, port))
		return why_set(why, WHY_USAGE, 0,
		    "--source: '%s' is not an IP address", safe);
	return 0;
}

int
reach_find_unix(struct session *s, struct reach *r, const char *name,
    const struct reach_opts *o)
{
	const char *bad;
	char safe[ADDR_TEXT];

	*r = (struct reach){ .timeout_ms = o->timeout_ms, .at.n = 1 };
	bad = addr_unix(&r->at.addr[0], name);
	vis_str(safe, sizeof safe, name, strlen(name));
	if (bad != NULL)
		return why_set(&s->why, WHY_USAGE, 0, "unix:%.100s is %s",
		    safe, bad);
	if (o->family != AF_UNSPEC || o->source != NULL)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--ipv4, --ipv6 and --source are not for a Unix socket");
	return 0;
}

int
reach_find(struct session *s, struct reach *r, const struct addr_operand *to,
    const struct reach_opts *o)
{
	unsigned port;

	*r = (struct reach){ .timeout_ms = o->timeout_ms };
	if ((o->udp ? resolve_udp_port(&port, to->service, 1, &s->why) :
	    resolve_port(&port, to->service, 1, &s->why)) < 0)
		return -1;
	if (o->source != NULL &&
	    source_addr(&r->source, o->source, &s->why) < 0)
		return -1;
	return resolve(&r->at, &s->talk, &(struct resolve_ask){
	    .host = to->host, .port = port, .family = o->family }, &s->why);
}

struct dial *
reach_dial(struct session *s, const struct reach *r, dial_done *done,
    void *arg)
{
	const struct dial_opts o = { .source = r->source,
		.timeout_ms = r->timeout_ms, .done = done, .arg = arg };

	return dial_new(s->loop, &s->talk, &r->at, &o);
}

int
reach(struct session *s, const struct addr_operand *to,
    const struct reach_opts *o, dial_done *done, void *arg)
{
	struct reach r;

	if (reach_find(s, &r, to, o) < 0)
		return -1;
	if (reach_dial(s, &r, done, arg) == NULL)
		return why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
	return 0;
}
