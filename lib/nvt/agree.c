/* SPDX-License-Identifier: MIT */
#include <sys/socket.h>

#include "nvt/inside.h"
#include "proto/telnet_opt.h"

enum { MEANING = 160 };		/* bytes of a sentence */

enum { TTYPE_IS, TTYPE_SEND };	/* RFC 1091 */

static void
tell(struct nvt *n, bool out, const struct telnet_event *ev,
    const char *answer, const char *meaning)
{
	char cmd_name[TELNET_NAME_MAX], opt_name[TELNET_NAME_MAX];

	/* A refusal stands in the line of what it refuses. */
	nvt_tell(n, &(struct talk_event){ .kind = TALK_TELNET, .out = out,
	    .wordy = true, .conn = n->net->id,
	    .told = out && answer != NULL,
	    .shown = ev->cmd == TELNET_IP && out ? TALK_NEW_LINE :
	    TALK_UNSEEN,
	    TALK_VALUES(TALK_S(TF_CMD, telnet_cmd_name(ev->cmd, cmd_name)),
	    TALK_I(TF_OPT, ev->opt < 0 ? TALK_UNKNOWN : ev->opt),
	    TALK_S(TF_OPT_NAME, ev->opt < 0 ? NULL :
	    telnet_opt_name((uint8_t)ev->opt, opt_name)),
	    TALK_S(TF_ANSWER, out ? NULL : answer),
	    TALK_S(TF_MEANING, meaning)) });
}

static void
tell_sub(struct nvt *n, bool out, const struct telnet_event *ev,
    const char *meaning, bool told)
{
	char opt_name[TELNET_NAME_MAX];

	nvt_tell(n, &(struct talk_event){ .kind = TALK_TELNET, .out = out,
	    .wordy = true, .conn = n->net->id,
	    .told = told,
	    TALK_VALUES(TALK_S(TF_CMD, "SB"),
	    TALK_I(TF_OPT, ev->opt < 0 ? TALK_UNKNOWN : ev->opt),
	    TALK_S(TF_OPT_NAME, ev->opt < 0 ? NULL :
	    telnet_opt_name((uint8_t)ev->opt, opt_name)),
	    TALK_B(TF_DATA_B64, ev->data, ev->len),
	    TALK_S(TF_MEANING, meaning)) });
}

/* "80 24", and the same to the server. told: in the line before already. */
static void
send_naws(struct nvt *n, bool told)
{
	const uint8_t size[] = {
		(uint8_t)(n->o.cols >> 8), (uint8_t)n->o.cols,
		(uint8_t)(n->o.rows >> 8), (uint8_t)n->o.rows,
	};
	char meaning[MEANING];

	nvt_ok(n, telnet_put_naws(&n->up, n->o.cols, n->o.rows));
	snprintf(meaning, sizeof meaning, "%u %u", n->o.cols, n->o.rows);
	tell_sub(n, true, &(struct telnet_event){ .opt = TELNET_OPT_NAWS,
	    .data = size, .len = sizeof size }, meaning, told);
}

static void
send_ttype(struct nvt *n)
{
	const char *name = n->o.term;
	uint8_t is[1 + TELNET_TTYPE_MAX] = { TTYPE_IS };
	size_t len = strnlen(name, TELNET_TTYPE_MAX);

	memcpy(is + 1, name, len);
	nvt_ok(n, telnet_put_ttype(&n->up, name));
	tell_sub(n, true, &(struct telnet_event){ .opt = TELNET_OPT_TTYPE,
	    .data = is, .len = 1 + len }, name, false);
}

/* By our wish alone, who reads the keys need not know telnet. */
static void
set_eol(struct nvt *n)
{
	bool agreed = telnet_q_him(&n->q, TELNET_OPT_SGA);
	enum telnet_eol eol = n->mode == NVT_KEYS ? TELNET_EOL_KEYS :
	    TELNET_EOL_LINES;

	if (telnet_q_us(&n->q, TELNET_OPT_BINARY) ||
	    (n->mode == NVT_KEYS && !agreed))
		eol = TELNET_EOL_BINARY;
	if (eol == n->enc.eol)
		return;
	nvt_ok(n, telnet_encode_end(&n->enc, &n->up));
	n->enc.eol = eol;
}

/* What we send about an option, in words, if there is anything to add. */
static const char *
our_words(struct nvt *n, uint8_t cmd, uint8_t opt, char to[MEANING])
{
	if (cmd == TELNET_DO && opt == TELNET_OPT_ECHO)
		return n->o.typed ?
		    "accepted: local echo off, one key at a time" : "accepted";
	if (cmd != TELNET_WILL || opt != TELNET_OPT_NAWS ||
	    !telnet_q_us(&n->q, opt))
		return NULL;
	snprintf(to, MEANING, "SB NAWS %u %u", n->o.cols, n->o.rows);
	return to;
}

static void
say(struct nvt *n, uint8_t cmd, uint8_t opt, bool refusal)
{
	char meaning[MEANING], name[TELNET_NAME_MAX];

	if (n->net->ended_out)
		return;		/* nothing can be sent any more */
	nvt_ok(n, telnet_put_negotiation(&n->up, cmd, opt));
	tell(n, true, &(struct telnet_event){ .cmd = cmd, .opt = opt },
	    refusal ? telnet_cmd_name(cmd, name) : NULL,
	    our_words(n, cmd, opt, meaning));
}

/* Something came into force, or ended. */
static void
changed(struct nvt *n, uint8_t opt, bool ours)
{
	bool on = ours ? telnet_q_us(&n->q, opt) : telnet_q_him(&n->q, opt);

	if (opt == TELNET_OPT_BINARY && !ours)
		n->codec.binary = on;
	else if (opt == TELNET_OPT_BINARY)
		set_eol(n);
	else if (opt == TELNET_OPT_NAWS && ours && on)
		send_naws(n, true);
	else if (opt == TELNET_OPT_ECHO || opt == TELNET_OPT_SGA)
		n->mode_due = !ours || n->mode_due;
}

/* What their command means, beside what was the state before it. */
static void
their_words(const struct telnet_event *ev, uint8_t before, bool refused,
    char to[MEANING])
{
	const struct telnet_opt *o = telnet_opt((uint8_t)ev->opt);
	bool yes = ev->cmd == TELNET_WILL || ev->cmd == TELNET_DO;

	if (refused && ev->opt == TELNET_OPT_TTYPE && ev->cmd == TELNET_DO)
		snprintf(to, MEANING, "not sent; --term to allow");
	else if (refused)
		snprintf(to, MEANING, "%s",
		    o == NULL ? "no option that we know" : o->help);
	else if (before == TELNET_Q_WANTYES)
		snprintf(to, MEANING, "server %s", yes ? "agrees" : "refuses");
	else if (yes ? before == TELNET_Q_YES : before == TELNET_Q_NO)
		snprintf(to, MEANING, "it is so already");
	else
		telnet_meaning(ev->cmd, (uint8_t)ev->opt, to, MEANING);
}

void
nvt_negotiated(struct nvt *n, const struct telnet_event *ev)
{
	uint8_t opt = (uint8_t)ev->opt;
	bool ours = ev->cmd == TELNET_DO || ev->cmd == TELNET_DONT;
	uint8_t before = ours ? n->q.us[opt].state : n->q.him[opt].state;
	struct telnet_q_result r = telnet_q_receive(&n->q, ev->cmd, opt);
	bool refused = before == TELNET_Q_NO &&
	    (r.send == TELNET_WONT || r.send == TELNET_DONT);
	char meaning[MEANING], name[TELNET_NAME_MAX];

	their_words(ev, before, refused, meaning);
	tell(n, false, ev,
	    refused ? telnet_cmd_name(r.send, name) : NULL, meaning);
	if (r.send != 0)
		say(n, r.send, opt, refused);
	if (r.change != TELNET_Q_SAME)
		changed(n, opt, ours);
}

void
nvt_sub(struct nvt *n, const struct telnet_event *ev)
{
	bool asked = ev->opt == TELNET_OPT_TTYPE && ev->len > 0 &&
	    ev->data[0] == TTYPE_SEND;
	bool agreed = ev->opt == TELNET_OPT_TTYPE &&
	    telnet_q_us(&n->q, TELNET_OPT_TTYPE);
	char name[TELNET_NAME_MAX];

	if (ev->opt < 0)
		tell_sub(n, false, ev, "empty, ignored", false);
	else if (!agreed)
		tell_sub(n, false, ev, "not agreed upon, ignored", false);
	else
		tell_sub(n, false, ev, asked ?
		    "server asks: which kind of terminal?" : NULL, false);
	if (ev->broken)
		nvt_warn(n, "a subnegotiation of %s ends without SE",
		    ev->opt < 0 ? "nothing" :
		    telnet_opt_name((uint8_t)ev->opt, name));
	else if (asked && agreed && !n->net->ended_out)
		send_ttype(n);
}

void
nvt_commanded(struct nvt *n, uint8_t cmd)
{
	const struct telnet_cmd *c = telnet_cmd(cmd);

	tell(n, false, &(struct telnet_event){ .cmd = cmd, .opt = -1 }, NULL,
	    c == NULL ? "a command without a name here" : c->help);
}

void
nvt_command(struct nvt *n, uint8_t cmd)
{
	const struct telnet_cmd *c = telnet_cmd(cmd);

	if (n->no_input)
		return;
	nvt_ok(n, telnet_put_command(&n->up, cmd));
	tell(n, true, &(struct telnet_event){ .cmd = cmd, .opt = -1 }, NULL,
	    c == NULL ? NULL : c->help);
	nvt_flush(n);
}

/* ^C in line mode. The terminal echoed it and stays behind it. */
void
nvt_interrupt(struct nvt *n)
{
	n->midline = n->o.screen;
	nvt_fresh_line(n);
	nvt_command(n, TELNET_IP);
}

void
nvt_synch(struct nvt *n)
{
	const uint8_t iac = TELNET_IAC, dm = TELNET_DM;

	if (n->no_input)
		return;
	nvt_ok(n, buf_add(&n->up, &iac, 1));
	nvt_flush(n);
	if (n->over)
		return;
	if (n->up.len == 0 && send(conn_plain(n->net), &dm, 1,
	    MSG_OOB | MSG_DONTWAIT | MSG_NOSIGNAL) == 1) {
		conn_passed(n->net, true, &dm, 1);
		conn_moved(n->net, true, 1);
	} else
		nvt_ok(n, buf_add(&n->up, &dm, 1));
	tell(n, true, &(struct telnet_event){ .cmd = dm, .opt = -1 }, NULL,
	    "SYNCH: read on, up to here");
	nvt_flush(n);
}

static enum nvt_mode
due(const struct nvt *n)
{
	bool echo = telnet_q_him(&n->q, TELNET_OPT_ECHO);
	bool sga = telnet_q_him(&n->q, TELNET_OPT_SGA);

	if (n->mode == NVT_OVER)
		return NVT_OVER;
	if (n->o.wish == NVT_WISH_CHARACTER)
		return NVT_KEYS;
	if (!echo)
		return NVT_LINES;
	return sga && n->o.wish == NVT_AUTO ? NVT_KEYS : NVT_HIDDEN;
}

static void
tell_mode(struct nvt *n)
{
	bool control = n->o.escape < 0x20 || n->o.escape == 0x7f;
	char key[32] = "", meaning[MEANING];

	if (n->o.escape >= 0)
		snprintf(key, sizeof key, "%s%c for commands",
		    control ? "Ctrl-" : "",
		    control ? n->o.escape ^ 0x40 : n->o.escape);
	snprintf(meaning, sizeof meaning, "%s%s%s",
	    n->mode == NVT_HIDDEN ? "what you type is not shown" : "",
	    n->mode == NVT_HIDDEN && *key ? "; " : "", key);
	nvt_tell(n, &(struct talk_event){ .kind = TALK_MODE,
	    .conn = n->net->id,
	    TALK_VALUES(TALK_S(TF_MODE,
	    n->mode == NVT_KEYS ? "character" : "line"),
	    TALK_S(TF_MEANING, *meaning ? meaning : NULL)) });
}

void
nvt_settle_mode(struct nvt *n)
{
	enum nvt_mode mode = due(n);

	if (!n->mode_due || !n->o.typed)
		return;
	n->mode_due = false;
	if (mode == n->mode)
		return;
	nvt_leave_screen(n);
	n->mode = mode;
	n->call.mode(n->call.arg, mode);
	tell_mode(n);
	set_eol(n);
}

static void
ask(struct nvt *n, uint8_t cmd, uint8_t opt)
{
	struct telnet_q_result r = telnet_q_ask(&n->q, cmd, opt);

	if (r.send != 0)
		say(n, r.send, opt, false);
}

void
nvt_start(struct nvt *n)
{
	static const uint8_t theirs[] = {
		TELNET_OPT_BINARY, TELNET_OPT_ECHO, TELNET_OPT_SGA
	};

	for (size_t i = 0; i < NELEMS(theirs); i++)
		n->q.him[theirs[i]].allowed = true;
	n->q.us[TELNET_OPT_BINARY].allowed = true;
	n->q.us[TELNET_OPT_SGA].allowed = true;
	n->q.us[TELNET_OPT_TTYPE].allowed = n->o.term != NULL;
	n->q.us[TELNET_OPT_NAWS].allowed = n->o.cols > 0;
	if (n->o.typed)
		n->mode = due(n);
	set_eol(n);
	if (n->o.typed) {
		n->call.mode(n->call.arg, n->mode);
		tell_mode(n);
	}
	if (!n->o.negotiate)
		return;
	ask(n, TELNET_DO, TELNET_OPT_SGA);
	if (n->o.term != NULL)
		ask(n, TELNET_WILL, TELNET_OPT_TTYPE);
	if (n->o.cols > 0)
		ask(n, TELNET_WILL, TELNET_OPT_NAWS);
}

void
nvt_window(struct nvt *n, unsigned cols, unsigned rows, bool again)
{
	bool same = cols == n->o.cols && rows == n->o.rows;

	n->o.cols = cols;
	n->o.rows = rows;
	if ((same && !again) || n->net->ended_out ||
	    !telnet_q_us(&n->q, TELNET_OPT_NAWS))
		return;
	send_naws(n, false);
	nvt_flush(n);
}
