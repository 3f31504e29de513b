/*
 * base64 - bytes as characters and back (RFC 4648 4, padded).
 */
#ifndef PROTO_BASE64_H
#define PROTO_BASE64_H

#include <sys/types.h>

#include "base/base.h"

#define BASE64_LEN(n) (((n) + 2) / 3 * 4)	/* characters for n bytes */

/* Writes BASE64_LEN(n) characters, not terminated. */
void	base64_encode(char *to, const void *, size_t n);

/*
 * Strict: padded, no white space, no bits left over (RFC 4648 3.5). to has
 * room for n / 4 * 3 bytes. Returns how many there are; -1: it is none.
 */
ssize_t	base64_decode(void *to, const char *, size_t n) MUST_CHECK;

#endif
