/*
 * tls_state - what the parts of net/tls share: tls.c has the settings,
 * tls_conn.c the operations of a conn, tls_shake.c the handshake, tls_tell.c
 * the words.
 */
#ifndef NET_TLS_STATE_H
#define NET_TLS_STATE_H

#include "net/tls.h"
#include "net/tls_engine.h"
#include "proto/addr.h"
#include "proto/pin.h"

enum {
	TLS_TEXT = 256,		/* of a sentence, NUL included */
	TLS_WHOM = ADDR_HOST + 8,
};

struct talk_event;

struct tls {
	const struct tls_engine *engine;
	struct tls_side	*side;
	bool		 server;
	char		 own_pin[PIN_TEXT + 6];	/* "--pin sha256:..."; or "" */
};

/* conn->layer of an encrypted conn. */
struct tls_layer {
	const struct tls_engine *engine;
	struct tls_link	*link;
	bool		 server;
	char		 fault[TLS_TEXT];
	char		 doubt[TLS_TEXT];
};

/* The conn encrypts from now on. Takes the link. -1: out of memory. */
int	tls_conn_wrap(struct conn *, const struct tls_engine *,
	    struct tls_link *, bool server) MUST_CHECK;

/* What is wrong, in a sentence; name: of whom it was expected, or NULL. */
const char *tls_sentence(char dst[static TLS_TEXT], const struct tls_fault *,
	    const struct tls_cert *, const char *name);
/* The word for it: "self-signed". */
const char *tls_word(const struct tls_fault *);
/* What to do about it, into why->hint. */
void	tls_advise(struct why *, const struct tls_fault *,
	    const struct tls_cert *, bool server);

/* "localhost:443", as the user knows it; without a name, the address. */
const char *tls_whom(char dst[static TLS_WHOM], const struct conn *,
	    const char *name);

/* The events; dur_us: of the handshake. */
void	tls_tell_done(struct conn *, const struct tls_facts *, int64_t dur_us);
void	tls_tell_failed(struct conn *, const struct tls_fault *,
	    const struct tls_cert *, const char *text, int64_t dur_us);

#endif
