/*
 * tls_callers - the handshakes of those who call: who has finished one is
 * handed on, and nobody waits for anybody else's.
 *
 * With TLS_CALLERS under way, the next one ends the one that has taken longest,
 * so that those who never finish cannot use up all descriptors.
 */
#ifndef NET_TLS_CALLERS_H
#define NET_TLS_CALLERS_H

#include "base/why.h"

enum { TLS_CALLERS = 1000 };	/* handshakes at a time */

struct caller;
struct conn;
struct ev_loop;
struct tls;

/* Takes the conn. It may end all that is here. */
typedef void tls_client(void *arg, struct conn *);
/* One that did not get in: told, closed, and here is why. */
typedef void tls_refused(void *arg, const struct why *);

struct tls_callers {		/* zeroed: nobody */
	struct ev_loop	*loop;
	struct tls	*tls;		/* borrowed */
	tls_client	*client;
	tls_refused	*refused;	/* or NULL */
	void		*arg;
	struct caller	*first, *last;	/* the newest, the oldest */
	size_t		 n;
};

void	tls_callers_enter(struct tls_callers *, struct conn *);	/* takes it */
void	tls_callers_clear(struct tls_callers *);	/* sends them away */

#endif
