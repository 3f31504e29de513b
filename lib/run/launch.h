/*
 * launch - a program begins, with a socket or a terminal as its stdin and
 * stdout.
 *
 * It shares our memory until it is executed, as with vfork(2), so a launch
 * costs the same however much of that we have; and unlike posix_spawn(3) it
 * can take a controlling terminal and its own limits there. Signals are as
 * programs expect to find them; it leads a process group of its own, or a
 * session, if it is on a terminal.
 */
#ifndef RUN_LAUNCH_H
#define RUN_LAUNCH_H

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/base.h"

struct launch {
	char *const	*argv;		/* borrowed */
	bool		 with_stderr;	/* goes there as well */
	bool		 on_terminal;	/* which becomes its own */
	struct rlimit	 files;	/* its limit of open files; zeroed: ours */

	void		*stack;		/* of launch_init() */
	size_t		 stack_size;
	bool		 known;		/* what we changed of: */
	sigset_t	 changed;	/* signals */
};

/* After the fields for the caller are set. -1 with errno. */
int	launch_init(struct launch *) MUST_CHECK;
void	launch_free(struct launch *);	/* zeroed: nothing to do */

/*
 * env: as launch_env() makes it; fd stays ours. 0, or an errno: ENOENT for a
 * program that is not there.
 */
int	launch(struct launch *, pid_t *, char *const *env, int fd) MUST_CHECK;

#endif
