/*
 * replay - a recording told again: lines of JSON (talk/json.h) or packets
 * (talk/record.h), from a file or, as they come, from a pipe.
 *
 * Each event is told with the number and the times that it had. What is wrong
 * with a recording is known only when it is reached: all before that has been
 * told by then.
 */
#ifndef RUN_REPLAY_H
#define RUN_REPLAY_H

#include "base/why.h"
#include "talk/talk.h"

struct replay {
	struct talk	*talk;		/* borrowed */
	int		 fd;		/* borrowed */
	const char	*name;		/* of the file, for messages */
	/*
	 * Before the first event: the command whose run it was; NULL: it is
	 * not known. -1: there is no going on, and the cause is left.
	 */
	int	       (*begin)(void *arg, const char *command);
	void		*arg;
	/* Afterwards: */
	uint64_t	 unknown;	/* events left out: of no kind known */
};

/*
 * To its end, or until nobody wants to hear more: then the talk has lost its
 * sink on stdout. -1: why has the cause. WHY_PROTOCOL: it is no recording,
 * or spoilt; WHY_BROKEN: it ends in the middle; WHY_LOCAL: it is not readable.
 */
int	replay(struct replay *, struct why *) MUST_CHECK;

#endif
