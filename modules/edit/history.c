/* SPDX-License-Identifier: MIT */
#include "edit/history.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/edit_engine.h"

/* The folders that are missing, for us alone. */
static void
make_folders(const char *path)
{
	char folder[PATH_MAX];
	int n = snprintf(folder, sizeof folder, "%s", path);

	for (int i = 1; i < n && n < (int)sizeof folder; i++) {
		if (folder[i] != '/')
			continue;
		folder[i] = '\0';
		mkdir(folder, 0700);
		folder[i] = '/';
	}
}

/* Locked, and still the one of that name; or -1. */
static int
open_locked(const char *path, int flags)
{
	struct stat ours, there;

	for (int i = 0; i < 3; i++) {
		int fd = open(path, flags | O_CLOEXEC, 0600);

		if (fd < 0)
			return -1;
		if (flock(fd, LOCK_EX) == 0 && fstat(fd, &ours) == 0 &&
		    S_ISREG(ours.st_mode) && stat(path, &there) == 0 &&
		    ours.st_ino == there.st_ino)
			return fd;
		close(fd);
	}
	return -1;
}

/* What history holds takes the place of the file. */
static void
cut(History *h, const char *path)
{
	char fresh[PATH_MAX];
	HistEvent ev;

	if (snprintf(fresh, sizeof fresh, "%s.%ld", path, (long)getpid()) >=
	    (int)sizeof fresh)
		return;
	if (history(h, &ev, H_SAVE, fresh) < 0 || rename(fresh, path) < 0)
		unlink(fresh);
}

void
history_load(History *h, const char *path)
{
	struct stat st;
	HistEvent ev;
	int fd = open_locked(path, O_RDWR);

	if (fd < 0)
		return;
	if (history(h, &ev, H_LOAD, path) >= 0 && fstat(fd, &st) == 0 &&
	    st.st_size > EDIT_HISTORY_FILE)
		cut(h, path);
	close(fd);
}

void
history_append(History *h, const char *path)
{
	HistEvent ev;
	FILE *f;
	int fd;

	make_folders(path);
	fd = open_locked(path, O_WRONLY | O_APPEND | O_CREAT);
	if (fd < 0)
		return;
	if ((f = fdopen(fd, "a")) == NULL) {
		close(fd);
		return;
	}
	fseek(f, 0, SEEK_END);
	/* It saves one more than that: the newest. */
	history(h, &ev, H_NSAVE_FP, (size_t)0, f);
	fclose(f);
}
