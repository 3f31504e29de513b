/*
 * listing - the page that shows a folder.
 *
 * It lists what would be served and nothing else: no hidden names, no links
 * that lead out. Names are foreign: escaped as text, percent-encoded as
 * references, and each reference begins with "./" so that no name can be a
 * scheme. Sorting is by links (?by=size&down), so the page needs no script
 * and its policy allows none. Folders come first in any order.
 */
#ifndef SITE_LISTING_H
#define SITE_LISTING_H

#include "base/buf.h"
#include "proto/http_field.h"

enum {
	LISTING_NAMES = 10000,		/* shown of a folder at most */
	LISTING_PAGE = 4 * MIB,		/* bytes of a page at most */
};

/*
 * Appends the page for the folder open as fd (taken: closed here) that path,
 * relative to root, names. query is the request's. 0, or -1 with errno: the
 * folder cannot be read, or there is no memory.
 */
int	listing(struct buf *, int root, const char *path, int fd,
	    struct http_text query) MUST_CHECK;

#endif
