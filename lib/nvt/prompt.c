/* SPDX-License-Identifier: MIT */
#include "nvt/prompt.h"

#include <stdarg.h>

#include "base/vis.h"
#include "nvt/inside.h"
#include "proto/telnet_opt.h"

struct words {
	char	*w[PROMPT_WORDS];
	size_t	 n;
};

typedef enum prompt_verdict verb_fn(struct nvt *, const struct words *,
    struct buf *);

static verb_fn status, send_words, choose, end, quit, suspend, help;

static const struct verb {
	const char	*name, *help;
	verb_fn		*run;
} verbs[] = {
	{ "status", "the connection and the options, on both sides", status },
	{ "send", "WHAT...: telnet commands; alone, it lists them",
	    send_words },
	{ "mode", "line, character, or auto: as the server has it", choose },
	{ "close", "end what we send (FIN) and wait for the server", end },
	{ "quit", "leave at once", quit },
	{ "z", "suspend sockt", suspend },
	{ "help", "this list", help },
};

static void PRINTF_LIKE(2, 3)
put(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (buf_vprintf(b, fmt, ap) < 0)
		b->max = b->len;	/* no piece behind the gap */
	va_end(ap);
}

static void
show_option(const struct telnet_q *q, uint8_t opt, struct buf *say)
{
	char name[TELNET_NAME_MAX];

	put(say, "%-20s %-20s %s\n", telnet_opt_name(opt, name),
	    telnet_q_word(&q->us[opt]), telnet_q_word(&q->him[opt]));
}

static enum prompt_verdict
status(struct nvt *n, const struct words *words, struct buf *say)
{
	static const char *const modes[] = {
		[NVT_LINES] = "line mode",
		[NVT_HIDDEN] = "line mode, what you type is not shown",
		[NVT_KEYS] = "character mode",
		[NVT_OVER] = "input has ended",
	};
	const struct telnet_q *q = &n->q;
	char peer[ADDR_TEXT];

	(void)words;
	put(say, "connected to %s; %s\n", addr_text(&n->net->peer, peer),
	    modes[n->mode]);
	put(say, "%-20s %-20s %s\n", "OPTION", "WE", "THE SERVER");
	for (int i = 0; i < 256; i++)
		if (q->us[i].allowed || q->him[i].allowed ||
		    q->us[i].state != TELNET_Q_NO ||
		    q->him[i].state != TELNET_Q_NO)
			show_option(q, (uint8_t)i, say);
	return PROMPT_AGAIN;
}

/* The commands that mean something by themselves. */
static bool
sendable(uint8_t code)
{
	return code >= TELNET_EOF && code < TELNET_SB && code != TELNET_SE;
}

static void
send_list(struct buf *say)
{
	for (int code = TELNET_EOF; code < TELNET_SB; code++) {
		const struct telnet_cmd *c = telnet_cmd((uint8_t)code);

		if (c != NULL && sendable(c->code))
			put(say, "  %-8s %s\n", c->name, c->help);
	}
	put(say, "  %-8s %s\n", "synch", "DM as urgent data");
	put(say, "  %-8s %s\n", "escape", "the escape key itself");
}

static enum prompt_verdict
send_words(struct nvt *n, const struct words *words, struct buf *say)
{
	enum prompt_verdict v = PROMPT_RESUME;
	char key = (char)n->o.escape, shown[40];

	if (words->n == 1) {
		send_list(say);
		return PROMPT_AGAIN;
	}
	for (size_t i = 1; i < words->n; i++) {
		const char *what = words->w[i];
		uint8_t code = telnet_cmd_code(what);

		if (sendable(code))
			nvt_command(n, code);
		else if (strcmp(what, "synch") == 0)
			nvt_synch(n);
		else if (strcmp(what, "escape") == 0 && key != -1)
			nvt_type(n, &key, 1);
		else {
			put(say, "cannot send '%s'; 'send' alone lists what "
			    "can be\n",
			    vis_str(shown, sizeof shown, what, strlen(what)));
			v = PROMPT_AGAIN;
		}
	}
	return v;
}

static enum prompt_verdict
choose(struct nvt *n, const struct words *words, struct buf *say)
{
	static const char *const wishes[] = {
		[NVT_AUTO] = "auto",
		[NVT_WISH_LINE] = "line",
		[NVT_WISH_CHARACTER] = "character",
	};

	for (size_t i = 0; i < NELEMS(wishes) && words->n == 2; i++)
		if (strcmp(words->w[1], wishes[i]) == 0) {
			nvt_choose(n, (enum nvt_wish)i);
			return PROMPT_RESUME;
		}
	put(say, "it is 'mode line', 'mode character' or 'mode auto'\n");
	return PROMPT_AGAIN;
}

static enum prompt_verdict
end(struct nvt *n, const struct words *words, struct buf *say)
{
	(void)words, (void)say;
	nvt_end(n);
	return PROMPT_RESUME;
}

static enum prompt_verdict
quit(struct nvt *n, const struct words *words, struct buf *say)
{
	(void)n, (void)words, (void)say;
	return PROMPT_QUIT;
}

static enum prompt_verdict
suspend(struct nvt *n, const struct words *words, struct buf *say)
{
	(void)n, (void)words, (void)say;
	return PROMPT_SUSPEND;
}

static enum prompt_verdict
help(struct nvt *n, const struct words *words, struct buf *say)
{
	(void)n, (void)words;
	for (size_t i = 0; i < NELEMS(verbs); i++)
		put(say, "  %-8s %s\n", verbs[i].name, verbs[i].help);
	put(say, "  %-8s %s\n", "Enter",
	    "go on; the escape key instead sends itself");
	return PROMPT_AGAIN;
}

size_t
prompt_split(char *line, char *word[PROMPT_WORDS])
{
	size_t n = 0;
	char *w;

	while (n < PROMPT_WORDS && (w = strsep(&line, " \t\r\n")) != NULL)
		if (*w != '\0')
			word[n++] = w;
	return n;
}

enum prompt_verdict
prompt(struct nvt *n, char *line, struct buf *say)
{
	struct words words;
	char shown[40];

	words.n = prompt_split(line, words.w);
	if (words.n == 0)
		return PROMPT_RESUME;
	for (size_t i = 0; i < NELEMS(verbs); i++)
		if (strcmp(verbs[i].name, words.w[0]) == 0)
			return verbs[i].run(n, &words, say);
	put(say, "no command '%s'; 'help' lists them\n",
	    vis_str(shown, sizeof shown, words.w[0], strlen(words.w[0])));
	return PROMPT_AGAIN;
}
