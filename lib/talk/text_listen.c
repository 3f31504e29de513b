/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/why.h"
#include "proto/addr.h"
#include "talk/text_sink.h"

/* "ADDR is in use (EADDRINUSE) by X", "... (EADDRINUSE): no program has it" */
void
text_bind_failed(struct text *t, const struct talk_event *e)
{
	const char *detail = talk_get_str(e, TF_TEXT);

	text_addr(t, e->local);
	if (text_is_udp(e))
		text_put(t, "/udp");
	if (addr_family(e->local) == AF_UNIX && e->err != EADDRINUSE)
		text_put(t, ": %s", errno_words(e->err));
	else if (e->err == EACCES)
		text_put(t, " needs privilege");
	else
		text_put(t, " is %s", e->err == EADDRINUSE ? "in use" :
		    errno_words(e->err));
	text_put(t, " (%s)", errno_symbol(e->err));
	if (detail == NULL)
		return;
	text_put(t, talk_get_str(e, TF_OWNER_CMD) != NULL ? " " : ": ");
	text_own(t, detail);
}

enum reach { MACHINE, NETWORK, NAMED };

static enum reach
reach(const struct talk_event *e, const struct talk_value *at)
{
	const char *told = talk_get_str(e, TF_REACH);
	bool any = false, loopback = true;

	for (size_t i = 0; at != NULL && i < at->addrs.n; i++) {
		any |= addr_is_any(&at->addrs.v[i]);
		loopback &= addr_is_loopback(&at->addrs.v[i]);
	}
	if (any)
		return NETWORK;
	if (told != NULL ? strcmp(told, "machine") == 0 : loopback)
		return MACHINE;
	return NAMED;
}

/* "reach it as: localhost:8080, 192.0.2.17:8080" */
static void
reach_it_as(struct text *t, const struct talk_event *e, unsigned port)
{
	const struct talk_value *v = talk_get(e, TF_ADDRS);

	text_end(t);
	text_below(t, true);
	text_put(t, "reach it as: localhost:%u", port);
	for (size_t i = 0; v != NULL && i < v->addrs.n; i++) {
		text_put(t, ", ");
		text_addr(t, &v->addrs.v[i]);
	}
}

static void
site(struct text *t, const struct talk_event *e, enum reach r)
{
	static const char *const who[] = {
		[MACHINE] = "this machine only (--public: every address)",
		[NETWORK] = "every address of this machine",
		[NAMED] = "this address only",
	};
	const char *serving = talk_get_str(e, TF_SERVING);

	t->site = true;
	text_str(t, talk_get_str(e, TF_URL));
	if (serving != NULL) {
		text_put(t, "  serving ");
		text_str(t, serving);
		text_put(t, ", read only");
	}
	text_put(t, "; %s", who[r]);
}

static void
port(struct text *t, const struct talk_event *e, enum reach r)
{
	const struct talk_value *at = talk_get(e, TF_LOCALS);
	size_t n = at == NULL ? 0 : at->addrs.n;

	for (size_t i = 0; i < n; i++) {
		text_put(t, "%s", i == 0 ? "" : i + 1 == n ? " and " : ", ");
		text_addr(t, &at->addrs.v[i]);
		if (text_is_udp(e))
			text_put(t, "/udp");
	}
	if (text_is_unixgram(e))
		text_put(t, " for datagrams");
	if (talk_get_str(e, TF_INTERFACE) != NULL) {
		text_put(t, ", by interface ");
		text_str(t, talk_get_str(e, TF_INTERFACE));
		text_put(t, " alone; stop with Ctrl-C");
		return;
	}
	text_put(t, "%s; stop with Ctrl-C", r == NETWORK ?
	    ", any address of this machine" : r == MACHINE ?
	    ", this machine only" : "");
}

void
text_listening(struct text *t, const struct talk_event *e)
{
	const struct talk_value *at = talk_get(e, TF_LOCALS);
	enum reach r = reach(e, at);

	if (talk_get_str(e, TF_URL) != NULL)
		site(t, e, r);
	else
		port(t, e, r);
	if (r == NETWORK && talk_get_str(e, TF_INTERFACE) == NULL)
		reach_it_as(t, e, addr_port(&at->addrs.v[0]));
}

void
text_accepted(struct text *t, const struct talk_event *e)
{
	int64_t queue = text_int(e, TF_QUEUE);

	text_addr(t, e->peer);
	text_process(t, e);
	if (e->local != NULL && (!t->site || t->o.verbose > 0)) {
		text_put(t, " %s ", t->o.marks == TALK_MARKS_WORDS ? "to" :
		    text_sign(t, MARK_SENT));
		text_addr(t, e->local);
	}
	if (queue > 0 && t->o.verbose > 0)
		text_put(t, "; %d more in the queue", (int)queue);
	text_congestion(t, e);
}

/* "10.0.0.7:40112: no room: 1000 clients are here already" */
void
text_turned_away(struct text *t, const struct talk_event *e)
{
	text_addr(t, e->peer);
	text_put(t, ": ");
	text_own(t, talk_get_str(e, TF_TEXT));
}
