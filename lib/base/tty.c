/* SPDX-License-Identifier: MIT */
#include "base/tty.h"

#include <langinfo.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

bool
tty_is(int fd)
{
	return isatty(fd) == 1;
}

int
tty_width(int fd)
{
	struct winsize w;

	if (ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
		return w.ws_col;
	return TTY_WIDTH;
}

bool
tty_echoes(int fd)
{
	const tcflag_t all = ECHO | ECHOCTL;
	struct termios t;

	return tcgetattr(fd, &t) == 0 && (t.c_lflag & all) == all &&
	    tcgetpgrp(fd) == getpgrp();
}

static bool
dumb(const char *term)
{
	return term == NULL || *term == '\0' || strcmp(term, "dumb") == 0;
}

bool
tty_dumb(void)
{
	return dumb(getenv("TERM"));
}

static bool
speaks(const char *value)
{
	return value != NULL && *value != '\0';
}

bool
tty_color_by(enum tty_choice choice, const struct tty_env *e, bool is_tty)
{
	if (choice != TTY_AUTO)
		return choice == TTY_ALWAYS;
	if (speaks(e->no_color))
		return false;
	if (speaks(e->force_color))
		return strcmp(e->force_color, "0") != 0;
	if (speaks(e->clicolor_force) && strcmp(e->clicolor_force, "0") != 0)
		return true;
	if (dumb(e->term))
		return false;
	if (speaks(e->clicolor) && strcmp(e->clicolor, "0") == 0)
		return false;
	return is_tty;
}

bool
tty_color(int fd, enum tty_choice choice)
{
	const struct tty_env env = {
		.no_color = getenv("NO_COLOR"),
		.force_color = getenv("FORCE_COLOR"),
		.clicolor_force = getenv("CLICOLOR_FORCE"),
		.term = getenv("TERM"),
		.clicolor = getenv("CLICOLOR"),
	};

	return tty_color_by(choice, &env, tty_is(fd));
}

bool
tty_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
