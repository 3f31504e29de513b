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

struct cmd {
	const char	*name;		/* "http-get" */
	const char	*args;		/* operands in the usage line */
	const char	*help;		/* one line, as in the manual's NAME */
	const char	*examples;	/* lines for -h: "sockt listen 8080\n" */
	const struct opt *opts;
	int		 min, max;	/* operands; max -1: any number */

	/*
	 * Gets the operands alone, argv[argc] being NULL. Returns 0, or -1 with
	 * why: its kind is the exit status, its text is said once, on stderr,
	 * unless it is empty (the answer was "no" and has been shown).
	 */
	int	       (*run)(int argc, char **argv, struct why *);
};

extern const struct cmd cmd_connect, cmd_http_get, cmd_listen, cmd_port_check,
    cmd_serve_static, cmd_telnet;

/* How the conversation is shown: OPTS_TALK of groups.h, for every command. */
enum talk_format {
	FORMAT_AUTO,		/* text on a terminal, otherwise raw */
	FORMAT_TEXT,
	FORMAT_RAW,
	FORMAT_JSON,
};

enum talk_marks {		/* in the order of "auto|ascii|words" */
	MARKS_AUTO,
	MARKS_ASCII,
	MARKS_WORDS,
};

enum talk_time {		/* in the order of "rel|delta|wall|none" */
	TIME_REL,
	TIME_DELTA,
	TIME_WALL,
	TIME_NONE,
};

struct talk_cfg {		/* int where an enum is meant: opt's setters */
	int	format;		/* enum talk_format */
	int	verbose;	/* how many -v */
	int	color;		/* enum tty_choice */
	int	marks;		/* enum talk_marks */
	int	time;		/* enum talk_time */
	bool	quiet;
};

extern struct talk_cfg talk_cfg;

/* "sockt: ..." on stderr: a warning; failures go into why. */
void	diag(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
