/* SPDX-License-Identifier: MIT */
/* sockt - use and watch sockets by hand. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

#include "base/guess.h"
#include "base/tty.h"
#include "base/vis.h"
#include "cmd.h"
#include "groups.h"
#include "help.h"

struct session_opts talk_cfg;

static bool version;

const struct cmd *const cmds[] = {
	&cmd_listen,
	&cmd_connect,
	&cmd_http_get,
	&cmd_telnet,
	&cmd_serve_static,
	&cmd_port_check,
	&cmd_show,
	NULL,
};

static const struct opt program_opts[] = {
	OPT_FLAG('V', "version", &version, "the version, and what is built in"),
	OPTS_TALK,
	OPT_END
};

const struct cmd program = {
	.name = "sockt",
	.args = "COMMAND [ARGUMENT...]",
	.help = "use and watch sockets by hand",
	.opts = program_opts,
};

/*
 * Says the cause, if it has words. A signal needs none: whoever sent it knows,
 * and the shell says it. Returns the exit status.
 */
static int
tell(const struct why *why)
{
	if (why->kind == WHY_SIGNAL && why->err == SIGPIPE && talk_cfg.explain)
		diag("stdout: the program reading our output is gone (like "
		    "head after 10 lines), so there is no one to receive for");
	if (why->kind == WHY_SIGNAL)
		return why_status(why);
	diag_why(why);
	return why_status(why);
}

static const struct cmd *
find(const char *name)
{
	for (const struct cmd *const *c = cmds; *c != NULL; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

static int
no_command(const char *word, struct why *why)
{
	struct guess guess = { .word = word };
	char shown[80];

	vis_str(shown, sizeof shown, word, strlen(word));
	guess_try(&guess, "help");
	for (const struct cmd *const *c = cmds; *c != NULL; c++)
		guess_try(&guess, (*c)->name);
	if (guess.best == NULL)
		why_set(why, WHY_USAGE, 0, "no command '%s'", shown);
	else
		why_set(why, WHY_USAGE, 0,
		    "no command '%s'; did you mean '%s'?", shown, guess.best);
	return why_hint(why, "try 'sockt help'");
}

/* sockt help [COMMAND|exits|events|schema] */
static int
help(int argc, char **argv, struct why *why)
{
	const struct cmd *c;

	if (argc > 1)
		return why_set(why, WHY_USAGE, 0,
		    "help describes one command at a time");
	if (argc == 0 || strcmp(argv[0], "help") == 0 ||
	    strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0)
		help_program(stdout);
	else if (strcmp(argv[0], "exits") == 0)
		help_exits(stdout);
	else if (strcmp(argv[0], "events") == 0)
		help_events(stdout);
	else if (strcmp(argv[0], "schema") == 0)
		help_schema(stdout);
	else if ((c = find(argv[0])) != NULL)
		help_command(stdout, c);
	else
		return no_command(argv[0], why);
	return 0;
}

static int
run(const struct cmd *c, int argc, char **argv, struct why *why)
{
	const struct session_for what = { .command = c->name,
		.peer_word = c->peer, .numbered = c->numbered,
		.replays = c->replays,
		.argc = argc, .argv = argv };
	struct session session;

	if (session_open(&session, &talk_cfg, &what) == 0) {
		if (session.typed)
			crash_watch(&session);
		c->run(&session, argc, argv);
		crash_watch(NULL);
	}
	session_close(&session);
	*why = session.why;
	return why->kind == WHY_NONE ? 0 : -1;
}

static int
parse_and_run(const struct cmd *c, int argc, char **argv, struct why *why)
{
	int n = opt_parse(argc, argv, c->opts, OPT_ANYWHERE, why);
	bool few = argc - n < c->min;

	if (n == OPT_HELP)
		return help_command(stdout, c), 0;
	if (n == OPT_BRIEF)
		return help_command_brief(stdout, c), 0;
	if (n >= 0 && (few || (c->max >= 0 && argc - n > c->max)))
		n = why_set(why, WHY_USAGE, 0,
		    "too %s operands; it is 'sockt %s [OPTION...] %s'",
		    few ? "few" : "many", c->name, c->args);
	if (n < 0)
		return why_hint(why, "try 'sockt help %s'", c->name);
	if (run(c, argc - n, argv + n, why) == 0)
		return 0;
	if (why->kind == WHY_USAGE)	/* an operand, or options at odds */
		why_hint(why, "try 'sockt help %s'", c->name);
	return -1;
}

/* From the first word on: options for every command, then one of them. */
static int
dispatch(int argc, char **argv, struct why *why)
{
	const struct cmd *c;
	int n;

	if (argc == 2 && strcmp(argv[1], "--dump-options") == 0)
		return help_dump(stdout), 0;
	if (argc > 1 && strcmp(argv[1], "__complete") == 0)
		return complete(argc - 2, argv + 2), 0;
	n = opt_parse(argc, argv, program.opts, OPT_FIRST, why);
	if (n == OPT_HELP)
		return help_program(stdout), 0;
	if (n == OPT_BRIEF)
		return help_program_brief(stdout), 0;
	if (n < 0)
		return why_hint(why, "try 'sockt help'");
	if (version)
		return help_version(stdout), 0;
	if (n == argc) {
		help_program_brief(stderr);
		return why_set(why, WHY_USAGE, 0, "no command given");
	}
	if (strcmp(argv[n], "help") == 0)
		return help(argc - n - 1, argv + n + 1, why);
	if ((c = find(argv[n])) == NULL)
		return no_command(argv[n], why);
	return parse_and_run(c, argc - n, argv + n, why);
}

/*
 * A descriptor 0, 1 or 2 that is closed would be given to the first socket.
 * Input that is not there has ended; output that is not there cannot be
 * written, which a descriptor open for reading keeps true.
 */
static void
fill_standard_fds(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd < STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* A full disk must not look like success (git and util-linux do the same). */
static void
check_stdout(struct why *why)
{
	errno = 0;
	if (fflush(stdout) != 0 || ferror(stdout) != 0)
		why_sys(why, WHY_LOCAL, errno ? errno : EIO,
		    "cannot write to stdout");
}

/* Ends as if the signal had not been caught, for the shell to see. */
static void
die_of(int sig)
{
	sigset_t set;

	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
}

int
main(int argc, char **argv)
{
	static char out[64 * KIB];	/* a full disk is told at the end */
	struct why why = { 0 };
	int status;

	setvbuf(stdout, out, _IOFBF, sizeof out);
	fill_standard_fds();
	signal(SIGPIPE, SIG_IGN);	/* a write says EPIPE instead, */
	signal(SIGXFSZ, SIG_IGN);	/* or EFBIG */
	/* Names in messages are shown as in the user's language, if a person
	 * reads them: this costs 60,000 instructions. */
	if (tty_is(STDERR_FILENO))
		setlocale(LC_CTYPE, "");
	if (dispatch(argc, argv, &why) == 0)
		why_clear(&why);
	check_stdout(&why);
	/* The reader of our output is gone (as with head): no message. */
	if (why.kind == WHY_LOCAL && why.err == EPIPE)
		why = (struct why){ .kind = WHY_SIGNAL, .err = SIGPIPE };
	status = tell(&why);
	if (why.kind == WHY_SIGNAL)
		die_of(why.err);
	return status;
}
