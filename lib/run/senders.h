/*
 * senders - who sent us datagrams, each with a number, as UDP has no
 * connections to tell them apart by.
 *
 * A bounded table: when it is full, the one that was silent longest makes
 * room, and so does one that was silent for too long. Who comes back then
 * gets another number.
 */
#ifndef RUN_SENDERS_H
#define RUN_SENDERS_H

#include "proto/addr.h"

enum { SENDERS_MAX = 1024, SENDERS_BUCKETS = 256 };

struct talk;

struct sender {
	struct sender	*next;		/* in its bucket */
	struct sender	*newer, *older;	/* by when they were last heard */
	unsigned	 id;		/* #1, #2 in the conversation */
	size_t		 socket;	/* of ours, that they were heard on */
	struct addr	 peer, local;
	uint64_t	 begun_ns, heard_ns;
	uint64_t	 in, out;	/* bytes */
	uint64_t	 got, sent;	/* datagrams */
	void		*of;		/* the table's owner's, who frees it */
	char		 names[];	/* of Unix sockets: peer, local */
};

struct senders {		/* zeroed: none, but for talk */
	struct talk	*talk;
	struct sender	*bucket[SENDERS_BUCKETS];
	struct sender	*newest, *oldest;
	size_t		 n;
	unsigned	 seen;
	uint64_t	 in, out;	/* bytes of those that are forgotten */
};

struct sender *senders_find(const struct senders *, const struct addr *peer);
struct sender *senders_by_id(const struct senders *, unsigned id);
/* A new one, told by nobody yet. NULL: out of memory. */
struct sender *senders_add(struct senders *, const struct addr *peer,
	    const struct addr *local) MUST_CHECK;
/* Something came from it, or went there. */
void	senders_heard(struct senders *, struct sender *);
/* Tells its totals as closed; it is freed. */
void	senders_forget(struct senders *, struct sender *);
void	senders_totals(const struct senders *, uint64_t *in, uint64_t *out);
void	senders_free(struct senders *);		/* forgets all */

#endif
