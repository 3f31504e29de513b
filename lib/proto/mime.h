/*
 * mime - the media type of a file, from its name's suffix.
 *
 * The table is built in, so that every machine answers alike; nothing is read
 * from /etc. Types are those registered with IANA, or in wide use where none
 * is. Text is said to be UTF-8: HTML that declares something else is the one
 * thing this gets wrong, and such files are rarer than undeclared UTF-8.
 */
#ifndef PROTO_MIME_H
#define PROTO_MIME_H

#include "base/base.h"

/*
 * The value of Content-Type for a name of n bytes, compared without regard to
 * case; "application/octet-stream" if the suffix says nothing. Static.
 */
const char *mime_type(const char *name, size_t n);

/* The table, ordered by suffix; for tests and documentation. */
struct mime_row {
	char		 suffix[12];	/* lower case, no dot */
	const char	*type;
};
extern const struct mime_row mime_rows[];
extern const size_t mime_nrows;

#endif
