/*
 * gate - who may come in, and how many at once.
 *
 * Three questions, in this order: is the address on a --deny list (then no),
 * is there an --allow list and the address not on it (then no), is there room?
 * So deny wins whatever the order of the options, as with ncat. Who is denied
 * is closed without a word; who finds no room is told so in one line. Either
 * way nothing of it is a conversation: it has no number, only an event.
 */
#ifndef NET_GATE_H
#define NET_GATE_H

#include "base/why.h"

enum {
	GATE_CLIENTS = 10000,	/* at once, unless --max-clients says else */
	GATE_LISTS = 32,	/* --allow and --deny options, of each */
	GATE_RULES = 1024,	/* addresses and networks on all of them */
	GATE_FILES = 128,	/* descriptors besides the clients' */
	GATE_GOODBYES = 64,	/* who is told waits so many at a time, */
	GATE_GOODBYE_MS = 1000,	/* and so long, to read it */
};

struct addr;
struct conn;
struct ev_loop;
struct gate;
struct talk;

struct gate_list {		/* of one kind of option, as they were given */
	const char	*text[GATE_LISTS];	/* "ADDR,NET/BITS,NAME" */
	size_t		 n;
};

struct gate_opts {
	struct gate_list allow, deny;
	int		 max_clients, max_per_address;	/* 0: no limit */
};

/*
 * Reads the lists and resolves the names on them, once. Raises our limit of
 * open files to what max_clients needs; where it cannot be had, max_clients
 * is what there is room for. NULL: WHY_USAGE, WHY_NAME, or no memory.
 */
struct gate *gate_new(struct ev_loop *, struct talk *,
	    const struct gate_opts *, struct why *) MUST_CHECK;
void	gate_free(struct gate *);

/* -1: WHY_USAGE, an entry of a list is no address, network or name. */
int	gate_check(const struct gate_opts *, struct why *) MUST_CHECK;
/* -1: WHY_USAGE, it goes by addresses: who calls that ("a Unix socket") has
 * none. */
int	gate_check_local(const struct gate_opts *, const char *what,
	    struct why *);
/* The options it was made with; what they point to is borrowed. */
const struct gate_opts *gate_opts(const struct gate *);

/* What the lists say alone. False: told as turned away. */
bool	gate_allows(struct gate *, const struct addr *peer) MUST_CHECK;
/* False: the client on fd was turned away, and fd is ours to close. */
bool	gate_admits(struct gate *, int fd, const struct addr *peer) MUST_CHECK;
/* One more is in, until this conn is closed; the gate outlives it. */
void	gate_enter(struct gate *, struct conn *);

#endif
