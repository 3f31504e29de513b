/* SPDX-License-Identifier: MIT */
#include "proto/proxy_rules.h"

#include "unit.h"

static void
test_what_is_no_list_is_refused(void)
{
	static const char *const rows[] = {
		"", ",", "a,", ",a", "a,,b", "a:", ":80", "a:0", "a:65536",
		"a:080", "a:http", "[::1", "[::1]:", "[::1]80", "[]:80",
		"10/8", "10.1", "1.2.3.4/33", "[::/129]",
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct proxy_rules r = { .n = 0 };

		CHECK(proxy_rules_add(&r, rows[i]) != NULL, "'%s'", rows[i]);
	}
}

static void
test_names_and_addresses_are_found(void)
{
	static const struct {
		const char *list, *host;
		unsigned port;
		bool in;
	} rows[] = {
		{ "a.example", "a.example", 1, true },
		{ "a.example", "A.EXAMPLE.", 1, true },
		{ "a.example", "b.a.example", 1, false },
		{ "a.example:80", "a.example", 80, true },
		{ "a.example:80", "a.example", 81, false },
		{ "*.example", "a.example", 1, true },
		{ "*.example", "a.b.example", 1, true },
		{ "*.example", "example", 1, false },
		{ "*.example", "aexample", 1, false },
		{ "*", "anything", 1, true },
		{ "*:443", "anything", 443, true },
		{ "*:443", "anything", 80, false },
		{ "x,b", "b", 1, true },
		{ "10.0.0.0/8", "10.1.2.3", 1, true },
		{ "10.0.0.0/8", "11.1.2.3", 1, false },
		{ "10.0.0.0/8:22", "10.1.2.3", 22, true },
		{ "10.0.0.0/8:22", "10.1.2.3", 23, false },
		{ "::1", "::1", 9, true },
		{ "[::1]:9", "::1", 9, true },
		{ "[2001:db8::/32]:9", "2001:db8::7", 9, true },
		{ "[2001:db8::/32]:9", "2001:db8::7", 8, false },
		{ "*:80", "192.0.2.1", 80, true },
		{ "a.example", "192.0.2.1", 80, false },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct proxy_rules r = { .n = 0 };
		struct addr a;
		bool ip = addr_literal(&a, rows[i].host, rows[i].port);
		const char *bad = proxy_rules_add(&r, rows[i].list);

		CHECK(bad == NULL, "%s: %s", rows[i].list, bad);
		CHECK((ip ? proxy_rules_addr(&r, &a) : proxy_rules_name(&r,
		    rows[i].host, rows[i].port)) == rows[i].in, "%s: %s %u",
		    rows[i].list, rows[i].host, rows[i].port);
	}
}

static void
test_lists_add_up_to_a_limit(void)
{
	struct proxy_rules r = { .n = 0 };
	struct addr a;

	CHECK(addr_literal(&a, "::1", 1) && proxy_rules_addr(&r, &a) &&
	    proxy_rules_name(&r, "x", 1), "an empty one lets all through");
	for (int i = 0; i < PROXY_RULES / 2; i++)
		CHECK(proxy_rules_add(&r, "a,b") == NULL, "%d", i);
	CHECK(proxy_rules_add(&r, "c") != NULL, "one too many");
}

int
main(void)
{
	RUN(test_what_is_no_list_is_refused);
	RUN(test_names_and_addresses_are_found);
	RUN(test_lists_add_up_to_a_limit);
	return unit_end();
}
