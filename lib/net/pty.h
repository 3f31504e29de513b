/*
 * pty - a terminal for a program, and our side of it as a conn.
 *
 * What is written to the conn is typed there, what the program says is read
 * from it, to the last byte: only then comes the end. A terminal has no end
 * of input but the character for it (VEOF, ^D), and that is good for one
 * read; so once our end is sent the character is typed whenever the program
 * has taken all there is, as the end of a stream stays an end. The line end
 * of a network, CR LF, is typed as one key, CR. Closing hangs up: who is in
 * the foreground there gets SIGHUP.
 */
#ifndef NET_PTY_H
#define NET_PTY_H

#include "base/base.h"

enum {
	PTY_COLUMNS = 80, PTY_ROWS = 24,	/* nobody has told us others */
	PTY_END_MS = 100,		/* between looks for a taken end */
};

struct conn;
struct ev_loop;

/*
 * theirs is the terminal itself, for a program to become its own (see
 * TIOCSCTTY); who called closes it, once the program has it. NULL with errno.
 */
struct conn *pty_open(struct ev_loop *, int *theirs) MUST_CHECK;

#endif
