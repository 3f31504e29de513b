/* SPDX-License-Identifier: MIT */
/*
 * fuzz_chunked - the chunked coding.
 *
 * The first byte chooses how the rest is split. Holds: the spans cover the
 * input from its front without gaps, and the label of every byte, the counts
 * and the verdict are the same however the input was split.
 */
#include "base/base.h"
#include "proto/http_chunk.h"

enum { INPUT_MAX = 4 * KIB, TRAILER_BYTES = 64, TRAILER_FIELDS = 3 };

#define HOLDS(ok)							\
	do {								\
		if (!(ok))						\
			abort();					\
	} while (0)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Labels p[0..n), known to the decoder as an exact copy; how many bytes. */
static size_t
label(struct http_chunk *c, const char *p, size_t n, uint8_t *labels)
{
	char *part = malloc(n ? n : 1);
	enum http_part what;
	size_t at = 0;
	ssize_t len;

	if (part == NULL)
		abort();
	memcpy(part, p, n);
	while ((len = http_chunk_next(c, part + at, n - at, &what)) > 0) {
		HOLDS((size_t)len <= n - at);
		HOLDS(what <= HTTP_PART_TRAILER);
		memset(labels + at, (int)what, (size_t)len);
		at += (size_t)len;
	}
	HOLDS(len < 0 ? c->err != HTTP_OK : at == n || c->done);
	free(part);
	return at;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t one[INPUT_MAX], two[INPUT_MAX];
	const char *p = (const char *)data + 1;
	struct http_chunk whole, split;
	size_t n, at = 0, given = 0;
	unsigned seed;

	if (size < 1 || size > INPUT_MAX)
		return 0;
	seed = data[0];
	http_chunk_init(&whole, TRAILER_BYTES, TRAILER_FIELDS);
	http_chunk_init(&split, TRAILER_BYTES, TRAILER_FIELDS);
	n = label(&whole, p, size - 1, one);
	while (given < size - 1 && at == given && !split.done) {
		size_t step = 1 + seed % 7;

		given = step < size - 1 - given ? given + step : size - 1;
		seed = seed * 5 + 1;
		at += label(&split, p + at, given - at, two + at);
	}
	HOLDS(at == n && memcmp(one, two, n) == 0);
	HOLDS(whole.err == split.err && whole.done == split.done);
	HOLDS(whole.data == split.data && whole.chunks == split.chunks);
	HOLDS(whole.data + whole.framing == n);
	return 0;
}
