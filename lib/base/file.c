/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vis.h"

int
file_write_all(int fd, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w > 0) {
			p += w;
			n -= (size_t)w;
		} else if (w < 0 && errno == EAGAIN) {
			/* Somebody else made it non-blocking: wait. */
			struct pollfd pf = { .fd = fd, .events = POLLOUT };

			(void)poll(&pf, 1, -1);
		} else if (w < 0 && errno != EINTR)
			return -1;
	}
	return 0;
}

/* A device, a pipe: there is nothing to replace, and root could. */
static bool
is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static int
write_into(const char *path, const void *data, size_t n)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY), err = 0;

	if (fd < 0)
		return -1;
	if (file_write_all(fd, data, n) < 0)
		err = errno;
	close(fd);
	errno = err;
	return err == 0 ? 0 : -1;
}

int
file_replace(const char *path, const void *data, size_t n, struct why *why)
{
	char temp[4096], safe[256];
	int fd, k;

	vis_str(safe, sizeof safe, path, strlen(path));
	if (is_special(path))
		return write_into(path, data, n) == 0 ? 0 : why_sys(why,
		    WHY_LOCAL, errno, "cannot write '%s'", safe);
	k = snprintf(temp, sizeof temp, "%s.XXXXXX", path);
	if (k < 0 || (size_t)k >= sizeof temp)
		return why_set(why, WHY_LOCAL, ENAMETOOLONG,
		    "file name too long: %s", safe);
	if ((fd = mkostemp(temp, O_CLOEXEC)) < 0)
		return why_sys(why, WHY_LOCAL, errno, "cannot write '%s'",
		    safe);
	if (file_write_all(fd, data, n) < 0 || fchmod(fd, 0644) < 0 ||
	    rename(temp, path) < 0) {
		why_sys(why, WHY_LOCAL, errno, "cannot write '%s'", safe);
		unlink(temp);
		close(fd);
		return -1;
	}
	close(fd);
	return 0;
}
