/*
 * escape - bytes as people write them on a command line: \r, \n, \x1b.
 *
 * The escapes of C: \a \b \f \n \r \t \v \e \0 \\ \' \" and \xHH, with exactly
 * two hexadecimal digits. All else stands for itself. Nothing is guessed: an
 * escape that does not exist is an error.
 */
#ifndef PROTO_ESCAPE_H
#define PROTO_ESCAPE_H

#include "base/base.h"

/*
 * dst gets the bytes, *n how many: never more than text has. NULL; or what is
 * wrong, in the words that follow "--name: 'text' is".
 */
const char *escape_decode(const char *text, char *dst, size_t size,
	    size_t *n) MUST_CHECK;

#endif
