/* SPDX-License-Identifier: MIT */
/*
 * libedit, a key at a time. It has no call to print above the line it edits;
 * but before it draws the line anew it clears it away and asks for the prompt,
 * and whatever is written at that moment stays above. So a function of ours,
 * bound to a key that we push ourselves, has the line drawn anew.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "edit/history.h"
#include "run/edit_engine.h"

#define FLUSH_KEY "\037"	/* Ctrl-_ */

enum {
	ESC = 27, END = 4,	/* what libedit leaves for Ctrl-D */
	RAW = 0xdc00,		/* a byte that is no character, plus this */
	OUT = 64 * KIB,		/* gathered for one write */
};

struct edit {
	struct edit_setup o;
	EditLine	*el;
	History		*history;
	FILE		*out;
	char		*history_path;
	char		 prompt[32];
	bool		 blank;		/* no prompt now */
	bool		 drawing;	/* and what is above is due */
	const char	*above;
	size_t		 above_len;
	bool		 entered, nested, after_esc;
	unsigned char	 left[MB_LEN_MAX];	/* bytes that were no character */
	size_t		 nleft;
	char		*line;
	size_t		 len;
	bool		 exact;		/* the line has no RAW bytes */
};

static struct edit *
mine(EditLine *el)
{
	struct edit *e = NULL;

	el_get(el, EL_CLIENTDATA, &e);
	return e;
}

static char *
on_prompt(EditLine *el)
{
	struct edit *e = mine(el);

	if (e->drawing && e->above_len > 0) {
		fwrite(e->above, 1, e->above_len, e->out);
		e->above_len = 0;
	}
	e->drawing = false;
	return e->blank ? e->prompt + strlen(e->prompt) : e->prompt;
}

/* The line as bytes. Its text is emptied, so what is drawn is nothing. */
static void
take_line(struct edit *e)
{
	const LineInfoW *li = el_wline(e->el);
	size_t n = (size_t)(li->lastchar - li->buffer);
	mbstate_t shift = { 0 };
	char *line = realloc(e->line, n * MB_LEN_MAX + 1);

	e->len = 0;
	if (line == NULL)
		return;
	e->line = line;
	e->exact = true;
	for (size_t i = 0; i < n; i++) {
		wchar_t c = li->buffer[i];
		size_t k = wcrtomb(line + e->len, c, &shift);

		if (k != (size_t)-1)
			e->len += k;
		else if (c >= RAW && c <= RAW + UCHAR_MAX)
			line[e->len++] = (char)(c - RAW);
		e->exact &= k != (size_t)-1 && c != L'\0';
	}
	line[e->len] = '\0';
	el_cursor(e->el, (int)n);
	el_deletestr(e->el, (int)n);
}

static unsigned char
on_enter(EditLine *el, int key)
{
	struct edit *e = mine(el);

	(void)key;
	take_line(e);
	e->entered = e->blank = true;
	return CC_REDISPLAY;
}

static unsigned char
on_flush(EditLine *el, int key)
{
	(void)key;
	mine(el)->drawing = true;
	return CC_REDISPLAY;
}

static enum edit_patience
patience(struct edit *e, bool inside)
{
	if (!e->nested && !inside)
		return EDIT_AT_ONCE;
	return inside || e->after_esc ? EDIT_SHORTLY : EDIT_PATIENTLY;
}

/* Bytes until they are a character, or turn out to be none. */
static bool
character(struct edit *e, wchar_t *c)
{
	mbstate_t shift = { 0 };
	char b;

	while (e->nleft < sizeof e->left &&
	    e->o.byte(e->o.arg, &b, patience(e, e->nleft > 0))) {
		size_t k = mbrtowc(c, &b, 1, &shift);

		e->left[e->nleft++] = (unsigned char)b;
		if (k == (size_t)-1)
			return false;
		if (k != (size_t)-2) {
			e->nleft = 0;
			return true;
		}
	}
	return false;
}

static int
on_getc(EditLine *el, wchar_t *c)
{
	struct edit *e = mine(el);

	if (e->nleft > 0 || !character(e, c)) {
		if (e->nleft == 0)
			return 0;
		*c = e->left[0] + (e->left[0] < 0x80 ? 0 : RAW);
		memmove(e->left, e->left + 1, --e->nleft);
	}
	if (!e->nested)
		e->after_esc = *c == ESC;
	e->nested = true;
	return 1;
}

static ssize_t
on_write(void *arg, const char *p, size_t n)
{
	struct edit *e = arg;

	e->o.write(e->o.arg, p, n);
	return (ssize_t)n;
}

/* In vi's map for inserting and in that for commands. */
static void
bind_all(EditLine *el, const char *key, const char *function)
{
	el_set(el, EL_BIND, key, function, NULL);
	el_set(el, EL_BIND, "-a", key, function, NULL);
}

static void
bind_ours(struct edit *e)
{
	EditLine *el = e->el;

	/* The narrow call would lose its copies of these. */
	el_wset(el, EL_ADDFN, L"sockt-flush", L"what waits appears above",
	    on_flush);
	el_wset(el, EL_ADDFN, L"sockt-enter", L"the line is sent", on_enter);
	bind_all(el, "^_", "sockt-flush");
	bind_all(el, "^M", "sockt-enter");
	bind_all(el, "^J", "sockt-enter");
	el_set(el, EL_BIND, "^I", "ed-insert", NULL);
}

static int
make_history(struct edit *e)
{
	HistEvent ev;

	if ((e->history = history_init()) == NULL)
		return -1;
	history(e->history, &ev, H_SETSIZE, EDIT_HISTORY);
	history(e->history, &ev, H_SETUNIQUE, 1);
	if (e->history_path != NULL)
		history_load(e->history, e->history_path);
	return el_set(e->el, EL_HIST, history, e->history);
}

static void
edit_free(struct edit *e)
{
	if (e == NULL)
		return;
	if (e->el != NULL) {
		/* Else it sets the terminal once more, and drops what was
		 * typed ahead. */
		el_set(e->el, EL_EDITMODE, 0);
		el_end(e->el);
	}
	if (e->history != NULL)
		history_end(e->history);
	if (e->out != NULL)
		fclose(e->out);
	free(e->history_path);
	free(e->line);
	free(e);
}

static int
start(struct edit *e, bool *off)
{
	int editing = 1;

	e->out = fopencookie(e, "w",
	    (cookie_io_functions_t){ .write = on_write });
	if (e->out == NULL || setvbuf(e->out, NULL, _IOFBF, OUT) != 0)
		return -1;
	e->el = el_init_fd("sockt", stdin, e->out, e->out, e->o.in, e->o.out,
	    e->o.out);
	if (e->el == NULL)
		return -1;
	el_set(e->el, EL_CLIENTDATA, e);
	el_set(e->el, EL_PROMPT, on_prompt);
	el_set(e->el, EL_EDITOR, "emacs");
	el_set(e->el, EL_GETCFN, on_getc);
	if (make_history(e) < 0)
		return -1;
	el_source(e->el, NULL);
	el_get(e->el, EL_EDITMODE, &editing);
	*off = !editing;
	bind_ours(e);
	return *off ? -1 : 0;
}

static void
set_prompt(struct edit *e, const char *prompt)
{
	snprintf(e->prompt, sizeof e->prompt, "%s", prompt);
}

static const char *
prompted(const struct edit *e)
{
	return e->prompt;
}

static struct edit *
edit_make(const struct edit_setup *o, bool *off)
{
	struct edit *e = calloc(1, sizeof *e);

	*off = false;
	if (e == NULL)
		return NULL;
	e->o = *o;
	set_prompt(e, o->prompt);
	e->history_path = o->history == NULL ? NULL : strdup(o->history);
	if (start(e, off) == 0)
		return e;
	edit_free(e);
	return NULL;
}

/*
 * A new line, with the history from its end. libedit has no call for that
 * either; without editing it leaves the terminal's modes alone.
 */
static void
anew(struct edit *e)
{
	el_set(e->el, EL_EDITMODE, 0);
	el_set(e->el, EL_UNBUFFERED, 0);
	el_set(e->el, EL_EDITMODE, 1);
	e->blank = false;
	el_set(e->el, EL_UNBUFFERED, 1);
	fflush(e->out);
}

/* EL_SETTY takes "intr=", too, but does not set it. */
static void
no_interrupt(const struct edit *e)
{
	struct termios io;

	if (!e->o.no_interrupt || tcgetattr(e->o.in, &io) < 0)
		return;
	io.c_cc[VINTR] = _POSIX_VDISABLE;
	tcsetattr(e->o.in, TCSADRAIN, &io);
}

static void
edit_begin(struct edit *e)
{
	el_set(e->el, EL_PREP_TERM, 0);	/* others may have set it since */
	anew(e);
	no_interrupt(e);
}

static void
run_key(struct edit *e, int *n)
{
	e->nested = e->after_esc = false;
	(void)el_wgets(e->el, n);
	fflush(e->out);
}

static void
edit_above(struct edit *e, const char *text, size_t len)
{
	int n;

	e->above = text;
	e->above_len = len;
	el_push(e->el, FLUSH_KEY);
	run_key(e, &n);
}

static void
clear(struct edit *e)
{
	take_line(e);
	e->blank = true;
	edit_above(e, "", 0);
}

static void
edit_take(struct edit *e)
{
	clear(e);
	anew(e);
}

static void
edit_end(struct edit *e)
{
	clear(e);
	el_set(e->el, EL_UNBUFFERED, 0);
	e->blank = false;
}

static enum edit_got
edit_key(struct edit *e)
{
	const LineInfoW *li;
	int n = 0;

	e->entered = false;
	do
		run_key(e, &n);
	while (e->nleft > 0 && !e->entered);
	if (e->entered) {
		anew(e);
		return EDIT_LINE;
	}
	li = el_wline(e->el);
	if (n != 1 || li->buffer[0] != END)
		return EDIT_MORE;
	take_line(e);
	anew(e);
	return EDIT_END;
}

static void
edit_again(struct edit *e)
{
	el_set(e->el, EL_PREP_TERM, 0);
	el_set(e->el, EL_PREP_TERM, 1);
	no_interrupt(e);
	el_set(e->el, EL_REFRESH);
	fflush(e->out);
}

static void
edit_resized(struct edit *e)
{
	el_resize(e->el);
	edit_above(e, "", 0);
}

static const char *
edit_line(const struct edit *e, size_t *n)
{
	*n = e->line == NULL ? 0 : e->len;
	return e->line == NULL ? "" : e->line;
}

static void
edit_remember(struct edit *e)
{
	HistEvent ev;

	if (!e->exact || e->len == 0)
		return;
	if (history(e->history, &ev, H_ENTER, e->line) > 0 &&
	    e->history_path != NULL)
		history_append(e->history, e->history_path);
}

extern const struct edit_engine sockt_edit
    __attribute__((visibility("default")));
const struct edit_engine sockt_edit = {
	.abi = EDIT_ABI,
	.make = edit_make,
	.free = edit_free,
	.begin = edit_begin,
	.end = edit_end,
	.key = edit_key,
	.above = edit_above,
	.take = edit_take,
	.again = edit_again,
	.resized = edit_resized,
	.prompt = set_prompt,
	.prompted = prompted,
	.line = edit_line,
	.remember = edit_remember,
};
