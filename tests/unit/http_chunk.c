/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "proto/http_chunk.h"

#define S(text) text, sizeof text - 1

enum { TRAILER_BYTES = 64, TRAILER_FIELDS = 3 };

/*
 * parts: what each byte of the input is, f framing, d data, t trailer; as
 * long as the good bytes. done, or the error behind them, or more is needed.
 */
static const struct {
	const char	*name, *in;
	size_t		 n;
	const char	*parts;
	bool		 done;
	enum http_err	 err;
} rows[] = {
	{ "one chunk", S("5\r\nhello\r\n0\r\n\r\n"),
	    "fffdddddfffffff", true, 0 },
	{ "two chunks", S("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"),
	    "fffdfffffddfffffff", true, 0 },
	{ "nothing", S("0\r\n\r\n"), "fffff", true, 0 },
	{ "capitals", S("A\r\n0123456789\r\n0\r\n\r\n"),
	    "fffddddddddddfffffff", true, 0 },
	{ "small letters", S("a\r\n0123456789\r\n0\r\n\r\n"),
	    "fffddddddddddfffffff", true, 0 },
	{ "leading zeros", S("000000000000000000000001\r\nx\r\n00\r\n\r\n"),
	    "ffffffffffffffffffffffffffdffffffff", true, 0 },
	{ "blanks behind the size", S("1 \t\r\nx\r\n0\r\n\r\n"),
	    "fffffdfffffff", true, 0 },
	{ "blanks before an extension", S("1 ;a\r\nx\r\n0\r\n\r\n"),
	    "ffffffdfffffff", true, 0 },
	{ "extensions", S("1;a=b;c=\"x;y\" ; d\r\nx\r\n0;z\r\n\r\n"),
	    "fffffffffffffffffffdfffffffff", true, 0 },
	{ "an empty extension", S("1;\r\nx\r\n0\r\n\r\n"),
	    "ffffdfffffff", true, 0 },
	{ "obs-text in an extension", S("1;\xe9\r\nx\r\n0\r\n\r\n"),
	    "fffffdfffffff", true, 0 },
	{ "CR LF as content", S("2\r\n\r\n\r\n0\r\n\r\n"),
	    "fffddfffffff", true, 0 },
	{ "a trailer", S("0\r\nX: 1\r\n\r\n"), "fffttttttff", true, 0 },
	{ "two trailers", S("0\r\nX: 1\r\nY:\r\n\r\n"),
	    "fffttttttttttff", true, 0 },
	{ "bytes behind the end are not ours", S("0\r\n\r\nHTTP"), "fffff",
	    true, 0 },
	/* not all there */
	{ "cut in a size", S("5"), "f", false, 0 },
	{ "cut in a size line", S("5;x\r"), "ffff", false, 0 },
	{ "cut in data", S("5\r\nhel"), "fffddd", false, 0 },
	{ "cut after data", S("1\r\nx\r"), "fffdf", false, 0 },
	{ "cut before the last line", S("0\r\n"), "fff", false, 0 },
	{ "cut in the last line", S("0\r\n\r"), "ffff", false, 0 },
	{ "cut in a trailer", S("0\r\nX: "), "fffttt", false, 0 },
	/* wrong */
	{ "not hexadecimal", S("xyz\r\n"), "", false, HTTP_E_CHUNK_SIZE },
	{ "negative", S("-5\r\n"), "", false, HTTP_E_CHUNK_SIZE },
	{ "plus", S("+5\r\n"), "", false, HTTP_E_CHUNK_SIZE },
	{ "0x", S("0x5\r\n"), "f", false, HTTP_E_CHUNK_SIZE },
	{ "a blank first", S(" 5\r\n"), "", false, HTTP_E_CHUNK_SIZE },
	{ "no size", S("\r\n"), "", false, HTTP_E_CHUNK_SIZE },
	{ "an extension alone", S(";a\r\n"), "", false, HTTP_E_CHUNK_SIZE },
	{ "two sizes", S("5 5\r\n"), "ff", false, HTTP_E_CHUNK_SIZE },
	{ "junk after the size", S("5\x0b\r\n"), "f", false,
	    HTTP_E_CHUNK_SIZE },
	{ "beyond 2^63-1", S("8000000000000000\r\n"), "fffffffffffffff", false,
	    HTTP_E_CHUNK_BIG },
	{ "2^64+5", S("10000000000000005\r\n"), "ffffffffffffffff", false,
	    HTTP_E_CHUNK_BIG },
	{ "LF alone behind the size", S("5\nhello"), "f", false,
	    HTTP_E_CHUNK_LINE },
	{ "LF alone in an extension", S("5;a\n"), "fff", false,
	    HTTP_E_CHUNK_LINE },
	{ "CR alone behind the size", S("5\rhello"), "ff", false,
	    HTTP_E_CHUNK_LINE },
	{ "CR alone in an extension", S("5;\rx\r\n"), "fff", false,
	    HTTP_E_CHUNK_LINE },
	{ "NUL in an extension", S("5;\0x\r\n"), "ff", false,
	    HTTP_E_CHUNK_LINE },
	{ "no line end after data", S("1\r\nxy"), "fffd", false,
	    HTTP_E_CHUNK_END },
	{ "LF alone after data", S("1\r\nx\n"), "fffd", false,
	    HTTP_E_CHUNK_END },
	{ "CR alone after data", S("1\r\nx\r0"), "fffdf", false,
	    HTTP_E_CHUNK_END },
	{ "LF alone at the end", S("0\r\n\n"), "fff", false, HTTP_E_TRAILER },
	{ "CR alone at the end", S("0\r\n\rx"), "ffff", false,
	    HTTP_E_CHUNK_END },
	{ "a trailer without a name", S("0\r\n: x\r\n"), "fff", false,
	    HTTP_E_TRAILER },
	{ "a trailer without a colon", S("0\r\nab\r\n"), "ffftt", false,
	    HTTP_E_TRAILER },
	{ "a blank before the colon", S("0\r\na :b\r\n"), "ffft", false,
	    HTTP_E_TRAILER },
	{ "a folded trailer", S("0\r\na: b\r\n c\r\n"), "ffftttttt", false,
	    HTTP_E_TRAILER },
	{ "NUL in a trailer", S("0\r\na:\0\r\n"), "ffftt", false,
	    HTTP_E_TRAILER },
	{ "LF alone in a trailer", S("0\r\na:\nb"), "ffftt", false,
	    HTTP_E_TRAILER },
	{ "four trailers of three", S("0\r\na:\r\nb:\r\nc:\r\nd:\r\n"),
	    "ffftttttttttttt", false, HTTP_E_TRAILER_LONG },
};

/* Decodes in pieces of `step` bytes; the labels, and how it ended. */
static size_t
label(struct http_chunk *c, const char *in, size_t n, size_t step,
    char *parts)
{
	static const char letters[] = "fdt";
	size_t at = 0, given = 0;

	while (given < n && !c->done && c->err == HTTP_OK) {
		given = given + step < n ? given + step : n;
		while (at < given) {
			enum http_part part;
			ssize_t len;

			len = http_chunk_next(c, in + at, given - at, &part);
			if (len <= 0)
				break;
			memset(parts + at, letters[part], (size_t)len);
			at += (size_t)len;
		}
	}
	return at;
}

static void
labels_every_byte_however_it_is_split(void)
{
	for (size_t i = 0; i < NELEMS(rows); i++) {
		size_t n = rows[i].n, want = strlen(rows[i].parts);

		for (size_t step = 1; step <= n; step++) {
			char parts[128] = "";
			struct http_chunk c;
			size_t got;

			http_chunk_init(&c, TRAILER_BYTES, TRAILER_FIELDS);
			got = label(&c, rows[i].in, n, step, parts);
			CHECK(got == want && memcmp(parts, rows[i].parts,
			    want) == 0, "%s by %zu: %s", rows[i].name, step,
			    parts);
			CHECK(c.done == rows[i].done, "%s by %zu: done %d",
			    rows[i].name, step, c.done);
			CHECK(c.err == rows[i].err, "%s by %zu: %s",
			    rows[i].name, step, http_err_text(c.err));
		}
	}
}

/* n bytes of `fill` between two strings; the error it ends in. */
static enum http_err
between(const char *before, size_t n, char fill, const char *after)
{
	size_t len = strlen(before), total = len + n + strlen(after);
	char *in = malloc(total), *parts = malloc(total);
	struct http_chunk c;
	enum http_err e;

	if (in == NULL || parts == NULL)
		abort();
	memcpy(in, before, len);
	memset(in + len, fill, n);
	memcpy(in + len + n, after, strlen(after));
	http_chunk_init(&c, TRAILER_BYTES, TRAILER_FIELDS);
	label(&c, in, total, total, parts);
	e = c.err;
	free(in);
	free(parts);
	return e;
}

static void
extensions_have_a_limit_per_line(void)
{
	CHECK(between("1;", HTTP_CHUNK_LINE_MAX - 2, 'a', "\r\nx\r\n") == 0,
	    "just fits");
	CHECK(between("1;", HTTP_CHUNK_LINE_MAX - 1, 'a', "\r\nx\r\n") ==
	    HTTP_E_CHUNK_LONG, "too long");
	CHECK(between("", HTTP_CHUNK_LINE_MAX + 1, '0', "\r\n\r\n") ==
	    HTTP_E_CHUNK_LONG, "too many zeros");
	CHECK(between("1", HTTP_CHUNK_LINE_MAX + 1, ' ', "\r\nx\r\n") ==
	    HTTP_E_CHUNK_LONG, "too many blanks");
}

static void
extensions_have_a_limit_in_all(void)
{
	char line[2 + 1022 + 2 + 3 + 1], parts[sizeof line];
	struct http_chunk c;
	int n;

	memset(line, 'a', sizeof line);
	memcpy(line, "1;", 2);
	memcpy(line + 1024, "\r\nx\r\n", 6);
	http_chunk_init(&c, TRAILER_BYTES, TRAILER_FIELDS);
	for (n = 0; n < 100 && c.err == HTTP_OK; n++)
		label(&c, line, 1029, 1029, parts);
	CHECK(c.err == HTTP_E_CHUNK_LONG, "%s", http_err_text(c.err));
	CHECK(n == 65, "after %d lines", n);
}

static void
trailers_have_a_limit_in_bytes(void)
{
	CHECK(between("0\r\nX:", TRAILER_BYTES - 4, 'a', "\r\n\r\n") == 0,
	    "just fits");
	CHECK(between("0\r\nX:", TRAILER_BYTES - 3, 'a', "\r\n\r\n") ==
	    HTTP_E_TRAILER_LONG, "too long");
}

static void
counts_what_passed(void)
{
	static const char in[] =
	    "5\r\nhello\r\n3;x\r\nabc\r\n0\r\nX: 1\r\n\r\n";
	char parts[sizeof in];
	struct http_chunk c;
	size_t n;

	http_chunk_init(&c, TRAILER_BYTES, TRAILER_FIELDS);
	n = label(&c, in, sizeof in - 1, 7, parts);
	CHECK(c.done, "done");
	CHECK(c.data == 8, "data %llu", (unsigned long long)c.data);
	CHECK(c.data + c.framing == n, "all %zu", n);
	CHECK(c.chunks == 3, "chunks %llu", (unsigned long long)c.chunks);
}

static void
a_chunk_of_the_greatest_size_is_taken(void)
{
	static const char in[] = "7fffffffffffffff\r\nx";
	char parts[sizeof in];
	struct http_chunk c;

	http_chunk_init(&c, TRAILER_BYTES, TRAILER_FIELDS);
	CHECK(label(&c, in, sizeof in - 1, 1, parts) == sizeof in - 1, "all");
	CHECK(c.err == HTTP_OK, "%s", http_err_text(c.err));
	CHECK(c.left == INT64_MAX - 1, "left");
}

int
main(void)
{
	RUN(labels_every_byte_however_it_is_split);
	RUN(extensions_have_a_limit_per_line);
	RUN(extensions_have_a_limit_in_all);
	RUN(trailers_have_a_limit_in_bytes);
	RUN(counts_what_passed);
	RUN(a_chunk_of_the_greatest_size_is_taken);
	return unit_end();
}
