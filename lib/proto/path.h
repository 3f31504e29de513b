/*
 * path - from a request's target to a file name below the root, and back.
 *
 * Escapes are decoded exactly once and dot segments resolved after that, so
 * that what is checked is what is opened; a target that would leave the root
 * is refused, not clamped, because no honest client sends one (clients
 * resolve dots themselves, RFC 3986 5.2.4). An encoded slash is refused too:
 * it stands for a name with a slash in it, which no folder can hold. This is
 * the first of two fences; the second is openat2(RESOLVE_BENEATH).
 */
#ifndef PROTO_PATH_H
#define PROTO_PATH_H

#include "base/buf.h"

enum { PATH_TEXT_MAX = 4095 };	/* bytes of a decoded path, as PATH_MAX */

enum path_bad {
	PATH_OK,
	PATH_ROOTLESS,		/* does not begin with a slash */
	PATH_BYTE,		/* a control, a space or '#', not escaped */
	PATH_ESCAPE,		/* '%' without two hex digits */
	PATH_NUL,		/* %00 */
	PATH_SLASH,		/* %2F: valid, but names no file */
	PATH_ABOVE,		/* leaves the root */
	PATH_LONG,		/* more than PATH_TEXT_MAX: names no file */
};

struct path {
	char	text[PATH_TEXT_MAX + 1];	/* "a/b", "" is the root */
	size_t	len;
	size_t	used;		/* bytes of the target: '?' stands there, or
				 * it is the end */
	bool	folder;		/* ended in a slash or a dot segment */
	bool	hidden;		/* a segment begins with a dot */
};

/*
 * The path of an origin-form target of n bytes (RFC 9112 3.2.1), up to its
 * '?'. If the result is not PATH_OK, the struct holds nothing of use. text
 * never begins or ends with '/', and has no NUL, no empty and no dot segment.
 */
enum path_bad path_parse(struct path *, const char *target, size_t n)
	    MUST_CHECK;
const char *path_bad_words(enum path_bad);	/* "the path leaves ..." */

/*
 * Appends a file name as one URL segment: everything but the unreserved
 * characters of RFC 3986 2.3 becomes %XX. path_href_all() keeps slashes;
 * path_href_query() keeps all that a query may hold (3.4), escapes included.
 * They allocate in the buffer only; -1 at its ceiling, it is then as before.
 */
int	path_href(struct buf *, const char *name, size_t n) MUST_CHECK;
int	path_href_all(struct buf *, const char *path, size_t n) MUST_CHECK;
int	path_href_query(struct buf *, const char *query, size_t n) MUST_CHECK;

#endif
