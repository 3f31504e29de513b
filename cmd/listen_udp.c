/* SPDX-License-Identifier: MIT */
/* listen_udp - sockt listen --udp: no clients, but senders. */
#include "listen.h"

int
listen_udp(struct session *s)
{
	if (lcfg.run.exec != NULL || lcfg.run.sh_exec != NULL ||
	    lcfg.run.with_stderr || lcfg.forward != NULL || lcfg.broker ||
	    lcfg.chat || lcfg.service >= 0)
		return why_set(&s->why, WHY_USAGE, 0, "--broker, --chat, "
		    "--service, --exec, --sh-exec and --forward need a "
		    "stream: there is none with --udp");
	if (lcfg.gate.max_clients != GATE_CLIENTS ||
	    lcfg.gate.max_per_address != 0)
		return why_set(&s->why, WHY_USAGE, 0, "--max-clients and "
		    "--max-per-address count connections: there are none "
		    "with --udp");
	if (stdio_asked(&lcfg.io) != NULL)
		return listen_one_alone(s, "--udp");
	if (tls_opts_with_udp(&lcfg.tls, &s->why) < 0)
		return -1;
	if (lcfg.keep && s->out == SESSION_BYTES)
		return listen_mixes(s, "--text or --json");
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
	/* Lists of addresses say nothing of names. */
	if (lcfg.listener.file.name[0] == '\0')
		lcfg.udp.gate = lcfg.offer.gate;
	lcfg.datagrams = datagrams_at(s, &lcfg.listener, &lcfg.udp);
	return lcfg.datagrams != NULL ? 0 : -1;
}
