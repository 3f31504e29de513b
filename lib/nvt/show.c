/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <stdarg.h>
#include <sys/ioctl.h>

#include "base/clock.h"
#include "nvt/inside.h"

bool
nvt_on_screen(const struct nvt *n)
{
	return n->o.screen && n->mode == NVT_KEYS && !n->held &&
	    !n->screen_over;
}

void
nvt_fresh_line(struct nvt *n)
{
	struct why why = { 0 };

	if (!n->midline)
		return;
	n->midline = false;
	if (n->down.len == 0 && conn_write(n->we, "\r\n", 2, &why) < 0)
		return;		/* a terminal that is gone says so elsewhere */
}

void
nvt_tell(struct nvt *n, struct talk_event *e)
{
	bool lines = nvt_on_screen(n) && e->shown < TALK_SEEN &&
	    !e->told && (!e->wordy || n->o.wordy);

	if (!talk_heard(n->net->talk))
		return;
	if (lines) {
		nvt_fresh_line(n);
		n->call.aside(n->call.arg, true);
	}
	talk_tell(n->net->talk, e);
	if (lines)
		n->call.aside(n->call.arg, false);
}

void
nvt_warn(struct nvt *n, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	nvt_tell(n, &(struct talk_event){ .kind = TALK_WARNING,
	    .conn = n->net->id, TALK_VALUES(TALK_S(TF_CODE, "telnet"),
	    TALK_S(TF_TEXT, text)) });
}

static void
tell_data(struct nvt *n, bool out, const char *p, size_t len,
    enum talk_shown shown)
{
	uint64_t *off = out ? &n->out_off : &n->in_off;

	if (len > 0)
		nvt_tell(n, &(struct talk_event){
		    .kind = out ? TALK_SENT : TALK_RECEIVED,
		    .conn = n->net->id, .out = out, .crlf = true,
		    .shown = shown,
		    TALK_VALUES(TALK_I(TF_BYTES, len), TALK_I(TF_OFF, *off),
		    TALK_B(TF_DATA, p, len),
		    TALK_S(TF_SRC, out ? "stdin" : NULL)) });
	*off += len;
}

/* What is typed is on the terminal already, or it is a secret. */
static enum talk_shown
sent_shown(const struct nvt *n, bool line)
{
	if (!n->o.typed)
		return TALK_UNSEEN;
	if (n->mode != NVT_LINES)
		return TALK_SEEN;
	if (!n->o.screen || n->o.edited)
		return TALK_UNSEEN;
	return line ? TALK_SEEN_LINE : TALK_SEEN;
}

/* Data is told as what it means: each IAC once. */
void
nvt_sent(struct nvt *n, size_t len)
{
	const char *p = buf_head(&n->up);
	struct buf once = BUF_MAX(NVT_UP_MAX);
	bool line;

	if (len == 0 || !talk_heard(n->net->talk))
		return;
	p += n->up.len - len;
	line = p[len - 1] == '\n';
	if (n->o.exact_out) {
		tell_data(n, true, p, len, TALK_UNSEEN);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		const char *iac = memchr(p + i, TELNET_IAC, len - i);
		size_t k = iac == NULL ? len - i : (size_t)(iac - p) + 1 - i;

		nvt_ok(n, buf_add(&once, p + i, k));
		i += k;		/* and past the second */
	}
	tell_data(n, true, buf_head(&once), once.len, sent_shown(n, line));
	buf_free(&once);
}

static void
to_screen(struct nvt *n)
{
	uint64_t now = clock_ns();
	size_t before = n->down.len;

	if (now - n->bells_ns > NS_PER_S) {
		n->bells_ns = now;
		n->vt.bells = NVT_BELLS;
	}
	nvt_ok(n, safe_vt_feed(&n->vt, buf_head(&n->piece), n->piece.len,
	    &n->down));
	if (n->down.len > before)
		n->midline = buf_head(&n->down)[n->down.len - 1] != '\n';
}

/* Bytes that go straight to the output, and nobody is told. */
bool
nvt_gathers(const struct nvt *n)
{
	return n->we->wfd < 0 || n->o.screen || n->o.exact_in ||
	    talk_heard(n->net->talk);
}

void
nvt_received(struct nvt *n)
{
	if (n->piece.len == 0)
		return;
	nvt_settle_mode(n);
	tell_data(n, false, buf_head(&n->piece), n->piece.len,
	    nvt_on_screen(n) ? TALK_SEEN : TALK_UNSEEN);
	if (nvt_on_screen(n))
		to_screen(n);
	else if (n->we->wfd >= 0 && !n->o.screen && !n->o.exact_in)
		nvt_ok(n, buf_add(&n->down, buf_head(&n->piece),
		    n->piece.len));
	buf_clear(&n->piece);
}

void
nvt_leave_screen(struct nvt *n)
{
	struct why why = { 0 };

	if (!n->o.screen || n->mode != NVT_KEYS)
		return;
	nvt_ok(n, safe_vt_restore(&n->vt, &n->down));
	while (n->down.len > 0) {
		ssize_t k = conn_write(n->we, buf_head(&n->down),
		    n->down.len, &why);

		if (k < 0)
			break;
		buf_drop(&n->down, (size_t)k);
	}
	nvt_fresh_line(n);
}

/*
 * A terminal in KEYS mode would show the lines that conn tells of the end as
 * stairs. The end is in sight when nothing is left to read but it.
 */
void
nvt_foresee_end(struct nvt *n)
{
	struct pollfd p = { .fd = n->net->rfd, .events = POLLRDHUP };
	int left = 0;

	if (!nvt_on_screen(n) || poll(&p, 1, 0) <= 0 ||
	    (p.revents & (POLLRDHUP | POLLERR | POLLHUP)) == 0 ||
	    ioctl(p.fd, FIONREAD, &left) < 0 || left > 0)
		return;
	nvt_leave_screen(n);
	n->screen_over = true;
	n->call.aside(n->call.arg, true);
}
