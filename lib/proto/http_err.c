/* SPDX-License-Identifier: MIT */
#include "proto/http_err.h"

#include "base/base.h"

/* clang-format off */
static const struct {
	int		 status;
	const char	*text;
} errs[HTTP_ERRS] = {
	[HTTP_OK] = { 0, "nothing is wrong" },

	[HTTP_E_TLS] = { 400,
	    "this is TLS, not plain HTTP" },
	[HTTP_E_SSH] = { 400,
	    "this is SSH, not HTTP" },
	[HTTP_E_HTTP2] = { 505,
	    "this is HTTP/2, only HTTP/1.x is spoken here" },
	[HTTP_E_HTTP09] = { 400,
	    "this is a page without a head: HTTP/0.9, or not HTTP at all" },
	[HTTP_E_FOREIGN] = { 400,
	    "this is not HTTP: no 'HTTP/1.' begins it (RFC 9112, 4)" },

	[HTTP_E_START] = { 400,
	    "the start line is malformed (RFC 9112, 2.1)" },
	[HTTP_E_VERSION] = { 505,
	    "the version is not HTTP/1.x (RFC 9112, 2.3)" },
	[HTTP_E_STATUS] = { 400,
	    "the status is not three digits (RFC 9112, 4)" },
	[HTTP_E_METHOD] = { 400,
	    "the method is not a token (RFC 9112, 3.1)" },
	[HTTP_E_TARGET] = { 400,
	    "the request target is malformed (RFC 9112, 3.2)" },
	[HTTP_E_SCHEME] = { 421,
	    "the target's scheme is not http (RFC 9110, 7.4)" },

	[HTTP_E_CR] = { 400,
	    "a CR without LF in the head (RFC 9112, 2.2)" },
	[HTTP_E_NUL] = { 400,
	    "a NUL byte in the head (RFC 9110, 5.5)" },
	[HTTP_E_START_LONG] = { 414,
	    "the start line is longer than the limit (RFC 9112, 3)" },
	[HTTP_E_LINE_LONG] = { 431,
	    "a line of the head is longer than the limit (RFC 9110, 5.4)" },
	[HTTP_E_HEAD_LONG] = { 431,
	    "the head is longer than the limit (RFC 9110, 5.4)" },
	[HTTP_E_FIELDS] = { 431,
	    "the head has more fields than the limit (RFC 9110, 5.4)" },

	[HTTP_E_NAME] = { 400,
	    "a field name is not a token (RFC 9110, 5.1)" },
	[HTTP_E_COLON] = { 400,
	    "a field line has no colon (RFC 9112, 5)" },
	[HTTP_E_SPACE_COLON] = { 400,
	    "white space between a field name and its colon (RFC 9112, 5.1)" },
	[HTTP_E_VALUE] = { 400,
	    "a control character in a field value (RFC 9110, 5.5)" },
	[HTTP_E_FOLD] = { 400,
	    "a field value is folded over lines (RFC 9112, 5.2)" },
	[HTTP_E_SPACE_FIRST] = { 400,
	    "white space before the first field (RFC 9112, 2.2)" },

	[HTTP_E_HOST_NONE] = { 400,
	    "the Host field is missing (RFC 9112, 3.2)" },
	[HTTP_E_HOST_TWICE] = { 400,
	    "more than one Host field (RFC 9112, 3.2)" },
	[HTTP_E_HOST_BAD] = { 400,
	    "the Host field is not a host and port (RFC 9112, 3.2)" },

	[HTTP_E_LENGTH] = { 400,
	    "Content-Length is not a number (RFC 9112, 6.3)" },
	[HTTP_E_LENGTH_BIG] = { 400,
	    "Content-Length is beyond 2^63-1 (RFC 9110, 8.6)" },
	[HTTP_E_LENGTH_DIFFER] = { 400,
	    "Content-Length is given twice and differs (RFC 9112, 6.3)" },
	[HTTP_E_CODING] = { 501,
	    "a transfer coding other than chunked (RFC 9112, 6.1)" },
	[HTTP_E_CODING_LAST] = { 400,
	    "chunked is not the last transfer coding (RFC 9112, 6.3)" },
	[HTTP_E_CODING_TWICE] = { 400,
	    "chunked is applied more than once (RFC 9112, 6.1)" },
	[HTTP_E_CODING_1_0] = { 400,
	    "a transfer coding in an HTTP/1.0 message (RFC 9112, 6.1)" },
	[HTTP_E_BOTH] = { 400,
	    "both Transfer-Encoding and Content-Length (RFC 9112, 6.1)" },

	[HTTP_E_CHUNK_SIZE] = { 400,
	    "a chunk size is not a hexadecimal number (RFC 9112, 7.1)" },
	[HTTP_E_CHUNK_BIG] = { 400,
	    "a chunk size is beyond 2^63-1 (RFC 9112, 7.1)" },
	[HTTP_E_CHUNK_LINE] = { 400,
	    "a chunk size line does not end in CR LF (RFC 9112, 7.1)" },
	[HTTP_E_CHUNK_LONG] = { 400,
	    "chunk extensions beyond the limit (RFC 9112, 7.1.1)" },
	[HTTP_E_CHUNK_END] = { 400,
	    "no CR LF after a chunk's data (RFC 9112, 7.1)" },
	[HTTP_E_TRAILER] = { 400,
	    "a trailer field is malformed (RFC 9112, 7.1.2)" },
	[HTTP_E_TRAILER_LONG] = { 431,
	    "the trailers are beyond the limit (RFC 9110, 6.5)" },
};
/* clang-format on */

const char *
http_err_text(enum http_err e)
{
	return (unsigned)e < HTTP_ERRS ? errs[e].text : "unknown";
}

int
http_err_status(enum http_err e)
{
	return (unsigned)e < HTTP_ERRS ? errs[e].status : 0;
}
