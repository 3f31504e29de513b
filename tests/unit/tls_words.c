/* SPDX-License-Identifier: MIT */
#include "proto/alpn.h"
#include "proto/pin.h"

#include "unit.h"

#define A8 "a0b1c2d3e4f50617"
#define PIN A8 A8 A8 A8

static void
test_a_pin_is_64_digits_behind_its_kind(void)
{
	static const struct {
		const char *in;
		bool good;
	} rows[] = {
		{ "sha256:" PIN, true },
		{ "sha256:A0B1C2D3E4F50617" A8 A8 A8, true },
		{ "sha256:a0:b1:c2:d3:e4:f5:06:17" A8 A8 A8, true },
		{ "sha256:" PIN "0", false },
		{ "sha256:" PIN "00", false },
		{ "sha256:" PIN ":", false },
		{ "sha256::" PIN, false },
		{ "sha256:a:0b1c2d3e4f506170" A8 A8 A8, false },
		{ "sha256:" A8 A8 A8, false },
		{ "sha256:g0b1c2d3e4f50617" A8 A8 A8, false },
		{ "sha256:", false },
		{ "sha1:" PIN, false },
		{ PIN, false },
		{ "", false },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		unsigned char pin[PIN_BYTES];
		char text[PIN_TEXT];
		int r = pin_parse(pin, rows[i].in);

		CHECK((r == 0) == rows[i].good, "%s: %d", rows[i].in, r);
		if (r == 0)
			CHECK(strcmp(pin_text(pin, text), "sha256:" PIN) == 0,
			    "%s became %s", rows[i].in, text);
	}
}

static void
test_protocols_are_counted_strings(void)
{
	static const struct {
		const char *in, *wire;
	} rows[] = {
		{ "h2", "\2h2" },
		{ "h2,http/1.1", "\2h2\10http/1.1" },
		{ "a,b,c", "\1a\1b\1c" },
		{ "", NULL },
		{ ",", NULL },
		{ "h2,", NULL },
		{ ",h2", NULL },
		{ "h2,,h3", NULL },
		{ "123456789012345", "\017" "123456789012345" },
		{ "1234567890123456", NULL },
		{ "1234567,12345678", NULL },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		unsigned char wire[16];
		int n = alpn_parse(rows[i].in, wire, sizeof wire);
		int want = rows[i].wire ? (int)strlen(rows[i].wire) : -1;

		CHECK(n == want, "'%s': %d", rows[i].in, n);
		CHECK(n < 0 || memcmp(wire, rows[i].wire, (size_t)n) == 0,
		    "'%s' is wrong", rows[i].in);
	}
}

static void
test_a_name_has_255_bytes_at_most(void)
{
	unsigned char wire[1024];
	char name[258];

	memset(name, 'x', sizeof name);
	name[256] = '\0';
	CHECK(alpn_parse(name, wire, sizeof wire) == -1, "256 pass");
	name[255] = '\0';
	CHECK(alpn_parse(name, wire, sizeof wire) == 256, "255 do not");
}

int
main(void)
{
	RUN(test_a_pin_is_64_digits_behind_its_kind);
	RUN(test_protocols_are_counted_strings);
	RUN(test_a_name_has_255_bytes_at_most);
	return unit_end();
}
