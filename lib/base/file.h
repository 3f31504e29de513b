/*
 * file - files that are there whole or not at all.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/why.h"

/*
 * FILE becomes exactly these bytes, by rename; what is no regular file (a
 * device, a named pipe) is written to. -1: WHY_LOCAL.
 */
int	file_replace(const char *path, const void *, size_t, struct why *)
	    MUST_CHECK;

/* All of it, or -1 with errno. Waits where it must. */
int	file_write_all(int fd, const void *, size_t) MUST_CHECK;

#endif
