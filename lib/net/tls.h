/*
 * tls - a connected conn learns to encrypt.
 *
 * The conn stays the same one, with its number and its totals; only its
 * operations change. So whatever talks over a conn talks over TLS, and counts
 * the bytes within. OpenSSL is in a module (net/tls_engine.h) that is loaded
 * by the first tls_new().
 *
 * A peer's certificate is verified unless someone says otherwise: against the
 * system's roots or --ca-file, for the name that was asked for; or, with a
 * pin, by its key alone, which then needs no issuer, name or date. With both,
 * both must hold. A failure ends the handshake before anything of ours is
 * sent (RFC 8446 4.4.3).
 *
 * Each direction ends with a close_notify, then a FIN. A FIN alone is a
 * truncation: WHY_BROKEN.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/why.h"

enum { TLS_HANDSHAKE_MS = 10000 };	/* for those who call us */

struct conn;
struct ev_loop;
struct talk;
struct tls;
struct tls_shake;

struct tls_opts {		/* OPTS_TLS of cmd/groups.h fills it */
	bool		 on;
	int		 starttls;	/* enum starttls_proto: not from the
					   start; turns it on, too */
	bool		 insecure;
	int		 min;		/* 0: TLS 1.2, 1: TLS 1.3 */
	const char	*ca_file;	/* of the other side's issuers */
	const char	*pin, *alpn, *name;
	const char	*cert, *key, *key_log;
	const char	*alpn_default;	/* of the protocol within; or NULL */
};

/*
 * Reads the files and checks that the options agree. server: wants no
 * certificate of the other side but with ca_file; without cert it makes a
 * throw-away one. NULL: WHY_USAGE, or WHY_LOCAL where the module or memory is
 * missing.
 */
struct tls *tls_new(const struct tls_opts *, bool server, struct why *)
	    MUST_CHECK;
void	tls_free(struct tls *);		/* its conns may stay */

/* Whether it is asked for; -1: in two ways, WHY_USAGE. */
int	tls_opts_on(const struct tls_opts *, struct why *) MUST_CHECK;
/* Options that say how, without the one that says so. -1: WHY_USAGE. */
int	tls_opts_idle(const struct tls_opts *, struct why *) MUST_CHECK;
int	tls_opts_with_udp(const struct tls_opts *, struct why *) MUST_CHECK;

/* Tells a server's own certificate, with the pin to know it by. */
void	tls_tell_own(const struct tls *, struct talk *);
/* "--pin sha256:..." for its clients; NULL: the certificate was given. */
const char *tls_throw_away(const struct tls *);

/* conn is the caller's again; or NULL, it is closed and why has the cause. */
typedef void tls_done(void *arg, struct conn *, const struct why *);

struct tls_shake_opts {
	const char	*name;		/* asked for, copied; server: NULL */
	int		 timeout_ms;	/* 0: no limit */
	tls_done	*done;		/* once, from the loop */
	void		*arg;
};

/*
 * The handshake, over a conn whose socket does not block. Takes the conn; the
 * shake frees itself before done is called. NULL: out of memory, conn closed.
 */
struct tls_shake *tls_shake_new(struct ev_loop *, struct tls *, struct conn *,
	    const struct tls_shake_opts *) MUST_CHECK;
void	tls_shake_free(struct tls_shake *);	/* gives up, closes the conn */

/* What --insecure let pass on this conn, in words; NULL: nothing. */
const char *tls_doubt(const struct conn *);

#endif
