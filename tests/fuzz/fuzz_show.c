/* SPDX-License-Identifier: MIT */
/*
 * fuzz_show - recordings told again, lines of JSON and packets.
 *
 * Holds of any input: what the view makes of it is UTF-8 and has nothing in
 * it that commands a terminal; what becomes JSON is read again, and becomes
 * the same JSON.
 */
#include <fcntl.h>
#include <locale.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vis.h"
#include "talk/explain.h"
#include "talk/json.h"
#include "talk/json_engine.h"
#include "talk/json_read.h"
#include "talk/record_read.h"
#include "talk/text.h"

#define HOLDS(ok)							\
	do {								\
		if (!(ok))						\
			abort();					\
	} while (0)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

extern const struct json_engine sockt_json;

static void
tell_lines(struct talk *t, const char *p, size_t n)
{
	struct talk_reader *r = talk_reader_new(&sockt_json);
	const char *end;

	for (; r != NULL && (end = memchr(p, '\n', n)) != NULL; p = end + 1) {
		struct why why = { 0 };
		struct talk_event e;
		int known = talk_read(r, p, (size_t)(end - p), &e, &why);

		HOLDS(known >= 0 || why.what[0] != '\0');
		if (known > 0)
			talk_retell(t, &e);
		n -= (size_t)(end - p) + 1;
	}
	talk_reader_free(r);
}

static void
tell_packets(struct talk *t, const char *p, size_t n)
{
	struct record_reader *r = record_reader_new(t, "fuzz");
	struct why why = { 0 };
	ptrdiff_t used = 1;

	while (r != NULL && used > 0) {
		used = record_read(r, p, n, &why);
		HOLDS(used <= (ptrdiff_t)n);
		p += used > 0 ? used : 0;
		n -= used > 0 ? (size_t)used : 0;
	}
	if (r != NULL)
		record_read_end(r);
	record_reader_free(r);
}

/* What a sink made of it. The caller frees. */
static char *
told(struct talk_sink *(*make)(int fd), const char *p, size_t n, size_t *len)
{
	int fd = memfd_create("seen", 0);
	struct talk t;
	ssize_t got;
	char *seen;

	talk_init(&t);
	t.explain = explain_new();
	talk_add(&t, make(fd));
	if (n > 0 && p[0] == '\n')
		tell_packets(&t, p, n);
	else
		tell_lines(&t, p, n);
	talk_end(&t);
	*len = (size_t)lseek(fd, 0, SEEK_END);
	HOLDS((seen = malloc(*len + 1)) != NULL);
	got = pread(fd, seen, *len, 0);
	HOLDS(got == (ssize_t)*len);
	close(fd);
	return seen;
}

static struct talk_sink *
view(int fd)
{
	return talk_text_new(&(struct talk_text_opts){ .fd = fd,
	    .payload = true, .utf8 = true, .explain = true, .numbered = true,
	    .verbose = 1 });
}

static struct talk_sink *
json(int fd)
{
	return talk_json_new(fd, TALK_JSON_AUTO);
}

static void
harmless(const char *p, size_t n)
{
	while (n > 0) {
		uint32_t c;
		size_t k = utf8_decode(p, n, &c);

		HOLDS(k > 0);
		HOLDS(c == '\n' || c == '\t' || (c >= ' ' && c != 0x7f));
		HOLDS(c < 0x80 || !vis_hides(c));
		p += k;
		n -= k;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	size_t seen_n, once_n, twice_n;
	char *seen, *once, *twice;

	setlocale(LC_CTYPE, "C.UTF-8");
	seen = told(view, (const char *)p, n, &seen_n);
	harmless(seen, seen_n);
	once = told(json, (const char *)p, n, &once_n);
	twice = told(json, once, once_n, &twice_n);
	HOLDS(once_n == twice_n && memcmp(once, twice, once_n) == 0);
	free(seen);
	free(once);
	free(twice);
	return 0;
}
