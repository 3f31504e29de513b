/*
 * dialogue - what --send and --expect say, in their order, before standard
 * input has its turn: say this, wait for that.
 *
 * All that comes goes to standard output, exactly, whether it was expected or
 * not. Each --expect looks on from where the one before it was found. It is
 * unmet if the other side ends or a time limit passes first: then the answer
 * is no (exit status 1), with what was awaited and the last line that came.
 */
#ifndef RUN_DIALOGUE_H
#define RUN_DIALOGUE_H

#include "base/opt.h"
#include "base/why.h"

enum {
	DIALOGUE_STEPS = 64,
	DIALOGUE_TEXT = 1000,	/* bytes of one, after its escapes */
};

struct conn;
struct dialogue;
struct session;

struct dialogue_step {
	bool		 expect;
	const char	*text;		/* as it was written; borrowed */
};

struct dialogue_script {	/* zeroed: nothing to say */
	struct dialogue_step step[DIALOGUE_STEPS];
	size_t		 n;
};

/* Setters of --send and --expect, to a struct dialogue_script. */
opt_fn dialogue_add_send, dialogue_add_expect;

/* All was said and heard, or why it was not. */
typedef void dialogue_done(void *arg, const struct why *);

struct dialogue_opts {
	const struct dialogue_script *script;	/* borrowed, not empty */
	bool		 crlf;		/* LF becomes CR LF on the way out */
	int		 idle_ms;	/* 0: no limit */
	int64_t		 wanted;	/* no more bytes than these; 0 */
	dialogue_done	*done;
	void		*arg;
};

/*
 * we and c stay the caller's. It frees itself before done is called, once,
 * from the loop. Until then session->stop is its own. NULL: out of memory.
 */
struct dialogue *dialogue_new(struct session *, struct conn *we,
	    struct conn *c, const struct dialogue_opts *) MUST_CHECK;
void	dialogue_free(struct dialogue *);

#endif
