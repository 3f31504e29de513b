/* SPDX-License-Identifier: MIT */
/* crash - the terminal is put back even where we fail. */
#include <signal.h>

#include "cmd.h"
#include "run/term.h"

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

static const struct session *watched;

static void
on_crash(int sig)
{
	if (watched != NULL && watched->term != NULL)
		term_restore(watched->term);
	raise(sig);		/* the default action is back */
}

void
crash_watch(const struct session *s)
{
	struct sigaction sa = {
		.sa_handler = on_crash, .sa_flags = SA_RESETHAND | SA_NODEFER
	};

	watched = s;
	for (size_t i = 0; i < NELEMS(signals) && s != NULL; i++)
		sigaction(signals[i], &sa, NULL);
}
