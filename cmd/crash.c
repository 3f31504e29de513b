/* SPDX-License-Identifier: MIT */
/* crash - the terminal is put back even where we fail. */
#include <signal.h>

#include "cmd.h"
#include "run/term.h"

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

static struct sigaction before[NELEMS(signals)];
static const struct session *watched;

static void
on_crash(int sig)
{
	if (watched != NULL && watched->term != NULL)
		term_restore(watched->term);
	for (size_t i = 0; i < NELEMS(signals); i++)
		if (signals[i] == sig)
			sigaction(sig, &before[i], NULL);
	raise(sig);
}

void
crash_watch(const struct session *s)
{
	struct sigaction sa = { .sa_handler = on_crash };

	watched = s;
	for (size_t i = 0; i < NELEMS(signals) && s != NULL; i++)
		sigaction(signals[i], &sa, &before[i]);
}
