/* SPDX-License-Identifier: MIT */
/*
 * Whatever comes in: nothing forbidden comes out, the output is valid UTF-8,
 * the input can be had back from it, and how the input was cut changes
 * nothing. The first byte chooses flags, the second where to cut.
 */
#include <locale.h>
#include <wchar.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/vis.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool ok)
{
	if (!ok)
		abort();
}

static void
show(unsigned flags, const uint8_t *p, size_t n, size_t step, struct buf *b)
{
	struct vis v = { .flags = flags };
	int escaped = 0;

	for (size_t i = 0; i < n; i += step) {
		int r = vis_add(&v, b, p + i, n - i < step ? n - i : step);

		require(r >= 0);
		escaped += r;
	}
	escaped += vis_end(&v, b);
	require(escaped >= 0 && (size_t)escaped <= n);
	require(b->len <= n * VIS_GROWTH);
}

static bool
allowed(wint_t c, unsigned flags)
{
	if (c == '\n' || c == '\t')
		return !(flags & VIS_LINE);
	if (c < 0x20 || (c >= 0x7f && c <= 0x9f))
		return false;
	if (c > 0x7f && (flags & VIS_ASCII))
		return false;
	return !(c >= 0x200b && c <= 0x200f) &&
	    !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2060 && c <= 0x206f) &&
	    c != 0xad && c != 0x61c && c != 0x180e && c != 0xfeff &&
	    !(c >= 0xe000 && c <= 0xf8ff) && c < 0xe0000;
}

static void
check_output(const char *p, size_t n, unsigned flags)
{
	mbstate_t state = { 0 };
	size_t marks = 0;
	bool first = true;

	for (size_t i = 0; i < n;) {
		wchar_t c;
		size_t k = mbrtowc(&c, p + i, n - i, &state);

		require(k != 0 && k != (size_t)-1 && k != (size_t)-2);
		require(allowed((wint_t)c, flags));
		if (c == '\n' || c == '\t') {
			first = true;
			marks = 0;
		} else if (wcwidth(c) == 0) {
			require(!first && ++marks <= VIS_MARKS);
		} else {
			first = false;
			marks = 0;
		}
		i += k;
	}
}

static unsigned
nibble(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

/* What printf '%b' does with the escapes that vis writes. */
static void
check_reversible(const char *p, size_t n, const uint8_t *in, size_t in_len)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned c = (uint8_t)p[i];

		if (c == '\\') {
			switch (p[++i]) {
			case '\\': break;
			case 'n': c = '\n'; break;
			case 't': c = '\t'; break;
			case 'r': c = '\r'; break;
			case 'e': c = 0x1b; break;
			case 'x':
				require(i + 2 < n);
				c = nibble(p[i + 1]) << 4 | nibble(p[i + 2]);
				i += 2;
				break;
			default: abort();
			}
		}
		require(k < in_len && in[k++] == c);
	}
	require(k == in_len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buf whole = BUF_MAX(8 * MIB), cut = BUF_MAX(8 * MIB);
	char line[64];

	if (n < 2)
		return 0;
	setlocale(LC_CTYPE, "C.UTF-8");
	unsigned flags = p[0] & 3u;
	size_t step = p[1] % 7 + 1u;
	p += 2;
	n -= 2;
	show(flags, p, n, n ? n : 1, &whole);
	show(flags, p, n, step, &cut);
	require(whole.len == cut.len);
	require(whole.len == 0 ||
	    memcmp(buf_head(&whole), buf_head(&cut), whole.len) == 0);
	check_output(buf_head(&whole), whole.len, flags);
	check_reversible(buf_head(&whole), whole.len, p, n);
	vis_str(line, sizeof line - step, p, n);
	check_output(line, strlen(line), VIS_LINE);
	buf_free(&whole);
	buf_free(&cut);
	return 0;
}
