/* SPDX-License-Identifier: MIT */
#include "talk/out.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

int
talk_out(int fd, const void *data, size_t n)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };
	const char *p = data;

	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k >= 0) {
			p += k;
			n -= (size_t)k;
		} else if (errno == EAGAIN) {
			if (poll(&room, 1, -1) < 0 && errno != EINTR)
				return -1;
		} else if (errno != EINTR)
			return -1;
	}
	return 0;
}
