/* SPDX-License-Identifier: MIT */
/* listen_forward - sockt listen --forward: where to, and how. */
#include <errno.h>

#include "listen.h"
#include "net/conn.h"
#include "run/forward.h"

/* "tls:" in front of the place. */
static const char *
behind_tls(const char *place)
{
	return strncmp(place, "tls:", 4) == 0 ? place + 4 : NULL;
}

int
listen_forward_check(struct session *s)
{
	const struct tls_opts *o = &lcfg.onward;
	const char *how = o->ca_file != NULL ? "--forward-ca-file" :
	    o->pin != NULL ? "--forward-pin" :
	    o->insecure ? "--forward-insecure" : NULL;

	if (lcfg.forward == NULL && lcfg.send_proxy >= 0)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--send-proxy is for --forward");
	if (lcfg.udp.udp && lcfg.send_proxy >= 0)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--send-proxy needs a stream: there is none with --udp");
	if (how != NULL && (lcfg.forward == NULL ||
	    behind_tls(lcfg.forward) == NULL))
		return why_set(&s->why, WHY_USAGE, 0,
		    "%s is for --forward tls:HOST:PORT", how);
	return 0;
}

/* Each conversation onwards has the same doubt; it is said for each. */
static void
on_reached(void *session, const struct conn *c)
{
	say_doubt(session, c);
}

/* Not what says who may reach us, or by way of what. */
static const struct sockopt *
onward_sockopt(void)
{
	struct sockopt *o = &lcfg.onward_sockopt;

	*o = lcfg.sockopt;
	o->interface = NULL;
	o->n[SOCKOPT_TTL] = o->n[SOCKOPT_MIN_TTL] = 0;
	o->fast_open = false;
	return o;
}

static int
find(struct session *s, struct forward_opts *o, const char *place)
{
	static struct addr_operand to;
	const struct reach_opts how = { .timeout_ms = REACH_TIMEOUT_MS,
		.sockopt = reach_is_local(place) ?
		NULL : onward_sockopt() };
	char *operand = (char *)(uintptr_t)place;
	bool local = reach_is_local(place);

	o->tls_name = local ? "localhost" : to.host;
	if (local)
		return reach_find_local(s, &o->to, place, &how);
	if (resolve_operands(&operand, 1, NULL, &to, &s->why) < 0)
		return -1;
	return reach_find(s, &o->to, &to, &how);
}

int
listen_forward(struct session *s)
{
	struct forward_opts o = { .idle_ms = lcfg.udp.idle_ms,
		.send_proxy = lcfg.send_proxy, .reached = on_reached,
		.done = listen_served, .arg = s };
	const char *place = behind_tls(lcfg.forward);

	if (place != NULL && (lcfg.onward_tls = tls_new(&lcfg.onward, false,
	    &s->why)) == NULL)
		return -1;
	o.tls = lcfg.onward_tls;
	if (find(s, &o, place != NULL ? place : lcfg.forward) < 0)
		return -1;
	lcfg.offer.hands_out = true;
	lcfg.forwards = forwards_new(s, &o);
	return lcfg.forwards != NULL ? 0 : why_set(&s->why, WHY_LOCAL, ENOMEM,
	    "out of memory");
}

int
listen_forward_udp(struct session *s)
{
	const struct reach_opts how = { .udp = true,
		.sockopt = onward_sockopt() };
	char *operand = (char *)(uintptr_t)lcfg.forward;
	struct addr_operand to;
	struct reach r;

	if (reach_is_local(operand) || behind_tls(operand) != NULL)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--udp --forward is to HOST:PORT alone");
	if (resolve_operands(&operand, 1, NULL, &to, &s->why) < 0 ||
	    reach_find(s, &r, &to, &how) < 0)
		return -1;
	lcfg.onward_at = r.at;
	lcfg.offer.hands_out = true;
	return 0;
}

void
listen_forward_free(void)
{
	forwards_free(lcfg.forwards);
	tls_free(lcfg.onward_tls);
}
