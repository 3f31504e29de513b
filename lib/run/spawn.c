/* SPDX-License-Identifier: MIT */
#include "run/spawn.h"

#include <signal.h>
#include <unistd.h>

/*
 * All signals wait until the child has none of our handlers: one that came in
 * between would be written to our loop's pipe, which it shares.
 */
pid_t
spawn_fork(int (*work)(void *), void *arg)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	if ((pid = fork()) == 0) {
		for (int sig = 1; sig < NSIG; sig++)
			signal(sig, sig == SIGPIPE ? SIG_IGN : SIG_DFL);
		sigemptyset(&all);
		sigprocmask(SIG_SETMASK, &all, NULL);
		_exit(work(arg));
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}
