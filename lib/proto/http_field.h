/*
 * http_field - one line of a head: a name and a value, and finding them.
 *
 * A field is two slices of the buffer that was parsed; nothing is copied, so
 * they live as long as that buffer stays where it is. A value that was folded
 * over lines (replies only, RFC 9112 5.2) has its line ends still in it;
 * whoever reads it takes CR and LF for white space, as http_list_next() does.
 */
#ifndef PROTO_HTTP_FIELD_H
#define PROTO_HTTP_FIELD_H

#include "base/base.h"

struct http_text {
	const char	*p;	/* not terminated */
	size_t		 n;
};

struct http_field {
	struct http_text name, value;	/* value without white space around */
};

struct http_head;

/* Byte by byte, ASCII letters alike, whatever the locale. */
bool	http_text_is(struct http_text, const char *word);
/* All of it, case and all. */
bool	http_text_eq(struct http_text, const char *word);
/* Cuts SP, HTAB, CR and LF off both ends. */
void	http_text_trim(struct http_text *);

/* The first field of this name behind `after` (NULL: of all), or NULL. */
const struct http_field *http_field_next(const struct http_head *,
	    const struct http_field *after, const char *name);
/* Its value; .p NULL if there is no such field. */
struct http_text http_field_value(const struct http_head *, const char *name);

/*
 * Takes the next element off a comma-separated list (RFC 9110 5.6.1), white
 * space around it cut off, empty ones left out; quoted strings are kept
 * whole. False at the end.
 */
bool	http_list_next(struct http_text *list, struct http_text *element);
/* Whether any field of this name lists the word: "connection", "close". */
bool	http_list_has(const struct http_head *, const char *name,
	    const char *word);

/* 1*tchar, RFC 9110 5.6.2: methods and field names. */
bool	http_is_token(const char *, size_t n);
/* No control character but HTAB: fit to be a field value as it is. */
bool	http_is_value(const char *, size_t n);
/* What a request target may hold: visible, or 8-bit; not blank or control. */
bool	http_is_target(const char *, size_t n);
/* uri-host [":" port], RFC 9110 7.2; empty is one too. */
bool	http_is_host(const char *, size_t n);
/* How many bytes at the front are tchar. */
size_t	http_token_len(const char *, size_t n);

#endif
