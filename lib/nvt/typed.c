/* SPDX-License-Identifier: MIT */
#include "nvt/inside.h"
#include "run/term.h"

static void
send_data(struct nvt *n, const char *p, size_t len)
{
	size_t before = n->up.len;

	if (len == 0 || n->no_input)
		return;
	/* The server takes nothing, and someone types on: not for ever. */
	if (n->o.typed && n->up.len > NVT_HELD_MAX) {
		nvt_warn(n, "the server takes nothing; %zu B typed are lost",
		    len);
		return;
	}
	nvt_ok(n, n->o.exact_out ? buf_add(&n->up, p, len) :
	    telnet_encode(&n->enc, p, len, &n->up));
	nvt_sent(n, n->up.len - before);
}

void
nvt_type(struct nvt *n, const char *p, size_t len)
{
	send_data(n, p, len);
	nvt_flush(n);
}

/* The escape key again: it is meant for the server. */
static void
escape_itself(struct nvt *n)
{
	const char c = (char)n->o.escape;

	nvt_hold(n, false);
	send_data(n, &c, 1);
	n->call.command(n->call.arg, NULL);
}

static void
add_to_line(struct nvt *n, char c)
{
	if (n->line_len < sizeof n->line - 1)
		n->line[n->line_len++] = c;
}

/* A command's bytes, until one ends it. Returns how many were taken. */
static size_t
take_command(struct nvt *n, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = p[i];

		if (c == TERM_INTERRUPT) {
			n->call.command(n->call.arg, NULL);
			return i + 1;
		}
		if (c == n->o.escape && n->line_len == 0) {
			escape_itself(n);
			return i + 1;
		}
		if (c == '\n' || c == '\r') {
			n->line[n->line_len] = '\0';
			n->line_len = 0;
			n->call.command(n->call.arg, n->line);
			return i + 1;
		}
		add_to_line(n, c);
	}
	return len;
}

/* Where the escape key is in what was typed; len if it is not. */
static size_t
escape_at(const struct nvt *n, const char *p, size_t len)
{
	const char *at;

	if (n->o.escape < 0)
		return len;
	/* Edited lines end with it; within one it was quoted, by ^V. */
	if (n->mode != NVT_KEYS)
		return p[len - 1] == n->o.escape ? len - 1 : len;
	at = memchr(p, n->o.escape, len);
	return at == NULL ? len : (size_t)(at - p);
}

/* Keys or a line for the server. Returns how many bytes were taken. */
static size_t
take_text(struct nvt *n, const char *p, size_t len)
{
	size_t at = escape_at(n, p, len);

	if (at < len) {
		send_data(n, p, at);
		nvt_fresh_line(n);
		nvt_hold(n, true);
		n->call.escaped(n->call.arg);
		return at + 1;
	}
	/* The line so far is gone, as with any terminal. */
	if (n->mode != NVT_KEYS && p[len - 1] == TERM_INTERRUPT)
		nvt_interrupt(n);
	else
		send_data(n, p, len);
	return len;
}

void
nvt_input(struct nvt *n, char *p, size_t len)
{
	while (len > 0 && !n->over) {
		size_t used;

		if (!n->o.typed) {
			send_data(n, p, len);
			return;
		}
		used = n->held ? take_command(n, p, len) :
		    take_text(n, p, len);
		p += used;
		len -= used;
	}
}

void
nvt_input_ended(struct nvt *n)
{
	if (n->held) {
		/* A terminal's end of input is only for who read it. */
		n->we->ended_in = false;
		n->call.command(n->call.arg, NULL);
		return;
	}
	if (n->o.typed) {
		n->mode = NVT_OVER;
		n->call.mode(n->call.arg, NVT_OVER);
	}
	nvt_end(n);
}
