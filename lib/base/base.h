/*
 * base - what every file starts from: attributes, sizes, banned functions.
 *
 * The banned names have no form that is right; including this header after
 * the system's makes their use a compile error.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The caller must look at what comes back. */
#define MUST_CHECK __attribute__((warn_unused_result))
/* Argument f is a printf format, its values begin at argument v. */
#define PRINTF_LIKE(f, v) __attribute__((format(printf, f, v)))

#define NELEMS(a) (sizeof(a) / sizeof *(a))

#define KIB 1024
#define MIB (1024 * 1024)

#define NS_PER_S 1000000000
#define NS_PER_MS 1000000
#define NS_PER_US 1000

/* clang: _FORTIFY_SOURCE makes these macros, which cannot be poisoned. */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atof

#endif
