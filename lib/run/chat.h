/*
 * chat - a room where clients have names and talk in lines; nc will do.
 *
 * Who comes in is asked for a name, gets the last lines and who is there; the
 * others hear of it. Then each line goes to all others as "<name> line". Who
 * reads along may sit at a bare terminal, so what is passed on is text: a line
 * with control bytes, or with characters that hide or reorder, is refused, and
 * its sender told. So nobody can forge a line: each begins with a name that is
 * its own, or with "*", which is ours.
 */
#ifndef RUN_CHAT_H
#define RUN_CHAT_H

#include "base/base.h"

enum {
	CHAT_NAME = 24,		/* bytes of a name */
	CHAT_LINE = 1000,	/* of a line */
	CHAT_HISTORY = 50,	/* lines kept for newcomers */
	CHAT_LIST = 20,		/* names told to newcomers */
};

struct chat;
struct guest;
struct room;

struct chat *chat_new(void) MUST_CHECK;	/* NULL: out of memory */
void	chat_free(struct chat *);

void	chat_enter(struct guest *);
void	chat_said(struct guest *, const char *, size_t);
void	chat_ended(struct guest *);	/* an unfinished line is one, too */
void	chat_left(struct guest *);	/* frees what chat has of it */
/* The host's line, without its LF. */
void	chat_typed(struct room *, const char *, size_t);
const char *chat_name(const struct guest *);	/* "": none yet */

#endif
