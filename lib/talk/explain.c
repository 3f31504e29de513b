/* SPDX-License-Identifier: MIT */
#include "talk/explain.h"

#include <stdarg.h>

#include "base/human.h"
#include "base/vis.h"
#include "talk/explain_words.h"

static void
explain_start(struct explain *x, const struct talk_event *e)
{
	x->telnet = is(e, TF_COMMAND, "telnet");
}

/* clang-format off */
static explain_fn *const fns[TALK_KINDS] = {
	[TALK_START]		= explain_start,
	[TALK_RESOLVE]		= explain_resolve,
	[TALK_RESOLVE_FAILED]	= explain_resolve_failed,
	[TALK_ATTEMPT]		= explain_attempt,
	[TALK_CONNECTED]	= explain_connected,
	[TALK_REFUSED]		= explain_refused,
	[TALK_UNREACHABLE]	= explain_unreachable,
	[TALK_DENIED]		= explain_denied,
	[TALK_TIMEOUT]		= explain_timeout,
	[TALK_BIND_FAILED]	= explain_bind_failed,
	[TALK_LISTENING]	= explain_listening,
	[TALK_ACCEPTED]		= explain_accepted,
	[TALK_SENDER]		= explain_sender,
	[TALK_SPAWN]		= explain_spawn,
	[TALK_PORT]		= explain_port,
	[TALK_SENT]		= explain_sent,
	[TALK_RECEIVED]		= explain_received,
	[TALK_HTTP]		= explain_http,
	[TALK_TELNET]		= explain_telnet,
	[TALK_TLS]		= explain_tls,
	[TALK_TLS_FAILED]	= explain_tls_failed,
	[TALK_CERTIFICATE]	= explain_certificate,
	[TALK_HALF_CLOSED]	= explain_half_closed,
	[TALK_CLOSED]		= explain_closed,
	[TALK_AFTERLIFE]	= explain_afterlife,
	[TALK_RESET]		= explain_reset,
	[TALK_BROKEN]		= explain_broken,
	[TALK_IDLE]		= explain_idle,
	[TALK_NOTE]		= explain_note,
};
/* clang-format on */

struct explain *
explain_new(void)
{
	return calloc(1, sizeof(struct explain));
}

void
explain_free(struct explain *x)
{
	free(x);
}

const char *
explain(struct explain *x, const struct talk_event *e)
{
	x->text[0] = '\0';
	if (fns[e->kind] != NULL)
		fns[e->kind](x, e);
	return x->text[0] != '\0' ? x->text : NULL;
}

void
say(struct explain *x, const char *fmt, ...)
{
	size_t n = strlen(x->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(x->text + n, sizeof x->text - n, fmt, ap);
	va_end(ap);
}

bool
once(struct explain *x, unsigned what)
{
	bool before = x->said[what];

	x->said[what] = true;
	return !before;
}

int64_t
number(const struct talk_event *e, enum talk_field f)
{
	return talk_get_int(e, f, TALK_UNKNOWN);
}

const char *
word(const struct talk_event *e, enum talk_field f)
{
	return talk_get_str(e, f);
}

bool
is(const struct talk_event *e, enum talk_field f, const char *what)
{
	const char *s = word(e, f);

	return s != NULL && strcmp(s, what) == 0;
}

const char *
tame(char to[128], const char *s)
{
	return vis_str(to, 128, s, strlen(s));
}

const char *
span(char to[HUMAN_TEXT], int64_t us)
{
	return human_time((uint64_t)us, to);
}

bool
on_udp(const struct talk_event *e)
{
	return is(e, TF_PROTO, "udp");
}

bool
on_unix(const struct talk_event *e)
{
	return (e->peer != NULL && addr_family(e->peer) == AF_UNIX) ||
	    is(e, TF_PROTO, "unix");
}

bool
on_vsock(const struct talk_event *e)
{
	return (e->peer != NULL && addr_family(e->peer) == AF_VSOCK) ||
	    is(e, TF_PROTO, "vsock");
}
