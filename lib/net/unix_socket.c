/* SPDX-License-Identifier: MIT */
#include "net/unix_socket.h"

#include <errno.h>
#include <unistd.h>

#include "base/vis.h"
#include "net/owner.h"
#include "net/udp.h"
#include "talk/talk.h"

struct unix_peer
unix_peer(int fd, const struct addr *a)
{
	struct unix_peer p = { TALK_UNKNOWN, TALK_UNKNOWN };
	socklen_t len = sizeof(struct ucred);
	struct ucred cred;

	/* Process 0: not connected, or outside of our PID namespace. */
	if (addr_family(a) == AF_UNIX &&
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
	    cred.pid != 0)
		p = (struct unix_peer){ cred.pid, cred.uid };
	return p;
}

static int
new_socket(const struct unix_socket *u)
{
	return u->datagrams ? udp_open(AF_UNIX) : socket(AF_UNIX,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static int
try_bind(const struct unix_socket *u, int backlog)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_kernel(&u->addr, AF_UNIX, &ss);
	int fd = new_socket(u), err;

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&ss, len) == 0 &&
	    (u->datagrams || listen(fd, backlog) == 0))
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

/*
 * Does nobody answer there? A full queue (EAGAIN), a socket of another type
 * (EPROTOTYPE) and one that we may not ask (EACCES) are somebody's.
 */
static bool
is_dead(const struct unix_socket *u, struct owner *o)
{
	const struct addr *a = &u->addr;
	struct sockaddr_storage ss;
	socklen_t len = addr_kernel(a, AF_UNIX, &ss);
	struct unix_peer who;
	bool dead;
	int fd;

	/* One that takes a single caller must not take us for it. */
	if (owner_of_unix(o, u->name) || (fd = new_socket(u)) < 0)
		return false;
	dead = connect(fd, (struct sockaddr *)&ss, len) < 0 &&
	    errno == ECONNREFUSED;
	who = unix_peer(fd, a);
	if (!dead && who.pid != TALK_UNKNOWN)
		owner_of_process(o, (int)who.pid);
	close(fd);
	return dead;
}

static const char *
kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG: return "a regular file";
	case S_IFDIR: return "a directory";
	case S_IFLNK: return "a symbolic link";
	case S_IFIFO: return "a pipe";
	default: return "a device";
	}
}

static const char *
hint(const struct unix_socket *u, int err, const struct owner *o)
{
	if (err == EADDRINUSE && o->pid != 0 && u->datagrams)
		return "another name, or 'sockt connect -u' with this one, to "
		    "talk to what is there";
	if (err == EADDRINUSE && o->pid != 0)
		return "another name, or 'sockt connect' with this one, to "
		    "talk to what is there";
	return err == EADDRINUSE ? "another name" : NULL;
}

/* text: what is in the way, or "". */
static int
failed(const struct unix_socket *u, int err, const struct owner *o,
    struct talk *talk, struct why *why)
{
	char at[ADDR_TEXT], cmd[4 * sizeof o->cmd], text[160];
	const char *try = hint(u, err, o);

	snprintf(text, sizeof text, "%s", o->state != NULL ? o->state : "");
	if (o->pid != 0)
		snprintf(text, sizeof text, "by %s, pid %d", vis_str(cmd,
		    sizeof cmd, o->cmd, strlen(o->cmd)), o->pid);
	talk_tell(talk, &(struct talk_event){ .kind = TALK_BIND_FAILED,
	    .local = &u->addr, .err = err,
	    TALK_VALUES(
	    TALK_I(TF_OWNER_PID, o->pid != 0 ? o->pid : TALK_UNKNOWN),
	    TALK_S(TF_OWNER_CMD, o->pid != 0 ? o->cmd : NULL),
	    TALK_S(TF_TEXT, text[0] ? text : NULL), TALK_S(TF_TRY, try)) });
	why_set(why, WHY_LISTEN, err, "cannot listen on %s: %s%s%s (%s)",
	    addr_text(&u->addr, at),
	    err == EADDRINUSE ? "in use" : errno_words(err),
	    o->pid != 0 ? " " : text[0] ? ": " : "", text, errno_symbol(err));
	return try != NULL ? why_hint(why, "try %s", try) : -1;
}

/* Something has the name. May we? -1: no, and told. */
static int
clear(struct unix_socket *u, struct talk *talk, struct why *why)
{
	struct stat st, again;
	struct owner o = { .pid = 0 };
	char text[96], at[ADDR_TEXT];

	if (u->addr.un.abstract || lstat(u->name, &st) < 0) {
		(void)is_dead(u, &o);
		return failed(u, EADDRINUSE, &o, talk, why);
	}
	if (!S_ISSOCK(st.st_mode)) {
		snprintf(text, sizeof text, "%s is there, and is left alone",
		    kind_of(st.st_mode));
		o.state = text;
		return failed(u, EADDRINUSE, &o, talk, why);
	}
	if (!is_dead(u, &o))
		return failed(u, EADDRINUSE, &o, talk, why);
	if (lstat(u->name, &again) < 0 || again.st_ino != st.st_ino ||
	    again.st_dev != st.st_dev || unlink(u->name) < 0) {
		o.state = "nobody listens there, but it cannot be removed";
		return failed(u, EADDRINUSE, &o, talk, why);
	}
	talk_note(talk, 0, "reclaimed", "%.160s was left behind by a program "
	    "that is gone; it is taken over", addr_text(&u->addr, at));
	return 0;
}

int
unix_socket_open(struct unix_socket *u, const char *name, int backlog,
    struct talk *talk, struct why *why)
{
	const char *bad = addr_unix(&u->addr, name);
	const struct owner nobody = { .pid = 0 };
	char safe[ADDR_TEXT];
	struct stat st;
	int fd;

	vis_str(safe, sizeof safe, name, strlen(name));
	if (bad != NULL)
		return why_set(why, WHY_USAGE, 0, "unix:%.100s is %s", safe,
		    bad);
	snprintf(u->name, sizeof u->name, "%s", name);
	u->addr.un.name = u->name + u->addr.un.abstract;
	if ((fd = try_bind(u, backlog)) < 0 && errno == EADDRINUSE) {
		if (clear(u, talk, why) < 0)
			return -1;
		fd = try_bind(u, backlog);
	}
	if (fd < 0)
		return failed(u, errno, &nobody, talk, why);
	if (!u->addr.un.abstract && lstat(u->name, &st) == 0) {
		u->made = true;
		u->dev = st.st_dev;
		u->ino = st.st_ino;
	}
	return fd;
}

void
unix_socket_remove(struct unix_socket *u)
{
	struct stat st;

	if (u->made && lstat(u->name, &st) == 0 && st.st_dev == u->dev &&
	    st.st_ino == u->ino)
		(void)unlink(u->name);
	u->made = false;
}
