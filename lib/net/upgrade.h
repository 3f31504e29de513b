/*
 * upgrade - the clear words before TLS, on a connection that has been made.
 *
 * It says what proto/starttls has in its table and reads what comes back. All
 * of it is told as what was sent and received. Of what is read, nothing is
 * left over when TLS begins.
 */
#ifndef NET_UPGRADE_H
#define NET_UPGRADE_H

#include "base/why.h"
#include "proto/starttls.h"

struct conn;
struct ev_loop;

/*
 * conn is the caller's again, and TLS is next; or NULL, it is closed and why
 * has the cause: WHY_TLS for a refusal, in their words; WHY_PROTOCOL for what
 * is no such dialogue.
 */
typedef void upgrade_done(void *arg, struct conn *, const struct why *);

struct upgrade_opts {
	enum starttls_proto proto;
	const char	*name;		/* of whom we called, copied */
	int		 timeout_ms;	/* 0: no limit */
	upgrade_done	*done;		/* once, from the loop */
	void		*arg;
};

struct upgrade;

/* Takes the conn. It frees itself. NULL: out of memory, conn closed. */
struct upgrade *upgrade_new(struct ev_loop *, struct conn *,
	    const struct upgrade_opts *) MUST_CHECK;

#endif
