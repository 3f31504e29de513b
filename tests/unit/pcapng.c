/* SPDX-License-Identifier: MIT */
#include "proto/pcapng.h"

#include "base/buf.h"
#include "proto/addr.h"
#include "unit.h"

static struct buf out = BUF_MAX(MIB);

/* The i-th block of what is in out. */
static struct pcapng_block
block(struct pcapng *r, unsigned i)
{
	struct pcapng_block b = { .kind = PCAPNG_OTHER };
	size_t at = 0;
	ptrdiff_t n;

	*r = (struct pcapng){ 0 };
	for (unsigned k = 0; k <= i; k++) {
		n = pcapng_next(r, buf_head(&out) + at, out.len - at, &b);
		CHECK(n > 0, "block %u of %u: %td, %s", k, i, n,
		    pcapng_error_text(r->err));
		if (n <= 0)
			break;
		at += (size_t)n;
	}
	return b;
}

static void
begin(void)
{
	buf_clear(&out);
	CHECK(pcapng_begin(&out, "sockt 1.0") == 0, "no room");
}

static void
test_a_file_begins_with_its_program_and_interface(void)
{
	struct pcapng r;
	struct pcapng_block b;

	begin();
	b = block(&r, 0);
	CHECK(b.kind == PCAPNG_SECTION, "kind %d", b.kind);
	CHECK(b.text_len == 9 && memcmp(b.text, "sockt 1.0", 9) == 0,
	    "program '%.*s'", (int)b.text_len, b.text);
	b = block(&r, 1);
	CHECK(b.kind == PCAPNG_INTERFACE, "kind %d", b.kind);
	CHECK(r.ninterfaces == 1 && r.interface[0].link == PCAPNG_RAW &&
	    r.interface[0].resolution == 9, "interface");
}

static void
test_packets_come_back_as_they_were(void)
{
	static const struct pcapng_packet rows[] = {
		{ .ns = 0, .data = "", .len = 0 },
		{ .ns = 1795371893354537123, .out = true, .data = "a",
		  .len = 1, .comment = "why" },
		{ .ns = UINT64_MAX, .data = "abcd", .len = 4,
		  .comment = "" },
		{ .ns = 1, .data = "abcdefg", .len = 7,
		  .comment = "four" },
	};
	struct pcapng r;

	begin();
	for (size_t i = 0; i < NELEMS(rows); i++)
		CHECK(pcapng_put(&out, &rows[i]) == 0, "%zu: no room", i);
	for (unsigned i = 0; i < NELEMS(rows); i++) {
		const struct pcapng_packet *w = &rows[i];
		struct pcapng_block b = block(&r, i + 2);
		struct pcapng_packet *k = &b.packet;

		CHECK(b.kind == PCAPNG_PACKET, "%u: kind %d", i, b.kind);
		CHECK(k->ns == w->ns && k->out == w->out && k->len == w->len &&
		    memcmp(k->data, w->data, w->len) == 0, "%u: packet", i);
		CHECK((k->comment == NULL) == (w->comment == NULL) &&
		    (w->comment == NULL || (k->comment_len ==
		    strlen(w->comment) && memcmp(k->comment, w->comment,
		    k->comment_len) == 0)), "%u: comment", i);
	}
}

static void
test_comments_are_cut_between_characters(void)
{
	struct pcapng_packet k = { .data = "", .len = 0 };
	char text[PCAPNG_COMMENT + 8];
	struct pcapng r;
	struct pcapng_block b;

	memset(text, 'x', sizeof text);
	memcpy(text + PCAPNG_COMMENT - 2, "\xe2\x86\x92", 3);
	text[sizeof text - 1] = '\0';
	k.comment = text;
	begin();
	CHECK(pcapng_put(&out, &k) == 0, "no room");
	b = block(&r, 2);
	CHECK(b.packet.comment_len == PCAPNG_COMMENT - 2, "%zu",
	    b.packet.comment_len);
}

static void
test_names_and_secrets_are_blocks_of_their_own(void)
{
	struct addr a[3] = { 0 };
	struct pcapng r;
	struct pcapng_block b;

	CHECK(addr_literal(&a[0], "192.0.2.1", 0) &&
	    addr_literal(&a[1], "2001:db8::1", 0), "literals");
	begin();
	CHECK(pcapng_names(&out, "example.org", a, 3) == 0, "no room");
	CHECK(pcapng_secrets(&out, "CLIENT_RANDOM 00\n", 17) == 0, "no room");
	b = block(&r, 2);
	CHECK(b.kind == PCAPNG_NAMES, "kind %d", b.kind);
	b = block(&r, 3);
	CHECK(b.kind == PCAPNG_SECRETS && b.text_len == 17 &&
	    memcmp(b.text, "CLIENT_RANDOM 00\n", 17) == 0, "secrets");
}

static void
test_at_the_ceiling_nothing_is_added(void)
{
	struct buf small = BUF_MAX(300);
	const struct pcapng_packet k = { .data = "12345678", .len = 8 };
	size_t before;
	int r = 0;

	CHECK(pcapng_begin(&small, "x") == 0, "%zu", small.len);
	do {
		before = small.len;
		r = pcapng_put(&small, &k);
	} while (r == 0);
	CHECK(small.len == before, "%zu, not %zu", small.len, before);
	buf_free(&small);
	small.max = 60;
	CHECK(pcapng_begin(&small, "x") < 0 && small.len == 0, "%zu",
	    small.len);
	buf_free(&small);
}

/* Big-endian, microseconds: as others write it. */
static void
test_the_other_byte_order_is_read(void)
{
	static const unsigned char file[] =
	    "\x0a\x0d\x0d\x0a" "\0\0\0\x1c" "\x1a\x2b\x3c\x4d" "\0\1" "\0\0"
	    "\xff\xff\xff\xff\xff\xff\xff\xff" "\0\0\0\x1c"
	    "\0\0\0\1" "\0\0\0\x14" "\0\x65" "\0\0" "\0\0\0\0" "\0\0\0\x14"
	    "\0\0\0\6" "\0\0\0\x24" "\0\0\0\0" "\0\0\0\0" "\0\0\0\x7"
	    "\0\0\0\2" "\0\0\0\2" "hi\0\0" "\0\0\0\x24";
	struct pcapng_block b;
	struct pcapng r;

	buf_clear(&out);
	CHECK(buf_add(&out, file, sizeof file - 1) == 0, "no room");
	b = block(&r, 2);
	CHECK(b.kind == PCAPNG_PACKET && b.packet.ns == 7000 &&
	    b.packet.len == 2 && memcmp(b.packet.data, "hi", 2) == 0,
	    "packet of %zu at %llu", b.packet.len,
	    (unsigned long long)b.packet.ns);
}

static void
test_what_is_wrong_is_said(void)
{
	static const struct {
		size_t at;		/* the byte that is changed, */
		unsigned char to;	/* and how */
		enum pcapng_error err;
	} rows[] = {
		{ 0, 0x0b, PCAPNG_E_MAGIC },
		{ 8, 0, PCAPNG_E_MAGIC },
		{ 12, 9, PCAPNG_E_VERSION },
		{ 4, 3, PCAPNG_E_LENGTH },
		{ 4, 0, PCAPNG_E_LENGTH },
		{ 7, 0x40, PCAPNG_E_BLOCK_MAX },
		{ 26, 0xff, PCAPNG_E_BODY },
	};
	struct pcapng_block b;

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct pcapng r = { 0 };
		ptrdiff_t n;

		begin();
		buf_head(&out)[rows[i].at] = (char)rows[i].to;
		n = pcapng_next(&r, buf_head(&out), out.len, &b);
		CHECK(n == -1 && r.err == rows[i].err, "%zu: %td, %s", i, n,
		    pcapng_error_text(r.err));
		CHECK(pcapng_next(&r, buf_head(&out), out.len, &b) == -1,
		    "%zu: goes on", i);
	}
}

static void
test_a_packet_needs_an_interface(void)
{
	const struct pcapng_packet k = { .data = "", .len = 0 };
	struct pcapng_block b;
	struct pcapng r = { 0 };
	size_t section;
	ptrdiff_t n;

	begin();
	n = pcapng_next(&r, buf_head(&out), out.len, &b);
	CHECK(n > 0, "%td", n);
	section = (size_t)n;
	out.len = section;
	CHECK(pcapng_put(&out, &k) == 0, "no room");
	n = pcapng_next(&r, buf_head(&out) + section, out.len - section, &b);
	CHECK(n == -1 && r.err == PCAPNG_E_INTERFACE, "%td", n);
}

static void
test_what_is_not_whole_needs_more(void)
{
	struct pcapng_block b;

	begin();
	for (size_t n = 0; n < 28; n++) {
		struct pcapng r = { 0 };

		CHECK(pcapng_next(&r, buf_head(&out), n, &b) == 0, "%zu", n);
	}
}

int
main(void)
{
	RUN(test_a_file_begins_with_its_program_and_interface);
	RUN(test_packets_come_back_as_they_were);
	RUN(test_comments_are_cut_between_characters);
	RUN(test_names_and_secrets_are_blocks_of_their_own);
	RUN(test_at_the_ceiling_nothing_is_added);
	RUN(test_the_other_byte_order_is_read);
	RUN(test_what_is_wrong_is_said);
	RUN(test_a_packet_needs_an_interface);
	RUN(test_what_is_not_whole_needs_more);
	buf_free(&out);
	return unit_end();
}
