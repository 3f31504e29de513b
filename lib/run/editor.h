/*
 * editor - lines that a person types below the view, edited, with a history.
 *
 * It takes a terminal over: stdin, and where the view is. What the view has to
 * say appears above the line that is being typed (talk_over), which stays as
 * it is; Enter takes the line away, for its event comes in its place. A chunk
 * without a line end is held for EDITOR_HOLD_MS, then its line is broken off,
 * so that the prompt never stands behind half a line. The conn one gets reads
 * what was typed: a line with its LF at a time, 0 for Ctrl-D on an empty line.
 *
 * libedit is in a module that is loaded for the first editor. Where it is
 * missing, which is told, or ~/.editrc says "edit off", there is no editor,
 * and the terminal edits lines as ever.
 *
 * A key may wait for another (Ctrl-V, a search): the loop goes on meanwhile,
 * within itself, and what is to appear waits. So nobody may free the conn in
 * a callback of the loop.
 */
#ifndef RUN_EDITOR_H
#define RUN_EDITOR_H

#include "run/term.h"

#define EDITOR_PROMPT "> "

enum {
	EDITOR_HOLD_MS = 200,
	EDITOR_WAITING = 4 * MIB,	/* to appear; more is written anyhow */
	EDITOR_AHEAD = 64 * KIB,	/* typed and not read: then it waits */
};

struct conn;
struct editor;
struct session;

struct editor_opts {
	int	wfd;		/* the conn writes there; or -1 */
	bool	goes_on;	/* after Ctrl-D, a person may type on */
	bool	commands;	/* a line with one slash in front is ours, and
				   stays as it was typed */
	/*
	 * For who has the terminal in other modes as well: an open one, which
	 * the caller closes and whose calls it passes on (below). It begins
	 * in TERM_FOUND. Ctrl-C and the escape key (-1: none) end the line
	 * so far and are read behind it. NULL: the editor has its own.
	 */
	struct term *term;
	int	escape;
};

/*
 * stdin and wfd as a conn, edited if there is a person, a view, and a module
 * (the last argument, unless NULL, gets it: it lives until the conn is
 * closed). NULL: out of memory.
 */
struct conn *editor_conn(struct session *, const struct editor_opts *,
	    struct editor **) MUST_CHECK;

/* For who has the terminal: */
/* TERM_EDITED: lines; else bytes as they come. The line so far is gone. */
void	editor_mode(struct editor *, enum term_mode);
/*
 * Another prompt; what is typed there stays, and is not remembered. NULL: the
 * own one again.
 */
void	editor_aside(struct editor *, const char *prompt);
/* Whole lines of ours. */
void	editor_say(struct editor *, const char *, size_t);
/* The terminal's calls. */
void	editor_resized(struct editor *, bool again);
void	editor_stopping(struct editor *);
void	editor_ending(struct editor *);

#endif
