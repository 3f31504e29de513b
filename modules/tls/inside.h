/*
 * inside - what the parts of the module share: side.c takes settings, roots.c
 * knows whom the system trusts, self.c makes a certificate, judge.c reads and
 * judges those of others, link.c moves bytes.
 */
#ifndef TLS_INSIDE_H
#define TLS_INSIDE_H

#include <openssl/ssl.h>

#include "net/tls_engine.h"

struct tls_side {
	SSL_CTX		*ctx;
	X509_LOOKUP_METHOD *roots;	/* of the system; or NULL */
	unsigned	 refs;		/* its links need it, too */
	bool		 server, insecure;
	bool		 pinned, pin_only;	/* no CA besides the pin */
	unsigned char	 pin[TLS_PIN];
	unsigned char	 alpn[TLS_ALPN];	/* as on the wire */
	size_t		 alpn_len;
	int		 key_log;	/* descriptor; -1 */
	struct tls_cert	 own;
};

struct tls_link {
	struct tls_side	*side;
	SSL		*ssl;
	int		 fd;
	bool		 ready;		/* the handshake is done */
	bool		 more;		/* read again without waiting */
	bool		 ended, shut;	/* close_notify: theirs, ours */
	bool		 writing;	/* a record is half out */
	struct tls_tap	 tap;		/* zeroed: nobody looks */
	struct tls_facts facts;
	struct tls_fault fault;
};

struct tls_side *tls_side_new(const struct tls_setup *, struct tls_fault *);
void	tls_side_free(struct tls_side *);
const struct tls_cert *tls_side_cert(const struct tls_side *);

/* Each link's secrets go to the key log and to its tap. */
void	tls_log_keys(struct tls_side *);

/* Trusts whom the system trusts. */
int	tls_roots(struct tls_side *);

/* A key of its own and a certificate for this machine's names. */
int	tls_self_signed(SSL_CTX *);

void	tls_cert_read(struct tls_cert *, X509 *);
/* For SSL_CTX_set_cert_verify_callback(). */
int	tls_judge(X509_STORE_CTX *, void *);

/* The first cause stays. */
void	tls_fault_set(struct tls_fault *, enum tls_fault_kind, long code,
	    const char *text);

#endif
