/* SPDX-License-Identifier: MIT */
/*
 * Any bytes through the telnet codec. What must hold: where reads split does
 * not matter; the events, written out again, are the input; replies are no
 * longer than what asked for them; what is encoded decodes to itself.
 *
 * The first byte chooses how the rest is split.
 */
#include "base/base.h"

#include "proto/telnet.h"
#include "proto/telnet_q.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define MUST(ok) must(ok, __LINE__, #ok)

static void
must(bool ok, int line, const char *what)
{
	if (!ok) {
		fprintf(stderr, "line %d: %s\n", line, what);
		abort();
	}
}

enum { LOG_MAX = 4 * MIB };

struct run {
	struct telnet	 codec;
	struct telnet_q	 q;
	struct buf	 again;		/* the events, written out again */
	struct buf	 reply;
	uint64_t	 lost;
};

static struct run *
run_new(bool binary)
{
	struct run *r = calloc(1, sizeof *r);

	MUST(r != NULL);
	r->codec.binary = binary;
	for (int i = 0; i < 128; i++)
		r->q.us[i].allowed = r->q.him[i].allowed = i % 3 == 0;
	buf_init(&r->again, LOG_MAX);
	buf_init(&r->reply, LOG_MAX);
	return r;
}

static void
run_free(struct run *r)
{
	buf_free(&r->again);
	buf_free(&r->reply);
	free(r);
}

static void
write_data(struct buf *b, const uint8_t *p, size_t n)
{
	struct telnet_encoder e = { .eol = TELNET_EOL_BINARY };

	MUST(telnet_encode(&e, p, n, b) == 0);
}

static void
on_sub(struct run *r, const struct telnet_event *ev)
{
	MUST(ev->len <= TELNET_SUB_MAX);
	MUST(ev->lost == 0 || ev->len == TELNET_SUB_MAX);
	r->lost += ev->lost;
	MUST(telnet_put_command(&r->again, TELNET_SB) == 0);
	if (ev->opt >= 0) {
		uint8_t opt = (uint8_t)ev->opt;
		write_data(&r->again, &opt, 1);
	}
	write_data(&r->again, ev->data, ev->len);
	if (!ev->broken)
		MUST(telnet_put_command(&r->again, TELNET_SE) == 0);
}

static void
on_negotiate(struct run *r, const struct telnet_event *ev)
{
	struct telnet_q_result a =
	    telnet_q_receive(&r->q, ev->cmd, (uint8_t)ev->opt);

	MUST(telnet_put_negotiation(&r->again, ev->cmd, (uint8_t)ev->opt) == 0);
	if (a.send != 0)
		MUST(telnet_put_negotiation(&r->reply, a.send,
		    (uint8_t)ev->opt) == 0);
}

static void
on_event(struct run *r, const struct telnet_event *ev)
{
	switch (ev->kind) {
	case TELNET_DATA:
		MUST(ev->len > 0 && ev->len <= TELNET_SPAN_MAX + 1);
		MUST(r->codec.binary || memchr(ev->data, 0, ev->len) == NULL);
		write_data(&r->again, ev->data, ev->len);
		break;
	case TELNET_COMMAND:
		MUST(telnet_put_command(&r->again, ev->cmd) == 0);
		break;
	case TELNET_NEGOTIATE:
		on_negotiate(r, ev);
		break;
	case TELNET_SUB:
		on_sub(r, ev);
		break;
	case TELNET_NONE:
	case TELNET_OVERFLOW:
		break;
	}
}

static void
decode(struct run *r, const uint8_t *p, size_t n)
{
	struct telnet_event ev;

	while (n > 0) {
		size_t used = telnet_next(&r->codec, p, n, &ev);
		MUST(used <= n && (used > 0 || ev.kind != TELNET_NONE));
		p += used;
		n -= used;
		on_event(r, &ev);
	}
}

static void
decode_split(struct run *r, const uint8_t *p, size_t n, uint8_t seed)
{
	size_t step = seed;

	while (n > 0) {
		step = 1 + step * 7 % 23;
		if (step > n)
			step = n;
		decode(r, p, step);
		p += step;
		n -= step;
	}
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && (a->len == 0 ||
	    memcmp(buf_head(a), buf_head(b), a->len) == 0);
}

static void
check_decoding(const uint8_t *p, size_t n, uint8_t seed, bool binary)
{
	struct run *whole = run_new(binary), *split = run_new(binary);

	decode(whole, p, n);
	decode_split(split, p, n, seed);
	MUST(same(&whole->again, &split->again));
	MUST(same(&whole->reply, &split->reply));
	MUST(whole->lost == split->lost);
	MUST(telnet_inside(&whole->codec) == telnet_inside(&split->codec));
	MUST(whole->reply.len <= n);
	if (binary && whole->lost == 0) {
		size_t len = whole->again.len;
		MUST(len <= n);
		MUST(len == n || telnet_inside(&whole->codec));
		MUST(len == 0 || memcmp(buf_head(&whole->again), p, len) == 0);
	}
	run_free(whole);
	run_free(split);
}

/* Encoded, in two pieces: bounded, no lone LF, and BINARY comes back whole. */
static void
check_encoding(const uint8_t *p, size_t n, enum telnet_eol eol)
{
	struct telnet_encoder e = { .eol = eol };
	struct buf b = BUF_MAX(LOG_MAX);
	struct run *r = run_new(true);
	size_t ends = 0;

	MUST(telnet_encode(&e, p, n / 2, &b) == 0);
	MUST(telnet_encode(&e, p + n / 2, n - n / 2, &b) == 0);
	MUST(telnet_encode_end(&e, &b) == 0);
	MUST(b.len <= 2 * n + 1);
	decode(r, (const uint8_t *)buf_head(&b), b.len);
	MUST(same(&r->again, &b) && !telnet_inside(&r->codec));
	if (eol == TELNET_EOL_LINES)
		for (size_t i = 0; i < b.len; i++) {
			const char *c = buf_head(&b) + i;
			if (*c == '\n')
				MUST(i > 0 && c[-1] == '\r');
			ends += *c == '\n';
		}
	for (size_t i = 0; eol == TELNET_EOL_LINES && i < n; i++)
		ends -= p[i] == '\n';
	MUST(ends == 0);
	run_free(r);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n == 0 || n > 512 * KIB)
		return 0;
	check_decoding(p + 1, n - 1, *p, false);
	check_decoding(p + 1, n - 1, *p, true);
	check_encoding(p + 1, n - 1, TELNET_EOL_LINES);
	check_encoding(p + 1, n - 1, TELNET_EOL_KEYS);
	check_encoding(p + 1, n - 1, TELNET_EOL_BINARY);
	return 0;
}
