/* SPDX-License-Identifier: MIT */
#include "proto/telnet.h"

/* How many bytes from p on are plain data: no IAC, and no NUL to drop. */
static size_t
plain(const struct telnet *t, const uint8_t *p, size_t n)
{
	const uint8_t *end;

	/* The bound keeps "a NUL a NUL" from costing a long search each. */
	if (n > TELNET_SPAN_MAX)
		n = TELNET_SPAN_MAX;
	if (n > 0 && (end = memchr(p, TELNET_IAC, n)) != NULL)
		n = (size_t)(end - p);
	if (n > 0 && !t->binary && (end = memchr(p, 0, n)) != NULL)
		n = (size_t)(end - p);
	return n;
}

static size_t
in_data(struct telnet *t, const uint8_t *p, size_t n, struct telnet_event *ev)
{
	size_t quoted = t->quoted ? 1 : 0;

	if (!quoted && *p == TELNET_IAC) {
		t->state = TELNET_IN_IAC;
		return 1;
	}
	if (!t->binary && *p == 0)
		return 1;
	t->quoted = false;
	ev->kind = TELNET_DATA;
	ev->data = p;
	ev->len = quoted + plain(t, p + quoted, n - quoted);
	return ev->len;
}

static size_t
in_iac(struct telnet *t, const uint8_t *p, size_t n, struct telnet_event *ev)
{
	(void)n;
	t->state = TELNET_IN_DATA;
	switch (*p) {
	case TELNET_IAC:
		t->quoted = true;
		return 0;	/* the second one is the first byte of data */
	case TELNET_WILL:
	case TELNET_WONT:
	case TELNET_DO:
	case TELNET_DONT:
		t->state = TELNET_IN_NEGOTIATION;
		t->cmd = *p;
		return 1;
	case TELNET_SB:
		t->state = TELNET_IN_SUB_OPT;
		t->opt = -1;
		t->sublen = 0;
		t->lost = 0;
		return 1;
	}
	ev->kind = TELNET_COMMAND;
	ev->cmd = *p;
	return 1;
}

static size_t
in_negotiation(struct telnet *t, const uint8_t *p, size_t n,
    struct telnet_event *ev)
{
	(void)n;
	t->state = TELNET_IN_DATA;
	ev->kind = TELNET_NEGOTIATE;
	ev->cmd = t->cmd;
	ev->opt = *p;
	return 1;
}

static size_t
in_sub_opt(struct telnet *t, const uint8_t *p, size_t n,
    struct telnet_event *ev)
{
	(void)n;
	(void)ev;
	if (*p == TELNET_IAC) {
		t->state = TELNET_IN_SUB_OPT_IAC;
		return 1;
	}
	t->opt = *p;
	t->state = TELNET_IN_SUB;
	return 1;
}

/*
 * The end of a subnegotiation, at the byte behind its IAC. Any command but SE
 * is an error in it (RFC 855 knows SE alone): the subnegotiation is over and
 * the command counts, or else a peer that forgets SE is never heard again.
 */
static size_t
end_sub(struct telnet *t, const uint8_t *p, struct telnet_event *ev)
{
	bool proper = *p == TELNET_SE;

	t->state = proper ? TELNET_IN_DATA : TELNET_IN_IAC;
	ev->kind = TELNET_SUB;
	ev->opt = t->opt;
	ev->data = t->sub;
	ev->len = t->sublen;
	ev->lost = t->lost;
	ev->broken = !proper;
	return proper ? 1 : 0;
}

/* IAC where the option should be: option 255, doubled, or an empty SB. */
static size_t
in_sub_opt_iac(struct telnet *t, const uint8_t *p, size_t n,
    struct telnet_event *ev)
{
	(void)n;
	if (*p != TELNET_IAC)
		return end_sub(t, p, ev);
	t->opt = TELNET_IAC;
	t->state = TELNET_IN_SUB;
	return 1;
}

static void
keep(struct telnet *t, const uint8_t *p, size_t n, struct telnet_event *ev)
{
	size_t room = TELNET_SUB_MAX - t->sublen;

	if (n > room) {
		if (t->lost == 0) {
			ev->kind = TELNET_OVERFLOW;
			ev->opt = t->opt;
		}
		t->lost += n - room;
		n = room;
	}
	memcpy(t->sub + t->sublen, p, n);
	t->sublen += n;
}

static size_t
in_sub(struct telnet *t, const uint8_t *p, size_t n, struct telnet_event *ev)
{
	const uint8_t *iac = memchr(p, TELNET_IAC, n);

	if (iac == p) {
		t->state = TELNET_IN_SUB_IAC;
		return 1;
	}
	if (iac != NULL)
		n = (size_t)(iac - p);
	keep(t, p, n, ev);
	return n;
}

static size_t
in_sub_iac(struct telnet *t, const uint8_t *p, size_t n,
    struct telnet_event *ev)
{
	(void)n;
	if (*p != TELNET_IAC)
		return end_sub(t, p, ev);
	t->state = TELNET_IN_SUB;
	keep(t, p, 1, ev);
	return 1;
}

size_t
telnet_next(struct telnet *t, const uint8_t *p, size_t n,
    struct telnet_event *ev)
{
	static size_t (*const step[])(struct telnet *, const uint8_t *, size_t,
	    struct telnet_event *) = {
		[TELNET_IN_DATA] = in_data,
		[TELNET_IN_IAC] = in_iac,
		[TELNET_IN_NEGOTIATION] = in_negotiation,
		[TELNET_IN_SUB_OPT] = in_sub_opt,
		[TELNET_IN_SUB_OPT_IAC] = in_sub_opt_iac,
		[TELNET_IN_SUB] = in_sub,
		[TELNET_IN_SUB_IAC] = in_sub_iac,
	};
	size_t used = 0;

	*ev = (struct telnet_event){ .opt = -1 };
	while (used < n && ev->kind == TELNET_NONE)
		used += step[t->state](t, p + used, n - used, ev);
	return used;
}

bool
telnet_inside(const struct telnet *t)
{
	return t->state != TELNET_IN_DATA;
}

/* How many bytes from p on are the same on the wire. */
static size_t
verbatim(const struct telnet_encoder *e, const uint8_t *p, size_t n)
{
	static const uint8_t special[] = { TELNET_IAC, '\r', '\n' };
	size_t kinds = e->eol == TELNET_EOL_BINARY ? 1 : sizeof special;

	if (e->cr)
		return 0;
	/* As in plain(): few long searches, whatever comes often. */
	if (n > TELNET_SPAN_MAX)
		n = TELNET_SPAN_MAX;
	while (kinds-- > 0 && n > 0) {
		const uint8_t *at = memchr(p, special[kinds], n);

		if (at != NULL)
			n = (size_t)(at - p);
	}
	return n;
}

/* One byte's encoding at to; how many bytes it took, at most 2. */
static size_t
encode_byte(struct telnet_encoder *e, uint8_t c, uint8_t *to)
{
	to[0] = c;
	if (c == TELNET_IAC) {
		to[1] = TELNET_IAC;
		return 2;
	}
	if (e->eol == TELNET_EOL_LINES && c == '\n') {
		to[0] = '\r';
		to[1] = '\n';
		return 2;
	}
	if (e->eol == TELNET_EOL_KEYS && c == '\r') {
		to[1] = 0;
		return 2;
	}
	e->cr = e->eol == TELNET_EOL_LINES && c == '\r';
	return 1;
}

int
telnet_encode(struct telnet_encoder *e, const void *data, size_t n,
    struct buf *out)
{
	const uint8_t *p = data, *end = p + n;
	uint8_t *room, *to;

	if (n == 0)
		return 0;
	if ((room = (uint8_t *)buf_room(out, 2 * n + 1)) == NULL)
		return -1;
	for (to = room; p < end; p++) {
		size_t same = verbatim(e, p, (size_t)(end - p));

		memcpy(to, p, same);
		to += same;
		p += same;
		if (p == end)
			break;
		if (e->cr) {
			/* CR is followed by LF or NUL, nothing else. */
			e->cr = false;
			*to++ = *p == '\n' ? '\n' : 0;
			if (*p == '\n')
				continue;
		}
		to += encode_byte(e, *p, to);
	}
	buf_added(out, (size_t)(to - room));
	return 0;
}

int
telnet_encode_end(struct telnet_encoder *e, struct buf *out)
{
	if (e->cr && buf_add(out, "", 1) < 0)
		return -1;
	e->cr = false;
	return 0;
}

int
telnet_put_command(struct buf *b, uint8_t cmd)
{
	uint8_t c[] = { TELNET_IAC, cmd };

	return buf_add(b, c, sizeof c);
}

int
telnet_put_negotiation(struct buf *b, uint8_t cmd, uint8_t opt)
{
	uint8_t c[] = { TELNET_IAC, cmd, opt };

	return buf_add(b, c, sizeof c);
}

/* Appends with IAC doubled; the room is there. */
static uint8_t *
put_doubled(uint8_t *to, const uint8_t *p, size_t n)
{
	for (; n > 0; n--, p++) {
		if (*p == TELNET_IAC)
			*to++ = TELNET_IAC;
		*to++ = *p;
	}
	return to;
}

int
telnet_put_sub(struct buf *b, uint8_t opt, const void *payload, size_t n)
{
	uint8_t *room = (uint8_t *)buf_room(b, 2 * n + 6), *to = room;

	if (room == NULL)
		return -1;
	*to++ = TELNET_IAC;
	*to++ = TELNET_SB;
	to = put_doubled(to, &opt, 1);
	to = put_doubled(to, payload, n);
	*to++ = TELNET_IAC;
	*to++ = TELNET_SE;
	buf_added(b, (size_t)(to - room));
	return 0;
}

int
telnet_put_naws(struct buf *b, unsigned cols, unsigned rows)
{
	uint8_t size[] = {
		(uint8_t)(cols >> 8), (uint8_t)cols,
		(uint8_t)(rows >> 8), (uint8_t)rows,
	};

	return telnet_put_sub(b, TELNET_OPT_NAWS, size, sizeof size);
}

int
telnet_put_ttype(struct buf *b, const char *name)
{
	uint8_t is[1 + TELNET_TTYPE_MAX] = { 0 };	/* IS */
	size_t n = strnlen(name, sizeof is - 1);

	memcpy(is + 1, name, n);
	return telnet_put_sub(b, TELNET_OPT_TTYPE, is, 1 + n);
}
