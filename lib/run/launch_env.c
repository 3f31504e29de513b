/* SPDX-License-Identifier: MIT */
#include "run/launch_env.h"

#include <stdarg.h>
#include <unistd.h>

#include "net/conn.h"

extern char **environ;

enum {
	OURS = 10,		/* variables of ours, at most */
	ENV_TEXT = ADDR_PATH + 64,
};

struct ours {			/* in one piece with the list itself */
	char	(*text)[ENV_TEXT];
	size_t	n;
};

PRINTF_LIKE(2, 3) static void
put(struct ours *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(o->text[o->n++], ENV_TEXT, fmt, ap);
	va_end(ap);
}

/* A Unix socket has a name, as in our operands, and no port. */
static void
put_end(struct ours *o, const char *whose, const struct addr *a)
{
	char ip[ADDR_TEXT];

	if (addr_family(a) == AF_UNIX) {
		put(o, "SOCKT_%s_ADDR=unix:%s%.*s", whose,
		    a->un.abstract ? "@" : "", (int)a->un.n, a->un.name);
		put(o, "SOCKT_%s_PORT=", whose);
		return;
	}
	if (addr_family(a) == AF_VSOCK) {
		put(o, "SOCKT_%s_ADDR=vsock:%s", whose, addr_vsock_cid(a, ip));
		put(o, "SOCKT_%s_PORT=%u", whose, addr_port(a));
		return;
	}
	put(o, "SOCKT_%s_ADDR=%s", whose, addr_ip(a, ip));
	put(o, "SOCKT_%s_PORT=%u", whose, addr_port(a));
	put(o, "TCP%sIP=%s", whose, addr_ip(a, ip));
	put(o, "TCP%sPORT=%u", whose, addr_port(a));
}

/* Of an earlier connection, of a program that runs us: not of this one. */
static bool
is_stale(const char *var)
{
	static const char *const begins[] = { "SOCKT_REMOTE_", "SOCKT_LOCAL_",
		"TCPREMOTE", "TCPLOCAL", "PROTO=" };

	for (size_t i = 0; i < NELEMS(begins); i++)
		if (strncmp(var, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

char **
launch_env(const struct conn *c, bool on_terminal)
{
	struct ours o = { .n = 0 };
	size_t n = 0, k = 0;
	char **v;

	while (environ[n] != NULL)
		n++;
	v = malloc((n + OURS + 1) * sizeof *v + OURS * sizeof *o.text);
	if (v == NULL)
		return NULL;
	o.text = (char (*)[ENV_TEXT])(void *)(v + n + OURS + 1);
	put(&o, "PROTO=%s", addr_family(&c->peer) == AF_UNIX ? "UNIX" :
	    addr_family(&c->peer) == AF_VSOCK ? "VSOCK" : "TCP");
	put_end(&o, "REMOTE", &c->peer);
	put_end(&o, "LOCAL", &c->local);
	if (on_terminal && getenv("TERM") == NULL)
		put(&o, "TERM=" LAUNCH_TERM);
	for (; k < o.n; k++)
		v[k] = o.text[k];
	for (size_t i = 0; i < n; i++)
		if (!is_stale(environ[i]))
			v[k++] = environ[i];
	v[k] = NULL;
	return v;
}
