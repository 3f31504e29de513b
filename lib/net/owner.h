/*
 * owner - who holds a port of this machine, as far as we may know.
 *
 * Read from /proc: the socket table tells the socket, the descriptor lists
 * of the processes tell whose it is; those of other users are closed to us
 * unless we are root.
 */
#ifndef NET_OWNER_H
#define NET_OWNER_H

#include <time.h>

#include "proto/addr.h"

struct owner {
	struct addr	 addr;		/* where it is bound; none: not found */
	const char	*state;		/* "LISTEN", "TIME_WAIT", ... or NULL */
	int		 timer_s;	/* until TIME_WAIT ends; -1 */
	int		 pid;		/* 0: not known */
	char		 cmd[32];	/* its name, foreign text; "" */
	time_t		 since;		/* it runs; 0: not known */
	int		 waiting;	/* sockets of this port in TIME_WAIT */
	bool		 udp;
};

/* A listener is preferred over anything else on the port. */
void	owner_of_port(struct owner *, unsigned port, bool udp);
/*
 * Who listens on a Unix socket, PATH or @NAME? Asks nobody, so it disturbs
 * nobody. False: not known, which does not mean that nobody does.
 */
bool	owner_of_unix(struct owner *, const char *name);
/* How many connections from here to there rest in TIME_WAIT. */
int	owner_time_waits(const struct addr *peer);
/* The process is known already: its name. */
void	owner_of_process(struct owner *, int pid);

enum { OWNER_LISTENERS_MAX = 256 };
/*
 * The ports that programs of this machine listen on, each once; IPv4's come
 * first. With UDP: those bound and not connected to one peer. The rest beyond
 * max is left out. Returns how many.
 */
size_t	owner_listeners(struct owner *, size_t max, bool udp);

#endif
