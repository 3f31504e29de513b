/* SPDX-License-Identifier: MIT */
/* listen_udp - sockt listen --udp: no clients, but senders. */
#include "listen.h"
#include "run/worker.h"

/* Whoever forges a source makes it answer others: hence on loopback. */
static int
check_service(struct session *s)
{
	if (lcfg.per_client >= 0 && lcfg.service < 0)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--per-client is for --service");
	if (lcfg.per_client > WORKER_LOOP)
		return why_set(&s->why, WHY_USAGE, 0, "--udp has senders, not "
		    "clients: --per-client can be loop alone");
	if (lcfg.service >= 0 && lcfg.forward != NULL)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--service and --forward contradict each other");
	if ((lcfg.service >= 0 || lcfg.forward != NULL) &&
	    (lcfg.udp.size != 0 || lcfg.udp.crlf))
		return why_set(&s->why, WHY_USAGE, 0, "%s is for what we say: "
		    "%s", lcfg.udp.crlf ? "--crlf" : "--datagram-size",
		    lcfg.service >= 0 ? "--service answers" :
		    "--forward carries what others do");
	lcfg.offer.hands_out = lcfg.service >= 0;
	return 0;
}

static int
begin_replies(struct session *s)
{
	lcfg.replies = replies_at(s, &lcfg.listener, &(struct reply_opts){
	    .what = (enum serve_what)lcfg.service, .gate = lcfg.udp.gate,
	    .forget_ms = lcfg.udp.idle_ms > 0 ? lcfg.udp.idle_ms :
	    REPLIES_FORGET_MS });
	return lcfg.replies != NULL ? 0 : -1;
}

static int
begin_forward(struct session *s)
{
	lcfg.carried = udp_forward_at(s, &lcfg.listener,
	    &(struct udp_forward_opts){ .to = lcfg.onward_at,
	    .gate = lcfg.udp.gate, .sockopt = &lcfg.onward_sockopt,
	    .forget_ms = lcfg.udp.idle_ms >= 0 ?
	    lcfg.udp.idle_ms : UDP_FORWARD_FORGET_MS });
	return lcfg.carried != NULL ? 0 : -1;
}

int
listen_udp(struct session *s)
{
	if (lcfg.offer.introduced)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--accept-proxy needs a stream: there is none with --udp");
	if (lcfg.proxy >= 0 || lcfg.proxy_login.given || lcfg.to.n > 0)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--proxy-server, --proxy-auth and --to are not for --udp");
	if (lcfg.run.exec != NULL || lcfg.run.sh_exec != NULL ||
	    lcfg.run.with_stderr || lcfg.run.pty || lcfg.broker || lcfg.chat)
		return why_set(&s->why, WHY_USAGE, 0, "--broker, --chat, "
		    "--exec and --sh-exec need a stream: there is none with "
		    "--udp");
	if (lcfg.gate.max_clients != GATE_CLIENTS ||
	    lcfg.gate.max_per_address != 0)
		return why_set(&s->why, WHY_USAGE, 0, "--max-clients and "
		    "--max-per-address count connections: there are none "
		    "with --udp");
	if (stdio_asked(&lcfg.io) != NULL)
		return listen_one_alone(s, "--udp");
	if (tls_opts_with_udp(&lcfg.tls, &s->why) < 0)
		return -1;
	if (lcfg.keep && lcfg.service < 0 && lcfg.forward == NULL &&
	    s->out == SESSION_BYTES)
		return listen_mixes(s, "--text or --json");
	if (check_service(s) < 0 || (lcfg.forward != NULL &&
	    listen_forward_udp(s) < 0))
		return -1;
	lcfg.udp.many = lcfg.keep || (s->typed && s->out == SESSION_VIEW);
	if (lcfg.join == NULL)
		return 0;
	if (udp_group(&lcfg.group, &lcfg.interface, lcfg.join, &s->why) < 0)
		return -1;
	if (lcfg.offer.family == AF_UNSPEC)
		lcfg.offer.family = addr_family(&lcfg.group);
	if (lcfg.offer.family != addr_family(&lcfg.group))
		return why_set(&s->why, WHY_USAGE, 0,
		    "--join: the group is of the other family");
	return 0;
}

/* The sockets are there: what they hear, and who listens to that. */
int
listen_udp_begin(struct session *s)
{
	for (size_t i = 0; i < lcfg.listener.n && lcfg.join != NULL; i++)
		if (udp_join(lcfg.listener.sock[i].fd, &lcfg.group,
		    lcfg.interface, &s->why) < 0)
			return -1;
	for (size_t i = 0; i < lcfg.listener.n; i++)
		sockopt_tell(&lcfg.sockopt, lcfg.listener.sock[i].fd,
		    addr_family(&lcfg.listener.sock[i].addr), &s->talk, 0);
	lcfg.udp.gate = lcfg.offer.gate;
	if (lcfg.service < 0 && lcfg.forward == NULL) {
		lcfg.datagrams = datagrams_at(s, &lcfg.listener, &lcfg.udp);
		return lcfg.datagrams != NULL ? 0 : -1;
	}
	if (addr_family(&lcfg.listener.sock[0].addr) == AF_UNIX)
		return why_set(&s->why, WHY_USAGE, 0, "--%s is for datagrams "
		    "at a UDP port, not at a Unix socket",
		    lcfg.service >= 0 ? "service" : "forward");
	return lcfg.service >= 0 ? begin_replies(s) : begin_forward(s);
}
