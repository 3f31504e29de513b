/* SPDX-License-Identifier: MIT */
#include "net/tls_callers.h"

#include <errno.h>

#include "net/conn.h"
#include "net/tls.h"

struct caller {
	struct tls_callers *of;
	struct caller	*newer, *older;
	struct tls_shake *shake;
};

static void
forget(struct caller *k)
{
	struct tls_callers *s = k->of;

	if (k->newer != NULL)
		k->newer->older = k->older;
	else
		s->first = k->older;
	if (k->older != NULL)
		k->older->newer = k->newer;
	else
		s->last = k->newer;
	s->n--;
	free(k);
}

static void
on_done(void *arg, struct conn *c, const struct why *why)
{
	struct caller *k = arg;
	struct tls_callers *s = k->of;

	forget(k);
	if (c != NULL)
		s->client(s->arg, c);
	else if (s->refused != NULL)
		s->refused(s->arg, why);
}

static void
turn_away(struct tls_callers *s, enum why_kind kind, const char *text)
{
	struct why why = { 0 };

	why_set(&why, kind, kind == WHY_LOCAL ? ENOMEM : 0, "%s: a client is "
	    "turned away", text);
	if (s->refused != NULL)
		s->refused(s->arg, &why);
}

/* It has had the most time. */
static void
end_oldest(struct tls_callers *s)
{
	struct caller *k = s->last;

	tls_shake_free(k->shake);
	forget(k);
	turn_away(s, WHY_TLS, "too many handshakes at a time");
}

void
tls_callers_enter(struct tls_callers *s, struct conn *c)
{
	struct caller *k = calloc(1, sizeof *k);
	const struct tls_shake_opts o = { .timeout_ms = TLS_HANDSHAKE_MS,
		.done = on_done, .arg = k };

	if (k == NULL)
		conn_close(c);
	else
		k->shake = tls_shake_new(s->loop, s->tls, c, &o);
	if (k == NULL || k->shake == NULL) {
		free(k);
		turn_away(s, WHY_LOCAL, "out of memory");
		return;
	}
	k->of = s;
	k->older = s->first;
	if (k->older != NULL)
		k->older->newer = k;
	else
		s->last = k;
	s->first = k;
	if (++s->n > TLS_CALLERS)
		end_oldest(s);
}

void
tls_callers_clear(struct tls_callers *s)
{
	while (s->first != NULL) {
		struct caller *k = s->first;

		tls_shake_free(k->shake);
		forget(k);
	}
}
