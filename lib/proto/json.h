/*
 * json - JSON text (RFC 8259), written piece by piece into a buffer.
 *
 * The writer sets the commas and nothing else; who calls it keeps brackets
 * and keys in order. Beyond what JSON demands, everything that could command
 * or mislead a terminal is written as \uXXXX: DEL, U+0080-9F, U+200E/F,
 * U+2028/9, U+202A-E, U+2066-9. That is the same JSON value, and safe to look
 * at.
 *
 * Failure sticks: after the first thing that does not fit in the buffer,
 * nothing more is written and .failed stays set, so one look at the end is
 * enough. The only memory is the buffer's.
 */
#ifndef PROTO_JSON_H
#define PROTO_JSON_H

#include "base/base.h"

struct buf;

struct json {
	struct buf	*to;
	bool		 comma;		/* a value stands before the next */
	bool		 failed;
};

void	json_init(struct json *, struct buf *);
void	json_open(struct json *, char bracket);		/* '{' or '[' */
void	json_close(struct json *, char bracket);	/* '}' or ']' */
void	json_key(struct json *, const char *);	/* our own, plain ASCII */
void	json_int(struct json *, int64_t);
void	json_bool(struct json *, bool);
void	json_null(struct json *);

/*
 * A string of n bytes. A byte that is no part of well-formed UTF-8 becomes
 * U+FFFD: a JSON text holds characters, not bytes. Where the bytes matter,
 * ask json_is_utf8() and write json_base64() as well.
 */
void	json_string(struct json *, const void *, size_t n);
void	json_str(struct json *, const char *);	/* NULL: null */
/* The bytes as a string of base64 (RFC 4648 section 4, padded). */
void	json_base64(struct json *, const void *, size_t n);

/* Well-formed UTF-8 (RFC 3629); json_is_text() is that without a NUL. */
bool	json_is_utf8(const void *, size_t n);
bool	json_is_text(const void *, size_t n);

#endif
