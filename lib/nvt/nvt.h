/*
 * nvt - a telnet session: the "network virtual terminal" of RFC 854 between
 * our input and output and a server.
 *
 * It answers negotiation by RFC 1143: ECHO, SUPPRESS-GO-AHEAD, BINARY,
 * TERMINAL-TYPE and NAWS as far as the options allow, nothing else. All
 * answers to what one read() brought leave in one send(). It never sends the
 * environment or a user's name.
 *
 * What is typed goes through the mode that was asked for, or else the one that
 * the server's ECHO and SUPPRESS-GO-AHEAD choose; what comes from a pipe is
 * sent as it is, in the form of telnet data. What is received is told as
 * events, and written to the output if there is one: exactly, or in character
 * mode on a screen through safe_vt. It does not touch the terminal's modes: the
 * owner does, on call.
 */
#ifndef NVT_NVT_H
#define NVT_NVT_H

#include "base/why.h"
#include "proto/telnet_q.h"

enum nvt_mode {
	NVT_LINES,		/* lines, echoed here */
	NVT_HIDDEN,		/* lines, not echoed: the server said ECHO */
	NVT_KEYS,		/* each key at once: ECHO, SUPPRESS-GO-AHEAD */
	NVT_OVER,		/* input has ended */
};

/* Who chooses between them. */
enum nvt_wish { NVT_AUTO, NVT_WISH_LINE, NVT_WISH_CHARACTER };
#define NVT_WISHES "auto|line|character"

enum {
	NVT_COMMAND_MAX = 256,	/* bytes of a typed command */
	NVT_HELD_MAX = 64 * KIB,	/* towards either side; then whoever
					   sends it must wait, or, typing, is
					   not heard */
	NVT_BELLS = 5,		/* BELs a second that reach the terminal */
};

struct nvt_opts {
	bool	 typed;		/* our input is a terminal */
	bool	 screen;	/* so is our output, and it has the view */
	bool	 edited;	/* lines that are typed leave no trace there */
	bool	 wordy;		/* wordy events are shown there */
	bool	 utf8;		/* what the terminal takes */
	bool	 exact_in;	/* write what is received with its commands */
	bool	 exact_out;	/* send input as it is; not with typed */
	bool	 negotiate;	/* ask first, do not wait to be asked */
	int	 wish;		/* enum nvt_wish: the mode, when typed */
	int	 escape;	/* the key for commands; -1: none */
	int	 idle_ms;	/* 0: no limit */
	const char *term;	/* TERMINAL-TYPE; NULL: refused. Borrowed */
	unsigned cols, rows;	/* NAWS; 0: refused */
};

/* Called from the loop. */
struct nvt_calls {
	/* Typed text has another mode now; the terminal's is to follow. */
	void	(*mode)(void *arg, enum nvt_mode);
	/* KEYS on a screen: lines of ours come (true), or are through. */
	void	(*aside)(void *arg, bool);
	/*
	 * The escape key was typed, and nvt_hold() holds the session. Then
	 * each line typed, ended with NUL; NULL: ^C, or the input has ended.
	 */
	void	(*escaped)(void *arg);
	void	(*command)(void *arg, char *line);
	/* Once, at the end; WHY_NONE: both ends closed in order. */
	void	(*done)(void *arg, const struct why *);
	void	*arg;
};

struct conn;
struct ev_loop;
struct nvt;

/*
 * we: our input and output (-1: events are all there is to see). Takes both;
 * nvt_free() closes them. The options and calls are
 * copied. NULL: out of memory, both closed.
 */
struct nvt *nvt_new(struct ev_loop *, struct conn *we, struct conn *net,
	    const struct nvt_opts *, const struct nvt_calls *) MUST_CHECK;
void	nvt_free(struct nvt *);

/* Held, nothing is received, and what is typed are commands. */
void	nvt_hold(struct nvt *, bool);
/* From now on; the mode changes, and is told, when it is not held any more. */
void	nvt_choose(struct nvt *, enum nvt_wish);
/* IAC and a command, AYT for example. */
void	nvt_command(struct nvt *, uint8_t cmd);
/*
 * SYNCH (RFC 854): IAC DM, the DM urgent, so that it overtakes what the server
 * has not read yet. Not urgent if the connection takes nothing now.
 */
void	nvt_synch(struct nvt *);
/* As if typed, whatever it is. */
void	nvt_type(struct nvt *, const char *, size_t);
/* The window changed; again: tell the server even if its size did not. */
void	nvt_window(struct nvt *, unsigned cols, unsigned rows, bool again);
/* Our end (FIN) once all is sent; the server's is waited for. */
void	nvt_end(struct nvt *);
/* A program's screen is over: modes, colours, a line of its own for ours. */
void	nvt_leave_screen(struct nvt *);

enum nvt_mode nvt_mode(const struct nvt *);
const struct telnet_q *nvt_options(const struct nvt *);

#endif
