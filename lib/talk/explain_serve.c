/* SPDX-License-Identifier: MIT */
/* explain_serve - ports of ours, and who calls there. */
#include <errno.h>

#include "talk/explain_words.h"

static void
in_use(struct explain *x, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_ADDRS);
	const char *cmd = word(e, TF_OWNER_CMD);
	int64_t timer = number(e, TF_OWNER_TIMER_S);
	const struct addr *at = v != NULL && v->addrs.n > 0 ?
	    &v->addrs.v[0] : NULL;
	char a[ADDR_TEXT], b[ADDR_TEXT], name[128];

	if (cmd == NULL && is(e, TF_OWNER_STATE, "TIME_WAIT") &&
	    timer != TALK_UNKNOWN)
		say(x, "No program holds the port, but a connection that a "
		    "former server closed first rests in TIME_WAIT for %d s "
		    "more so that stray packets of it die out; that server had "
		    "not set SO_REUSEADDR, so even our setting does not help.",
		    (int)timer);
	else if (cmd != NULL && at != NULL && addr_is_any(e->local) &&
	    !addr_is_any(at))
		say(x, "%s means every address and so includes %s, which %s "
		    "(pid %d) holds.", addr_text(e->local, a),
		    addr_text(at, b), tame(name, cmd),
		    (int)number(e, TF_OWNER_PID));
	else if (cmd != NULL)
		say(x, "Another program, %s (pid %d), has this address and "
		    "port already; two of them would make it undecided who "
		    "gets the next client.", tame(name, cmd),
		    (int)number(e, TF_OWNER_PID));
}

void
explain_bind_failed(struct explain *x, const struct talk_event *e)
{
	int64_t from = number(e, TF_UNPRIVILEGED);
	char ip[ADDR_TEXT];

	if (e->local == NULL || !addr_is_ip(e->local))
		return;
	if (e->err == EADDRINUSE)
		in_use(x, e);
	else if (e->err == EACCES && from != TALK_UNKNOWN)
		say(x, "Ports below %d are privileged here "
		    "(net.ipv4.ip_unprivileged_port_start): the old promise "
		    "that only the administrator's programs answer on "
		    "well-known ports.", (int)from);
	else if (e->err == EADDRNOTAVAIL)
		say(x, "%s is not an address of this machine, so nothing sent "
		    "to it would arrive here.", addr_ip(e->local, ip));
}

void
explain_listening(struct explain *x, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_LOCALS);
	int64_t backlog = number(e, TF_BACKLOG);
	char at[ADDR_TEXT];

	if (v == NULL || v->addrs.n == 0)
		return;
	if (on_unix(e))
		say(x, "Only programs on this machine that may open this name "
		    "can connect; it is removed when we end.");
	else if (on_vsock(e))
		say(x, "Only virtual machines and their host can reach this; "
		    "from any network it is not there.");
	else if (addr_is_any(&v->addrs.v[0]))
		say(x, "%s every address of this machine: also from other "
		    "machines, unless a firewall forbids it; use --local for "
		    "127.0.0.1 and ::1 only%s.", v->addrs.n > 1 ?
		    "0.0.0.0 and [::] mean" : "This means",
		    talk_get_int(e, TF_DUAL_STACK, 0) == 1 ?
		    " (one IPv6 socket serves IPv4 too; to it an IPv4 client "
		    "is ::ffff:a.b.c.d)" : "");
	else if (addr_is_loopback(&v->addrs.v[0]))
		say(x, "Only programs on this machine can reach %s; from "
		    "another machine it looks closed.",
		    addr_text(&v->addrs.v[0], at));
	else if (backlog != TALK_UNKNOWN)
		say(x, "From now on the kernel completes handshakes by itself "
		    "and queues up to %d finished connections until accept() "
		    "takes them.", (int)backlog);
}

void
explain_accepted(struct explain *x, const struct talk_event *e)
{
	int64_t queue = number(e, TF_QUEUE);

	if (e->local == NULL || e->peer == NULL || on_unix(e) ||
	    on_vsock(e))
		return;
	if (queue > 0 && once(x, SAID_QUEUE))
		say(x, "%d more client%s finished the handshake and wait%s in "
		    "the accept queue (limit %d).", (int)queue,
		    queue == 1 ? " has" : "s have", queue == 1 ? "s" : "",
		    (int)talk_get_int(e, TF_BACKLOG, 0));
	else if (queue <= 0 && once(x, SAID_ACCEPT))
		say(x, "accept() gave a new socket for this client; its local "
		    "port is %u as well: the server does not change ports, "
		    "the client's %u tells the connections apart.",
		    addr_port(e->local), addr_port(e->peer));
}

void
explain_sender(struct explain *x, const struct talk_event *e)
{
	if (e->peer != NULL && once(x, SAID_SENDER))
		say(x, "UDP has no connections: this is the first datagram "
		    "from port %u there, and its sender's address is all "
		    "that we know of it.", addr_port(e->peer));
}

void
explain_note(struct explain *x, const struct talk_event *e)
{
	if (is(e, TF_CODE, "onwards") && e->local != NULL &&
	    once(x, SAID_ONWARDS))
		say(x, "An answer says only which port it is for: each sender "
		    "has a socket of its own onwards, so that what comes to "
		    "port %u is for this one.", addr_port(e->local));
}

void
explain_spawn(struct explain *x, const struct talk_event *e)
{
	int64_t pid = number(e, TF_PID), tid = number(e, TF_TID);

	if (tid != TALK_UNKNOWN && once(x, SAID_THREAD))
		say(x, "A thread, %d, of this process now owns this client; it "
		    "shares our memory, and the first thread goes back to "
		    "accept().", (int)tid);
	else if (pid != TALK_UNKNOWN && once(x, SAID_CHILD))
		say(x, "A child process, %d, now owns this client; the parent "
		    "keeps only the listening socket and goes back to "
		    "accept().", (int)pid);
}

/* One sentence for each state that a port can be in. */
void
explain_port(struct explain *x, const struct talk_event *e)
{
	if (is(e, TF_STATE, "open") && is(e, TF_HOW, "syn-ack") &&
	    once(x, SAID_OPEN))
		say(x, "Open: our SYN was answered by SYN-ACK, so a program "
		    "listens there.");
	else if (is(e, TF_STATE, "closed") && is(e, TF_HOW, "rst") &&
	    once(x, SAID_CLOSED))
		say(x, "Closed: our SYN was answered by RST, so the machine is "
		    "there and no program listens (or a firewall answers like "
		    "that on purpose).");
	else if (is(e, TF_STATE, "filtered") && is(e, TF_HOW, "timeout") &&
	    once(x, SAID_FILTERED))
		say(x, "Filtered: no answer at all; a firewall drops our SYNs, "
		    "the machine is off or busy, or the way back is broken.");
	else if (is(e, TF_HOW, "icmp") && once(x, SAID_UNREACHABLE))
		say(x, "A router or the host answered with ICMP instead of "
		    "TCP: somebody there rejects you openly.");
}
