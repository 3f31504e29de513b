/* SPDX-License-Identifier: MIT */
/*
 * Any bytes through the terminal filter. What must hold: where reads split
 * does not matter; what comes out passes a second time unchanged; it has none
 * of the sequences that make a terminal act or type; it grows by a known
 * factor at most.
 *
 * The first byte chooses the charset, the bells and how the rest is split.
 */
#include "base/utf8.h"
#include "proto/safe_vt.h"

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

enum { OUT_MAX = 4 * MIB };

static void
feed_split(struct safe_vt *vt, const uint8_t *p, size_t n, size_t step,
    struct buf *out)
{
	while (n > 0) {
		step = 1 + step * 7 % 23;
		if (step > n)
			step = n;
		MUST(safe_vt_feed(vt, p, step, out) == 0);
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

/* strchr() would find a NUL in any set. */
static bool
one_of(const char *set, uint8_t c)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/*
 * One escape sequence of the output at p (its ESC): how long it is. Written
 * from the list of what may pass, not from the filter.
 */
static size_t
sequence(const uint8_t *p, size_t n)
{
	size_t i = 2;

	MUST(n >= 2);
	if (one_of("()*+", p[1])) {
		MUST(n >= 3 && one_of("0AB", p[2]));
		return 3;
	}
	if (p[1] != '[') {
		MUST(one_of("78=>DEHM", p[1]));
		return 2;
	}
	bool mode = n > 2 && p[2] == '?';
	for (i += mode; i < n && one_of("0123456789:;", p[i]); i++)
		;
	MUST(i < n);
	MUST(!mode || p[i] == 'h' || p[i] == 'l');
	MUST(!one_of("cntxpqiy", p[i]) && p[i] >= '@' && p[i] < 0x7f);
	return i + 1;
}

/* How long it is: well-formed, no C1, nothing that turns text around. */
static size_t
character(const uint8_t *p, size_t n)
{
	uint32_t u = 0;
	size_t len = utf8_decode(p, n, &u);

	MUST(len > 0);
	MUST(u < 0x80 || u > 0x9f);
	MUST(u < 0x202a || u > 0x202e);
	MUST(u < 0x2066 || u > 0x2069);
	return len;
}

static void
check_output(const struct buf *b, bool utf8)
{
	const uint8_t *p = (const uint8_t *)buf_head(b);
	size_t i = 0;

	while (i < b->len) {
		uint8_t c = p[i];
		if (c == 0x1b) {
			i += sequence(p + i, b->len - i);
			continue;
		}
		MUST(c >= 0x20 || one_of("\r\n\t\b\a\016\017", c));
		MUST(c != 0x7f && (utf8 || c < 0x80 || c >= 0xa0));
		i += utf8 ? character(p + i, b->len - i) : 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buf whole = BUF_MAX(OUT_MAX), split = BUF_MAX(OUT_MAX);
	struct buf again = BUF_MAX(OUT_MAX);
	struct safe_vt a, b, c;

	if (n == 0 || n > 512 * KIB)
		return 0;
	a = (struct safe_vt){ .utf8 = *p & 1, .bells = *p & 2 };
	b = a;
	c = a;
	MUST(safe_vt_feed(&a, p + 1, n - 1, &whole) == 0);
	feed_split(&b, p + 1, n - 1, *p, &split);
	MUST(same(&whole, &split));
	MUST(a.dirty == b.dirty);
	MUST(whole.len <= SAFE_VT_GROWTH * n);
	check_output(&whole, a.utf8);
	MUST(safe_vt_feed(&c, buf_head(&whole), whole.len, &again) == 0);
	MUST(same(&whole, &again));
	MUST(a.dirty == c.dirty);

	buf_clear(&again);
	MUST(safe_vt_restore(&a, &again) == 0);
	check_output(&again, a.utf8);
	buf_free(&whole);
	buf_free(&split);
	buf_free(&again);
	return 0;
}
