/* SPDX-License-Identifier: MIT */
/* say - what stderr has to tell beside the view. */
#include <stdarg.h>
#include <unistd.h>

#include "cmd.h"
#include "net/listener.h"
#include "net/tls.h"

void
diag(const char *fmt, ...)
{
	char text[640];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	dprintf(STDERR_FILENO, "sockt: %s\n", text);	/* in one piece */
}

void
diag_why(const struct why *why)
{
	if (why->what[0] != '\0' && why->hint[0] != '\0')
		diag("%s (%s)", why->what, why->hint);
	else if (why->what[0] != '\0')
		diag("%s", why->what);
}

bool
unseen(const struct session *s)
{
	return (s->out == SESSION_BYTES || s->out == SESSION_RECORD) &&
	    talk_cfg.verbose == 0 && !talk_cfg.quiet;
}

void
say_doubt(const struct session *s, const struct conn *c)
{
	const char *doubt = tls_doubt(c);

	if (doubt != NULL && unseen(s))
		diag("not checked (--insecure): %s", doubt);
}

void
say_refused(void *session, const struct why *why)
{
	if (unseen(session))
		diag("%s", why->what);
}

void
say_listening(const struct session *s, const struct listener *l,
    const char *port_file)
{
	char at[ADDR_TEXT];

	if (!unseen(s))
		return;
	if (l->tls != NULL && tls_throw_away(l->tls) != NULL)
		diag("certificate made for this run: clients know it by %s",
		    tls_throw_away(l->tls));
	if (l->any_port && port_file == NULL)
		diag("listening on %s", addr_text(&l->sock[0].addr, at));
}
