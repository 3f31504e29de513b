/*
 * stdio - one conversation between a connection and our stdin and stdout:
 * what connect and listen do once somebody is there.
 */
#ifndef RUN_STDIO_H
#define RUN_STDIO_H

#include "proto/pace.h"
#include "run/dialogue.h"

struct conn;
struct session;
struct stdio;

struct stdio_opts {		/* OPTS_STDIO of cmd/groups.h fills it */
	bool	crlf;		/* LF becomes CR LF on the way out */
	int	idle_ms;	/* no byte for so long; 0: no limit */
	struct dialogue_script script;	/* goes before stdin */
	struct pace pace;	/* of what stdin has */
	int64_t	wanted;		/* so many bytes received, then it is over; 0 */
	int	quit_ms;	/* for their end, after ours; -1: no limit */
};
#define STDIO_OPTS { .quit_ms = -1 }	/* unless the command line says else */

/* The first option that was given, or NULL: it is for who uses this alone. */
const char *stdio_asked(const struct stdio_opts *);

/*
 * Takes the conn; opts are borrowed. The session is left when both directions
 * have ended, or at the first failure; a person at the terminal leaves with
 * the other side. NULL: out of memory, the session is left with that cause.
 */
struct stdio *stdio_new(struct session *, struct conn *,
	    const struct stdio_opts *) MUST_CHECK;
void	stdio_free(struct stdio *);

#endif
