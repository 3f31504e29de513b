/*
 * spawn - a child process that goes on in our program.
 *
 * Its signals are as a program expects them: no handlers of ours, none
 * blocked. What it does not close itself stays open in it.
 */
#ifndef RUN_SPAWN_H
#define RUN_SPAWN_H

#include <sys/types.h>

#include "base/base.h"

/*
 * The child calls work(arg), then ends with the status it returns, without
 * flushing what is ours. Returns its pid, or -1 with errno.
 */
pid_t	spawn_fork(int (*work)(void *), void *arg) MUST_CHECK;

#endif
