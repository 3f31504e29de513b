/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a request's target: what comes out is a path below the root,
 * and asking for it again, escaped, gives the same path.
 */
#include "proto/html.h"
#include "proto/path.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
stays_below(const struct path *p)
{
	must(p->len <= PATH_TEXT_MAX && p->text[p->len] == '\0');
	must(strlen(p->text) == p->len);
	must(p->len > 0 || p->folder);
	for (const char *s = p->text; p->len > 0; s++) {
		size_t n = strcspn(s, "/");

		must(n > 0);
		must(!(n == 1 && s[0] == '.'));
		must(!(n == 2 && s[0] == '.' && s[1] == '.'));
		must(s[0] != '.' || p->hidden);
		s += n;
		if (*s == '\0')
			break;
	}
}

static void
comes_back(const struct path *p)
{
	struct buf b = BUF_MAX(3 * PATH_TEXT_MAX + 8);
	struct path again;

	must(buf_add(&b, "/", 1) == 0);
	must(path_href_all(&b, p->text, p->len) == 0);
	if (p->folder && p->len > 0)
		must(buf_add(&b, "/", 1) == 0);
	must(path_parse(&again, buf_head(&b), b.len) == PATH_OK);
	must(again.len == p->len && again.folder == p->folder);
	must(again.hidden == p->hidden && again.used == b.len);
	must(memcmp(again.text, p->text, p->len) == 0);
	buf_free(&b);
}

static void
is_shown_safely(const char *s, size_t n)
{
	struct buf b = BUF_MAX(6 * n + 1);
	const char *out;

	must(html_text(&b, s, n) == 0);
	out = buf_head(&b);
	for (size_t i = 0; i < b.len; i++)
		must((unsigned char)out[i] >= ' ' && out[i] != 0x7f &&
		    strchr("<>\"'", out[i]) == NULL);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	struct path p;
	enum path_bad bad = path_parse(&p, s, size);

	must(path_bad_words(bad) != NULL);
	is_shown_safely(s, size);
	if (bad != PATH_OK)
		return 0;
	must(p.used <= size && (p.used == size || s[p.used] == '?'));
	stays_below(&p);
	comes_back(&p);
	return 0;
}
