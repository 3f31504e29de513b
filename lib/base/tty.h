/*
 * tty - facts about the terminal, if there is one.
 *
 * The decision about colour is a pure function of a struct tty_env, so that
 * it can be tested as a table; tty_color() fills that from getenv(3).
 */
#ifndef BASE_TTY_H
#define BASE_TTY_H

#include "base/base.h"

#define TTY_WIDTH 80		/* columns, where nobody knows */

enum tty_choice {		/* in the order of "auto|always|never" */
	TTY_AUTO,
	TTY_ALWAYS,
	TTY_NEVER,
};

/* Each a variable's value, or NULL where it is not set. */
struct tty_env {
	const char *no_color, *force_color, *clicolor_force, *term, *clicolor;
};

bool	tty_is(int fd);		/* a terminal */
int	tty_width(int fd);	/* columns; TTY_WIDTH if unknown */
bool	tty_echoes(int fd);	/* and Ctrl-C is shown on it as "^C" */
bool	tty_dumb(void);		/* TERM is "dumb" or not set */

/*
 * Colour on fd? The first that speaks decides: the option, NO_COLOR,
 * FORCE_COLOR (0: off), CLICOLOR_FORCE, TERM dumb or unset, CLICOLOR=0,
 * whether fd is a terminal. An empty variable does not speak.
 */
bool	tty_color(int fd, enum tty_choice);
bool	tty_color_by(enum tty_choice, const struct tty_env *, bool is_tty);

/*
 * Does the locale write UTF-8? False until setlocale(LC_CTYPE, "") was
 * called, which is the program's to do, once.
 */
bool	tty_utf8(void);

#endif
