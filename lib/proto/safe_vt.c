/* SPDX-License-Identifier: MIT */
#include "proto/safe_vt.h"

enum {
	BEL = 7, BS = 8, SO = 14, SI = 15, CAN = 24, SUB = 26, ESC = 27,
	DEL = 127,
	DIGITS_MAX = 4,		/* of one parameter */
	PARAMS_MAX = 20,	/* of one sequence */
};

/* What may be changed by the other end, and what takes it back. */
static const struct change {
	int		 mode;		/* CSI ? mode h or l; 0: see DIRTY_ */
	bool		 usual;		/* set is how a terminal should be */
	const char	*undo;		/* NULL: nothing to undo */
} changes[] = {
	{ 1, false, "\033[?1l" },	/* cursor keys send other codes */
	{ 7, true, "\033[?7h" },	/* long lines wrap */
	{ 12, false, NULL },		/* cursor blinks */
	{ 25, true, "\033[?25h" },	/* cursor is visible */
	{ 47, false, "\033[?47l" },	/* the other screen */
	{ 1047, false, "\033[?1047l" },
	{ 1048, false, NULL },		/* save the cursor */
	{ 1049, false, "\033[?1049l" },	/* both */
	{ 2004, false, "\033[?2004l" },	/* pasted text in brackets */
	{ 0, false, "\0337\033[r\0338" },
	{ 0, false, "\033[4l" },
	{ 0, false, "\033>" },
	{ 0, false, "\033(B\017" },
	{ 0, false, "\033[m" },
};
enum {				/* the rows without a mode number */
	DIRTY_REGION = 9, DIRTY_INSERT, DIRTY_KEYPAD, DIRTY_CHARSET,
	DIRTY_COLOUR,
	RESTORE_MAX = 128	/* more than all of undo together */
};

static void
mark(struct safe_vt *vt, int row, bool changed)
{
	uint32_t bit = UINT32_C(1) << row;

	vt->dirty = changed ? vt->dirty | bit : vt->dirty & ~bit;
}

static uint8_t *
put(uint8_t *to, const void *p, size_t n)
{
	memcpy(to, p, n);
	return to + n;
}

/* Text that hides, reorders or controls; the rest of Unicode may pass. */
static bool
unfit(uint32_t c)
{
	return (c >= 0x80 && c <= 0x9f) || c == 0x061c ||
	    c == 0x200e || c == 0x200f ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	    (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

static uint8_t *
replacement(uint8_t *to)
{
	return put(to, "\357\277\275", 3);
}

/* A UTF-8 sequence ends before it is complete. */
static uint8_t *
cut_char(struct safe_vt *vt, uint8_t *to)
{
	if (vt->have == 0)
		return to;
	vt->have = 0;
	return replacement(to);
}

/* Overlong, a surrogate, or beyond U+10FFFF: seen at the second byte. */
static bool
fits_second(uint8_t first, uint8_t c)
{
	switch (first) {
	case 0xe0:
		return c >= 0xa0;
	case 0xed:
		return c < 0xa0;
	case 0xf0:
		return c >= 0x90;
	case 0xf4:
		return c < 0x90;
	}
	return true;
}

static uint8_t *
whole_char(struct safe_vt *vt, uint8_t *to)
{
	uint32_t u = vt->ch[0] & (0x7fu >> vt->need);

	for (int i = 1; i < vt->need; i++)
		u = u << 6 | (vt->ch[i] & 0x3fu);
	vt->have = 0;
	return unfit(u) ? to : put(to, vt->ch, vt->need);
}

/* A byte from 0x80 on. */
static uint8_t *
high(struct safe_vt *vt, uint8_t c, uint8_t *to)
{
	if (!vt->utf8) {
		if (c >= 0xa0)
			*to++ = c;
		return to;
	}
	if (vt->have > 0) {
		bool more = c < 0xc0 &&
		    (vt->have > 1 || fits_second(vt->ch[0], c));
		if (more) {
			vt->ch[vt->have++] = c;
			return vt->have == vt->need ? whole_char(vt, to) : to;
		}
		to = cut_char(vt, to);
	}
	if (c < 0xc2 || c > 0xf4)
		return replacement(to);
	vt->need = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	vt->ch[0] = c;
	vt->have = 1;
	return to;
}

/* A control character below 0x20 other than ESC, CAN and SUB. */
static uint8_t *
control(struct safe_vt *vt, uint8_t c, uint8_t *to)
{
	bool pass = c == '\r' || c == '\n' || c == '\t' || c == BS ||
	    c == SO || c == SI;

	if (c == BEL && vt->bells > 0) {
		vt->bells--;
		pass = true;
	}
	if (c == SO)
		mark(vt, DIRTY_CHARSET, true);
	if (pass)
		*to++ = c;
	return to;
}

/*
 * Reads the parameters of vt->seq from i on: digits with ; (or : in colours)
 * between. How many there are, at least 1; -1: anything else is in there.
 */
static int
params(const struct safe_vt *vt, size_t i, uint8_t final, int val[PARAMS_MAX])
{
	int n = 0, digits = 0;

	val[0] = 0;
	for (; i < vt->len; i++) {
		uint8_t c = vt->seq[i];
		if (c >= '0' && c <= '9') {
			if (++digits > DIGITS_MAX)
				return -1;
			val[n] = val[n] * 10 + (c - '0');
		} else if (c == ';' || (c == ':' && final == 'm')) {
			if (++n == PARAMS_MAX)
				return -1;
			digits = val[n] = 0;
		} else
			return -1;
	}
	return n + 1;
}

/* CSI ? ... h or l: only modes that the table has. */
static bool
private_modes(struct safe_vt *vt, uint8_t final)
{
	int val[PARAMS_MAX], row[PARAMS_MAX];
	int n = params(vt, 1, final, val);

	if ((final != 'h' && final != 'l') || n < 0)
		return false;
	for (int i = 0; i < n; i++) {
		int r = 0;
		while (r < DIRTY_REGION && changes[r].mode != val[i])
			r++;
		if (r == DIRTY_REGION)
			return false;
		row[i] = r;
	}
	for (int i = 0; i < n; i++)
		if (changes[row[i]].undo != NULL)
			mark(vt, row[i],
			    (final == 'h') != changes[row[i]].usual);
	return true;
}

/*
 * Whether a complete CSI may pass. Left out on purpose: c, n, t, x (the
 * terminal answers), p, q, s with a prefix, i (printing), and h and l of
 * other modes than 4, insert (2 would lock the keyboard).
 */
static bool
csi_may_pass(struct safe_vt *vt, uint8_t final)
{
	int val[PARAMS_MAX], n;

	if (vt->len > 0 && vt->seq[0] == '?')
		return private_modes(vt, final);
	if ((n = params(vt, 0, final, val)) < 0)
		return false;
	if (final == 'h' || final == 'l') {
		if (n != 1 || val[0] != 4)
			return false;
		mark(vt, DIRTY_INSERT, final == 'h');
		return true;
	}
	if (strchr("@ABCDEFGHIJKLMPSTXZ`abdefgmrsu", final) == NULL)
		return false;
	if (final == 'm')
		mark(vt, DIRTY_COLOUR, n != 1 || val[0] != 0);
	if (final == 'r')
		mark(vt, DIRTY_REGION, vt->len > 0);
	return true;
}

static uint8_t *
in_csi(struct safe_vt *vt, uint8_t c, uint8_t *to)
{
	if (c < 0x40) {
		if (vt->len == SAFE_VT_SEQ_MAX)
			vt->state = SAFE_VT_CSI_BAD;
		else
			vt->seq[vt->len++] = c;
		return to;
	}
	vt->state = SAFE_VT_TEXT;
	if (!csi_may_pass(vt, c))
		return to;
	to = put(to, "\033[", 2);
	to = put(to, vt->seq, vt->len);
	*to++ = c;
	return to;
}

static uint8_t *
in_esc(struct safe_vt *vt, uint8_t c, uint8_t *to)
{
	vt->len = 0;
	vt->state = SAFE_VT_TEXT;
	if (c == '[')
		vt->state = SAFE_VT_CSI;
	else if (strchr("]PX^_", c) != NULL)
		vt->state = SAFE_VT_STRING;
	else if (strchr("()*+", c) != NULL) {
		vt->state = SAFE_VT_CHARSET;
		vt->seq[0] = c;
	} else if (c < 0x30)
		vt->state = SAFE_VT_SKIP;
	else if (strchr("78=>DEHM", c) != NULL) {
		*to++ = ESC;
		*to++ = c;
		if (c == '=' || c == '>')
			mark(vt, DIRTY_KEYPAD, c == '=');
	}
	return to;
}

/* ESC ( and one letter: graphics, UK or US. */
static uint8_t *
in_charset(struct safe_vt *vt, uint8_t c, uint8_t *to)
{
	vt->state = c < 0x30 ? SAFE_VT_SKIP : SAFE_VT_TEXT;
	if (c != '0' && c != 'A' && c != 'B')
		return to;
	mark(vt, DIRTY_CHARSET, true);
	*to++ = ESC;
	*to++ = vt->seq[0];
	*to++ = c;
	return to;
}

/* A byte from 0x20 to 0x7e. */
static uint8_t *
graphic(struct safe_vt *vt, uint8_t c, uint8_t *to)
{
	switch (vt->state) {
	case SAFE_VT_TEXT:
		*to++ = c;
		return to;
	case SAFE_VT_ESC:
		return in_esc(vt, c, to);
	case SAFE_VT_CHARSET:
		return in_charset(vt, c, to);
	case SAFE_VT_CSI:
		return in_csi(vt, c, to);
	case SAFE_VT_SKIP:
		if (c >= 0x30)
			vt->state = SAFE_VT_TEXT;
		return to;
	case SAFE_VT_CSI_BAD:
		if (c >= 0x40)
			vt->state = SAFE_VT_TEXT;
		return to;
	case SAFE_VT_STRING:
		break;
	}
	return to;
}

/*
 * Within OSC, DCS and the like, ended by BEL, by any ESC (ST is ESC \), or by
 * being longer than anything honest, so that it cannot silence the session.
 */
static void
in_string(struct safe_vt *vt, uint8_t c)
{
	if (c == BEL || ++vt->len > SAFE_VT_STRING_MAX)
		vt->state = SAFE_VT_TEXT;
}

static uint8_t *
take(struct safe_vt *vt, uint8_t c, uint8_t *to)
{
	if (c < 0x80)
		to = cut_char(vt, to);
	if (c == ESC) {
		vt->state = SAFE_VT_ESC;
		return to;
	}
	if (c == CAN || c == SUB) {
		vt->state = SAFE_VT_TEXT;
		return to;
	}
	if (vt->state == SAFE_VT_STRING) {
		in_string(vt, c);
		return to;
	}
	if (c < 0x20)
		return control(vt, c, to);	/* obeyed at once */
	if (c == DEL)
		return to;
	if (c < 0x80)
		return graphic(vt, c, to);
	vt->state = SAFE_VT_TEXT;		/* it ends any sequence */
	return high(vt, c, to);
}

int
safe_vt_feed(struct safe_vt *vt, const void *data, size_t n, struct buf *out)
{
	const uint8_t *p = data;
	uint8_t *room, *to;

	if (n == 0)
		return 0;	/* there, data may be NULL */
	/* A held sequence or character may complete now. */
	room = (uint8_t *)buf_room(out,
	    SAFE_VT_GROWTH * n + SAFE_VT_SEQ_MAX + sizeof vt->ch);
	if (room == NULL)
		return -1;
	for (to = room; n > 0; n--)
		to = take(vt, *p++, to);
	buf_added(out, (size_t)(to - room));
	return 0;
}

int
safe_vt_restore(struct safe_vt *vt, struct buf *out)
{
	uint8_t *room = (uint8_t *)buf_room(out, RESTORE_MAX), *to = room;

	if (room == NULL)
		return -1;
	for (size_t i = 0; i < NELEMS(changes); i++)
		if (vt->dirty >> i & 1)
			to = put(to, changes[i].undo, strlen(changes[i].undo));
	buf_added(out, (size_t)(to - room));
	*vt = (struct safe_vt){ .utf8 = vt->utf8, .bells = vt->bells };
	return 0;
}
