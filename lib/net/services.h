/*
 * services - the names of all ports at once.
 *
 * resolve_service() reads the machine's file for each port that is asked;
 * whoever names thousands reads it once, here. The machine's names come
 * first, then those that everybody knows (proto/service).
 */
#ifndef NET_SERVICES_H
#define NET_SERVICES_H

#include "base/base.h"

struct services {		/* zeroed: the common names alone */
	struct services_row *rows;	/* ascending by port */
	size_t		 n;
};

/* Without memory, fewer names are known: no reason to fail. */
void	services_init(struct services *);
/* Of TCP; NULL if there is none. Lives until services_free(). */
const char *services_name(const struct services *, unsigned port);
void	services_free(struct services *);

#endif
