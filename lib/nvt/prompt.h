/*
 * prompt - the commands typed after the escape key: status, send, mode,
 * close, quit, z, help, and Enter to go on.
 *
 * What is to be said comes back as text; who asked prints it.
 */
#ifndef NVT_PROMPT_H
#define NVT_PROMPT_H

#include "base/buf.h"

#define PROMPT "telnet> "

enum {
	PROMPT_WORDS = 8,	/* of one command; more are dropped */
	PROMPT_SAY_MAX = 64 * KIB,
};

enum prompt_verdict {
	PROMPT_AGAIN,		/* another command */
	PROMPT_RESUME,		/* back to the server */
	PROMPT_QUIT,
	PROMPT_SUSPEND,		/* back, but stop the process first */
};

struct nvt;

/* line is cut up. What does not fit into say is dropped. */
enum prompt_verdict prompt(struct nvt *, char *line, struct buf *say);

/* Words of a line, at most PROMPT_WORDS; how many. */
size_t	prompt_split(char *line, char *word[PROMPT_WORDS]);

#endif
