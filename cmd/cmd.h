/*
 * cmd - what every subcommand is: a name, a table and a function.
 *
 * To add a command (there are four things to do):
 *  1. write cmd/NAME.c, ending in "const struct cmd cmd_NAME", the smallest
 *     one there is being the template;
 *  2. declare it below and add it to the table in cmd/sockt.c;
 *  3. write man/sockt-NAME.1, its EXAMPLES being run by the tests;
 *  4. write tests/NAME_test.sh, then 'make completions' and 'make check'.
 * No Makefile changes: sources, pages and suites are found by their names.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/base.h"
#include "base/opt.h"
#include "base/why.h"
#include "run/session.h"

struct conn;
struct listener;

struct cmd {
	const char	*name;		/* "http-get" */
	const char	*args;		/* operands in the usage line */
	const char	*help;		/* one line, as in the manual's NAME */
	const char	*examples;	/* lines for -h: "sockt listen 80\n" */
	const struct opt *opts;
	int		 min, max;	/* operands; max -1: any number */

	const char	*peer;		/* "the server"; NULL: "the peer" */
	bool		 numbered;	/* several conversations: show #n */
	bool		 replays;	/* as of struct session_for */

	/*
	 * Gets the operands alone, argv[argc] being NULL. What went wrong is
	 * left in session->why: its kind is the exit status, its text is said
	 * once, on stderr, unless it is empty (the answer was "no" and has been
	 * shown). The dispatcher opens and closes the session.
	 */
	void	       (*run)(struct session *, int argc, char **argv);
};

extern const struct cmd cmd_connect, cmd_http_get, cmd_listen, cmd_port_check,
    cmd_serve_static, cmd_show, cmd_telnet;
extern const struct cmd *const cmds[];	/* the table; ends with NULL */
extern const struct cmd program;	/* what stands before the command */

/* How the conversation is shown: OPTS_TALK of groups.h, for every command. */
extern struct session_opts talk_cfg;

/*
 * complete.c: what a shell may offer, as lines "VALUE<TAB>DESCRIPTION". What
 * cannot be read is not offered: nothing here fails.
 */
void	complete(int argc, char **argv);
/* crash.c: a terminal of s is put back if we crash; NULL: no more. */
void	crash_watch(const struct session *);

/* "sockt: ..." on stderr: a warning; failures go into why. */
void	diag(const char *fmt, ...) PRINTF_LIKE(1, 2);
void	diag_why(const struct why *);	/* if it has words */
/* Without a view, stderr has what a person must know. */
bool	unseen(const struct session *);
/* A client that TLS refused; others may come in. */
void	say_refused(void *session, const struct why *);
/*
 * A script that asked for any port must learn which one it got; and clients,
 * by what to know a certificate that was made for this run.
 */
void	say_listening(const struct session *, const struct listener *,
	    const char *port_file);
/* Where no view says what --insecure let pass on this conn, stderr does. */
void	say_doubt(const struct session *, const struct conn *);

#endif
