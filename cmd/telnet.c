/* SPDX-License-Identifier: MIT */
/*
 * sockt telnet - talk to a telnet server
 */
#include <errno.h>
#include <unistd.h>

#include "base/tty.h"
#include "groups.h"
#include "net/conn.h"
#include "nvt/nvt.h"
#include "nvt/prompt.h"
#include "proto/telnet.h"
#include "run/editor.h"
#include "run/term.h"

enum { TELNET_PORT = 23, CTRL_BRACKET = ']' & 0x1f };

static opt_fn set_escape;

static struct {
	struct reach_opts reach;
	struct sockopt	 sockopt;
	int		 idle_ms, timeout_ms;
	bool		 negotiate;
	int		 escape, wish;
	const char	*name;		/* of our terminal; NULL: $TERM */
	struct nvt	*nvt;
	struct term	 term;
	struct editor	*editor;	/* of lines; or NULL */
	bool		 screen;	/* stdout is a terminal with the view */
} cfg = { .reach = { .timeout_ms = REACH_TIMEOUT_MS,
	.sockopt = &cfg.sockopt }, .escape = CTRL_BRACKET };

static const struct opt opts[] = {
	OPT_CUSTOM('e', "escape", &cfg.escape, "CHAR", set_escape,
	    "the key for commands, or none (^])"),
	OPT_STR(0, "term", &cfg.name, "NAME",
	    "the kind of terminal to tell the server ($TERM)"),
	OPT_FLAG('n', "negotiate", &cfg.negotiate,
	    "ask for options first, as on port 23"),
	OPT_CHOICE(0, "mode", &cfg.wish, NVT_WISHES,
	    "how to type; auto: as the server has it"),
	OPTS_REACH(&cfg.reach),
	OPT_IDLE_TIMEOUT(&cfg.idle_ms),
	OPT_TIMEOUT(&cfg.timeout_ms),
	OPTS_SOCKET(&cfg.sockopt),
	OPTS_TALK,
	OPT_END
};

static const char *
set_escape(const struct opt *o, const char *arg)
{
	int *to = o->to;

	if (strcmp(arg, "none") == 0)
		*to = -1;
	else if (arg[0] == '^' && arg[1] >= '?' && arg[1] < 0x7f && !arg[2])
		*to = arg[1] == '?' ? 0x7f : arg[1] & 0x1f;
	else if (arg[0] > 0 && arg[1] == '\0')
		*to = (unsigned char)arg[0];
	else
		return "neither a character, nor ^ and a letter, nor none";
	return NULL;
}

/* What is said at the prompt goes to the person, not into a pipe. */
static void
say(const char *text)
{
	if (cfg.editor != NULL)
		editor_say(cfg.editor, text, strlen(text));
	else
		dprintf(STDERR_FILENO, "%s", text);
}

/* The terminal while text is typed for the server. */
static void
on_mode(void *arg, enum nvt_mode mode)
{
	static const enum term_mode modes[] = {
		[NVT_LINES] = TERM_LINES, [NVT_HIDDEN] = TERM_HIDDEN,
		[NVT_KEYS] = TERM_KEYS, [NVT_OVER] = TERM_FOUND,
	};

	(void)arg;
	if (cfg.editor != NULL)
		editor_mode(cfg.editor, mode == NVT_LINES ? TERM_EDITED :
		    modes[mode]);
	else
		term_set(&cfg.term, modes[mode]);
	/* Without a screen, what appears there are lines of ours. */
	term_cook(&cfg.term, !cfg.screen && talk_cfg.format != FORMAT_RAW);
}

static void
on_aside(void *arg, bool on)
{
	(void)arg;
	term_cook(&cfg.term, on);
}

static void
on_escaped(void *arg)
{
	struct session *s = arg;

	if (cfg.editor != NULL) {
		editor_aside(cfg.editor, PROMPT);
		editor_mode(cfg.editor, TERM_EDITED);
	} else {
		term_set(&cfg.term, TERM_LINES);
		if (!cfg.screen || nvt_mode(cfg.nvt) != NVT_KEYS)
			say("\n");	/* the key was echoed */
	}
	talk_tell(&s->talk, &(struct talk_event){ .kind = TALK_NOTE,
	    .shown = cfg.editor != NULL ? TALK_SEEN : TALK_SEEN_LINE,
	    TALK_VALUES(TALK_S(TF_CODE, "escape"),
	    TALK_S(TF_TEXT, "the escape key was typed")) });
	if (cfg.editor == NULL)
		say(PROMPT);
}

static void
resume(void)
{
	if (cfg.editor != NULL)
		editor_aside(cfg.editor, NULL);
	on_mode(NULL, nvt_mode(cfg.nvt));
	nvt_hold(cfg.nvt, false);
}

static void
on_command(void *arg, char *line)
{
	struct buf text = BUF_MAX(PROMPT_SAY_MAX);
	enum prompt_verdict v = PROMPT_RESUME;

	if (line == NULL && cfg.editor == NULL)
		say("\n");	/* ^C or the like was echoed */
	else if (line != NULL)
		v = prompt(cfg.nvt, line, &text);
	if (text.len > 0 && buf_add(&text, "", 1) == 0)
		say(buf_head(&text));
	buf_free(&text);
	if (v == PROMPT_AGAIN) {
		if (cfg.editor == NULL)
			say(PROMPT);
		return;
	}
	resume();
	if (v == PROMPT_QUIT)
		session_leave(arg, NULL);
	else if (v == PROMPT_SUSPEND)
		term_suspend(&cfg.term);
}

static void
on_done(void *arg, const struct why *why)
{
	session_leave(arg, why);
}

static void
on_resized(void *arg, bool again)
{
	unsigned cols, rows;

	(void)arg;
	if (cfg.editor != NULL)
		editor_resized(cfg.editor, again);
	if (term_size(STDIN_FILENO, &cols, &rows))
		nvt_window(cfg.nvt, cols, rows, again);
}

static void
on_stopping(void *arg)
{
	(void)arg;
	if (cfg.editor != NULL)
		editor_stopping(cfg.editor);
}

static void
on_ending(void *arg)
{
	(void)arg;
	nvt_leave_screen(cfg.nvt);
	if (cfg.editor != NULL)
		editor_ending(cfg.editor);
}

static void
on_quit(void *arg)
{
	session_quit(arg);
}

/* RFC 1091's letters, so that nothing else leaves us. */
static bool
term_name_ok(const char *name)
{
	size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-/+._");

	return n > 0 && n <= TELNET_TTYPE_MAX && name[n] == '\0';
}

static const char *
term_name(const struct session *s)
{
	const char *name = getenv("TERM");

	if (cfg.name != NULL)
		return cfg.name;
	return s->typed && name != NULL && term_name_ok(name) ? name : NULL;
}

static void
begin(struct session *s, struct conn *net)
{
	const struct nvt_calls calls = {
		.mode = on_mode, .aside = on_aside, .escaped = on_escaped,
		.command = on_command, .done = on_done, .arg = s,
	};
	bool raw = talk_cfg.format == FORMAT_RAW;
	struct nvt_opts o = {
		.typed = s->typed, .screen = cfg.screen,
		.wordy = talk_cfg.verbose > 0, .utf8 = tty_utf8(),
		.exact_in = raw && !tty_is(STDOUT_FILENO),
		.exact_out = raw && !s->typed,
		.negotiate = cfg.negotiate ||
		    addr_port(&net->peer) == TELNET_PORT,
		.wish = cfg.wish, .escape = cfg.escape, .idle_ms = cfg.idle_ms,
		.term = term_name(s),
	};
	struct conn *we = editor_conn(s, &(struct editor_opts){
	    .wfd = s->out == SESSION_BYTES || cfg.screen ? STDOUT_FILENO : -1,
	    .goes_on = true, .term = &cfg.term, .escape = cfg.escape },
	    &cfg.editor);

	o.edited = cfg.editor != NULL;
	if (s->typed)
		term_size(STDIN_FILENO, &o.cols, &o.rows);
	if (we == NULL)
		conn_close(net);
	else
		cfg.nvt = nvt_new(s->loop, we, net, &o, &calls);
	if (cfg.nvt == NULL)
		why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
}

static void
on_dialed(void *arg, struct conn *net, const struct why *why)
{
	static const struct term_calls calls = {
		.resized = on_resized, .stopping = on_stopping,
		.ending = on_ending, .quit = on_quit,
	};
	struct session *s = arg;

	if (net == NULL) {
		session_leave(s, why);
		return;
	}
	s->term = &cfg.term;
	cfg.term = (struct term){ .fd = STDIN_FILENO, .escape = cfg.escape,
		.loop = s->loop, .call = &calls, .arg = s };
	if (s->typed && term_open(&cfg.term, &s->why) < 0)
		conn_close(net);
	else
		begin(s, net);
	if (cfg.nvt == NULL)
		session_leave(s, NULL);
}

/* Without a host: a person may still say which. -1: they do not. */
static int
ask_host(struct addr_operand *to, struct why *why)
{
	char line[NVT_COMMAND_MAX], *word[PROMPT_WORDS];
	ssize_t k;

	for (;;) {
		say(PROMPT);
		k = read(STDIN_FILENO, line, sizeof line - 1);
		if (k <= 0)
			return -1;
		line[k] = '\0';
		size_t n = prompt_split(line, word);
		if (n > 0 && strcmp(word[0], "quit") == 0)
			return -1;
		if (n < 2 || n > 3 || strcmp(word[0], "open") != 0) {
			say("  open HOST [PORT]\n  quit\n");
			continue;
		}
		if (resolve_operands(word + 1, (int)n - 1, "23", to, why) == 0)
			return 0;
		diag("%s", why->what);
		why_clear(why);
	}
}

static int
operands(struct session *s, int argc, char **argv, struct addr_operand *to)
{
	if (cfg.name != NULL && !term_name_ok(cfg.name))
		return why_set(&s->why, WHY_USAGE, 0, "--term: not a "
		    "terminal's name: 1 to %d letters, digits and -/+._",
		    TELNET_TTYPE_MAX);
	if (argc > 0)
		return resolve_operands(argv, argc, "23", to, &s->why);
	if (s->typed)
		return ask_host(to, &s->why);
	return why_set(&s->why, WHY_USAGE, 0, "no host given");
}

static void
run(struct session *s, int argc, char **argv)
{
	struct addr_operand to;

	cfg.screen = s->typed && s->out == SESSION_VIEW &&
	    tty_is(STDOUT_FILENO);
	if (operands(s, argc, argv, &to) < 0 ||
	    reach(s, &to, &cfg.reach, on_dialed, s) < 0)
		return;
	session_limit(s, cfg.timeout_ms);
	session_run(s);
	if (cfg.editor != NULL)
		editor_mode(cfg.editor, TERM_FOUND);
	term_close(&cfg.term);
	s->term = NULL;
	nvt_free(cfg.nvt);
}

const struct cmd cmd_telnet = {
	.name = "telnet",
	.args = "[HOST [PORT]]",
	.help = "talk to a telnet server",
	.examples =
	    "sockt telnet host                 log in; Ctrl-] for commands\n"
	    "sockt telnet -v host 2323         see what is negotiated\n"
	    "sockt telnet host 25 <in >out     without a terminal, exact\n",
	.opts = opts,
	.min = 0, .max = 2,
	.peer = "the server",
	.run = run,
};
