/* SPDX-License-Identifier: MIT */
#include "fetch/output.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vis.h"
#include "net/conn.h"

static int
failed(const char *path, int err, struct why *why)
{
	char safe[128];

	return why_sys(why, WHY_LOCAL, err, "cannot write '%s'",
	    vis_str(safe, sizeof safe, path, strlen(path)));
}

static bool
is_stdout(const char *path)
{
	return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0 ||
	    strcmp(path, "/dev/fd/1") == 0 ||
	    strcmp(path, "/proc/self/fd/1") == 0;
}

/* A link is followed once, here, so that it stays a link. */
static int
name_file(struct output *o, const char *path, struct why *why)
{
	struct stat st;

	o->direct = false;
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return failed(path, EISDIR, why);
		o->direct = !S_ISREG(st.st_mode);
		if (!o->direct)
			o->path = realpath(path, NULL);
	}
	if (o->path == NULL)
		o->path = strdup(path);
	if (o->path != NULL && asprintf(&o->part, "%s%s", o->path,
	    o->direct ? "" : ".part") < 0)
		o->part = NULL;
	return o->part != NULL ? 0
	    : why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
}

int
output_init(struct output *o, const char *path, struct why *why)
{
	*o = (struct output){ .direct = true };
	if (path == NULL)
		return 0;
	if (*path == '\0')
		return why_set(why, WHY_USAGE, 0,
		    "the name of the output file is empty");
	if (!is_stdout(path))
		return name_file(o, path, why);
	o->to = conn_pipe_new(-1, STDOUT_FILENO);
	return o->to != NULL ? 0
	    : why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
}

static bool
is_named_pipe(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
}

int
output_open(struct output *o, struct why *why)
{
	int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;

	if (o->to != NULL || o->part == NULL)
		return 0;
	if (o->direct)
		flags |= O_NONBLOCK;
	else			/* not through a link that lies in wait */
		flags |= O_CREAT | O_TRUNC | O_NOFOLLOW;
	o->fd = open(o->part, flags, 0666);
	if (o->fd < 0 && errno == ENXIO && is_named_pipe(o->part))
		return CONN_LATER;
	if (o->fd < 0)
		return failed(o->part, errno, why);
	o->open = true;
	o->to = conn_pipe_new(-1, o->fd);
	return o->to != NULL ? 0
	    : why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
}

ssize_t
output_write(struct output *o, const void *p, size_t n, struct why *why)
{
	struct why mine = { 0 };
	ssize_t r;

	if (o->to == NULL)
		return (ssize_t)n;
	r = conn_write(o->to, p, n, &mine);
	if (r >= 0)
		o->bytes += (size_t)r;
	else if (r != CONN_LATER && o->open && mine.kind == WHY_LOCAL)
		return failed(o->part, mine.err, why);
	else if (r != CONN_LATER && why->kind == WHY_NONE)
		*why = mine;
	return r;
}

int
output_fd(const struct output *o)
{
	return o->to != NULL ? o->to->wfd : -1;
}

int
output_pipe(const struct output *o)
{
	return o->to != NULL ? conn_pipe_out(o->to) : -1;
}

bool
output_lost(const struct output *o)
{
	return o->to != NULL && conn_reader_gone(o->to);
}

int
output_done(struct output *o, struct why *why)
{
	if (!o->open)
		return 0;
	conn_close(o->to);
	o->to = NULL;
	o->open = false;
	/* NFS and quotas tell of a failed write only here. */
	if (close(o->fd) < 0)
		return failed(o->part, errno, why);
	if (!o->direct && rename(o->part, o->path) < 0)
		return failed(o->path, errno, why);
	return 0;
}

static void
keep_part(const struct output *o, struct why *why)
{
	char safe[128], so_far[sizeof why->hint];

	if (o->bytes == 0) {
		unlink(o->part);
		return;
	}
	vis_str(safe, sizeof safe, o->part, strlen(o->part));
	memcpy(so_far, why->hint, sizeof so_far);
	why->hint[0] = '\0';
	why_hint(why, "%s%swhat came is in '%s'", so_far,
	    so_far[0] ? "; " : "", safe);
}

void
output_close(struct output *o, struct why *why)
{
	conn_close(o->to);
	o->to = NULL;
	if (o->open) {
		close(o->fd);
		o->open = false;
		if (!o->direct)
			keep_part(o, why);
	}
	free(o->path);
	free(o->part);
	o->path = o->part = NULL;
}
