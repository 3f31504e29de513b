/* SPDX-License-Identifier: MIT */
#include "base/opt.h"

#include <getopt.h>

#include "base/buf.h"
#include "base/guess.h"
#include "base/num.h"
#include "base/vis.h"

enum { LONG_ONLY = 256 };	/* getopt's value of row i without a letter: */
				/* LONG_ONLY + i */
enum { HELP_ROW = LONG_ONLY + OPT_MAX };

/* Its argument may be left out. */
static bool
optional(const struct opt *o)
{
	return o->arg != NULL && o->arg[0] == '[';
}

const char *
opt_set_flag(const struct opt *o, const char *arg)
{
	(void)arg;
	*(bool *)o->to = true;
	return NULL;
}

const char *
opt_set_count(const struct opt *o, const char *arg)
{
	(void)arg;
	++*(int *)o->to;
	return NULL;
}

const char *
opt_set_value(const struct opt *o, const char *arg)
{
	(void)arg;
	*(int *)o->to = (int)o->min;
	return NULL;
}

const char *
opt_set_str(const struct opt *o, const char *arg)
{
	*(const char **)o->to = arg;
	return NULL;
}

const char *
opt_set_int(const struct opt *o, const char *arg)
{
	int64_t n;
	const char *wrong = num_whole(arg, o->min, o->max, &n);

	if (wrong == NULL)
		*(int *)o->to = (int)n;
	return wrong;
}

const char *
opt_set_size(const struct opt *o, const char *arg)
{
	return num_size(arg, o->min, o->max, o->to);
}

const char *
opt_set_time(const struct opt *o, const char *arg)
{
	return num_time(arg, o->to);
}

/* Of arg among "a|b|c", from 0; or -1. */
static int
place(const char *p, const char *arg)
{
	size_t n = strlen(arg);

	for (int i = 0; p != NULL; i++) {
		size_t len = strcspn(p, "|]");

		if (len == n && strncmp(p, arg, n) == 0)
			return i;
		p = p[len] == '|' ? p + len + 1 : NULL;
	}
	return -1;
}

const char *
opt_set_choice(const struct opt *o, const char *arg)
{
	int i = place(o->arg, arg);

	if (i < 0)
		return "not one of the choices";
	*(int *)o->to = i;
	return NULL;
}

const char *
opt_set_maybe(const struct opt *o, const char *arg)
{
	int i = arg == NULL ? 0 : place(o->arg + 1, arg);

	if (i < 0)
		return "not one of the choices";
	*(int *)o->to = i + 1;
	return NULL;
}

static const struct opt *
find(const struct opt *opts, int ch)
{
	for (const struct opt *o = opts; o->help != NULL; o++)
		if (o->name != NULL &&
		    (o->ch ? o->ch == ch : LONG_ONLY + (o - opts) == ch))
			return o;
	return NULL;
}

/*
 * The table in getopt_long's two forms. The leading colon tells a missing
 * argument from an unknown option.
 */
static void
translate(const struct opt *opts, enum opt_order order, char *so,
    struct option *lo)
{
	if (order == OPT_FIRST)
		*so++ = '+';
	*so++ = ':';
	*so++ = 'h';
	*lo++ = (struct option){ "help", no_argument, NULL, HELP_ROW };
	for (const struct opt *o = opts; o->help != NULL; o++) {
		assert(o - opts < OPT_MAX);
		if (o->name == NULL)
			continue;
		*lo++ = (struct option){ .name = o->name,
			.has_arg = optional(o) ? optional_argument :
			    o->arg ? required_argument : no_argument,
			.val = o->ch ? o->ch : LONG_ONLY + (int)(o - opts) };
		if (o->ch)
			*so++ = (char)o->ch;
		if (o->ch && o->arg != NULL && !optional(o))
			*so++ = ':';
	}
	*so = '\0';
	*lo = (struct option){ 0 };
}

static int
no_such_option(const char *word, const struct opt *opts, struct why *why)
{
	char name[GUESS_MAX], shown[80];
	struct guess guess = { .word = name };
	size_t n = strcspn(word, "=");

	vis_str(shown, sizeof shown, word, n);
	snprintf(name, sizeof name, "%.*s", (int)n - 2, word + 2);
	guess_try(&guess, "help");
	for (const struct opt *o = opts; o->help != NULL; o++)
		if (o->name != NULL)
			guess_try(&guess, o->name);
	if (guess.best == NULL || n - 2 >= sizeof name)
		return why_set(why, WHY_USAGE, 0, "no option '%s'", shown);
	return why_set(why, WHY_USAGE, 0,
	    "no option '%s'; did you mean '--%s'?", shown, guess.best);
}

/* What getopt_long's '?' meant: it tells the cases apart by optopt alone. */
static int
complain(char **argv, const struct opt *opts, struct why *why)
{
	const struct opt *o = find(opts, optopt);

	if (optopt == 0)	/* unknown, or the start of several */
		return no_such_option(argv[optind - 1], opts, why);
	if (o != NULL || optopt == HELP_ROW)
		return why_set(why, WHY_USAGE, 0, "--%s takes no argument",
		    o ? o->name : "help");
	char letter = (char)optopt, shown[8];
	return why_set(why, WHY_USAGE, 0, "no option '-%s'",
	    vis_str(shown, sizeof shown, &letter, 1));
}

/*
 * getopt_long() takes any unambiguous beginning of a long name, so a script
 * could come to rely on "--ti", which the next option added would break.
 */
static bool
abbreviated(char **argv, const char *name)
{
	const char *word = argv[optind - 1];

	if (optarg == word)
		word = argv[optind - 2];
	return strcspn(word + 2, "=") != strlen(name);
}

/* The values a row allows, ": 1 to 9" or ": a|b", for messages. */
static const char *
allowed(const struct opt *o, char *to, size_t size)
{
	*to = '\0';
	if (o->set == opt_set_int || o->set == opt_set_size)
		snprintf(to, size, ": %lld to %lld", (long long)o->min,
		    (long long)o->max);
	else if (o->set == opt_set_choice || o->set == opt_set_maybe)
		snprintf(to, size, ": %.*s",
		    (int)strcspn(o->arg + optional(o), "]"),
		    o->arg + optional(o));
	return to;
}

static int
store(const struct opt *o, struct why *why)
{
	char shown[80], range[80];
	const char *wrong = o->set(o, optarg);

	if (wrong == NULL)
		return 0;
	return why_set(why, WHY_USAGE, 0, "--%s: '%s' is %s%s", o->name,
	    optarg ? vis_str(shown, sizeof shown, optarg, strlen(optarg)) : "",
	    wrong, allowed(o, range, sizeof range));
}

int
opt_parse(int argc, char **argv, const struct opt *opts,
    enum opt_order order, struct why *why)
{
	struct option lo[OPT_MAX + 2];
	char so[2 * OPT_MAX + 4];
	int ch, i;

	translate(opts, order, so, lo);
	opterr = 0;
	optind = 0;	/* glibc: start anew, with this order */
	while (i = -1, (ch = getopt_long(argc, argv, so, lo, &i)) != -1) {
		const struct opt *o = find(opts, ch == ':' ? optopt : ch);

		if (ch == '?')
			return complain(argv, opts, why);
		if (i >= 0 && abbreviated(argv, lo[i].name))
			return why_set(why, WHY_USAGE, 0,
			    "write --%s in full", lo[i].name);
		if (ch == 'h' || ch == HELP_ROW)
			return ch == 'h' ? OPT_BRIEF : OPT_HELP;
		assert(o != NULL);	/* getopt_long() has the rows from us */
		if (ch == ':')
			return why_set(why, WHY_USAGE, 0,
			    "--%s needs a value: --%s=%s", o->name, o->name,
			    o->arg);
		if (store(o, why) < 0)
			return OPT_WRONG;
	}
	return optind;
}

enum { LEFT = 27 };		/* columns of --help for names */
/* A name that is wider has its help below it. */
#define UNDER "\n                             "

int
opt_usage(struct buf *b, const struct opt *opts)
{
	char left[64];

	for (const struct opt *o = opts; o->help != NULL; o++) {
		if (o->name == NULL) {
			if (buf_printf(b, "\n%s:\n", o->help) < 0)
				return -1;
			continue;
		}
		snprintf(left, sizeof left, "%c%c%s--%s%s%s",
		    o->ch ? '-' : ' ', o->ch ? o->ch : ' ', o->ch ? ", " : "  ",
		    o->name, optional(o) ? "[=" : o->arg ? "=" : "",
		    o->arg ? o->arg + optional(o) : "");
		if (buf_printf(b, "  %-*s%s%s\n", LEFT, left,
			strlen(left) < LEFT ? "" : UNDER, o->help) < 0)
			return -1;
	}
	return 0;
}

int
opt_dump(struct buf *b, const char *cmd, const struct opt *opts)
{
	for (const struct opt *o = opts; o->help != NULL; o++)
		if (o->name != NULL &&
		    buf_printf(b, "%s\t%c\t%s\t%s\t%s\n", cmd,
			o->ch ? o->ch : '-', o->name, o->arg ? o->arg : "-",
			o->help) < 0)
			return -1;
	return 0;
}
