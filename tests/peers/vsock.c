/* SPDX-License-Identifier: MIT */
/*
 * vsock - for LD_PRELOAD: programs that speak AF_VSOCK get Unix sockets with
 * abstract names instead, where no kernel carries vsock to this very machine.
 *
 * CID 1 and 3 are this machine, any other has no way to it (ENODEV). Whom
 * nobody listens to is reset, as virtio does it. $VSOCK_NET keeps runs apart.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

enum { FDS = 1024, OURS = 3 };

static unsigned char is_vsock[FDS];

#define REAL(f) ((__typeof__(&f))dlsym(RTLD_NEXT, #f))

static int
mine(int fd)
{
	return fd >= 0 && fd < FDS && is_vsock[fd];
}

static socklen_t
to_unix(struct sockaddr_un *un, unsigned port)
{
	const char *net = getenv("VSOCK_NET");
	int n;

	memset(un, 0, sizeof *un);
	un->sun_family = AF_UNIX;
	n = snprintf(un->sun_path + 1, sizeof un->sun_path - 1, "%.60s/%u",
	    net ? net : "", port);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
	    (size_t)n);
}

static void
to_vsock(struct sockaddr *sa, socklen_t *len, socklen_t room,
    const struct sockaddr_un *un, socklen_t n)
{
	struct sockaddr_vm vm = { .svm_family = AF_VSOCK, .svm_cid = OURS };
	char text[sizeof un->sun_path + 1] = "";
	const char *port;

	if (sa == NULL)
		return;
	memcpy(text, un->sun_path + 1, n - sizeof un->sun_family - 1);
	port = strrchr(text, '/');
	vm.svm_port = port != NULL ? (unsigned)strtoul(port + 1, NULL, 10) : 0;
	memcpy(sa, &vm, room < sizeof vm ? room : sizeof vm);
	*len = sizeof vm;
}

int
socket(int family, int type, int proto)
{
	int fd = REAL(socket)(family == AF_VSOCK ? AF_UNIX : family, type,
	    proto);

	if (fd >= 0 && fd < FDS)
		is_vsock[fd] = family == AF_VSOCK;
	return fd;
}

int
close(int fd)
{
	if (mine(fd))
		is_vsock[fd] = 0;
	return REAL(close)(fd);
}

static int
bind_port(int fd, unsigned port)
{
	struct sockaddr_un un;
	unsigned p = port != VMADDR_PORT_ANY ? port :
	    0x80000000u + (unsigned)getpid() * 16;
	socklen_t len;
	int r;

	do {
		len = to_unix(&un, p++);
		r = REAL(bind)(fd, (struct sockaddr *)&un, len);
	} while (r < 0 && port == VMADDR_PORT_ANY && errno == EADDRINUSE);
	return r;
}

int
bind(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_vm vm;

	if (!mine(fd))
		return REAL(bind)(fd, sa, len);
	memcpy(&vm, sa, sizeof vm);
	if (vm.svm_cid != VMADDR_CID_ANY && vm.svm_cid != VMADDR_CID_LOCAL &&
	    vm.svm_cid != OURS) {
		errno = EADDRNOTAVAIL;
		return -1;
	}
	return bind_port(fd, vm.svm_port);
}

int
connect(int fd, const struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_un un;
	struct sockaddr_vm vm;
	int r;

	if (!mine(fd))
		return REAL(connect)(fd, sa, len);
	memcpy(&vm, sa, sizeof vm);
	if (vm.svm_cid != VMADDR_CID_LOCAL && vm.svm_cid != OURS) {
		errno = ENODEV;
		return -1;
	}
	if (bind_port(fd, VMADDR_PORT_ANY) < 0)
		return -1;
	len = to_unix(&un, vm.svm_port);
	r = REAL(connect)(fd, (struct sockaddr *)&un, len);
	if (r < 0 && errno == ECONNREFUSED)
		errno = ECONNRESET;
	return r;
}

int
accept4(int fd, struct sockaddr *sa, socklen_t *len, int flags)
{
	struct sockaddr_un un;
	socklen_t n = sizeof un;
	int got;

	if (!mine(fd))
		return REAL(accept4)(fd, sa, len, flags);
	got = REAL(accept4)(fd, (struct sockaddr *)&un, &n, flags);
	if (got < 0)
		return got;
	if (got < FDS)
		is_vsock[got] = 1;
	to_vsock(sa, len, len != NULL ? *len : 0, &un, n);
	return got;
}

int
accept(int fd, struct sockaddr *sa, socklen_t *len)
{
	return accept4(fd, sa, len, 0);
}

static int
name(int (*real)(int, struct sockaddr *, socklen_t *), int fd,
    struct sockaddr *sa, socklen_t *len)
{
	struct sockaddr_un un = { 0 };
	socklen_t n = sizeof un;

	if (!mine(fd))
		return real(fd, sa, len);
	if (real(fd, (struct sockaddr *)&un, &n) < 0)
		return -1;
	to_vsock(sa, len, *len, &un, n);
	return 0;
}

int
getsockname(int fd, struct sockaddr *sa, socklen_t *len)
{
	return name(REAL(getsockname), fd, sa, len);
}

int
getpeername(int fd, struct sockaddr *sa, socklen_t *len)
{
	return name(REAL(getpeername), fd, sa, len);
}
