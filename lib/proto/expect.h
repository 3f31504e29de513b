/*
 * expect - is this text somewhere in a stream that comes in pieces?
 *
 * Knuth, Morris and Pratt's way: each byte is looked at once, nothing of the
 * stream is kept, and borders between pieces do not exist. last_line keeps
 * what a person wants to see when the answer is no.
 */
#ifndef PROTO_EXPECT_H
#define PROTO_EXPECT_H

#include "base/base.h"

enum {
	EXPECT_MAX = 1000,	/* bytes of the text */
	EXPECT_LINE = 120,	/* kept of the last line */
};

struct expect {
	char	 text[EXPECT_MAX];
	uint16_t back[EXPECT_MAX];	/* matched so many, the next is wrong:
					   so many still are */
	size_t	 len, met;	/* of the text; of it, matched so far */
};

struct last_line {		/* zeroed: nothing came */
	char	 text[EXPECT_LINE];
	size_t	 n;
	bool	 ended;		/* the next byte begins another */
};

/* len: 1 to EXPECT_MAX; the text is copied. */
void	expect_init(struct expect *, const char *text, size_t len);
/* How many bytes were looked at: up to the end of the text, or all. */
size_t	expect_feed(struct expect *, const char *, size_t);
bool	expect_met(const struct expect *);

/* Empty lines, CR and LF are left out. */
void	last_line_feed(struct last_line *, const char *, size_t);

#endif
