/* SPDX-License-Identifier: MIT */
#include "site/asset.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/vis.h"

enum { RACES = 4 };		/* lost against renames before we give up */

/*
 * EAGAIN says that the tree changed under a ".." of a symbolic link while it
 * was followed: openat2(2) asks to try again.
 */
static int
open_beneath(int root, const char *path, uint64_t flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	long fd = -1;

	for (int i = 0; i < RACES; i++) {
		fd = syscall(SYS_openat2, root, *path ? path : ".", &how,
		    sizeof how);
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return (int)fd;
}

static int
no_root(const char *dir, int err, struct why *why)
{
	char name[128];

	why_sys(why, WHY_LOCAL, err, "cannot serve '%s'",
	    vis_str(name, sizeof name, dir, strlen(dir)));
	if (err == ENOSYS || err == EPERM)
		why_hint(why, "openat2(2) is needed: Linux 5.6 or later, and "
		    "no sandbox that forbids it");
	return -1;
}

int
asset_root(const char *dir, struct why *why)
{
	int root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd;

	if (root < 0)
		return no_root(dir, errno, why);
	fd = open_beneath(root, "", O_RDONLY | O_DIRECTORY);
	if (fd < 0) {
		int err = errno;

		close(root);
		return no_root(dir, err, why);
	}
	close(fd);
	return root;
}

static int64_t
nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void
describe(struct asset *a, const struct stat *st)
{
	a->folder = S_ISDIR(st->st_mode);
	a->size = (uint64_t)st->st_size;
	a->inode = st->st_ino;
	a->device = st->st_dev;
	a->modified = st->st_mtim.tv_sec;
	a->modified_ns = nanoseconds(st->st_mtim);
	a->changed_ns = nanoseconds(st->st_ctim);
}

bool
asset_again(struct asset *a)
{
	struct stat st;

	if (fstat(a->fd, &st) < 0)
		return false;
	describe(a, &st);
	return S_ISDIR(st.st_mode) || S_ISREG(st.st_mode);
}

bool
asset_same(const struct asset *a, int root, const char *path)
{
	struct stat st;
	struct asset b = { 0 };

	if (fstatat(root, path, &st, 0) < 0)
		return false;
	describe(&b, &st);
	return a->size == b.size && a->inode == b.inode &&
	    a->device == b.device && a->modified_ns == b.modified_ns &&
	    a->changed_ns == b.changed_ns;
}

static unsigned
refused(int err, const char **note)
{
	switch (err) {
	case EACCES:
	case EPERM:
		*note = "no permission to read it";
		return 403;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		*note = "out of file descriptors or memory";
		return 503;
	case EXDEV:
		*note = "leads out of the folder";
		return 404;
	case ELOOP:
		*note = "symbolic links in a circle";
		return 404;
	case ENXIO:		/* a socket, a device without a driver */
	case ENODEV:
		*note = "not a regular file";
		return 404;
	case ENOENT:
	case ENOTDIR:
	case ENAMETOOLONG:
		*note = "no such file";
		return 404;
	default:
		*note = errno_words(err);
		return 500;
	}
}

/*
 * Opening a pipe to read it lets a writer go on who waits for a reader, and
 * what he wrote is lost. So it is looked at first; as in kept.h, the look may
 * follow a link out of the root.
 */
static bool
is_special(int root, const char *path)
{
	struct stat st;

	return fstatat(root, *path ? path : ".", &st, 0) == 0 &&
	    !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

unsigned
asset_open(struct asset *a, int root, const char *path, const char **note)
{
	*a = (struct asset){ .fd = -1 };
	if (is_special(root, path)) {
		*note = "not a regular file";
		return 404;
	}
	a->fd = open_beneath(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (a->fd < 0)
		return refused(errno, note);
	if (asset_again(a))
		return 0;
	close(a->fd);
	a->fd = -1;
	*note = "not a regular file";
	return 404;
}

bool
asset_look(struct asset *a, int root, const char *path)
{
	bool good;

	*a = (struct asset){ .fd = open_beneath(root, path, O_PATH) };
	if (a->fd < 0)
		return false;
	good = asset_again(a);
	close(a->fd);
	a->fd = -1;
	return good;
}

const char *
asset_etag(const struct asset *a, char dst[static ASSET_ETAG])
{
	snprintf(dst, ASSET_ETAG, "\"%llx-%llx-%llx\"",
	    (unsigned long long)a->modified_ns,
	    (unsigned long long)a->size, (unsigned long long)a->inode);
	return dst;
}
