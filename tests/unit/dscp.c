/* SPDX-License-Identifier: MIT */
#include "proto/dscp.h"

#include "unit.h"

static void
reads_names_and_numbers(void)
{
	static const struct {
		const char *text;
		int code;	/* -1: refused */
	} cases[] = {
		{ "ef", 46 }, { "EF", 46 }, { "af11", 10 }, { "AF43", 38 },
		{ "cs0", 0 }, { "cs7", 56 }, { "be", 0 }, { "df", 0 },
		{ "le", 1 }, { "va", 44 }, { "voice-admit", 44 },
		{ "0", 0 }, { "63", 63 }, { "46", 46 },
		{ "64", -1 }, { "046", -1 }, { "0x2e", -1 }, { "", -1 },
		{ "af44", -1 }, { "af10", -1 }, { "cs8", -1 }, { "-1", -1 },
		{ "ef ", -1 }, { "1.5", -1 },
	};

	for (size_t i = 0; i < NELEMS(cases); i++) {
		int code = -1;
		const char *bad = dscp_parse(cases[i].text, &code);

		CHECK(code == cases[i].code, "'%s': %d, not %d",
		    cases[i].text, code, cases[i].code);
		CHECK((bad != NULL) == (code < 0), "'%s': %s",
		    cases[i].text, bad != NULL ? bad : "accepted");
	}
}

/* RFC 2597 6, RFC 2474 4.2.2: AFxy is 8x + 2y, CSx is 8x. */
static void
names_are_what_the_rfcs_compute(void)
{
	char name[8];
	int code;

	for (int x = 0; x < 8; x++) {
		snprintf(name, sizeof name, "cs%d", x);
		CHECK(dscp_parse(name, &code) == NULL && code == 8 * x,
		    "%s", name);
		CHECK(dscp_name(8 * x) != NULL &&
		    strcmp(dscp_name(8 * x), name) == 0, "%s", name);
		for (int y = 1; x >= 1 && x <= 4 && y <= 3; y++) {
			snprintf(name, sizeof name, "af%d%d", x, y);
			CHECK(dscp_parse(name, &code) == NULL &&
			    code == 8 * x + 2 * y, "%s", name);
		}
	}
	CHECK(dscp_name(2) == NULL && dscp_name(63) == NULL, "no name");
}

int
main(void)
{
	RUN(reads_names_and_numbers);
	RUN(names_are_what_the_rfcs_compute);
	return unit_end();
}
