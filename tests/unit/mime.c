/* SPDX-License-Identifier: MIT */
#include "proto/mime.h"

#include "unit.h"

static void
a_suffix_has_a_type(void)
{
	static const char octets[] = "application/octet-stream";
	const struct {
		const char *name, *type;
	} rows[] = {
		{ "index.html", "text/html; charset=utf-8" },
		{ "a/b.css", "text/css; charset=utf-8" },
		{ "x.mjs", "text/javascript; charset=utf-8" },
		{ "x.js.map", "application/json" },
		{ "data.json", "application/json" },
		{ "app.webmanifest", "application/manifest+json" },
		{ "m.wasm", "application/wasm" },
		{ "README.md", "text/markdown; charset=utf-8" },
		{ "a.txt", "text/plain; charset=utf-8" },
		{ "a.avif", "image/avif" },
		{ "a.webp", "image/webp" },
		{ "a.svg", "image/svg+xml" },
		{ "a.woff2", "font/woff2" },
		{ "a.mp4", "video/mp4" },
		{ "PHOTO.JPG", "image/jpeg" },
		{ "a.tar.gz", "application/gzip" },
		{ "3g2.3g2", "video/3gpp2" },
		{ "z.zst", "application/zstd" },
		{ "noext", octets },
		{ "png", octets },
		{ "dir.png/noext", octets },
		{ "a.", octets },
		{ ".", octets },
		{ "", octets },
		{ "a.unknown", octets },
		{ "a.pn", octets },
		{ "a.pngx", octets },
		{ "a.veryverylongsuffix", octets },
		{ "a.p\xff", octets },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *got = mime_type(rows[i].name, strlen(rows[i].name));

		CHECK(strcmp(got, rows[i].type) == 0, "%s: %s", rows[i].name,
		    got);
	}
	CHECK(mime_type("a.png\0", 6) == mime_type("x", 1), "NUL in suffix");
}

static void
the_table_is_in_order_and_found(void)
{
	for (size_t i = 0; i < mime_nrows; i++) {
		const struct mime_row *row = &mime_rows[i];
		char name[32];

		CHECK(i == 0 || strcmp(row[-1].suffix, row->suffix) < 0,
		    "%s is out of order", row->suffix);
		snprintf(name, sizeof name, "x.%s", row->suffix);
		CHECK(strcmp(mime_type(name, strlen(name)), row->type) == 0,
		    "%s is not found", row->suffix);
		CHECK(strchr(row->type, '/') != NULL, "%s", row->type);
		CHECK(strncmp(row->type, "text/", 5) != 0 ||
		    strstr(row->type, "; charset=utf-8") != NULL,
		    "%s: text without charset", row->suffix);
	}
}

int
main(void)
{
	RUN(a_suffix_has_a_type);
	RUN(the_table_is_in_order_and_found);
	return unit_end();
}
