/*
 * html - foreign text as HTML.
 *
 * What could hide, reorder or forge (controls, bidi marks, zero-width and
 * private characters, bytes that are no UTF-8) is written out as \xHH, so a
 * page shows every file name truthfully and 'curl' on a terminal is safe too.
 * The result fits element content and quoted attributes.
 */
#ifndef PROTO_HTML_H
#define PROTO_HTML_H

#include "base/buf.h"

/* Appends; allocates in the buffer only. -1 at its ceiling. */
int	html_text(struct buf *, const char *s, size_t n) MUST_CHECK;

#endif
