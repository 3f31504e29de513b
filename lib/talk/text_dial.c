/* SPDX-License-Identifier: MIT */
#include "proto/addr.h"
#include "base/why.h"
#include "talk/text_sink.h"

enum { NAMED = 6 };		/* addresses of a name that are listed */

/* "::1 and 127.0.0.1", "a, b and c", "a, b, c and 9 more". */
void
text_addrs(struct text *t, const struct addr *a, size_t n)
{
	size_t show = n <= NAMED ? n : NAMED - 1;
	char ip[ADDR_TEXT];

	for (size_t i = 0; i < show; i++)
		text_put(t, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ",
		    addr_ip(&a[i], ip));
	if (show < n)
		text_put(t, " and %zu more", n - show);
}

static void
after(struct text *t, const struct talk_event *e)
{
	int64_t us = text_int(e, TF_DUR_US);

	if (us == TALK_UNKNOWN)
		return;
	text_put(t, ", ");
	text_time(t, us);
}

/* "http is port 80" */
static void
port_name(struct text *t, const struct talk_event *e)
{
	text_str(t, talk_get_str(e, TF_SERVICE));
	text_put(t, " is port %lld", (long long)talk_get_int(e, TF_PORT, 0));
}

void
text_resolve(struct text *t, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_ADDRS);
	const char *source = talk_get_str(e, TF_SOURCE);

	if (source != NULL && strcmp(source, "literal") == 0) {
		port_name(t, e);
		return;
	}
	text_str(t, talk_get_str(e, TF_HOST));
	if (talk_get_str(e, TF_CANON) != NULL) {
		text_put(t, ", which is ");
		text_str(t, talk_get_str(e, TF_CANON));
		text_put(t, ",");
	}
	text_put(t, " is ");
	if (v != NULL)
		text_addrs(t, v->addrs.v, v->addrs.n);
	if (source != NULL) {
		text_put(t, " (%s", strcmp(source, "files") == 0 ?
		    "/etc/hosts" : strcmp(source, "dns") == 0 ? "DNS" :
		    source);
		after(t, e);
		text_put(t, ")");
	}
	if (talk_get_str(e, TF_SERVICE) != NULL) {
		text_put(t, "; ");
		port_name(t, e);
	}
}

void
text_resolve_failed(struct text *t, const struct talk_event *e)
{
	const char *eai = talk_get_str(e, TF_EAI);
	const char *words = talk_get_str(e, TF_TEXT);

	text_str(t, talk_get_str(e, TF_HOST));
	text_put(t, ": ");
	text_own(t, words != NULL ? words : "not resolved");
	text_put(t, " (");
	text_own(t, eai != NULL ? eai : "EAI_FAIL");
	after(t, e);
	text_put(t, ")");
}

/* Whom it is about stands in the line above; what was said, in words. */
void
text_proxy(struct text *t, const struct talk_event *e)
{
	const char *text = talk_get_str(e, TF_TEXT);

	text_own(t, text != NULL ? text : "?");
	after(t, e);
}

void
text_attempt(struct text *t, const struct talk_event *e)
{
	int64_t n = text_int(e, TF_ATTEMPT), of = text_int(e, TF_OF);

	text_put(t, "trying ");
	text_addr(t, e->peer);
	if (n != TALK_UNKNOWN && of > 1)
		text_put(t, ", address %d of %d", (int)n, (int)of);
	if (text_int(e, TF_DUR_US) != TALK_UNKNOWN) {
		text_put(t, "; no answer yet");
		after(t, e);
	}
}

/* A Unix socket knows who is behind it. */
void
text_process(struct text *t, const struct talk_event *e)
{
	int64_t pid = text_int(e, TF_PID);

	if (pid != TALK_UNKNOWN)
		text_put(t, ", pid %d of user %d", (int)pid,
		    (int)talk_get_int(e, TF_UID, 0));
}

/* Said under -v: on this machine pacing would only slow the bytes down. */
void
text_congestion(struct text *t, const struct talk_event *e)
{
	const char *name = talk_get_str(e, TF_CONGESTION);

	if (name == NULL || t->o.verbose == 0)
		return;
	text_put(t, "; congestion control ");
	text_own(t, name);
}

void
text_connected(struct text *t, const struct talk_event *e)
{
	const char *service = talk_get_str(e, TF_SERVICE);
	int64_t us = text_int(e, TF_DUR_US);

	text_addr(t, e->peer);
	if (text_is_udp(e))
		text_put(t, "/udp");
	if (service != NULL) {
		text_put(t, " (");
		text_str(t, service);
		text_put(t, ")");
	}
	text_process(t, e);
	if (e->local != NULL && !addr_is_unnamed(e->local)) {
		text_put(t, ", from ");
		text_addr(t, e->local);
	}
	if (us != TALK_UNKNOWN) {
		text_put(t, " (");
		text_time(t, us);
		text_put(t, ")");
	}
	text_congestion(t, e);
}

/* Was that the last address of the name? */
static bool
more(const struct talk_event *e)
{
	return talk_get_int(e, TF_ATTEMPT, 1) < talk_get_int(e, TF_OF, 1);
}

/* "ADDR WORDS (ECODE, 0.1 ms)", and what happens now. */
static void
failed(struct text *t, const struct talk_event *e, const char *words)
{
	text_addr(t, e->peer);
	text_put(t, " %s (%s", words, errno_symbol(e->err));
	after(t, e);
	text_put(t, ")%s", more(e) ? "; trying the next address" : "");
}

void
text_refused(struct text *t, const struct talk_event *e)
{
	if (!more(e)) {
		failed(t, e, "refused");
		return;
	}
	text_addr(t, e->peer);
	text_put(t, " refused: nothing listens there; trying the next "
	    "address");
}

void
text_unreachable(struct text *t, const struct talk_event *e)
{
	failed(t, e, "unreachable");
}

void
text_denied(struct text *t, const struct talk_event *e)
{
	failed(t, e, "denied by this machine");
}

void
text_timeout(struct text *t, const struct talk_event *e)
{
	const char *phase = talk_get_str(e, TF_PHASE);
	int64_t us = text_int(e, TF_DUR_US);

	if (phase != NULL && strcmp(phase, "connect") == 0) {
		text_addr(t, e->peer);
		text_put(t, ": no answer");
	} else if (phase != NULL && strcmp(phase, "tls") == 0)
		text_put(t, "the handshake is not finished");
	else if (phase != NULL && strcmp(phase, "accept") == 0)
		text_put(t, "nobody called");
	else if (phase != NULL && strcmp(phase, "run") == 0)
		text_put(t, "not done in the time allowed");
	else if (phase != NULL && strcmp(phase, "idle") == 0)
		text_put(t, "nothing was said");
	else
		text_put(t, "the %s does not answer any more", text_peer(t));
	if (us != TALK_UNKNOWN) {
		text_put(t, " (");
		text_time(t, us);
		text_put(t, ")");
	}
	if (more(e))
		text_put(t, "; trying the next address");
}

/* "once more in 0.2 s; 2 tries so far" */
void
text_retry(struct text *t, const struct talk_event *e)
{
	int tries = (int)talk_get_int(e, TF_TRIES, 0);

	text_put(t, "once more in %.1f s; %d %s so far",
	    (double)talk_get_int(e, TF_PAUSE_US, 0) / 1e6, tries,
	    tries == 1 ? "try" : "tries");
}
