/*
 * tls_engine - what the module "tls" does for us: one table of functions over
 * plain C types.
 *
 * The module speaks TLS and judges certificates; it knows nothing of loops,
 * conns, events or messages. A side is one end's settings, a link one
 * connection over a descriptor that does not block. Nothing here waits.
 */
#ifndef NET_TLS_ENGINE_H
#define NET_TLS_ENGINE_H

#include <sys/types.h>
#include <sys/uio.h>

#include "base/base.h"

enum {
	TLS_ABI = 2,		/* of this header; the table has it, too */
	TLS_PIN = 32,		/* bytes of a SHA-256 */
	TLS_SANS = 16,		/* names kept of a certificate */
	TLS_NAME = 256,		/* bytes kept of each, NUL included */
	TLS_ALPN = 256,		/* bytes of a list of protocols */
};

struct tls_side;
struct tls_link;

enum tls_fault_kind {
	TLS_FINE,
	TLS_ERRNO,		/* a system call: code is the errno */
	TLS_MEMORY,
	TLS_TRUNCATED,		/* their FIN without a close_notify */
	TLS_EARLY_END,		/* their FIN within the handshake */
	TLS_ALERT,		/* theirs: code is its number */
	TLS_PLAIN,		/* their bytes are not TLS */
	TLS_UNTRUSTED,		/* code is X509_V_ERR_...; by kind: */
	TLS_SELF_SIGNED, TLS_WRONG_NAME, TLS_EXPIRED, TLS_NOT_YET,
	TLS_OTHER_KEY,		/* not the pinned one */
	TLS_NO_CERT,		/* none came where one is demanded */
	TLS_VERSION,		/* none in common, or not TLS at all */
	TLS_NO_ALPN,		/* no protocol in common */
	TLS_BAD_CERT, TLS_BAD_KEY, TLS_BAD_CA, TLS_BAD_KEY_LOG,	/* files */
	TLS_LOCKED_KEY,		/* it needs a passphrase */
	TLS_NOT_ITS_KEY,	/* key and certificate do not belong together */
	TLS_OTHER,		/* in text */
};

struct tls_fault {
	enum tls_fault_kind kind;
	long		 code;
	char		 text[160];	/* the library's words */
};

enum tls_trust { TLS_NOBODY, TLS_TRUSTED, TLS_PINNED, TLS_UNCHECKED };

struct tls_cert {		/* what a certificate says: foreign text */
	bool		 there;
	char		 subject[TLS_NAME], issuer[TLS_NAME];
	char		 not_before[32], not_after[32];	/* RFC 3339 */
	long		 days_left;	/* negative: expired */
	int		 key_bits;
	unsigned char	 pin[TLS_PIN];	/* SHA-256 of its public key */
	char		 san[TLS_SANS][TLS_NAME];
	size_t		 nsans;
};

struct tls_facts {		/* of a link */
	char		 version[16];	/* "TLS 1.3" */
	char		 cipher[64], group[32], alpn[TLS_ALPN];
	char		 sni[TLS_NAME];		/* the name asked for */
	struct tls_cert	 peer;
	enum tls_trust	 trust;
	struct tls_fault doubt;		/* what TLS_UNCHECKED let pass */
};

struct tls_setup {		/* all borrowed for the call */
	bool		 server;
	bool		 insecure;
	bool		 tls13;		/* nothing older */
	const char	*ca_file;	/* NULL: the system's; server: nobody */
	const char	*cert, *key;	/* PEM; key NULL: in cert's file */
	const char	*key_log;
	const unsigned char *pin;	/* TLS_PIN bytes; or NULL */
	const unsigned char *alpn;	/* as on the wire */
	size_t		 alpn_len;
};

/* Who wants to see what passes the socket: the records as they are. */
struct tls_tap {
	/* n 0: their FIN. */
	void	(*passed)(void *arg, bool out, const void *, size_t n);
	/* A line of a key log (NSS), without its end; or NULL. */
	void	(*secret)(void *arg, const char *line);
	void	*arg;
};

enum tls_step { TLS_FAILED = -1, TLS_DONE, TLS_AWAIT_IN, TLS_AWAIT_OUT };

enum { TLS_LATER = -2 };	/* of read, write, shut: would block */

struct tls_engine {
	int	abi;
	/* NULL with a fault. A server without cert makes one for itself. */
	struct tls_side *(*side_new)(const struct tls_setup *,
		    struct tls_fault *);
	/* May go before its links. */
	void	(*side_free)(struct tls_side *);
	/* Of a server's own certificate. */
	const struct tls_cert *(*side_cert)(const struct tls_side *);

	/* name: to ask for and to find in the certificate; NULL: server.
	 * The tap, copied, or NULL. */
	struct tls_link *(*link_new)(struct tls_side *, int fd,
		    const char *name, const struct tls_tap *);
	void	(*link_free)(struct tls_link *);	/* not the descriptor */
	enum tls_step (*shake)(struct tls_link *);
	/* After the handshake, or its failure. */
	const struct tls_facts *(*facts)(const struct tls_link *);
	const struct tls_fault *(*fault)(const struct tls_link *);

	/* > 0 bytes, 0: close_notify, -1 with a fault, TLS_LATER. */
	ssize_t	(*read)(struct tls_link *, void *, size_t);
	/* Decrypted bytes wait inside; the descriptor may be silent. */
	bool	(*pending)(const struct tls_link *);
	/* As read. After TLS_LATER the same bytes must be offered again. */
	ssize_t	(*write)(struct tls_link *, const struct iovec *, int);
	/* close_notify; 0, -1, TLS_LATER. */
	int	(*shut)(struct tls_link *);
};

#endif
