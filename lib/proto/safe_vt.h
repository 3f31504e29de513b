/*
 * safe_vt - a filter between a remote program and the local terminal: full
 * screens work, nothing that makes the terminal act or type gets through.
 *
 * An allow-list, not a list of dangers. It passes text, CR LF BS TAB, BEL as
 * often as the caller says, SO SI, cursor, erase, insert, scroll and colour
 * sequences (CSI with the finals of safe_vt.c), a few modes, saving the
 * cursor and choosing a charset. It drops OSC, DCS, APC, PM and SOS strings,
 * reports (which come back as typed text), window operations, mouse modes,
 * C1 controls, and characters that reorder text (bidi) or cannot be seen.
 * A sequence goes out whole or not at all, wherever reads split it.
 *
 * It remembers the modes that went through, so that the terminal can be put
 * back when the other end is gone.
 */
#ifndef PROTO_SAFE_VT_H
#define PROTO_SAFE_VT_H

#include "base/buf.h"

enum {
	SAFE_VT_SEQ_MAX = 64,		/* a longer CSI is dropped */
	SAFE_VT_STRING_MAX = 64 * KIB,	/* then a string counts as ended */
	SAFE_VT_GROWTH = 3,		/* a byte that is no UTF-8: U+FFFD */
};

enum safe_vt_state {
	SAFE_VT_TEXT, SAFE_VT_ESC, SAFE_VT_CHARSET, SAFE_VT_SKIP,
	SAFE_VT_CSI, SAFE_VT_CSI_BAD, SAFE_VT_STRING
};

/* All zero but for utf8 is the start. */
struct safe_vt {
	bool		   utf8;	/* the terminal's charset; else bytes
					   from 0xa0 on pass as they are */
	unsigned	   bells;	/* BELs that may still pass; the caller
					   puts more in as time goes by */
	enum safe_vt_state state;
	size_t		   len;		/* of seq; in a string, its length */
	uint8_t		   seq[SAFE_VT_SEQ_MAX];
	uint8_t		   ch[4];	/* a UTF-8 sequence so far */
	uint8_t		   have, need;
	uint32_t	   dirty;	/* what safe_vt_restore() must undo */
};

/* Appends what may pass. -1: the buffer's ceiling, nothing was taken. */
int	safe_vt_feed(struct safe_vt *, const void *, size_t, struct buf *)
	    MUST_CHECK;

/*
 * Appends what puts the terminal back: the modes that are still changed,
 * colours, charset; nothing if nothing is. The filter is at its start then.
 */
int	safe_vt_restore(struct safe_vt *, struct buf *) MUST_CHECK;

#endif
