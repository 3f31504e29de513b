/* SPDX-License-Identifier: MIT */
#include "proto/proxy_header.h"

#include <string.h>

#include "unit.h"

static struct addr
at(const char *ip, unsigned port)
{
	struct addr a = { 0 };

	CHECK(addr_literal(&a, ip, port), "%s", ip);
	return a;
}

/* haproxy's proxy-protocol.txt, 2.1 */
static void
version_1_is_a_line_of_text(void)
{
	static const struct {
		const char *from;
		unsigned from_port;
		const char *to;
		unsigned to_port;
		const char *line;
	} rows[] = {
		{ "192.168.0.1", 56324, "192.168.0.11", 443,
		    "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n" },
		{ "255.255.255.255", 65535, "255.255.255.255", 65535,
		    "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535"
		    "\r\n" },
		{ "0.0.0.0", 0, "10.0.0.1", 1,
		    "PROXY TCP4 0.0.0.0 10.0.0.1 0 1\r\n" },
		{ "2001:db8::1", 1, "::1", 80,
		    "PROXY TCP6 2001:db8::1 ::1 1 80\r\n" },
		{ "fe80::1%1", 1, "fe80::2%1", 80,
		    "PROXY TCP6 fe80::1 fe80::2 1 80\r\n" },
		{ "1111:1111:1111:1111:1111:1111:1111:1111", 65535,
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535,
		    "PROXY TCP6 1111:1111:1111:1111:1111:1111:1111:1111 "
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"
		    "\r\n" },
		{ "192.0.2.1", 1, "::1", 80, "PROXY UNKNOWN\r\n" },
	};
	char line[PROXY_HEADER_SIZE];

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct addr from = at(rows[i].from, rows[i].from_port);
		struct addr to = at(rows[i].to, rows[i].to_port);
		size_t n = proxy_header_format(line, PROXY_HEADER_V1, &from,
		    &to);

		CHECK(n == strlen(rows[i].line) &&
		    memcmp(line, rows[i].line, n) == 0, "row %zu: %.*s", i,
		    (int)n, line);
	}
}

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

/* 2.2 */
static void
version_2_is_binary(void)
{
	static const char v4[] = SIGNATURE "\x21\x11\0\x0c"
	    "\xc0\0\x02\x01" "\xc0\0\x02\xfe" "\xdc\x04" "\x01\xbb";
	static const char v6[] = SIGNATURE "\x21\x21\0\x24"
	    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
	    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01" "\xff\xff" "\0\x50";
	char got[PROXY_HEADER_SIZE];
	struct addr from = at("192.0.2.1", 56324);
	struct addr to = at("192.0.2.254", 443);

	CHECK(proxy_header_format(got, PROXY_HEADER_V2, &from, &to) == 28 &&
	    memcmp(got, v4, 28) == 0 && sizeof v4 == 29, "IPv4");
	from = at("2001:db8::1", 65535);
	to = at("::1", 80);
	CHECK(proxy_header_format(got, PROXY_HEADER_V2, &from, &to) == 52 &&
	    memcmp(got, v6, 52) == 0 && sizeof v6 == 53, "IPv6");
}

static void
a_unix_socket_is_unknown(void)
{
	static const char v2[] = SIGNATURE "\x21\0\0";
	struct addr from, to = { 0 };
	char got[PROXY_HEADER_SIZE];

	CHECK(addr_unix(&from, "/run/x") == NULL, "path");
	CHECK(proxy_header_format(got, PROXY_HEADER_V1, &from, &from) == 15 &&
	    memcmp(got, "PROXY UNKNOWN\r\n", 15) == 0, "version 1");
	CHECK(proxy_header_format(got, PROXY_HEADER_V2, &from, &to) == 16 &&
	    memcmp(got, v2, 16) == 0, "version 2");
}

static void
what_it_writes_it_reads(void)
{
	static const char *const ips[][2] = { { "192.0.2.1", "10.0.0.1" },
		{ "2001:db8::1", "::1" } };

	for (size_t i = 0; i < NELEMS(ips); i++)
		for (int v = PROXY_HEADER_V1; v <= PROXY_HEADER_V2; v++) {
			struct addr from = at(ips[i][0], 56324);
			struct addr to = at(ips[i][1], 443);
			char text[PROXY_HEADER_SIZE + 5];
			struct proxy_header h;
			const char *why = NULL;
			size_t n = proxy_header_format(text,
			    (enum proxy_header_version)v, &from, &to);

			memcpy(text + n, "hello", 5);
			for (size_t k = 0; k < n; k++)
				CHECK(proxy_header_parse(&h, text, k, &why) ==
				    0, "%zu of %zu", k, n);
			CHECK(proxy_header_parse(&h, text, n + 5, &why) ==
			    (int)n && h.known, "whole: %s", why);
			CHECK(addr_equal(&h.from, &from) &&
			    addr_equal(&h.to, &to), "other addresses");
		}
}

static void
what_names_nobody(void)
{
	static const struct { const char *text; size_t n; int len; } t[] = {
#define ROW(s, len) { s, sizeof s - 1, len }
		ROW("PROXY UNKNOWN\r\nx", 15),
		ROW("PROXY UNKNOWN what ever 1 2\r\nx", 29),
		ROW(SIGNATURE "\x20\0\0\0x", 16),	/* LOCAL */
		ROW(SIGNATURE "\x20\x11\0\2xxx", 18),
		ROW(SIGNATURE "\x21\0\0\3xxxy", 19),	/* UNSPEC */
		ROW(SIGNATURE "\x21\x31\0\1xy", 17),	/* a Unix socket */
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		struct proxy_header h;
		const char *why = NULL;
		int len = proxy_header_parse(&h, t[i].text, t[i].n, &why);

		CHECK(len == t[i].len && !h.known, "row %zu: %d %s", i, len,
		    why != NULL ? why : "");
	}
}

static void
what_is_none(void)
{
	static const struct { const char *text; size_t n; } t[] = {
#define BAD(s) { s, sizeof s - 1 }
		BAD("GET / HTTP/1.0\r\n"), BAD("proxy TCP4"), BAD("\0"),
		BAD("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n"),
		BAD("PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n"),
		BAD("PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n"),
		BAD("PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n"),
		BAD("PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n"),
		BAD("PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n"),
		BAD("PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n"),
		BAD("PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n"),
		BAD("PROXY TCP4 ::1 ::1 1 2\r\n"),
		BAD("PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n"),
		BAD("PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n"),
		BAD("PROXY TCP4 1.2.3.4 5.6.7.8 1 \0002\r\n"),
		BAD("PROXY UNKNOWN 01234567890123456789012345678901234"
		    "0123456789012345678901234567890123456789"
		    "01234567890123456789012345678901234567890123456789\r\n"),
		BAD(SIGNATURE "\x11\x11\0\0"),	/* version 1 in binary */
		BAD(SIGNATURE "\x22\x11\0\0"),	/* no such command */
		BAD(SIGNATURE "\x21\x11\x20\0"),	/* 8 KiB */
		BAD(SIGNATURE "\x21\x11\0\13" "12345678901"),
		BAD(SIGNATURE "\x21\x21\0\14" "123456789012"),
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		struct proxy_header h;
		const char *why = NULL;

		CHECK(proxy_header_parse(&h, t[i].text, t[i].n, &why) == -1 &&
		    why != NULL, "row %zu was taken", i);
	}
}

int
main(void)
{
	RUN(what_it_writes_it_reads);
	RUN(what_names_nobody);
	RUN(what_is_none);
	RUN(version_1_is_a_line_of_text);
	RUN(version_2_is_binary);
	RUN(a_unix_socket_is_unknown);
	return unit_end();
}
