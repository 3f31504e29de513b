/* SPDX-License-Identifier: MIT */
#include "run/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* execvpe(3) puts paths and, of a script, the words on the stack. */
enum { STACK = 64 * KIB };

struct start {
	const struct launch *l;
	char *const	*env;
	int		 fd;
	int		 err;
};

int
launch_init(struct launch *l)
{
	size_t words = 0;

	while (l->argv[words] != NULL)
		words++;
	l->stack_size = STACK + words * sizeof *l->argv;
	l->stack = mmap(NULL, l->stack_size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (l->stack != MAP_FAILED)
		return 0;
	l->stack = NULL;
	return -1;
}

void
launch_free(struct launch *l)
{
	if (l->stack != NULL)
		munmap(l->stack, l->stack_size);
	l->stack = NULL;
}

/* Asked once, at the first launch: by then all of our handlers are there. */
static void
note_changed(struct launch *l)
{
	struct sigaction now;

	sigemptyset(&l->changed);
	for (int sig = 1; sig < NSIG; sig++)
		if (sigaction(sig, NULL, &now) == 0 &&
		    now.sa_handler != SIG_DFL)
			sigaddset(&l->changed, sig);
	l->known = true;
}

static bool
put_at(int fd, int at)
{
	return fd == at ? fcntl(fd, F_SETFD, 0) == 0 : dup2(fd, at) == at;
}

static bool
put_all(const struct start *s)
{
	bool err = s->l->with_stderr || s->l->on_terminal;

	return put_at(s->fd, STDIN_FILENO) && put_at(s->fd, STDOUT_FILENO) &&
	    (!err || put_at(s->fd, STDERR_FILENO));
}

/*
 * In our memory, on a stack of its own, while we wait: only what is safe in
 * a signal handler. Our handlers go before signals are let through: what one
 * of them noted would be taken for a signal of ours. Sanitizers know nothing
 * of such a stack.
 */
__attribute__((no_sanitize("address", "thread"))) static int
become(void *arg)
{
	const struct sigaction dfl = { .sa_handler = SIG_DFL };
	struct start *s = arg;
	const struct launch *l = s->l;
	sigset_t none;

	sigemptyset(&none);
	if ((l->on_terminal ? setsid() : setpgid(0, 0)) >= 0 && put_all(s) &&
	    (!l->on_terminal || ioctl(STDIN_FILENO, TIOCSCTTY, 0) == 0) &&
	    (l->files.rlim_max == 0 ||
	    setrlimit(RLIMIT_NOFILE, &l->files) == 0)) {
		for (int sig = 1; sig < NSIG; sig++)
			if (sigismember(&l->changed, sig) == 1)
				sigaction(sig, &dfl, NULL);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execvpe(l->argv[0], l->argv, s->env);
	}
	s->err = errno;
	_exit(127);
}

int
launch(struct launch *l, pid_t *pid, char *const *env, int fd)
{
	struct start s = { .l = l, .env = env, .fd = fd };
	sigset_t all, before;

	if (!l->known)
		note_changed(l);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	*pid = clone(become, (char *)l->stack + l->stack_size,
	    CLONE_VM | CLONE_VFORK | SIGCHLD, &s);
	if (*pid < 0)
		s.err = errno;
	else if (s.err != 0)	/* it never was a program */
		waitpid(*pid, NULL, 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return s.err;
}
