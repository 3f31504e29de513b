/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "proto/http_response.h"

enum { FIELDS = 1000 };

#define S(text) text, sizeof text - 1
#define REPLY(fields) S("HTTP/1.1 200 OK\r\n" fields "\r\n")

static struct http_field fields[FIELDS];

static const struct {
	const char	*name, *in;
	size_t		 n;
	enum http_err	 err;		/* or: */
	unsigned	 status;	/* 0: more is needed */
	enum http_body	 body;
	uint64_t	 length;
	unsigned	 notes;
	bool		 closes;	/* not to be used again */
} replies[] = {
	/* the status line, RFC 9112 4 */
	{ "plain", REPLY("Content-Length: 5\r\n"), 0, 200,
	    HTTP_BODY_LENGTH, 5, 0, false },
	{ "1.0", S("HTTP/1.0 200 OK\r\n\r\n"), 0, 200, HTTP_BODY_CLOSE, 0, 0,
	    true },
	{ "1.2 counts as 1.1", S("HTTP/1.2 200 OK\r\nContent-Length: 0\r\n"
	    "\r\n"), 0, 200, HTTP_BODY_LENGTH, 0, 0, false },
	{ "no reason", S("HTTP/1.1 404 \r\n\r\n"), 0, 404, HTTP_BODY_CLOSE,
	    0, 0, true },
	{ "no reason, no space", S("HTTP/1.1 404\r\n\r\n"), 0, 404,
	    HTTP_BODY_CLOSE, 0, 0, true },
	{ "obs-text in the reason", S("HTTP/1.1 200 d\xe9j\xe0\r\n\r\n"), 0,
	    200, HTTP_BODY_CLOSE, 0, 0, true },
	{ "an escape in the reason", S("HTTP/1.1 200 \x1b[m\r\n\r\n"), 0, 200,
	    HTTP_BODY_CLOSE, 0, HTTP_NOTE_CONTROL, true },
	{ "status out of range", S("HTTP/1.1 999 x\r\n\r\n"), 0, 999,
	    HTTP_BODY_CLOSE, 0, 0, true },
	{ "version 2", S("HTTP/2.0 200 OK\r\n\r\n"), HTTP_E_VERSION, 0, 0, 0,
	    0, 0 },
	{ "version of two digits", S("HTTP/1.10 200 OK\r\n\r\n"),
	    HTTP_E_START, 0, 0, 0, 0, 0 },
	{ "version in small letters", S("http/1.1 200 OK\r\n\r\n"),
	    HTTP_E_FOREIGN, 0, 0, 0, 0, 0 },
	{ "no version", S("HTTP 200 OK\r\n\r\n"), HTTP_E_START, 0, 0, 0, 0,
	    0 },
	{ "four digits", S("HTTP/1.1 2000 OK\r\n\r\n"), HTTP_E_STATUS, 0, 0,
	    0, 0, 0 },
	{ "two digits", S("HTTP/1.1 20 OK\r\n\r\n"), HTTP_E_STATUS, 0, 0, 0,
	    0, 0 },
	{ "negative", S("HTTP/1.1 -20 OK\r\n\r\n"), HTTP_E_STATUS, 0, 0, 0, 0,
	    0 },
	{ "two spaces", S("HTTP/1.1  200 OK\r\n\r\n"), HTTP_E_STATUS, 0, 0, 0,
	    0, 0 },
	{ "reason glued on", S("HTTP/1.1 200OK\r\n\r\n"), HTTP_E_STATUS, 0, 0,
	    0, 0, 0 },
	{ "a tab", S("HTTP/1.1\t200 OK\r\n\r\n"), HTTP_E_START, 0, 0, 0, 0,
	    0 },
	/* other protocols */
	{ "TLS alert", S("\x15\x03\x01\x00\x02\x02\x46"), HTTP_E_TLS, 0, 0, 0,
	    0, 0 },
	{ "TLS handshake", S("\x16\x03\x03\x00"), HTTP_E_TLS, 0, 0, 0, 0, 0 },
	{ "SSH", S("SSH-2.0-x\r\n"), HTTP_E_SSH, 0, 0, 0, 0, 0 },
	{ "HTTP/2", S("\0\0\x06\x04\0\0\0\0\0"), HTTP_E_HTTP2, 0, 0, 0, 0,
	    0 },
	{ "HTTP/0.9", S("<html>hello</html>\n"), HTTP_E_HTTP09, 0, 0, 0, 0,
	    0 },
	{ "something", S("HELLO 200 OK\r\n\r\n"), HTTP_E_FOREIGN, 0, 0, 0, 0,
	    0 },
	{ "an empty line first", S("\r\nHTTP/1.1 200 OK\r\n\r\n"),
	    HTTP_E_FOREIGN, 0, 0, 0, 0, 0 },
	/* lines */
	{ "LF alone", S("HTTP/1.1 200 OK\nContent-Length: 5\n\n"), 0, 200,
	    HTTP_BODY_LENGTH, 5, HTTP_NOTE_LF, false },
	{ "LF alone once", S("HTTP/1.1 200 OK\r\nContent-Length: 5\n\r\n"), 0,
	    200, HTTP_BODY_LENGTH, 5, HTTP_NOTE_LF, false },
	{ "CR alone", S("HTTP/1.1 200 OK\rContent-Length: 5\r\r"), HTTP_E_CR,
	    0, 0, 0, 0, 0 },
	{ "CR alone in a value", REPLY("X: a\rb\r\n"), HTTP_E_CR, 0, 0, 0, 0,
	    0 },
	{ "CR CR LF", REPLY("X: a\r\r\n"), HTTP_E_CR, 0, 0, 0, 0, 0 },
	{ "NUL in a value", REPLY("X: a\0b\r\n"), HTTP_E_NUL, 0, 0, 0, 0, 0 },
	{ "NUL in a name", REPLY("X\0A: b\r\n"), HTTP_E_NUL, 0, 0, 0, 0, 0 },
	{ "NUL in the status line", S("HTTP/1.1 200 O\0K\r\n\r\n"),
	    HTTP_E_NUL, 0, 0, 0, 0, 0 },
	{ "cut in the status line", S("HTTP/1.1 200 OK\r"), 0, 0, 0, 0, 0,
	    0 },
	{ "cut in a field", S("HTTP/1.1 200 OK\r\nX-Unfini"), 0, 0, 0, 0, 0,
	    0 },
	{ "cut before the empty line", S("HTTP/1.1 200 OK\r\nA: b\r\n\r"), 0,
	    0, 0, 0, 0, 0 },
	{ "bytes behind the head", S("HTTP/1.1 200 OK\r\n\r\n\0\r\r"), 0, 200,
	    HTTP_BODY_CLOSE, 0, 0, true },
	/* fields */
	{ "an escape in a value", REPLY("X: \x1b]0;x\x07\r\n"), 0, 200,
	    HTTP_BODY_CLOSE, 0, HTTP_NOTE_CONTROL, true },
	{ "a space before the colon", REPLY("Content-Length : 5\r\n"),
	    HTTP_E_SPACE_COLON, 0, 0, 0, 0, 0 },
	{ "a space in a name", REPLY("X A: b\r\n"), HTTP_E_NAME, 0, 0, 0, 0,
	    0 },
	{ "no name", REPLY(": b\r\n"), HTTP_E_NAME, 0, 0, 0, 0, 0 },
	{ "no colon", REPLY("X\r\n"), HTTP_E_COLON, 0, 0, 0, 0, 0 },
	{ "8-bit name", REPLY("X\xe9: b\r\n"), HTTP_E_NAME, 0, 0, 0, 0, 0 },
	{ "blank before the first field", REPLY(" X: b\r\n"),
	    HTTP_E_SPACE_FIRST, 0, 0, 0, 0, 0 },
	{ "folded", REPLY("X: one\r\n two\r\nContent-Length: 5\r\n"), 0, 200,
	    HTTP_BODY_LENGTH, 5, HTTP_NOTE_FOLD, false },
	{ "folded length", REPLY("Content-Length:\r\n 5\r\n"), 0, 200,
	    HTTP_BODY_LENGTH, 5, HTTP_NOTE_FOLD, false },
	{ "folded behind the length", REPLY("Content-Length: 5\r\n \t\r\n"),
	    0, 200, HTTP_BODY_LENGTH, 5, HTTP_NOTE_FOLD, false },
	{ "folded inside the length", REPLY("Content-Length: 5\r\n 0\r\n"),
	    HTTP_E_LENGTH, 0, 0, 0, 0, 0 },
	/* Content-Length, RFC 9112 6.3 */
	{ "tabs around", REPLY("content-length:\t5 \t\r\n"), 0, 200,
	    HTTP_BODY_LENGTH, 5, 0, false },
	{ "same twice", REPLY("Content-Length: 5\r\nContent-Length: 5\r\n"),
	    0, 200, HTTP_BODY_LENGTH, 5, 0, false },
	{ "same in a list", REPLY("Content-Length: 5 , 5\r\n"), 0, 200,
	    HTTP_BODY_LENGTH, 5, 0, false },
	{ "differing", REPLY("Content-Length: 5\r\nContent-Length: 10\r\n"),
	    HTTP_E_LENGTH_DIFFER, 0, 0, 0, 0, 0 },
	{ "differing in a list", REPLY("Content-Length: 5, 10\r\n"),
	    HTTP_E_LENGTH_DIFFER, 0, 0, 0, 0, 0 },
	{ "plus", REPLY("Content-Length: +5\r\n"), HTTP_E_LENGTH, 0, 0, 0, 0,
	    0 },
	{ "minus", REPLY("Content-Length: -5\r\n"), HTTP_E_LENGTH, 0, 0, 0, 0,
	    0 },
	{ "hexadecimal", REPLY("Content-Length: 0x5\r\n"), HTTP_E_LENGTH, 0,
	    0, 0, 0, 0 },
	{ "junk behind", REPLY("Content-Length: 5abc\r\n"), HTTP_E_LENGTH, 0,
	    0, 0, 0, 0 },
	{ "a fraction", REPLY("Content-Length: 5.0\r\n"), HTTP_E_LENGTH, 0, 0,
	    0, 0, 0 },
	{ "two numbers", REPLY("Content-Length: 5 5\r\n"), HTTP_E_LENGTH, 0,
	    0, 0, 0, 0 },
	{ "empty", REPLY("Content-Length: \r\n"), HTTP_E_LENGTH, 0, 0, 0, 0,
	    0 },
	{ "an empty element", REPLY("Content-Length: 5,\r\n"), HTTP_E_LENGTH,
	    0, 0, 0, 0, 0 },
	{ "leading zeros", REPLY("Content-Length: 00005\r\n"), 0, 200,
	    HTTP_BODY_LENGTH, 5, 0, false },
	{ "2^63-1", REPLY("Content-Length: 9223372036854775807\r\n"), 0, 200,
	    HTTP_BODY_LENGTH, INT64_MAX, 0, false },
	{ "2^63", REPLY("Content-Length: 9223372036854775808\r\n"),
	    HTTP_E_LENGTH_BIG, 0, 0, 0, 0, 0 },
	{ "2^64+5", REPLY("Content-Length: 18446744073709551621\r\n"),
	    HTTP_E_LENGTH_BIG, 0, 0, 0, 0, 0 },
	{ "30 digits", REPLY("Content-Length: "
	    "999999999999999999999999999999\r\n"), HTTP_E_LENGTH_BIG, 0, 0, 0,
	    0, 0 },
	/* Transfer-Encoding, RFC 9112 6.1 */
	{ "chunked", REPLY("Transfer-Encoding: chunked\r\n"), 0, 200,
	    HTTP_BODY_CHUNKED, 0, 0, false },
	{ "ChUnKeD", REPLY("Transfer-Encoding: ChUnKeD\r\n"), 0, 200,
	    HTTP_BODY_CHUNKED, 0, 0, false },
	{ "an empty element of codings", REPLY("Transfer-Encoding: ,chunked,"
	    "\r\n"), 0, 200, HTTP_BODY_CHUNKED, 0, 0, false },
	{ "chunked and a length", REPLY("Content-Length: 3\r\n"
	    "Transfer-Encoding: chunked\r\n"), 0, 200, HTTP_BODY_CHUNKED, 0,
	    HTTP_NOTE_BOTH, true },
	{ "chunked and a bad length", REPLY("Content-Length: x\r\n"
	    "Transfer-Encoding: chunked\r\n"), 0, 200, HTTP_BODY_CHUNKED, 0,
	    HTTP_NOTE_BOTH, true },
	{ "gzip, chunked", REPLY("Transfer-Encoding: gzip, chunked\r\n"),
	    HTTP_E_CODING, 0, 0, 0, 0, 0 },
	{ "chunked, gzip", REPLY("Transfer-Encoding: chunked, gzip\r\n"),
	    HTTP_E_CODING_LAST, 0, 0, 0, 0, 0 },
	{ "chunked, chunked", REPLY("Transfer-Encoding: chunked, chunked\r\n"
	    ), HTTP_E_CODING_TWICE, 0, 0, 0, 0, 0 },
	{ "two chunked lines", REPLY("Transfer-Encoding: chunked\r\n"
	    "Transfer-Encoding: chunked\r\n"), HTTP_E_CODING_TWICE, 0, 0, 0,
	    0, 0 },
	{ "an unknown coding", REPLY("Transfer-Encoding: foo\r\n"),
	    HTTP_E_CODING, 0, 0, 0, 0, 0 },
	{ "identity", REPLY("Transfer-Encoding: identity\r\n"
	    "Content-Length: 5\r\n"), HTTP_E_CODING, 0, 0, 0, 0, 0 },
	{ "no coding", REPLY("Transfer-Encoding:\r\n"), HTTP_E_CODING, 0, 0,
	    0, 0, 0 },
	{ "a coding with a parameter", REPLY("Transfer-Encoding: chunked;q=1"
	    "\r\n"), HTTP_E_CODING, 0, 0, 0, 0, 0 },
	{ "a control before the coding", REPLY("Transfer-Encoding: \x0b"
	    "chunked\r\n"), HTTP_E_CODING, 0, 0, 0, 0, 0 },
	{ "chunked in 1.0", S("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked"
	    "\r\n\r\n"), HTTP_E_CODING_1_0, 0, 0, 0, 0, 0 },
	/* no body whatever the fields say */
	{ "204", S("HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n"),
	    0, 204, HTTP_BODY_NONE, 0, 0, false },
	{ "304", S("HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\n"), 0, 304,
	    HTTP_BODY_NONE, 0, 0, false },
	{ "103", S("HTTP/1.1 103 E\r\nContent-Length: x\r\n\r\n"), 0, 103,
	    HTTP_BODY_NONE, 0, 0, false },
	/* the connection, RFC 9112 9.3 */
	{ "close", REPLY("Content-Length: 0\r\nConnection: x, Close\r\n"), 0,
	    200, HTTP_BODY_LENGTH, 0, 0, true },
	{ "1.0 keep-alive", S("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n"
	    "Connection: Keep-Alive\r\n\r\n"), 0, 200, HTTP_BODY_LENGTH, 0, 0,
	    false },
};

/* Shows the parser `step` bytes more each time. */
static ssize_t
reply_by(struct http_response *r, const char *in, size_t n, size_t step)
{
	struct http_scan s = { 0 };
	ssize_t len = 0;

	http_head_init(&r->head, fields, &http_limits_client);
	for (size_t given = 0; given < n && len == 0;) {
		given = given + step < n ? given + step : n;
		len = http_response_parse(r, &s, in, given, false);
	}
	return len;
}

static void
reads_replies_however_they_are_split(void)
{
	for (size_t i = 0; i < NELEMS(replies); i++)
		for (size_t step = 1; step <= replies[i].n; step++) {
			const char *name = replies[i].name;
			struct http_response r = { 0 };
			ssize_t len;

			len = reply_by(&r, replies[i].in, replies[i].n, step);
			CHECK(r.head.err == replies[i].err, "%s by %zu: %s",
			    name, step, http_err_text(r.head.err));
			CHECK((len > 0) == (replies[i].status > 0),
			    "%s by %zu: %zd", name, step, len);
			if (len <= 0 || replies[i].status == 0)
				continue;
			CHECK(r.status == replies[i].status, "%s: status %u",
			    name, r.status);
			CHECK(r.head.body == replies[i].body, "%s: body %d",
			    name, r.head.body);
			CHECK(r.head.length == replies[i].length,
			    "%s: length", name);
			CHECK(r.head.notes == replies[i].notes,
			    "%s: notes %u", name, r.head.notes);
			CHECK(r.head.keep == !replies[i].closes, "%s: keep",
			    name);
		}
}

static void
a_reply_to_head_has_no_body(void)
{
	static const char in[] =
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\n";
	struct http_scan s = { 0 };
	struct http_response r;

	http_head_init(&r.head, fields, &http_limits_client);
	CHECK(http_response_parse(&r, &s, in, sizeof in - 1, true) > 0,
	    "%s", http_err_text(r.head.err));
	CHECK(r.head.body == HTTP_BODY_NONE, "body");
}

static void
names_what_is_registered(void)
{
	CHECK(strcmp(http_status_name(404), "Not Found") == 0, "404");
	CHECK(http_status_name(299) == NULL, "299");
}

int
main(void)
{
	RUN(reads_replies_however_they_are_split);
	RUN(a_reply_to_head_has_no_body);
	RUN(names_what_is_registered);
	return unit_end();
}
