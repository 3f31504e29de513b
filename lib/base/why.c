/* SPDX-License-Identifier: MIT */
#include "base/why.h"

#include <errno.h>
#include <stdarg.h>

const struct why_exit why_exits[] = {
	{ WHY_NONE, "everything asked for happened, to the last byte" },
	{ WHY_NO, "the answer is no (a port is not open, HTTP status >= 400)" },
	{ WHY_USAGE, "the command line is wrong" },
	{ WHY_NAME, "a host or service name was not resolved" },
	{ WHY_REFUSED, "the connection was refused" },
	{ WHY_TIMEOUT, "a time limit ran out" },
	{ WHY_UNREACHABLE, "unreachable, or denied here; a proxy refuses" },
	{ WHY_LISTEN, "cannot listen (in use, no privilege, not our address)" },
	{ WHY_TLS, "TLS failed, or the certificate is not trusted" },
	{ WHY_BROKEN, "the conversation broke off (reset, truncated)" },
	{ WHY_PROTOCOL, "the other side broke the protocol" },
	{ WHY_LOCAL, "a local file, stdout or resource failed" },
	{ WHY_PROGRAM, "the program to run is not there, or cannot be run" },
	{ WHY_SIGNAL, "128 + N: ended by signal N" },
	{ 0, NULL },
};

PRINTF_LIKE(4, 0) static void
put(struct why *w, enum why_kind kind, int err, const char *fmt, va_list ap)
{
	w->kind = kind;
	w->err = err;
	w->hint[0] = '\0';
	vsnprintf(w->what, sizeof w->what, fmt, ap);
}

int
why_set(struct why *w, enum why_kind kind, int err, const char *fmt, ...)
{
	va_list ap;

	if (w->kind != WHY_NONE)
		return -1;
	va_start(ap, fmt);
	put(w, kind, err, fmt, ap);
	va_end(ap);
	return -1;
}

int
why_sys(struct why *w, enum why_kind kind, int err, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	if (w->kind != WHY_NONE)
		return -1;
	va_start(ap, fmt);
	put(w, kind, err, fmt, ap);
	va_end(ap);
	n = strlen(w->what);
	snprintf(w->what + n, sizeof w->what - n, ": %s (%s)",
	    errno_words(err), errno_symbol(err));
	return -1;
}

int
why_hint(struct why *w, const char *fmt, ...)
{
	va_list ap;

	if (w->hint[0] != '\0')
		return -1;
	va_start(ap, fmt);
	vsnprintf(w->hint, sizeof w->hint, fmt, ap);
	va_end(ap);
	return -1;
}

void
why_clear(struct why *w)
{
	*w = (struct why){ 0 };
}

int
why_status(const struct why *w)
{
	return w->kind == WHY_SIGNAL ? WHY_SIGNAL + w->err : (int)w->kind;
}

const char *
errno_symbol(int err)
{
	const char *s = strerrorname_np(err);

	return s != NULL ? s : "E?";
}

int
errno_number(const char *symbol, size_t n)
{
	enum { LAST = 133 };	/* EHWPOISON */

	for (int i = 1; i <= LAST; i++) {
		const char *s = errno_symbol(i);

		if (strlen(s) == n && memcmp(s, symbol, n) == 0)
			return i;
	}
	return 0;
}

const char *
errno_words(int err)
{
	static const struct {
		int err;
		const char *words;
	} words[] = {
		{ EACCES, "permission denied" },
		{ EADDRINUSE, "address in use" },
		{ EADDRNOTAVAIL, "not an address of this machine" },
		{ ECONNREFUSED, "refused" },
		{ ECONNRESET, "reset by the peer" },
		{ ECONNABORTED, "connection aborted" },
		{ EHOSTUNREACH, "host unreachable" },
		{ ENETUNREACH, "network unreachable" },
		{ ENETDOWN, "network down" },
		{ ETIMEDOUT, "timed out" },
		{ EPIPE, "the other side is gone" },
		{ ENODEV, "no such device" },
		{ ENOENT, "no such file" },
		{ EPROTOTYPE, "a socket of another type" },
		{ EDESTADDRREQ, "it has no address" },
		{ ENOTDIR, "not a directory" },
		{ EISDIR, "is a directory" },
		{ ENOSPC, "no space left on the device" },
		{ EFBIG, "larger than a file may be" },
		{ EIO, "input/output error" },
		{ EMFILE, "too many open files" },
		{ ENFILE, "too many open files in the system" },
		{ ENOMEM, "out of memory" },
		{ EPERM, "not permitted" },
		{ ENOPROTOOPT, "protocol not available there" },
		{ EAFNOSUPPORT, "address family not supported" },
		{ EINVAL, "invalid" },
		{ EBADF, "not open" },
	};

	for (size_t i = 0; i < NELEMS(words); i++)
		if (words[i].err == err)
			return words[i].words;
	return strerrordesc_np(err) ? strerrordesc_np(err) : "unknown error";
}
