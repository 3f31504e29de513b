/*
 * term - our own terminal: how it takes keys, and how it gets back to what it
 * was, whatever ends or stops us.
 *
 * While it is open, TSTP, CONT and WINCH are handled here: stopped, the
 * terminal is as it was found, and goes on, it is as we need it. INT, TERM,
 * HUP and QUIT put it back before anybody else hears of them. For crashes,
 * term_restore() may be called from a signal handler.
 *
 * Where lines are edited by the terminal, ^C and the escape key must reach us
 * at once and in their place among the text. They are made ends of line
 * (VEOL, VEOL2) and the interrupt key is switched off, so a read ends with
 * them; SIGINT then comes from elsewhere only.
 */
#ifndef RUN_TERM_H
#define RUN_TERM_H

#include <ev.h>
#include <termios.h>

#include "base/why.h"

enum term_mode {
	TERM_FOUND,		/* as it was */
	TERM_LINES,		/* edited and echoed by the terminal */
	TERM_HIDDEN,		/* edited, not echoed: a password */
	TERM_KEYS,		/* every key at once, as it is */
	TERM_EDITED,		/* by an editor of ours, which sets it */
};

enum { TERM_INTERRUPT = 3 };	/* ^C, as a byte */

struct term_calls {
	void	(*resized)(void *arg, bool again);	/* or it came back */
	void	(*stopping)(void *arg);	/* until it comes back; may be NULL */
	void	(*ending)(void *arg);	/* a signal will end us */
	void	(*quit)(void *arg);	/* SIGQUIT; nobody else takes it */
};

struct term {
	/* set by the caller, before term_open() */
	int		 fd;		/* a terminal, borrowed */
	int		 escape;	/* the escape key, a byte; -1: none */
	struct ev_loop	*loop;
	const struct term_calls *call;
	void		*arg;		/* of the calls */

	bool		 open;
	volatile bool	 changed;	/* from what was found */
	enum term_mode	 mode;
	bool		 cooked;	/* KEYS, but output has line ends */
	struct termios	 found;
	ev_signal	 stop, cont, winch, quit, end[3];
};

/* -1: WHY_LOCAL. Close it in any case. */
int	term_open(struct term *, struct why *) MUST_CHECK;
void	term_set(struct term *, enum term_mode);
/* In KEYS, what is written is left alone, unless cooked: LF is CR LF then. */
void	term_cook(struct term *, bool);
void	term_suspend(struct term *);	/* as by the terminal's own ^Z */
/* Async-signal-safe. Nothing if it is as found, or not ours now. */
void	term_restore(struct term *);
void	term_close(struct term *);	/* restores, and hears no signals */

/*
 * Changing a terminal from the background would stop us (SIGTTOU). One that is
 * not our controlling terminal knows no background.
 */
bool	term_in_front(int fd);

/* Of any terminal; false if it does not know. */
bool	term_size(int fd, unsigned *cols, unsigned *rows);

#endif
