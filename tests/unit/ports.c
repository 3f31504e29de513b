/* SPDX-License-Identifier: MIT */
#include "proto/ports.h"

#include "unit.h"

/* Names that are odd on purpose: a hyphen, a digit first, out of range. */
static int
look(const char *name, void *arg)
{
	static const struct {
		const char *name;
		int port;
	} names[] = {
		{ "http", 80 }, { "https", 443 }, { "http-alt", 8080 },
		{ "3com-x", 106 }, { "zero", 0 }, { "huge", 65536 },
	};

	++*(unsigned *)arg;
	for (size_t i = 0; i < NELEMS(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].port;
	return -1;
}

/* The set as text, "1 2 3"; a long one ends in "...". */
static const char *
show(const struct ports *p, char *dst, size_t size)
{
	size_t n = 0;

	dst[0] = '\0';
	for (int port = ports_next(p, 0); port > 0;
	    port = ports_next(p, (unsigned)port)) {
		if (n + 16 > size) {
			snprintf(dst + n, size - n, " ...");
			break;
		}
		n += (size_t)snprintf(dst + n, size - n, "%s%d",
		    n ? " " : "", port);
	}
	return dst;
}

static void
takes_what_people_write(void)
{
	static const struct {
		const char *operands[4];
		const char *want;
	} cases[] = {
		{ { "22" }, "22" }, { { "1" }, "1" }, { { "65535" }, "65535" },
		{ { "http" }, "80" }, { { "20-25" }, "20 21 22 23 24 25" },
		{ { "7-7" }, "7" }, { { "http-alt" }, "8080" },
		{ { "3com-x" }, "106" },
		{ { "http,https" }, "80 443" },
		{ { "80,443,8000-8002" }, "80 443 8000 8001 8002" },
		{ { "443", "http", "22" }, "22 80 443" },
		{ { "5,3,3-5", "4" }, "3 4 5" },
		{ { "63-65", "127,128" }, "63 64 65 127 128" },
		{ { "65534-65535" }, "65534 65535" },
	};

	for (size_t i = 0; i < NELEMS(cases); i++) {
		struct ports p = { 0 };
		struct ports_bad bad = { 0 };
		unsigned asked = 0;
		char got[128];
		int r = 0;

		for (size_t k = 0; cases[i].operands[k] && r == 0; k++)
			r = ports_add(&p, cases[i].operands[k], look, &asked,
			    &bad);
		CHECK(r == 0, "%s: %s is %s", cases[i].operands[0], bad.item,
		    bad.what);
		CHECK(strcmp(show(&p, got, sizeof got), cases[i].want) == 0,
		    "%s: %s", cases[i].operands[0], got);
	}
}

static void
refuses_what_is_not_a_port(void)
{
	static const struct {
		const char *text, *item, *what;
	} cases[] = {
		{ "0", "0", "no port one can ask" },
		{ "00", "00", "leading zero" },
		{ "080", "080", "leading zero" },
		{ "65536", "65536", "too large" },
		{ "70000", "70000", "too large" },
		{ "99999999999999999999", "99999999999999999999", "too large" },
		{ "80x", "80x", "neither" }, { "0x50", "0x50", "neither" },
		{ "+80", "+80", "neither" }, { " 80", " 80", "neither" },
		{ "80 ", "80 ", "neither" }, { "1.5", "1.5", "neither" },
		{ "80-90x", "80-90x", "neither" },
		{ "nosuch", "nosuch", "neither" },
		{ "zero", "zero", "neither" }, { "huge", "huge", "neither" },
		{ "25-20", "25-20", "backwards" },
		{ "0-10", "0-10", "no port" },
		{ "1-65536", "1-65536", "large" },
		{ "1-080", "1-080", "leading zero" },
		{ "20-", "20-", "FROM-TO" }, { "-20", "-20", "FROM-TO" },
		{ "-", "-", "FROM-TO" }, { "1-2-3", "1-2-3", "FROM-TO" },
		{ "", "", "empty" }, { ",", "", "empty" },
		{ "80,", "", "empty" }, { ",80", "", "empty" },
		{ "80,,81", "", "empty" }, { "80,81x,82", "81x", "neither" },
		{ "abcdefghijabcdefghijabcdefghijabcdefghij"
		  "abcdefghijabcdefghijabcd",
		  "abcdefghijabcdefghijabcdefghijabcdefghij", "too long" },
	};

	for (size_t i = 0; i < NELEMS(cases); i++) {
		struct ports p = { 0 };
		struct ports_bad bad = { 0 };
		unsigned asked = 0;

		CHECK(ports_add(&p, cases[i].text, look, &asked, &bad) == -1,
		    "'%s' was taken", cases[i].text);
		CHECK(strcmp(bad.item, cases[i].item) == 0, "'%s': item '%s'",
		    cases[i].text, bad.item);
		CHECK(bad.what && strstr(bad.what, cases[i].what) != NULL,
		    "'%s': %s", cases[i].text, bad.what);
	}
}

static void
counts_each_port_once(void)
{
	struct ports p = { 0 };
	struct ports_bad bad;
	unsigned asked = 0, n = 0;

	CHECK(ports_next(&p, 0) == -1, "the empty set has a port");
	CHECK(ports_add(&p, "1-65535,22,http,1-100", look, &asked, &bad) == 0,
	    "%s", bad.what);
	CHECK(p.count == 65535, "count %u", p.count);
	CHECK(asked == 1, "%u lookups", asked);
	for (int port = ports_next(&p, 0); port > 0;
	    port = ports_next(&p, (unsigned)port))
		CHECK((unsigned)port == ++n, "%d after %u", port, n - 1);
	CHECK(n == 65535, "%u ports walked", n);
	CHECK(!ports_has(&p, 0) && ports_has(&p, 65535) &&
	    !ports_has(&p, 65536), "the edges");
	CHECK(ports_next(&p, 65535) == -1, "a port above the last");
}

int
main(void)
{
	RUN(takes_what_people_write);
	RUN(refuses_what_is_not_a_port);
	RUN(counts_each_port_once);
	return unit_end();
}
