/*
 * edit_engine - what the module "edit" does for us: one table of functions
 * over plain C types.
 *
 * The module edits one line on a terminal and keeps a history; it knows
 * nothing of loops, conns or events. It never waits by itself: bytes that are
 * typed are asked for, one at a time. What is to appear on the terminal
 * besides goes through above().
 */
#ifndef RUN_EDIT_ENGINE_H
#define RUN_EDIT_ENGINE_H

#include "base/base.h"

enum {
	EDIT_ABI = 1,		/* of this header; the table has it, too */
	EDIT_HISTORY = 1000,	/* lines kept */
	EDIT_HISTORY_FILE = 512 * KIB,	/* then it is cut to those */
};

struct edit;

enum edit_patience {		/* for the next byte */
	EDIT_AT_ONCE,		/* there is one */
	EDIT_SHORTLY,		/* it belongs to what came, or never comes */
	EDIT_PATIENTLY,		/* a key that waits for a key */
};

enum edit_got {
	EDIT_MORE,		/* the line is being edited */
	EDIT_LINE,		/* Enter: line() has it, the screen not */
	EDIT_END,		/* Ctrl-D on an empty line */
};

struct edit_setup {
	int		 in, out;	/* terminals, borrowed */
	const char	*prompt;	/* copied */
	const char	*history;	/* file; NULL: none. Copied */
	bool		 no_interrupt;	/* Ctrl-C is a byte */
	/* A byte; false: there is none, give up what was begun. */
	bool	       (*byte)(void *arg, char *, enum edit_patience);
	void	       (*write)(void *arg, const char *, size_t);
	void		*arg;
};

struct edit_engine {
	int	abi;
	/* off: the user's ~/.editrc wants no editing. NULL: that, or memory. */
	struct edit *(*make)(const struct edit_setup *, bool *off);
	void	(*free)(struct edit *);

	void	(*begin)(struct edit *);	/* takes the terminal; prompt */
	/* Gives it back as it was; the line so far is gone. */
	void	(*end)(struct edit *);
	/* One key, which begins with a byte that is there. */
	enum edit_got (*key)(struct edit *);
	/* Whole lines appear above the one that is edited. */
	void	(*above)(struct edit *, const char *, size_t);
	/* As Enter would: takes it off the screen, it is line(). */
	void	(*take)(struct edit *);
	/* The screen has been written on: once more, where the cursor is. */
	void	(*again)(struct edit *);
	void	(*resized)(struct edit *);
	void	(*prompt)(struct edit *, const char *);	/* from the next on */
	const char *(*prompted)(const struct edit *);	/* what it is */

	/* What was typed, as bytes; until the next key. */
	const char *(*line)(const struct edit *, size_t *n);
	void	(*remember)(struct edit *);	/* it goes into the history */
};

#endif
