/* SPDX-License-Identifier: MIT */
#include "net/owner.h"

#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "net/diag.h"

/* As the kernel numbers them, include/net/tcp_states.h. */
enum { TCP_ST_TIME_WAIT = 6, TCP_ST_CLOSE = 7, TCP_ST_LISTEN = 10 };
enum { SO_ACCEPTCON_FLAG = 1 << 16 };	/* include/linux/net.h: it listens */

struct row {			/* a line of /proc/net/tcp, see proc(5) */
	struct addr	addr, peer;
	unsigned	state, inode;
	uint64_t	timer;		/* in clock ticks */
};

/* Addresses stand there as 32-bit words in the machine's byte order. */
static void
row_addr(struct addr *a, const char *hex, unsigned port)
{
	uint32_t word[4] = { 0 };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	size_t words = strlen(hex) / 8;

	for (size_t i = 0; i < words && i < 4; i++) {
		char one[9] = { 0 };

		memcpy(one, hex + i * 8, 8);
		word[i] = (uint32_t)strtoul(one, NULL, 16);
	}
	in.sin_addr.s_addr = word[0];
	memcpy(&in6.sin6_addr, word, sizeof word);
	if (words == 4)
		addr_set(a, (struct sockaddr *)&in6, sizeof in6);
	else
		addr_set(a, (struct sockaddr *)&in, sizeof in);
	addr_set_port(a, port);
}

static bool
row_parse(struct row *r, const char *line)
{
	char addr[33], port[5], peer[33], to[5], state[3], timer[17];
	char inode[11];

	if (sscanf(line, " %*[0-9]: %32[0-9A-F]:%4[0-9A-F] "
	    "%32[0-9A-F]:%4[0-9A-F] %2[0-9A-F] %*s "
	    "%*2[0-9A-F]:%16[0-9A-F] %*s %*s %*s %10[0-9]",
	    addr, port, peer, to, state, timer, inode) != 7)
		return false;
	row_addr(&r->peer, peer, (unsigned)strtoul(to, NULL, 16));
	row_addr(&r->addr, addr, (unsigned)strtoul(port, NULL, 16));
	r->state = (unsigned)strtoul(state, NULL, 16);
	r->timer = strtoull(timer, NULL, 16);
	r->inode = (unsigned)strtoul(inode, NULL, 10);
	return true;
}

/* Keeps what explains best: a listener, then anything alive, then the rest. */
static void
consider(struct owner *o, const struct row *r, unsigned *inode)
{
	if (r->state == TCP_ST_TIME_WAIT)
		o->waiting++;
	if (o->state != NULL && r->state != TCP_ST_LISTEN &&
	    strcmp(o->state, "TIME_WAIT") != 0)
		return;
	o->addr = r->addr;
	o->state = o->udp ? "UNCONN" : diag_state(r->state);
	o->timer_s = r->state != TCP_ST_TIME_WAIT ? -1 :
	    (int)(r->timer / (uint64_t)sysconf(_SC_CLK_TCK));
	*inode = r->inode;
}

static unsigned
find_socket(struct owner *o, const char *table, unsigned port)
{
	FILE *f = fopen(table, "re");
	unsigned inode = 0;
	char line[512];
	struct row r;

	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (row_parse(&r, line) && addr_port(&r.addr) == port)
			consider(o, &r, &inode);
	if (f != NULL)
		fclose(f);
	return inode;
}

/* Does the process hold a descriptor that leads to "socket:[inode]"? */
static bool
holds(const char *pid, const char *socket)
{
	char path[64], to[64];
	bool found = false;
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%.20s/fd", pid);
	if ((d = opendir(path)) == NULL)
		return false;
	while (!found && (e = readdir(d)) != NULL) {
		ssize_t n = readlinkat(dirfd(d), e->d_name, to,
		    sizeof to - 1);

		if (n > 0) {
			to[n] = '\0';
			found = strcmp(to, socket) == 0;
		}
	}
	closedir(d);
	return found;
}

static void
name_of(struct owner *o)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/comm", o->pid);
	if ((f = fopen(path, "re")) == NULL)
		return;
	if (fgets(o->cmd, sizeof o->cmd, f) != NULL)
		o->cmd[strcspn(o->cmd, "\n")] = '\0';
	fclose(f);
}

/* When it was started; proc(5), /proc/[pid]/stat, field 22. */
static void
start_of(struct owner *o)
{
	char path[64], line[1024] = "", *p;
	unsigned long long ticks;
	struct timespec up;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/stat", o->pid);
	if ((f = fopen(path, "re")) == NULL)
		return;
	p = fgets(line, sizeof line, f);
	fclose(f);
	/* The name, in parentheses, may have blanks and parentheses. */
	if (p == NULL || (p = strrchr(line, ')')) == NULL || sscanf(p,
	    ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
	    "%*d %*d %*d %*d %llu", &ticks) != 1 ||
	    clock_gettime(CLOCK_BOOTTIME, &up) != 0)
		return;
	o->since = time(NULL) - up.tv_sec +
	    (time_t)(ticks / (unsigned long long)sysconf(_SC_CLK_TCK));
}

static void
find_process(struct owner *o, unsigned inode)
{
	char socket[40];
	struct dirent *e;
	DIR *d = opendir("/proc");

	snprintf(socket, sizeof socket, "socket:[%u]", inode);
	while (d != NULL && o->pid == 0 && (e = readdir(d)) != NULL)
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
		    holds(e->d_name, socket))
			o->pid = (int)strtol(e->d_name, NULL, 10);
	if (d != NULL)
		closedir(d);
	if (o->pid != 0)
		name_of(o);
}

/*
 * A name means a file only together with the process that used it: its
 * working directory, its root.
 */
static bool
same_file(int pid, const char *name)
{
	char theirs[PATH_MAX];
	struct stat a, b;

	if (name[0] == '@')
		return true;
	snprintf(theirs, sizeof theirs, "/proc/%d/%s/%s", pid,
	    name[0] == '/' ? "root" : "cwd", name);
	return stat(theirs, &a) == 0 && stat(name, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool
owner_of_unix(struct owner *o, const char *name)
{
	FILE *f = fopen("/proc/net/unix", "re");
	unsigned flags, type, inode;
	char line[512];
	int at;

	*o = (struct owner){ .timer_s = -1 };
	while (f != NULL && o->pid == 0 && fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%*x: %*x %*x %x %x %*x %u %n", &flags,
		    &type, &inode, &at) != 3 || strcmp(line + at, name) != 0)
			continue;
		/* A stream's clients bear the name as well. */
		if ((flags & SO_ACCEPTCON_FLAG) == 0 && type != SOCK_DGRAM)
			continue;
		find_process(o, inode);
		if (o->pid != 0 && !same_file(o->pid, name))
			o->pid = 0;
	}
	if (f != NULL)
		fclose(f);
	return o->pid != 0;
}

void
owner_of_process(struct owner *o, int pid)
{
	*o = (struct owner){ .timer_s = -1, .pid = pid };
	name_of(o);
}

void
owner_of_port(struct owner *o, unsigned port, bool udp)
{
	unsigned a, b;

	*o = (struct owner){ .timer_s = -1, .udp = udp };
	a = find_socket(o, udp ? "/proc/net/udp" : "/proc/net/tcp", port);
	b = find_socket(o, udp ? "/proc/net/udp6" : "/proc/net/tcp6", port);
	if (a != 0 || b != 0)
		find_process(o, b != 0 ? b : a);
	if (o->pid != 0)
		start_of(o);
}

static int
time_waits(const char *table, const struct addr *peer)
{
	FILE *f = fopen(table, "re");
	char line[512];
	struct row r;
	int n = 0;

	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		n += row_parse(&r, line) && r.state == TCP_ST_TIME_WAIT &&
		    addr_equal(&r.peer, peer);
	if (f != NULL)
		fclose(f);
	return n;
}

int
owner_time_waits(const struct addr *peer)
{
	return time_waits("/proc/net/tcp", peer) +
	    time_waits("/proc/net/tcp6", peer);
}

/* UDP's own is "unconnected" in TCP's words: closed. */
static size_t
listeners_in(const char *table, struct owner *o, unsigned *inode, size_t n,
    size_t max)
{
	unsigned wanted = strstr(table, "udp") != NULL ? TCP_ST_CLOSE :
	    TCP_ST_LISTEN;
	FILE *f = fopen(table, "re");
	char line[512];
	struct row r;

	while (f != NULL && n < max && fgets(line, sizeof line, f) != NULL) {
		size_t i = 0;

		if (!row_parse(&r, line) || r.state != wanted)
			continue;
		while (i < n && addr_port(&o[i].addr) != addr_port(&r.addr))
			i++;
		if (i < n)
			continue;
		o[n] = (struct owner){ .addr = r.addr, .timer_s = -1,
			.state = diag_state(r.state) };
		inode[n++] = r.inode;
	}
	if (f != NULL)
		fclose(f);
	return n;
}

/* Which of the sockets has the process? */
static void
claim(struct owner *o, const unsigned *inode, size_t n, const char *pid)
{
	char path[64], to[64];
	struct dirent *e;
	unsigned socket;
	DIR *d;

	snprintf(path, sizeof path, "/proc/%.20s/fd", pid);
	if ((d = opendir(path)) == NULL)
		return;
	while ((e = readdir(d)) != NULL) {
		ssize_t len = readlinkat(dirfd(d), e->d_name, to,
		    sizeof to - 1);

		to[len > 0 ? len : 0] = '\0';
		if (sscanf(to, "socket:[%u]", &socket) != 1)
			continue;
		for (size_t i = 0; i < n; i++)
			if (inode[i] == socket && o[i].pid == 0) {
				o[i].pid = (int)strtol(pid, NULL, 10);
				name_of(&o[i]);
			}
	}
	closedir(d);
}

size_t
owner_listeners(struct owner *o, size_t max, bool udp)
{
	unsigned inode[OWNER_LISTENERS_MAX];
	struct dirent *e;
	size_t n;
	DIR *d;

	if (max > OWNER_LISTENERS_MAX)
		max = OWNER_LISTENERS_MAX;
	n = listeners_in(udp ? "/proc/net/udp" : "/proc/net/tcp", o, inode, 0,
	    max);
	n = listeners_in(udp ? "/proc/net/udp6" : "/proc/net/tcp6", o, inode,
	    n, max);
	d = n > 0 ? opendir("/proc") : NULL;
	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
			claim(o, inode, n, e->d_name);
	if (d != NULL)
		closedir(d);
	return n;
}
