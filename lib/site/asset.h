/*
 * asset - what a path names below the root: a regular file or a folder,
 * opened.
 *
 * The kernel resolves the path with openat2(RESOLVE_BENEATH), so neither ".."
 * nor a symbolic link, nor a race with either, leads out of the root. Opening
 * never waits (O_NONBLOCK), and what is neither file nor folder (FIFO, device,
 * socket) is as good as not there.
 */
#ifndef SITE_ASSET_H
#define SITE_ASSET_H

#include "base/why.h"

enum { ASSET_ETAG = 56 };	/* quotes, three 64-bit numbers, NUL */

struct asset {
	int	 fd;		/* -1: not open */
	bool	 folder;
	uint64_t size, inode, device;
	int64_t	 modified;	/* s since 1970 */
	int64_t	 modified_ns, changed_ns;	/* ns since 1970 */
	const char *bytes;	/* the content, or NULL: it is to be read */
	const char *etag;	/* or NULL: it is to be made */
};

/* The folder to serve, as a descriptor; -1: WHY_LOCAL. */
int	asset_root(const char *dir, struct why *) MUST_CHECK;

/*
 * path is relative, "" the root itself. 0, or the status that says why not:
 * 404, 403 (no permission), 503 (no descriptor free), 500; *note is that in
 * words for who runs the server. The descriptor is the caller's to close.
 */
unsigned asset_open(struct asset *, int root, const char *path,
	    const char **note) MUST_CHECK;

/* Looks again at what is open: it may have changed. False: it is gone bad. */
bool	asset_again(struct asset *) MUST_CHECK;

/* Whether path still names the very file, unchanged. */
bool	asset_same(const struct asset *, int root, const char *path) MUST_CHECK;

/* Whether path names a file or folder; nothing is opened to be read. */
bool	asset_look(struct asset *, int root, const char *path) MUST_CHECK;

/*
 * A strong entity tag (RFC 9110 8.8.1): the time of change to the nanosecond,
 * the size and the inode. Returns dst.
 */
const char *asset_etag(const struct asset *, char dst[static ASSET_ETAG]);

#endif
