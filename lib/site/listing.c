/* SPDX-License-Identifier: MIT */
#include "site/listing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/human.h"
#include "proto/html.h"
#include "proto/path.h"
#include "site/asset.h"

enum by { BY_NAME, BY_SIZE, BY_DATE, BY_NONE };

enum { ROW_ROOM = 4 * KIB };	/* more than any row, or the end, takes */

struct row {
	char	*name;		/* allocated */
	bool	 folder;
	uint64_t size;
	int64_t	 modified;
};

struct rows {
	struct row *row;
	size_t	 n, cap;
	bool	 more;		/* there are names beyond LISTING_NAMES */
};

static void
rows_free(struct rows *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->row[i].name);
	free(r->row);
}

static int
rows_add(struct rows *r, const char *name, const struct asset *a)
{
	if (r->n == r->cap) {
		size_t cap = r->cap ? 2 * r->cap : 64;
		void *p = reallocarray(r->row, cap, sizeof *r->row);

		if (p == NULL)
			return -1;
		r->row = p;
		r->cap = cap;
	}
	r->row[r->n] = (struct row){ .name = strdup(name),
	    .folder = a->folder, .size = a->size, .modified = a->modified };
	return r->row[r->n].name == NULL ? -1 : (r->n++, 0);
}

/* What a link leads to counts, and only if it stays below the root. */
static bool
follow(struct asset *a, int root, const char *path, const char *name)
{
	char full[PATH_TEXT_MAX + 2];
	int n = snprintf(full, sizeof full, "%s%s%s", path,
	    *path ? "/" : "", name);

	return n > 0 && (size_t)n < sizeof full && asset_look(a, root, full);
}

static bool
look(struct asset *a, int root, const char *path, int fd, const char *name)
{
	struct stat st;

	if (name[0] == '.' || fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	if (S_ISLNK(st.st_mode))
		return follow(a, root, path, name);
	*a = (struct asset){ .fd = -1, .folder = S_ISDIR(st.st_mode),
	    .size = (uint64_t)st.st_size, .modified = st.st_mtim.tv_sec };
	return a->folder || S_ISREG(st.st_mode);
}

/* -1 with errno. Takes fd. */
static int
read_names(struct rows *r, int root, const char *path, int fd)
{
	DIR *d = fdopendir(fd);
	struct dirent *e = NULL;
	struct asset a;
	int err = 0;

	if (d == NULL) {
		err = errno;
		close(fd);
		errno = err;
		return -1;
	}
	while (err == 0 && (errno = 0, e = readdir(d)) != NULL) {
		if (!look(&a, root, path, fd, e->d_name))
			continue;
		r->more = r->n == LISTING_NAMES;
		if (r->more)
			break;
		if (rows_add(r, e->d_name, &a) < 0)
			err = ENOMEM;
	}
	if (err == 0 && e == NULL)
		err = errno;
	closedir(d);
	errno = err;
	return err == 0 ? 0 : -1;
}

static int
order(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
by_name(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c = strcasecmp(x->name, y->name);

	if (x->folder != y->folder)
		return x->folder ? -1 : 1;
	return c != 0 ? c : strcmp(x->name, y->name);
}

static int
by_size(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c = x->folder || y->folder ? 0 :
	    order((int64_t)x->size, (int64_t)y->size);

	return c != 0 ? c : by_name(a, b);
}

static int
by_date(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c = x->folder != y->folder ? 0 : order(x->modified, y->modified);

	return c != 0 ? c : by_name(a, b);
}

/* The folders at the front stay there when an order is turned around. */
static void
turn(struct row *row, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct row r = row[i];

		row[i] = row[n - 1 - i];
		row[n - 1 - i] = r;
	}
}

static void
sort(struct rows *r, enum by by, bool down)
{
	static int (*const compare[])(const void *, const void *) = {
		by_name, by_size, by_date,
	};
	size_t folders = 0;

	if (r->n == 0)
		return;
	qsort(r->row, r->n, sizeof *r->row, compare[by]);
	if (!down)
		return;
	while (folders < r->n && r->row[folders].folder)
		folders++;
	turn(r->row, folders);
	turn(r->row + folders, r->n - folders);
}

static enum by
wanted(struct http_text query, bool *down)
{
	static const char *const names[] = { "by=name", "by=size", "by=date" };
	enum by by = BY_NAME;

	*down = false;
	while (query.n > 0) {
		const char *amp = memchr(query.p, '&', query.n);
		size_t n = amp ? (size_t)(amp - query.p) : query.n;
		struct http_text word = { query.p, n };

		for (int i = 0; i < BY_NONE; i++)
			if (http_text_eq(word, names[i]))
				by = (enum by)i;
		*down = *down || http_text_eq(word, "down");
		n += amp != NULL;
		query.p += n;
		query.n -= n;
	}
	return by;
}

/* A heading that sorts by its column; the present one turns around. */
static int
heading(struct buf *b, enum by col, enum by by, bool down)
{
	static const struct {
		const char *word, *text;
	} cols[] = {
		{ "name", "Name" }, { "size", "Size" },
		{ "date", "Modified (UTC)" },
	};
	bool here = col == by;

	return buf_printf(b, "<th%s><a href=\"?by=%s%s\">%s</a>%s",
	    !here ? "" : down ? " aria-sort=\"descending\"" :
	    " aria-sort=\"ascending\"", cols[col].word,
	    here && !down ? "&amp;down" : "", cols[col].text,
	    !here ? "" : down ? " \xe2\x86\x93" : " \xe2\x86\x91");
}

/* "3 folders", "1 file"; nothing for none. */
static int
count(struct buf *b, const char *before, size_t n, const char *word)
{
	return n == 0 ? 0 : buf_printf(b, "%s%zu %s%s", before, n, word,
	    n == 1 ? "" : "s");
}

/* "/ one / two": each a link to its folder. */
static int
crumbs(struct buf *b, const char *path)
{
	if (buf_printf(b, "<h1>Index of <a href=\"/\">/</a>") < 0)
		return -1;
	for (const char *s = path; *s != '\0';) {
		size_t n = strcspn(s, "/");

		if (buf_printf(b, "<a href=\"/") < 0 ||
		    path_href_all(b, path, (size_t)(s + n - path)) < 0 ||
		    buf_printf(b, "/\">") < 0 || html_text(b, s, n) < 0 ||
		    buf_printf(b, "/</a>") < 0)
			return -1;
		s += n + (s[n] == '/');
	}
	return buf_printf(b, "</h1>\n");
}

static int
begin(struct buf *b, const char *path, enum by by, bool down)
{
	static const char top[] = "<!DOCTYPE html>\n<html lang=\"en\">\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width\">\n<style>"
	    ":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;"
	    "--dim:#5b6570;--line:#e3e7ea;--link:#0a5fc4;--row:#f4f7fa}"
	    "@media(prefers-color-scheme:dark){:root{--bg:#14171a;"
	    "--fg:#e4e8eb;--dim:#98a3ad;--line:#2a3036;--link:#75b4ff;"
	    "--row:#1c2126}}"
	    "body{margin:2rem auto;padding:0 1rem;max-width:60rem;"
	    "background:var(--bg);color:var(--fg);"
	    "font:1rem/1.5 system-ui,sans-serif}"
	    "h1{font-size:1.25rem;font-weight:600;overflow-wrap:anywhere}"
	    "a{color:var(--link);text-decoration:none}"
	    "a:hover{text-decoration:underline}"
	    "table{width:100%;border-collapse:collapse}"
	    "th{text-align:left;font-weight:600;font-size:.875rem}"
	    "th a{color:var(--dim)}"
	    "th,td{padding:.375rem .5rem;border-bottom:1px solid var(--line);"
	    "vertical-align:baseline}"
	    "td:first-child{overflow-wrap:anywhere}"
	    "td+td,th+th{text-align:right;white-space:nowrap;width:1%;"
	    "padding-left:1.5rem;font-variant-numeric:tabular-nums}"
	    "td+td,p{color:var(--dim);font-size:.875rem}"
	    "tbody tr:hover{background:var(--row)}"
	    "@media(max-width:34rem){td+td+td,th+th+th{display:none}}"
	    "</style>\n<title>Index of /";

	if (buf_add(b, top, sizeof top - 1) < 0 ||
	    html_text(b, path, strlen(path)) < 0 ||
	    buf_printf(b, "</title>\n") < 0 || crumbs(b, path) < 0 ||
	    buf_printf(b, "<table>\n<thead><tr>") < 0)
		return -1;
	for (int i = 0; i < BY_NONE; i++)
		if (heading(b, (enum by)i, by, down) < 0)
			return -1;
	return buf_printf(b, "\n<tbody>\n%s", *path == '\0' ? "" :
	    "<tr><td><a href=\"../\">../</a><td><td>\n");
}

static int
put_row(struct buf *b, const struct row *r)
{
	const char *slash = r->folder ? "/" : "";
	char size[HUMAN_TEXT], date[32] = "";
	time_t t = r->modified;
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(date, sizeof date, "%Y-%m-%d %H:%M", &tm);
	if (buf_printf(b, "<tr><td><a href=\"./") < 0 ||
	    path_href(b, r->name, strlen(r->name)) < 0 ||
	    buf_printf(b, "%s\">", slash) < 0 ||
	    html_text(b, r->name, strlen(r->name)) < 0)
		return -1;
	return buf_printf(b, "%s</a><td>%s<td>%s\n", slash,
	    r->folder ? "" : human_size(r->size, size), date);
}

static int
end(struct buf *b, const struct rows *r, size_t shown)
{
	size_t folders = 0;

	for (size_t i = 0; i < r->n; i++)
		folders += r->row[i].folder;
	if (buf_printf(b, "</table>\n<p>") < 0)
		return -1;
	if (r->more || shown < r->n)
		return buf_printf(b, "The first %zu names; the folder has "
		    "more.</p>\n", shown);
	if (r->n == 0)
		return buf_printf(b, "This folder is empty.</p>\n");
	if (count(b, "", folders, "folder") < 0 ||
	    count(b, folders > 0 ? ", " : "", r->n - folders, "file") < 0)
		return -1;
	return buf_printf(b, "</p>\n");
}

static int
page(struct buf *b, struct rows *r, const char *path, struct http_text query)
{
	bool down;
	enum by by = wanted(query, &down);
	size_t i;

	sort(r, by, down);
	if (begin(b, path, by, down) < 0)
		return -1;
	for (i = 0; i < r->n && buf_left(b) > 2 * ROW_ROOM; i++)
		if (put_row(b, &r->row[i]) < 0)
			return -1;
	return end(b, r, i);
}

int
listing(struct buf *b, int root, const char *path, int fd,
    struct http_text query)
{
	struct rows r = { 0 };
	int e = read_names(&r, root, path, fd);

	if (e == 0 && (e = page(b, &r, path, query)) < 0)
		errno = ENOMEM;
	rows_free(&r);
	return e;
}
