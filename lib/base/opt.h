/*
 * opt - one table per command: parsed, printed, completed and checked from it.
 *
 * A command lists its options once, as an array of struct opt ending in
 * OPT_END, written with the macros below. opt_parse() hands the array to
 * getopt_long(3); opt_usage() writes it for --help; opt_dump() writes it as
 * tab-separated lines, from which the completions are made and against which
 * the manual pages are tested. Options that several commands share are macros
 * that expand to rows.
 *
 * -h and --help need no row. An option given twice: the last one counts,
 * unless its setter collects. Long names cannot be abbreviated.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include "base/base.h"
#include "base/why.h"

struct buf;
struct opt;

#define OPT_MAX 128		/* options one command may have */

/*
 * Stores arg (NULL for an option without one, or where it was left out);
 * returns NULL, or what is wrong in the words that follow "--name: 'arg' is
 * ...". arg lives as long as argv.
 */
typedef const char *opt_fn(const struct opt *, const char *arg);

struct opt {
	int		 ch;	/* short letter, or 0 */
	const char	*name;	/* long name; NULL with help: a heading */
	const char	*arg;	/* FILE, DIR, HOST, PORT, N, a|b|c; or NULL;
				   in brackets: may be left out, and if not
				   stands behind "--name=" */
	const char	*help;	/* one line, no full stop */
	opt_fn		*set;
	void		*to;	/* where the setter stores */
	int64_t		 min, max;	/* of numbers; min: OPT_VALUE's */
};

opt_fn opt_set_flag, opt_set_count, opt_set_value, opt_set_str, opt_set_int,
    opt_set_size, opt_set_time, opt_set_choice, opt_set_maybe;

/* (1 ? (p) : (T *)0) makes the compiler check the type behind the void *. */
#define OPT_TO(T, p) (1 ? (p) : (T *)0)

/* c: letter or 0; n: long name; p: where to; h: help. */
#define OPT_FLAG(c, n, p, h)		/* bool: becomes true */ \
	{ c, n, NULL, h, opt_set_flag, OPT_TO(bool, p), 0, 0 }
#define OPT_COUNT(c, n, p, h)		/* int: one more each time */ \
	{ c, n, NULL, h, opt_set_count, OPT_TO(int, p), 0, 0 }
#define OPT_VALUE(c, n, p, v, h)	/* int: becomes v */ \
	{ c, n, NULL, h, opt_set_value, OPT_TO(int, p), v, v }
#define OPT_STR(c, n, p, a, h)		/* const char *: borrowed from argv */ \
	{ c, n, a, h, opt_set_str, OPT_TO(const char *, p), 0, 0 }
#define OPT_INT(c, n, p, lo, hi, h)	/* int, lo at least 0 */ \
	{ c, n, "N", h, opt_set_int, OPT_TO(int, p), lo, hi }
#define OPT_SIZE(c, n, p, lo, hi, h)	/* int64_t, bytes */ \
	{ c, n, "SIZE", h, opt_set_size, OPT_TO(int64_t, p), lo, hi }
#define OPT_TIME(c, n, p, h)		/* int, milliseconds */ \
	{ c, n, "TIME", h, opt_set_time, OPT_TO(int, p), 0, 0 }
#define OPT_CHOICE(c, n, p, a, h)	/* int: place in "a|b|c", from 0 */ \
	{ c, n, a, h, opt_set_choice, OPT_TO(int, p), 0, 0 }
#define OPT_MAYBE(c, n, p, a, h)	/* int: place in "[a|b|c]", from 1, */ \
	/* which it is without an argument, too */ \
	{ c, n, a, h, opt_set_maybe, OPT_TO(int, p), 0, 0 }
#define OPT_CUSTOM(c, n, p, a, set, h)	/* the command's own setter */ \
	{ c, n, a, h, set, p, 0, 0 }
#define OPT_GROUP(h)			/* a heading in --help */ \
	{ 0, NULL, NULL, h, NULL, NULL, 0, 0 }
#define OPT_END { 0, NULL, NULL, NULL, NULL, NULL, 0, 0 }

enum opt_order {
	OPT_ANYWHERE,		/* options and operands mixed, as GNU does */
	OPT_FIRST,		/* up to the first operand */
};

enum {				/* what opt_parse() returns besides an index */
	OPT_WRONG = -1,		/* why says what is */
	OPT_HELP = -2,		/* --help was given */
	OPT_BRIEF = -3,		/* -h was given */
};

/*
 * Stores what argv says; argv[0] is skipped. Returns the index of the first
 * operand, to which all operands have been moved, or one of the above.
 */
int	opt_parse(int argc, char **argv, const struct opt *, enum opt_order,
	    struct why *) MUST_CHECK;

/* -1: the buffer is full. */
int	opt_usage(struct buf *, const struct opt *) MUST_CHECK;
/* A line each: cmd, letter or -, long name, argument or -, help. */
int	opt_dump(struct buf *, const char *cmd, const struct opt *) MUST_CHECK;

#endif
