/* SPDX-License-Identifier: MIT */
#include "run/launch.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/words.h"
#include "net/conn.h"

extern char **environ;

enum {
	OURS = 9,		/* variables of ours, at most */
	ENV_TEXT = ADDR_PATH + 64,
};

struct ours {
	char	text[OURS][ENV_TEXT];
	size_t	n;
};

PRINTF_LIKE(2, 3) static void
put(struct ours *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(o->text[o->n++], ENV_TEXT, fmt, ap);
	va_end(ap);
}

/* A Unix socket has a name, as in our operands, and no port. */
static void
put_end(struct ours *o, const char *whose, const struct addr *a)
{
	char ip[ADDR_TEXT];

	if (addr_family(a) == AF_UNIX) {
		put(o, "SOCKT_%s_ADDR=unix:%s%.*s", whose,
		    a->un.abstract ? "@" : "", (int)a->un.n, a->un.name);
		put(o, "SOCKT_%s_PORT=", whose);
		return;
	}
	put(o, "SOCKT_%s_ADDR=%s", whose, addr_ip(a, ip));
	put(o, "SOCKT_%s_PORT=%u", whose, addr_port(a));
	put(o, "TCP%sIP=%s", whose, addr_ip(a, ip));
	put(o, "TCP%sPORT=%u", whose, addr_port(a));
}

/* Of an earlier connection, of a program that runs us: not of this one. */
static bool
is_stale(const char *var)
{
	static const char *const begins[] = { "SOCKT_REMOTE_", "SOCKT_LOCAL_",
		"TCPREMOTE", "TCPLOCAL", "PROTO=" };

	for (size_t i = 0; i < NELEMS(begins); i++)
		if (strncmp(var, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* The environment of ours with both ends in front; for free(3). */
static char **
environment(const struct conn *c, struct ours *o)
{
	size_t n = 0, k = 0;
	char **v;

	while (environ[n] != NULL)
		n++;
	if ((v = calloc(n + OURS + 1, sizeof *v)) == NULL)
		return NULL;
	put(o, "PROTO=%s", addr_family(&c->peer) == AF_UNIX ? "UNIX" : "TCP");
	put_end(o, "REMOTE", &c->peer);
	put_end(o, "LOCAL", &c->local);
	for (; k < o->n; k++)
		v[k] = o->text[k];
	for (size_t i = 0; i < n; i++)
		if (!is_stale(environ[i]))
			v[k++] = environ[i];
	return v;
}

static int
begin(const struct launch *l, pid_t *pid, char **env, int fd)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	sigset_t all, none;
	int err;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, fd, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&fa, fd, STDOUT_FILENO);
	if (l->with_stderr)
		posix_spawn_file_actions_adddup2(&fa, fd, STDERR_FILENO);
	posix_spawnattr_init(&at);
	posix_spawnattr_setflags(&at, POSIX_SPAWN_SETSIGDEF |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigdefault(&at, &all);
	posix_spawnattr_setsigmask(&at, &none);
	err = posix_spawnp(pid, l->argv[0], &fa, &at, l->argv, env);
	posix_spawnattr_destroy(&at);
	posix_spawn_file_actions_destroy(&fa);
	return err;
}

int
launch(const struct launch *l, pid_t *pid, const struct conn *c, int fd)
{
	struct ours ours = { .n = 0 };
	char **env = environment(c, &ours);
	struct rlimit now;
	bool lower;
	int err;

	if (env == NULL)
		return ENOMEM;
	/* posix_spawn knows no limits: ours are the child's for a moment. */
	lower = l->files.rlim_max != 0 &&
	    getrlimit(RLIMIT_NOFILE, &now) == 0 &&
	    now.rlim_cur != l->files.rlim_cur &&
	    setrlimit(RLIMIT_NOFILE, &l->files) == 0;
	err = begin(l, pid, env, fd);
	if (lower)
		(void)setrlimit(RLIMIT_NOFILE, &now);
	free(env);
	return err;
}

char **
launch_words(const char *exec, const char *sh_exec, struct why *why)
{
	const char *bad = NULL;
	size_t n = exec != NULL ? 0 : strlen(sh_exec) + 1;
	char **v, *text;

	if (exec != NULL) {
		if ((v = words_split(exec, &bad)) == NULL)
			why_set(why, WHY_USAGE, 0, "--exec: the command is %s",
			    bad);
		return v;
	}
	/* "/bin/sh", "-c", the text; in one piece, as words_split() does. */
	if ((v = calloc(1, 4 * sizeof *v + 16 + n)) == NULL) {
		why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
		return NULL;
	}
	text = (char *)(v + 4);
	v[0] = memcpy(text, "/bin/sh", 8);
	v[1] = memcpy(text + 8, "-c", 3);
	v[2] = memcpy(text + 16, sh_exec, n);
	return v;
}
