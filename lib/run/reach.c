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

static int
begin(struct session *s, const struct resolve *at,
    const struct dial_opts *opts)
{
	if (dial_new(s->loop, &s->talk, at, opts) == NULL)
		return why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
	return 0;
}

int
reach_unix(struct session *s, const char *name, const struct reach_opts *o,
    dial_done *done, void *arg)
{
	struct resolve at = { .n = 1 };
	const char *bad = addr_unix(&at.addr[0], name);
	char safe[ADDR_TEXT];

	vis_str(safe, sizeof safe, name, strlen(name));
	if (bad != NULL)
		return why_set(&s->why, WHY_USAGE, 0, "unix:%.100s is %s",
		    safe, bad);
	if (o->family != AF_UNSPEC || o->source != NULL)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--ipv4, --ipv6 and --source are not for a Unix socket");
	return begin(s, &at, &(struct dial_opts){
	    .timeout_ms = o->timeout_ms, .done = done, .arg = arg });
}

int
reach(struct session *s, const struct addr_operand *to,
    const struct reach_opts *o, dial_done *done, void *arg)
{
	struct dial_opts opts = { .timeout_ms = o->timeout_ms, .done = done,
		.arg = arg };
	struct resolve at;
	unsigned port;

	if (resolve_port(&port, to->service, 1, &s->why) < 0)
		return -1;
	if (o->source != NULL &&
	    source_addr(&opts.source, o->source, &s->why) < 0)
		return -1;
	if (resolve(&at, &s->talk, &(struct resolve_ask){ .host = to->host,
	    .port = port, .family = o->family }, &s->why) < 0)
		return -1;
	return begin(s, &at, &opts);
}
