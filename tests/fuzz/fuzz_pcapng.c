/* SPDX-License-Identifier: MIT */
/*
 * fuzz_pcapng - recordings, read and written.
 *
 * Holds of any input: a block's length and all that is found in it lie within
 * what was given; a block that is not whole is asked for again; after an
 * error nothing is read. A packet that was read and written again is the
 * same; so is an IP packet, apart from what is not ours.
 */
#include "base/buf.h"
#include "proto/packet.h"
#include "proto/pcapng.h"

#define HOLDS(ok)							\
	do {								\
		if (!(ok))						\
			abort();					\
	} while (0)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
within(const void *q, size_t len, const uint8_t *p, size_t n)
{
	const uint8_t *at = q;

	return at >= p && len <= n && (size_t)(at - p) <= n - len;
}

/* Our own bytes of a packet come back from our own bytes. */
static void
again_as_ip(const struct packet *k)
{
	static uint8_t bytes[PACKET_MAX];
	struct packet other;
	size_t n;

	if (addr_family(&k->from) != addr_family(&k->to) ||
	    (k->proto == PACKET_TCP && k->len > PACKET_DATA) ||
	    (k->proto == PACKET_ICMP && k->len > PACKET_QUOTE))
		return;
	n = packet_put(bytes, k);
	HOLDS(n <= PACKET_MAX);
	HOLDS(packet_get(&other, bytes, n));
	HOLDS(other.proto == k->proto && other.len == k->len);
	HOLDS(k->len == 0 || memcmp(other.data, k->data, k->len) == 0);
	HOLDS(addr_equal(&other.from, &k->from) &&
	    addr_equal(&other.to, &k->to));
	HOLDS(k->proto != PACKET_TCP || (other.seq == k->seq &&
	    other.ack == k->ack && other.flags == k->flags));
	HOLDS(k->proto != PACKET_ICMP || other.reason == k->reason);
}

static void
again(const struct pcapng_packet *k)
{
	struct buf b = BUF_MAX(PCAPNG_BLOCK_MAX);
	struct pcapng_packet same = { .ns = k->ns, .out = k->out,
		.data = k->data, .len = k->len };
	struct pcapng r = { 0 };
	struct pcapng_block found;
	size_t at = 0;

	HOLDS(pcapng_begin(&b, "fuzz") == 0 && pcapng_put(&b, &same) == 0);
	while (at < b.len) {
		ptrdiff_t n = pcapng_next(&r, buf_head(&b) + at, b.len - at,
		    &found);

		HOLDS(n > 0);
		at += (size_t)n;
	}
	HOLDS(found.kind == PCAPNG_PACKET);
	HOLDS(found.packet.ns == k->ns && found.packet.out == k->out);
	HOLDS(found.packet.len == k->len &&
	    memcmp(found.packet.data, k->data, k->len) == 0);
	buf_free(&b);
}

static void
look(const struct pcapng_block *b, const uint8_t *p, size_t n)
{
	const struct pcapng_packet *k = &b->packet;
	struct packet ip;

	HOLDS(b->text == NULL || within(b->text, b->text_len, p, n));
	if (b->kind != PCAPNG_PACKET)
		return;
	HOLDS(within(k->data, k->len, p, n));
	HOLDS(k->comment == NULL ||
	    within(k->comment, k->comment_len, p, n));
	again(k);
	if (packet_get(&ip, k->data, k->len)) {
		HOLDS(ip.len == 0 || within(ip.data, ip.len, p, n));
		again_as_ip(&ip);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pcapng r = { 0 };
	struct pcapng_block b;
	uint8_t *p = malloc(size ? size : 1);
	size_t at = 0;
	ptrdiff_t n;

	if (p == NULL)
		abort();
	memcpy(p, data, size);
	while ((n = pcapng_next(&r, p + at, size - at, &b)) > 0) {
		HOLDS((size_t)n <= size - at && n % 4 == 0);
		HOLDS(r.err == PCAPNG_OK);
		look(&b, p + at, (size_t)n);
		at += (size_t)n;
	}
	HOLDS((n < 0) == (r.err != PCAPNG_OK));
	HOLDS(*pcapng_error_text(r.err) != '\0');
	HOLDS(n == 0 || pcapng_next(&r, p + at, size - at, &b) == -1);
	free(p);
	return 0;
}
