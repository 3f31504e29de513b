/*
 * tls_callers - the handshakes of those who call: who has finished one is
 * handed on, and nobody waits for anybody else's.
 */
#ifndef NET_TLS_CALLERS_H
#define NET_TLS_CALLERS_H

#include "base/why.h"

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
	struct caller	*first;
};

void	tls_callers_enter(struct tls_callers *, struct conn *);	/* takes it */
void	tls_callers_clear(struct tls_callers *);	/* sends them away */

#endif
