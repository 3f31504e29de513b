/* SPDX-License-Identifier: MIT */
#include "proto/addr.h"

#include "unit.h"

static void
test_operands_are_split(void)
{
	static const struct {
		const char *in, *host, *service;	/* host NULL: refused */
	} rows[] = {
		{ "localhost", "localhost", "" },
		{ "localhost:80", "localhost", "80" },
		{ "example.org:http", "example.org", "http" },
		{ "127.0.0.1:1", "127.0.0.1", "1" },
		{ "::1", "::1", "" },
		{ "fe80::1%lo", "fe80::1%lo", "" },
		{ "[::1]", "::1", "" },
		{ "[::1]:80", "::1", "80" },
		{ "[fe80::1%2]:80", "fe80::1%2", "80" },
		{ "", NULL, NULL },
		{ ":80", NULL, NULL },
		{ "host:", NULL, NULL },
		{ "[::1", NULL, NULL },
		{ "[::1]80", NULL, NULL },
		{ "[::1]:", NULL, NULL },
		{ "[localhost]:80", NULL, NULL },
		{ "[]:80", NULL, NULL },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct addr_operand o;
		const char *bad = addr_operand_parse(&o, rows[i].in);

		if (rows[i].host == NULL) {
			CHECK(bad != NULL, "'%s' was taken", rows[i].in);
			continue;
		}
		CHECK(bad == NULL, "'%s': %s", rows[i].in, bad);
		CHECK(strcmp(o.host, rows[i].host) == 0, "'%s': host '%s'",
		    rows[i].in, o.host);
		CHECK(strcmp(o.service, rows[i].service) == 0,
		    "'%s': service '%s'", rows[i].in, o.service);
	}
}

static void
test_long_operands_are_refused(void)
{
	char in[600];
	struct addr_operand o;

	memset(in, 'a', sizeof in);
	in[ADDR_HOST] = '\0';
	CHECK(addr_operand_parse(&o, in) != NULL, "256 octets were taken");
	in[ADDR_HOST - 1] = '\0';
	CHECK(addr_operand_parse(&o, in) == NULL, "255 octets were refused");
	memset(in, 'a', sizeof in);
	in[1] = ':';
	in[2 + ADDR_SERVICE] = '\0';
	CHECK(addr_operand_parse(&o, in) != NULL, "a long port was taken");
}

static void
test_literals_there_and_back(void)
{
	static const struct {
		const char *in, *text;	/* text NULL: no literal */
		bool loopback, any;
	} rows[] = {
		{ "127.0.0.1", "127.0.0.1:80", true, false },
		{ "127.255.0.9", "127.255.0.9:80", true, false },
		{ "0.0.0.0", "0.0.0.0:80", false, true },
		{ "192.0.2.1", "192.0.2.1:80", false, false },
		{ "::1", "[::1]:80", true, false },
		{ "::", "[::]:80", false, true },
		{ "2001:DB8::0:1", "[2001:db8::1]:80", false, false },
		{ "fe80::1%7", "[fe80::1%7]:80", false, false },
		{ "127.1", NULL, false, false },
		{ "0x7f.0.0.1", NULL, false, false },
		{ "2130706433", NULL, false, false },
		{ "127.0.0.1 ", NULL, false, false },
		{ "127.0.0.256", NULL, false, false },
		{ "fe80::1%", NULL, false, false },
		{ "fe80::1%0", NULL, false, false },
		{ "fe80::1%99999999999", NULL, false, false },
		{ ":::1", NULL, false, false },
		{ "localhost", NULL, false, false },
		{ "", NULL, false, false },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		char text[ADDR_TEXT];
		struct addr a;
		bool is = addr_literal(&a, rows[i].in, 80);

		CHECK(is == (rows[i].text != NULL), "'%s'", rows[i].in);
		if (!is || rows[i].text == NULL)
			continue;
		CHECK(strcmp(addr_text(&a, text), rows[i].text) == 0,
		    "'%s' became '%s'", rows[i].in, text);
		CHECK(addr_is_loopback(&a) == rows[i].loopback, "%s",
		    rows[i].in);
		CHECK(addr_is_any(&a) == rows[i].any, "%s", rows[i].in);
		CHECK(addr_port(&a) == 80, "%s", rows[i].in);
	}
}

static void
test_a_mapped_address_is_ipv4(void)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(8080) };
	struct addr a, b;
	char text[ADDR_TEXT];

	in6.sin6_addr.s6_addr[10] = in6.sin6_addr.s6_addr[11] = 0xff;
	in6.sin6_addr.s6_addr[12] = 127;
	in6.sin6_addr.s6_addr[15] = 1;
	addr_set(&a, (struct sockaddr *)&in6, sizeof in6);
	CHECK(strcmp(addr_text(&a, text), "127.0.0.1:8080") == 0, "%s", text);
	CHECK(addr_literal(&b, "127.0.0.1", 8080) && addr_equal(&a, &b),
	    "they differ");
	CHECK(!addr_literal(&b, "127.0.0.1", 8081) ? false :
	    !addr_equal(&a, &b), "the port does not count");
}

static void
test_no_address_is_empty(void)
{
	struct addr none = { 0 };
	char text[ADDR_TEXT];

	CHECK(strcmp(addr_text(&none, text), "") == 0, "'%s'", text);
	CHECK(addr_family(&none) == AF_UNSPEC, "family");
	CHECK(addr_port(&none) == 0, "port");
}

static void
test_names_of_unix_sockets(void)
{
	char name[ADDR_PATH + 3], text[ADDR_TEXT];
	struct sockaddr_storage ss;
	struct addr a, b;
	socklen_t len;

	CHECK(addr_unix(&a, "") != NULL, "an empty path was taken");
	CHECK(addr_unix(&a, "@") != NULL, "an empty name was taken");
	memset(name, 'a', sizeof name);
	name[ADDR_PATH + 1] = '\0';
	CHECK(addr_unix(&a, name) != NULL, "108 bytes were taken");
	name[ADDR_PATH] = '\0';
	CHECK(addr_unix(&a, name) == NULL, "107 bytes were refused");
	len = addr_kernel(&a, AF_UNIX, &ss);
	CHECK(len == sizeof(struct sockaddr_un), "length %u", len);
	addr_set(&b, (struct sockaddr *)&ss, len);
	CHECK(addr_equal(&a, &b), "107 bytes changed on the way");
	CHECK(addr_unix(&a, "@x\n") == NULL, "a name was refused");
	len = addr_kernel(&a, AF_UNIX, &ss);
	CHECK(len == offsetof(struct sockaddr_un, sun_path) + 3, "length %u",
	    len);
	addr_set(&b, (struct sockaddr *)&ss, len);
	CHECK(addr_equal(&a, &b), "an abstract name changed on the way");
	CHECK(strcmp(addr_text(&b, text), "unix:@x\\n") == 0, "'%s'", text);
	addr_set(&b, (struct sockaddr *)&ss, sizeof(sa_family_t));
	CHECK(addr_is_unnamed(&b) && !addr_equal(&a, &b), "unnamed");
	CHECK(strcmp(addr_text(&b, text), "unix") == 0, "'%s'", text);
}

static void
test_a_vsock_there_and_back(void)
{
	static const struct {
		const char *text, *whole;	/* NULL: refused */
		bool listens;
	} t[] = {
		{ "3:80", "vsock:3:80", false },
		{ "host:4294967294", "vsock:2:4294967294", false },
		{ "local:1", "vsock:1:1", false },
		{ "80", "vsock:any:80", true }, { "0", "vsock:any:0", true },
		{ "any:80", "vsock:any:80", true },
		{ "local:80", "vsock:1:80", true },
		{ "80", NULL, false }, { "any:80", NULL, false },
		{ "3:0", NULL, false }, { "03:1", NULL, false },
		{ "4294967295:1", NULL, false }, { "", NULL, true },
		{ "3:4294967295", NULL, false }, { ":1", NULL, true },
		{ "3:", NULL, false }, { "99999999999999999:1", NULL, false },
	};
	struct sockaddr_storage ss;
	char text[ADDR_TEXT];
	struct addr a, b;

	for (size_t i = 0; i < NELEMS(t); i++) {
		const char *bad = addr_vsock(&a, t[i].text, t[i].listens);

		CHECK((bad == NULL) == (t[i].whole != NULL), "'%s': %s",
		    t[i].text, bad != NULL ? bad : "taken");
		if (bad != NULL)
			continue;
		CHECK(strcmp(addr_text(&a, text), t[i].whole) == 0, "'%s'",
		    text);
		addr_set(&b, (struct sockaddr *)&ss,
		    addr_kernel(&a, AF_VSOCK, &ss));
		CHECK(addr_equal(&a, &b) && addr_port(&a) == addr_port(&b),
		    "'%s' changed on the way", text);
	}
}

static void
test_an_IPv6_socket_is_told_mapped_addresses(void)
{
	struct sockaddr_storage ss;
	struct addr a, b;
	socklen_t len;

	CHECK(addr_literal(&a, "192.0.2.1", 80), "not taken");
	len = addr_kernel(&a, AF_INET6, &ss);
	CHECK(len == sizeof(struct sockaddr_in6) && ss.ss_family == AF_INET6,
	    "length %u", len);
	addr_set(&b, (struct sockaddr *)&ss, len);
	CHECK(addr_equal(&a, &b), "the address changed on the way");
}

int
main(void)
{
	RUN(test_operands_are_split);
	RUN(test_long_operands_are_refused);
	RUN(test_literals_there_and_back);
	RUN(test_a_mapped_address_is_ipv4);
	RUN(test_no_address_is_empty);
	RUN(test_names_of_unix_sockets);
	RUN(test_a_vsock_there_and_back);
	RUN(test_an_IPv6_socket_is_told_mapped_addresses);
	return unit_end();
}
