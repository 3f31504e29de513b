/*
 * utf8 - one character of UTF-8 at a time (RFC 3629).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/base.h"

/*
 * The length of the well-formed character at p[0..n), n > 0, and in *c which
 * one it is. 0: there is none; overlong forms and surrogates are none.
 */
size_t	utf8_decode(const void *p, size_t n, uint32_t *c);

#endif
