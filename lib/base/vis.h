/*
 * vis - foreign bytes made safe for a terminal, losing nothing.
 *
 * What controls, hides, reorders or forges is shown as \xHH of its UTF-8
 * bytes: C0 (CR as \r, ESC as \e), DEL, C1, bidirectional controls,
 * invisible and private characters, invalid UTF-8. LF and TAB pass (unless
 * VIS_LINE), a backslash is doubled, at most VIS_MARKS combining marks follow
 * a character and none begins a line. So the text is reversible:
 * printf '%b' gives the bytes back.
 *
 * It streams: the result does not depend on how the input was cut, since up
 * to three bytes of an unfinished character wait in the struct. A zeroed
 * struct vis is a valid beginning. Widths come from wcwidth(3): without
 * setlocale(LC_CTYPE, "") nothing but ASCII passes.
 */
#ifndef BASE_VIS_H
#define BASE_VIS_H

#include "base/base.h"

struct buf;

enum vis_flags {
	VIS_ASCII = 1,		/* not a UTF-8 terminal: only ASCII passes */
	VIS_LINE = 2,		/* one line: LF and TAB become \n and \t */
};

#define VIS_MARKS 6		/* combining marks in a row that pass */
#define VIS_GROWTH 4		/* bytes out for one in, at most, unmarked */

struct vis {
	unsigned	 flags;		/* of enum vis_flags */
	const char	*on, *off;	/* around runs of escapes, or NULL */
	/* private */
	unsigned char	 part[4];	/* an unfinished character */
	unsigned char	 npart, need;
	unsigned char	 marks;		/* combining marks that may follow */
	bool		 marking;	/* on is out, off is not */
};

/*
 * Appends n bytes, made safe. Returns how many of them (and of those that
 * waited) had to be escaped, backslashes not counted; -1: the buffer is full,
 * and the bytes that did not fit are lost.
 */
int	vis_add(struct vis *, struct buf *, const void *, size_t n) MUST_CHECK;
/* The input ends: what still waits is escaped. Returns as vis_add(). */
int	vis_end(struct vis *, struct buf *) MUST_CHECK;

/* Is this character, from U+0080 up, one that hides, reorders or forges? */
bool	vis_hides(uint32_t c);

/*
 * For messages: one line of n foreign bytes into dst, as UTF-8 where the
 * locale has it, cut with "..." where it does not fit. Returns dst.
 */
char	*vis_str(char *dst, size_t size, const void *, size_t n);

#endif
