/* SPDX-License-Identifier: MIT */
/* explain_reach - names, and calling somebody. */
#include <errno.h>

#include "proto/service.h"
#include "talk/explain_words.h"

enum {
	ASKED_US = 2500000,	/* three questions for a neighbour: about 3 s */
	WELL_KNOWN = 1023,	/* RFC 6335 6 */
};

static bool
has_family(const struct talk_value *v, int family)
{
	for (size_t i = 0; i < v->addrs.n; i++)
		if (addr_family(&v->addrs.v[i]) == family)
			return true;
	return false;
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "es";
}

static void
explain_host(struct explain *x, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_ADDRS);
	const char *host = word(e, TF_HOST);
	size_t n = v == NULL ? 0 : v->addrs.n;
	char name[128], t[32];

	if (v == NULL || host == NULL || is(e, TF_SOURCE, "literal"))
		return;
	if (strcmp(host, "localhost") == 0 && has_family(v, AF_INET) &&
	    has_family(v, AF_INET6))
		say(x, "localhost is two addresses, ::1 (IPv6) and 127.0.0.1 "
		    "(IPv4); a server that listens on only one of them is "
		    "found on only one of them.");
	else if (is(e, TF_SOURCE, "files"))
		say(x, "The name %s was looked up in /etc/hosts, no DNS "
		    "server was asked; it has %zu address%s%s.",
		    tame(name, host), n, plural(n), n > 1 ?
		    ", and they are tried in this order" : "");
	else if (is(e, TF_SOURCE, "dns"))
		say(x, "The resolver asked DNS and got %zu address%s in %s; "
		    "TCP connects to addresses, never to names.", n,
		    plural(n), span(t, number(e, TF_DUR_US)));
}

void
explain_resolve(struct explain *x, const struct talk_event *e)
{
	const char *service = word(e, TF_SERVICE);
	char name[128];

	explain_host(x, e);
	if (service != NULL)
		say(x, "%s'%s' is a name for port %d, as /etc/services has "
		    "them; the protocol only ever carries the number.",
		    x->text[0] != '\0' ? " " : "", tame(name, service),
		    (int)number(e, TF_PORT));
}

void
explain_resolve_failed(struct explain *x, const struct talk_event *e)
{
	const char *host = word(e, TF_HOST);
	char name[128];

	if (is(e, TF_EAI, "EAI_AGAIN"))
		say(x, "The DNS server did not answer in time; the name may "
		    "exist, only the question or its answer got lost.");
	else if (host != NULL && (is(e, TF_EAI, "EAI_NONAME") ||
	    is(e, TF_EAI, "EAI_NODATA")))
		say(x, "No source (files, DNS) knows the name %s: nothing was "
		    "sent to the network except perhaps the question itself.",
		    tame(name, host));
}

/* Told again when it lasts, with how long it has. */
void
explain_attempt(struct explain *x, const struct talk_event *e)
{
	int64_t tries = number(e, TF_SYN_RETRIES);

	if (number(e, TF_DUR_US) == TALK_UNKNOWN || on_vsock(e))
		return;
	say(x, "A SYN, the request for a connection, was sent and nothing has "
	    "come back yet; the kernel keeps sending it again at growing "
	    "intervals");
	if (tries != TALK_UNKNOWN)
		say(x, " (up to %d times)", (int)tries);
	say(x, ", so this may take long unless --connect-timeout is given.");
}

static void
udp(struct explain *x)
{
	if (once(x, SAID_UDP))
		say(x, "UDP has no handshake: connect() only fixed the address "
		    "here; nothing was sent and nobody knows yet whether a "
		    "program listens.");
}

static void
vsock(struct explain *x)
{
	if (once(x, SAID_VSOCK))
		say(x, "A vsock leads from a virtual machine to its host or "
		    "back: a number (CID) says which machine, a port which "
		    "program, and no network is involved.");
}

static void
from_a_range(struct explain *x, const struct talk_event *e)
{
	int64_t low = number(e, TF_EPHEMERAL_LOW);
	int64_t high = number(e, TF_EPHEMERAL_HIGH);
	unsigned port = addr_port(e->local);

	if (low != TALK_UNKNOWN && port >= low && port <= high)
		say(x, "; you did not choose %u: the kernel took a free "
		    "(ephemeral) port from %d-%d", port, (int)low, (int)high);
}

void
explain_connected(struct explain *x, const struct talk_event *e)
{
	const struct service *s;
	int64_t us = number(e, TF_DUR_US);
	char t[HUMAN_TEXT];

	if (on_udp(e)) {
		udp(x);
		return;
	}
	if (on_unix(e)) {
		if (once(x, SAID_UNIX))
			say(x, "A Unix socket has a name in this machine's "
			    "files instead of address and port; no network "
			    "is involved, and the kernel knows who is at the "
			    "other end.");
		return;
	}
	if (on_vsock(e)) {
		vsock(x);
		return;
	}
	if (e->local == NULL || e->peer == NULL || us == TALK_UNKNOWN)
		return;
	if (!once(x, SAID_HANDSHAKE))
		return;
	say(x, "SYN, SYN-ACK, ACK: the handshake took %s, and the other "
	    "kernel finished it, its program may not even have called "
	    "accept() yet", span(t, us));
	from_a_range(x, e);
	s = service_by_port(addr_port(e->peer), SERVICE_TCP);
	if (s != NULL && s->port <= WELL_KNOWN)
		say(x, "; %u is a well-known port (%s), which clients know "
		    "without asking", s->port, s->name);
	say(x, ".");
}

/* Somebody else listens on the port, at another address of this machine. */
static bool
found_elsewhere(const struct talk_event *e, const struct talk_value *v)
{
	return v != NULL && v->addrs.n > 0 && e->peer != NULL &&
	    !addr_equal(&v->addrs.v[0], e->peer) &&
	    addr_port(&v->addrs.v[0]) == addr_port(e->peer);
}

static void
refused_unix(struct explain *x, const char *at, int err)
{
	if (err == ENOENT)
		say(x, "Nothing has the name %s: no program listens there, or "
		    "never under this name.", at);
	else
		say(x, "The name %s is there, but no program listens behind it "
		    "any more: it was left behind.", at);
}

void
explain_refused(struct explain *x, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_ADDRS);
	char at[ADDR_TEXT], there[ADDR_TEXT];

	if (e->peer == NULL)
		return;
	addr_text(e->peer, at);
	x->refused = on_udp(e);
	if (on_unix(e))
		refused_unix(x, at, e->err);
	else if (on_vsock(e))
		say(x, "The other machine answered with a reset: no program "
		    "there listens on port %u.", addr_port(e->peer));
	else if (e->local != NULL && addr_equal(e->local, e->peer))
		say(x, "You connected to yourself: the kernel gave this socket "
		    "the very port it was calling, so it answered its own SYN "
		    "(simultaneous open).");
	else if (on_udp(e))
		say(x, "The datagram arrived at a machine where no program has "
		    "this UDP port; its kernel answered with ICMP \"port "
		    "unreachable\", which we learn only on the next call.");
	else if (found_elsewhere(e, v))
		say(x, "Nothing listens on %s, but a program listens on %s: "
		    "who calls must use an address that the server listens "
		    "on.", at, addr_text(&v->addrs.v[0], there));
	else
		say(x, "Your SYN reached %s and the answer was a RST: the "
		    "machine is there, but no program listens on TCP port %u "
		    "(or a firewall answers like that on purpose).",
		    addr_ip(e->peer, at), addr_port(e->peer));
}

static void
no_port_left(struct explain *x, const struct talk_event *e)
{
	int64_t low = number(e, TF_EPHEMERAL_LOW);
	int64_t high = number(e, TF_EPHEMERAL_HIGH);
	int64_t waiting = number(e, TF_TIME_WAITS);
	char at[ADDR_TEXT];

	if (low == TALK_UNKNOWN || high == TALK_UNKNOWN)
		return;
	say(x, "All %d ephemeral ports towards %s are taken",
	    (int)(high - low + 1), addr_text(e->peer, at));
	if (waiting > 0)
		say(x, ", %d of them by connections in TIME_WAIT",
		    (int)waiting);
	say(x, ".");
}

void
explain_unreachable(struct explain *x, const struct talk_event *e)
{
	int64_t us = number(e, TF_DUR_US);
	char ip[ADDR_TEXT];

	if (e->peer == NULL || on_unix(e))
		return;
	if (on_vsock(e)) {
		if (e->err == ENODEV)
			say(x, "No way leads from here to this CID: a virtual "
			    "machine reaches its host alone, a host its own "
			    "machines, and CID 1 (this machine) wants the "
			    "module vsock_loopback.");
		return;
	}
	if (e->err == EADDRNOTAVAIL)
		no_port_left(x, e);
	else if (e->err == ENETUNREACH && us < ASKED_US)
		say(x, "This machine has no route to %s, or a router on the "
		    "way has none; no connection was begun.",
		    addr_ip(e->peer, ip));
	else if (e->err == EHOSTUNREACH && us != TALK_UNKNOWN &&
	    us >= ASKED_US)
		say(x, "Nobody on the local network answered the question who "
		    "has %s (ARP or neighbour discovery, 3 tries): that "
		    "address is not in use there.", addr_ip(e->peer, ip));
	else if (e->err == EHOSTUNREACH)
		say(x, "A router or the host itself answered with ICMP "
		    "\"unreachable\" or \"prohibited\": somebody there rejects "
		    "you openly.");
}

void
explain_denied(struct explain *x, const struct talk_event *e)
{
	if (!on_unix(e) && !on_vsock(e))
		say(x, "The kernel forbids it locally (a prohibit route, a "
		    "broadcast address or a security policy); nothing was "
		    "sent.");
}

void
explain_timeout(struct explain *x, const struct talk_event *e)
{
	int64_t syns = number(e, TF_SYNS);
	char t[HUMAN_TEXT];

	if (is(e, TF_PHASE, "idle") && on_udp(e))
		say(x, "No answer to a datagram proves nothing: it was lost, "
		    "or dropped, or the program has nothing to say.");
	else if (is(e, TF_PHASE, "tls"))
		say(x, "The connection stands, but the other side did not "
		    "finish the TLS handshake: perhaps it does not speak TLS "
		    "and waits for us to say something else.");
	if (!is(e, TF_PHASE, "connect") || on_vsock(e) ||
	    number(e, TF_DUR_US) == TALK_UNKNOWN)
		return;
	if (syns != TALK_UNKNOWN)
		say(x, "%d SYN%s got", (int)syns, syns == 1 ? "" : "s");
	else
		say(x, "The SYN got");
	say(x, " no answer at all in %s: a firewall drops them silently, the "
	    "machine is off, or the way back is broken; a closed port would "
	    "have answered at once with RST.", span(t, number(e, TF_DUR_US)));
}
