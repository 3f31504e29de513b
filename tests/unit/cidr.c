/* SPDX-License-Identifier: MIT */
#include "proto/cidr.h"

#include "unit.h"

static void
test_networks_are_read(void)
{
	static const struct {
		const char *in;
		int family, bits;	/* bits -1: refused */
	} rows[] = {
		{ "192.0.2.7", AF_INET, 32 },
		{ "192.0.2.0/24", AF_INET, 24 },
		{ "192.0.2.7/24", AF_INET, 24 },
		{ "0.0.0.0/0", AF_INET, 0 },
		{ "::1", AF_INET6, 128 },
		{ "2001:db8::/32", AF_INET6, 32 },
		{ "::/0", AF_INET6, 0 },
		{ "::ffff:192.0.2.7", AF_INET, 32 },
		{ "::ffff:192.0.2.0/120", AF_INET, 24 },
		{ "::ffff:0:0/95", AF_INET6, 95 },
		{ "localhost", AF_UNSPEC, 0 },
		{ "a-b.example.org", AF_UNSPEC, 0 },
		{ "_x.example", AF_UNSPEC, 0 },
		{ "", 0, -1 },
		{ "/24", 0, -1 },
		{ "10.0.0.0/33", 0, -1 },
		{ "10.0.0.0/", 0, -1 },
		{ "10.0.0.0/08", 0, -1 },
		{ "10.0.0.0/-1", 0, -1 },
		{ "10.0.0.0/8/8", 0, -1 },
		{ "10.0.0.0/255.0.0.0", 0, -1 },
		{ "10/8", 0, -1 },
		{ "10.1", 0, -1 },
		{ "10.0.0.256", 0, -1 },
		{ "10.0.0.1 ", 0, -1 },
		{ "::1/129", 0, -1 },
		{ "[::1]", 0, -1 },
		{ "fe80::1%lo", 0, -1 },
		{ "localhost/8", 0, -1 },
		{ "10.0.0.*", 0, -1 },
		{ "a b", 0, -1 },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct cidr c;
		const char *bad = cidr_parse(&c, rows[i].in);

		if (rows[i].bits < 0) {
			CHECK(bad != NULL, "'%s' was taken", rows[i].in);
			continue;
		}
		CHECK(bad == NULL, "'%s': %s", rows[i].in, bad);
		CHECK(c.family == rows[i].family &&
		    (int)c.bits == rows[i].bits, "'%s': family %d, %u bits",
		    rows[i].in, c.family, c.bits);
	}
}

static void
test_who_is_in_a_network(void)
{
	static const struct {
		const char *net, *ip;
		bool in;
	} rows[] = {
		{ "192.0.2.7", "192.0.2.7", true },
		{ "192.0.2.7", "192.0.2.6", false },
		{ "192.0.2.0/24", "192.0.2.255", true },
		{ "192.0.2.0/24", "192.0.3.0", false },
		{ "192.0.2.99/24", "192.0.2.1", true },
		{ "192.0.2.0/25", "192.0.2.127", true },
		{ "192.0.2.0/25", "192.0.2.128", false },
		{ "192.0.2.8/31", "192.0.2.9", true },
		{ "192.0.2.8/31", "192.0.2.10", false },
		{ "0.0.0.0/0", "255.255.255.255", true },
		{ "0.0.0.0/0", "::1", false },
		{ "::/0", "::1", true },
		{ "::/0", "127.0.0.1", false },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "::1", "::1", true },
		{ "::1", "::2", false },
		{ "::ffff:10.0.0.0/104", "10.1.2.3", true },
		{ "localhost", "127.0.0.1", false },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct cidr c;
		struct addr a;

		CHECK(cidr_parse(&c, rows[i].net) == NULL &&
		    addr_literal(&a, rows[i].ip, 80), "row %zu", i);
		CHECK(cidr_has(&c, &a) == rows[i].in, "%s in %s: %d",
		    rows[i].ip, rows[i].net, !rows[i].in);
	}
}

static void
test_nobody_is_in_none(void)
{
	struct cidr none = { 0 };
	struct addr nowhere = { 0 }, a;

	CHECK(addr_literal(&a, "0.0.0.0", 0), "literal");
	CHECK(!cidr_has(&none, &nowhere) && !cidr_has(&none, &a), "somebody");
	CHECK(cidr_of(&nowhere).family == AF_UNSPEC, "of nowhere");
}

int
main(void)
{
	RUN(test_networks_are_read);
	RUN(test_who_is_in_a_network);
	RUN(test_nobody_is_in_none);
	return unit_end();
}
