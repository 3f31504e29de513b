/*
 * kept - small files in memory, so that a file that is asked for again and
 * again is not opened, read and closed again and again.
 *
 * What is kept is never trusted: once in each turn of the loop in which it is
 * asked for, the path is looked at, and everything the system knows of the
 * file (device, inode, size, both times to the nanosecond) must be as it was
 * when it was read. A file that changed within the last moments is not kept,
 * since another change could leave no trace in such times. The look may
 * follow a link out of the root; it is only ever compared.
 *
 * A fixed number of places, found by the path's hash; who comes later takes
 * the place. So memory has a ceiling: KEPT_PLACES * KEPT_FILE, and the names.
 */
#ifndef SITE_KEPT_H
#define SITE_KEPT_H

#include "site/asset.h"

enum {
	KEPT_FILE = 16 * KIB,		/* larger ones are not kept */
	KEPT_PLACES = 256,
	KEPT_AT_REST_MS = 100,		/* unchanged for so long before */
};

struct kept_file;

struct kept {			/* zeroed: empty */
	struct kept_file *place[KEPT_PLACES];
};

void	kept_free(struct kept *);

/*
 * If the file is kept and still the same, fills in the asset: no descriptor,
 * but bytes and etag, borrowed until the next call. turn: the loop's.
 */
bool	kept_get(struct kept *, int root, const char *path, unsigned turn,
	    struct asset *) MUST_CHECK;

/* All bytes of a file, read just now; now_ns: since 1970. */
void	kept_put(struct kept *, const char *path, const struct asset *,
	    const char *bytes, int64_t now_ns);

#endif
