/* SPDX-License-Identifier: MIT */
#include "net/tls_callers.h"

#include <errno.h>

#include "net/conn.h"
#include "net/tls.h"

struct caller {
	struct tls_callers *of;
	struct caller	*next, **link;
	struct tls_shake *shake;
};

static void
forget(struct caller *k)
{
	if (k->next != NULL)
		k->next->link = k->link;
	*k->link = k->next;
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
turn_away(struct tls_callers *s)
{
	struct why why = { 0 };

	why_set(&why, WHY_LOCAL, ENOMEM, "out of memory: a client is turned "
	    "away");
	if (s->refused != NULL)
		s->refused(s->arg, &why);
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
		turn_away(s);
		return;
	}
	k->of = s;
	k->next = s->first;
	k->link = &s->first;
	if (k->next != NULL)
		k->next->link = &k->next;
	s->first = k;
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
