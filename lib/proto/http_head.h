/*
 * http_head - the head of an HTTP/1.x message: start line and fields.
 *
 * Feed all bytes buffered so far, as often as more arrive; the answer is
 * "more", "complete: N bytes", or an error from http_err. Nothing is copied
 * or allocated: a complete head is slices of the buffer. Two structs share
 * the work so that a server with thousands of half-read heads stays small:
 * a struct http_scan per message (how far was looked; so bytes that dribble
 * in one by one are looked at once) and a struct http_head that is filled
 * when the head is complete and may be shared by all.
 *
 * The answer is the same however the bytes were split.
 *
 * Lines end in CR LF; LF alone is taken and noted (RFC 9112 2.2); CR alone
 * and NUL are errors. What differs between requests and replies is in
 * http_request.h and http_response.h.
 */
#ifndef PROTO_HTTP_HEAD_H
#define PROTO_HTTP_HEAD_H

#include <sys/types.h>

#include "proto/http_err.h"
#include "proto/http_field.h"

struct http_limits {
	uint32_t start, line;	/* bytes of a line, its end not counted */
	uint32_t head;		/* bytes of all */
	uint32_t fields;	/* lines behind the start line */
};

/* 64 KiB a line, 256 KiB and 1,000 fields in all: what a client reads. */
extern const struct http_limits http_limits_client;
/*
 * 16 KiB a line, 64 KiB and 100 fields in all: what a server reads. RFC 9112
 * 3 recommends to support request lines of 8,000 octets at least.
 */
extern const struct http_limits http_limits_server;

struct http_scan {		/* zeroed for each message */
	uint32_t at;		/* bytes looked at */
	uint32_t start;		/* where the start line begins */
	uint32_t line;		/* where the line at hand begins */
	uint16_t lines;		/* complete, the start line included */
	bool	 started;	/* the start line was found good */
	bool	 lf_alone;
};

enum {				/* http_head.notes: odd, and taken */
	HTTP_NOTE_LF = 1,	/* a line ended in LF alone */
	HTTP_NOTE_FOLD = 2,	/* a value is folded over lines */
	HTTP_NOTE_CONTROL = 4,	/* a value has control characters */
	HTTP_NOTE_BOTH = 8,	/* both codings: chunked wins, then close */
};

enum http_body {
	HTTP_BODY_NONE,
	HTTP_BODY_LENGTH,	/* .length bytes */
	HTTP_BODY_CHUNKED,
	HTTP_BODY_CLOSE,	/* until the connection ends; replies only */
};

struct http_head {
	const struct http_limits *limits;
	struct http_field *field;	/* room for limits->fields */
	unsigned	 nfields;
	enum http_err	 err;
	unsigned	 notes;		/* HTTP_NOTE_ */
	unsigned	 minor;		/* 0 or 1: HTTP/1.2 counts as 1 */
	enum http_body	 body;
	uint64_t	 length;
	bool		 keep;		/* the connection may be used again */
};

/* Borrows both; field has room for limits->fields. */
void	http_head_init(struct http_head *, struct http_field *field,
	    const struct http_limits *);

/* "LF alone ends a line (RFC 9112, 2.2)": the words for one note. */
const char *http_note_text(unsigned note);

/* What http_request.c and http_response.c are made of. */

/*
 * The end of the head, searched from where the scan stood: its length, 0 if
 * more is needed, -1 with h->err. Empty lines before the start line are
 * stepped over.
 */
ssize_t	http_scan_end(struct http_head *, struct http_scan *, const char *,
	    size_t) MUST_CHECK;
/* The start line without its end, once scan->lines > 0. */
struct http_text http_scan_start(const struct http_scan *, const char *);
/* All fields of a complete head of `len` bytes. */
int	http_head_fields(struct http_head *, const struct http_scan *,
	    const char *, size_t len, bool fold) MUST_CHECK;
/* "HTTP/1.1" */
const char *http_head_version_text(const struct http_head *);
/* "HTTP/1.x"; sets minor. */
int	http_head_version(struct http_head *, struct http_text) MUST_CHECK;
/* Notes the error; returns -1. */
int	http_head_bad(struct http_head *, enum http_err);

#endif
