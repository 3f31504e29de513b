/* SPDX-License-Identifier: MIT */
#include "net/given.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "base/vis.h"
#include "net/gate.h"
#include "net/sockopt.h"
#include "net/udp.h"
#include "talk/talk.h"

enum { FD_MAX = 1 << 20 };

static const char by_fd[] = "fd:", by_manager[] = "systemd:";

bool
given_operand(const char *s)
{
	return strncmp(s, by_fd, sizeof by_fd - 1) == 0 ||
	    strncmp(s, by_manager, sizeof by_manager - 1) == 0;
}

static int
number(int fd, int what)
{
	int n = -1;
	socklen_t len = sizeof n;

	return getsockopt(fd, SOL_SOCKET, what, &n, &len) < 0 ? -1 : n;
}

static bool
is_connected(int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof ss;

	return getpeername(fd, (struct sockaddr *)&ss, &len) == 0;
}

/* What keeps it from being what we are to listen on? NULL: nothing. */
static const char *
unfit(int fd, bool udp)
{
	int type = number(fd, SO_TYPE);

	if (type < 0)
		return errno == EBADF ? "not open" : "not a socket";
	if (type == SOCK_DGRAM)
		return udp ? NULL : "for datagrams: that needs --udp";
	if (type != SOCK_STREAM)
		return "neither for a stream nor for datagrams";
	if (udp)
		return "for a stream: that is not --udp";
	return number(fd, SO_ACCEPTCONN) == 1 || is_connected(fd) ? NULL :
	    "neither listening nor connected";
}

static int
set_flags(int fd, bool blocking)
{
	int flags = fcntl(fd, F_GETFL);

	return fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ? -1 : fcntl(fd, F_SETFL,
	    blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

static int
take(struct listener *l, int fd, struct why *why)
{
	struct listening *s = &l->sock[l->n];
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof ss;
	const char *bad = unfit(fd, l->udp), *option = NULL;
	bool connected = !l->udp && is_connected(fd);

	if (bad != NULL)
		return why_set(why, WHY_LISTEN, 0, "descriptor %d is %s", fd,
		    bad);
	if (l->n > 0 && (connected || l->sock[0].connected))
		return why_set(why, WHY_LISTEN, 0, "a connection was given, "
		    "and other sockets: it can only be served alone");
	if (l->n == NELEMS(l->sock))
		return why_set(why, WHY_LISTEN, 0, "more than %d sockets were "
		    "given", (int)NELEMS(l->sock));
	if (getsockname(fd, (struct sockaddr *)&ss, &len) < 0 ||
	    set_flags(fd, connected && l->blocking) < 0)
		return why_sys(why, WHY_LISTEN, errno, "descriptor %d", fd);
	if (sockopt_apply(l->sockopt, fd, &option) < 0)
		return why_sys(why, WHY_LISTEN, errno, "descriptor %d, %s", fd,
		    option);
	if (ss.ss_family == AF_UNIX && l->gate != NULL &&
	    gate_check_local(gate_opts(l->gate), "a Unix socket", why) < 0)
		return -1;
	*s = (struct listening){ .of = l, .fd = fd,
	    .connected = connected };
	addr_set(&s->addr, (struct sockaddr *)&ss, len);
	if (l->udp)
		udp_prepare(fd, addr_family(&s->addr));
	if (l->port == 0)
		l->port = addr_port(&s->addr);
	l->n++;
	return 0;
}

static int
take_number(struct listener *l, const char *text, struct why *why)
{
	char safe[32];
	int64_t fd;

	if (num_whole(text, GIVEN_FIRST, FD_MAX, &fd) != NULL)
		return why_set(why, WHY_USAGE, 0, "'fd:%s' is not fd: and the "
		    "number of a descriptor from 3 on",
		    vis_str(safe, sizeof safe, text, strlen(text)));
	return take(l, (int)fd, why);
}

/* /dev/null stands where the client was, so that our end of it is the end. */
static int
take_stdio(struct listener *l, struct why *why)
{
	struct stat client, st;
	int null, fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, GIVEN_FIRST);

	if (fstat(STDIN_FILENO, &client) < 0 || !S_ISSOCK(client.st_mode)) {
		if (fd >= 0)
			close(fd);
		return why_set(why, WHY_LISTEN, 0, "--stdio: stdin is not a "
		    "socket, but inetd and its like make the client that");
	}
	if (fd < 0 || (null = open("/dev/null", O_RDWR | O_CLOEXEC)) < 0)
		return why_sys(why, WHY_LISTEN, errno, "--stdio");
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		if (fstat(i, &st) == 0 && st.st_dev == client.st_dev &&
		    st.st_ino == client.st_ino)
			dup2(null, i);
	close(null);
	return take(l, fd, why);
}

/* The colon-separated word in hand; *rest goes on to the next one. */
static bool
next_name_is(const char **rest, const char *name)
{
	size_t n = strcspn(*rest, ":");
	bool is = n == strlen(name) && strncmp(*rest, name, n) == 0;

	*rest += n + ((*rest)[n] == ':');
	return is;
}

static int
take_managers(struct listener *l, const char *name, struct why *why)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	const char *names = getenv("LISTEN_FDNAMES");
	char safe[64];
	int64_t n;

	if (pid == NULL || fds == NULL)
		return why_set(why, WHY_LISTEN, 0, "no sockets were passed to "
		    "us: LISTEN_FDS and LISTEN_PID are not set");
	if (num_whole(pid, 1, INT32_MAX, &n) != NULL || n != getpid())
		return why_set(why, WHY_LISTEN, 0, "the sockets were passed to "
		    "process %s (LISTEN_PID), and we are %d",
		    vis_str(safe, sizeof safe, pid, strlen(pid)),
		    (int)getpid());
	if (num_whole(fds, 1, RESOLVE_MAX, &n) != NULL)
		return why_set(why, WHY_LISTEN, 0, "LISTEN_FDS is '%s', not "
		    "1 to %d", vis_str(safe, sizeof safe, fds, strlen(fds)),
		    RESOLVE_MAX);
	names = names != NULL ? names : "";
	for (int i = 0; i < (int)n; i++)
		if ((next_name_is(&names, name) || *name == '\0') &&
		    take(l, GIVEN_FIRST + i, why) < 0)
			return -1;
	if (l->n == 0)
		return why_set(why, WHY_LISTEN, 0, "none of the %d sockets "
		    "passed to us is called '%s' (LISTEN_FDNAMES)", (int)n,
		    vis_str(safe, sizeof safe, name, strlen(name)));
	unsetenv("LISTEN_PID");		/* not for what we run */
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return 0;
}

static void
tell(struct listener *l, const struct listener_opts *o)
{
	struct addr at[RESOLVE_MAX] = { 0 };
	bool net = false, local = false;

	if (l->sock[0].connected)
		return;			/* nobody else can call */
	for (size_t i = 0; i < l->n; i++) {
		at[i] = l->sock[i].addr;
		local |= addr_family(&at[i]) == AF_UNIX;
		net |= addr_family(&at[i]) != AF_UNIX &&
		    !addr_is_loopback(&at[i]);
	}
	talk_tell(l->talk, &(struct talk_event){ .kind = TALK_LISTENING,
	    TALK_VALUES(TALK_AS(TF_LOCALS, at, l->n),
	    TALK_S(TF_PROTO, o->udp ? udp_proto(&at[0]) :
	    local ? "unix" : "tcp"),
	    TALK_S(TF_REACH, net ? "network" : "machine"),
	    TALK_S(TF_SERVING, o->serving)) });
}

int
given_open(struct listener *l, struct ev_loop *loop, struct talk *talk,
    const struct listener_opts *o, struct why *why)
{
	const char *text = strchr(o->given, ':') + 1;
	bool one = strncmp(o->given, by_fd, sizeof by_fd - 1) == 0;

	*l = (struct listener){ .loop = loop, .talk = talk,
	    .blocking = o->blocking, .udp = o->udp, .gate = o->gate,
	    .sockopt = o->sockopt };
	if ((strcmp(o->given, GIVEN_STDIO) == 0 ? take_stdio(l, why) :
	    one ? take_number(l, text, why) :
	    take_managers(l, text, why)) < 0) {
		l->n = 0;		/* they are not ours to close */
		return -1;
	}
	tell(l, o);
	return 0;
}
