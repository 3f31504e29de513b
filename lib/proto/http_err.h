/*
 * http_err - what can be wrong with an HTTP/1.x message, as one list.
 *
 * Parsers of heads and chunks return a member of this list; the words, with
 * the clause that was broken, and the status a server answers with come from
 * one table. "RFC 9112" is HTTP/1.1, "RFC 9110" HTTP semantics.
 */
#ifndef PROTO_HTTP_ERR_H
#define PROTO_HTTP_ERR_H

enum http_err {
	HTTP_OK = 0,
	/* the first bytes are something else */
	HTTP_E_TLS,
	HTTP_E_SSH,
	HTTP_E_HTTP2,
	HTTP_E_HTTP09,
	HTTP_E_FOREIGN,
	/* start line */
	HTTP_E_START,
	HTTP_E_VERSION,
	HTTP_E_STATUS,
	HTTP_E_METHOD,
	HTTP_E_TARGET,
	HTTP_E_SCHEME,
	/* lines */
	HTTP_E_CR,
	HTTP_E_NUL,
	HTTP_E_START_LONG,
	HTTP_E_LINE_LONG,
	HTTP_E_HEAD_LONG,
	HTTP_E_FIELDS,
	/* fields */
	HTTP_E_NAME,
	HTTP_E_COLON,
	HTTP_E_SPACE_COLON,
	HTTP_E_VALUE,
	HTTP_E_FOLD,
	HTTP_E_SPACE_FIRST,
	/* Host */
	HTTP_E_HOST_NONE,
	HTTP_E_HOST_TWICE,
	HTTP_E_HOST_BAD,
	/* framing */
	HTTP_E_LENGTH,
	HTTP_E_LENGTH_BIG,
	HTTP_E_LENGTH_DIFFER,
	HTTP_E_CODING,
	HTTP_E_CODING_LAST,
	HTTP_E_CODING_TWICE,
	HTTP_E_CODING_1_0,
	HTTP_E_BOTH,
	/* chunks */
	HTTP_E_CHUNK_SIZE,
	HTTP_E_CHUNK_BIG,
	HTTP_E_CHUNK_LINE,
	HTTP_E_CHUNK_LONG,
	HTTP_E_CHUNK_END,
	HTTP_E_TRAILER,
	HTTP_E_TRAILER_LONG,
	HTTP_ERRS
};

/* One line, lower case, no full stop; ours alone, so safe on a terminal. */
const char *http_err_text(enum http_err);

/* What a server answers: 400, 414, 421, 431, 501 or 505; 0 for HTTP_OK. */
int	http_err_status(enum http_err);

#endif
