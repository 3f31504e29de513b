/* SPDX-License-Identifier: MIT */
#include "net/dial_state.h"

#include <errno.h>

#include "base/clock.h"
#include "net/facts.h"
#include "talk/talk.h"

static enum why_kind
kind_of(int err)
{
	switch (err) {
	case ENOENT:		/* no such Unix socket */
	case ECONNREFUSED: return WHY_REFUSED;
	case ETIMEDOUT: return WHY_TIMEOUT;
	case EPIPE:
	case ECONNRESET: return WHY_BROKEN;	/* it had answered, and left */
	case EADDRINUSE:	/* our own */
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM: return WHY_LOCAL;
	default: return WHY_UNREACHABLE;
	}
}

void
attempt_tell_failed(struct attempt *a, uint64_t took, const struct facts *f)
{
	static const enum talk_kind kinds[] = {
		[WHY_REFUSED] = TALK_REFUSED,
		[WHY_TIMEOUT] = TALK_TIMEOUT,
		[WHY_UNREACHABLE] = TALK_UNREACHABLE,
		[WHY_BROKEN] = TALK_RESET,
		[WHY_LOCAL] = TALK_ERROR,
	};
	struct dial *d = a->dial;
	enum talk_kind kind = kinds[kind_of(a->err)];

	if (a->err == EACCES || a->err == EPERM)
		kind = TALK_DENIED;
	talk_tell(d->talk, &(struct talk_event){ .kind = kind,
	    .err = a->err, .peer = &a->addr,
	    .local = a->itself ? &a->addr : NULL,
	    TALK_VALUES(TALK_S(kind == TALK_RESET ? TF_DURING : TF_PHASE,
	    "connect"), TALK_S(TF_WHO, kind == TALK_RESET ? "peer" : NULL),
	    TALK_I(TF_DUR_US, took / NS_PER_US),
	    TALK_I(TF_ATTEMPT, a - d->try + 1), TALK_I(TF_OF, d->n),
	    TALK_AS(TF_ADDRS, &f->elsewhere.addr, f->elsewhere.pid != 0),
	    TALK_I(TF_EPHEMERAL_LOW, f->low),
	    TALK_I(TF_EPHEMERAL_HIGH, f->high), TALK_I(TF_SYNS, f->syns),
	    TALK_I(TF_TIME_WAITS, f->time_waits),
	    TALK_S(TF_TRY, f->try[0] ? f->try : NULL)) });
}

void
attempt_tell_lasting(struct attempt *a)
{
	struct dial *d = a->dial;
	struct facts f;

	facts_of_call(&f, d->talk, a->fd, &a->addr, EINPROGRESS);
	talk_tell(d->talk, &(struct talk_event){
	    .kind = TALK_ATTEMPT, .peer = &a->addr,
	    TALK_VALUES(TALK_I(TF_ATTEMPT, a - d->try + 1),
	    TALK_I(TF_OF, d->n),
	    TALK_I(TF_DUR_US, (clock_ns() - a->since) / NS_PER_US),
	    TALK_I(TF_SYN_RETRIES, f.syn_retries)) });
}

void
dial_explain(struct dial *d, struct why *why)
{
	char text[ADDR_TEXT], all[sizeof why->what] = "";
	const struct attempt *last = &d->try[d->last];

	for (size_t i = 0; i < d->n; i++) {
		struct attempt *a = &d->try[i];
		size_t n = strlen(all);

		if (a->err != 0)
			snprintf(all + n, sizeof all - n, "%s%s%s: %s (%s)",
			    n ? "; " : "", addr_text(&a->addr, text),
			    a->at_source ? " from --source" : "",
			    errno_words(a->err), errno_symbol(a->err));
	}
	why_set(why, kind_of(last->err), last->err, "%s%.230s",
	    d->proxy != NULL ? "proxy: connect " : "connect ", all);
	if (last->err == ENODEV && addr_family(&last->addr) == AF_VSOCK)
		why_hint(why, "no vsock leads from this machine to that CID");
}
