/*
 * record_again - what the parts of the reader share: record_read.c follows
 * the packets of connections, record_again.c tells what they mean.
 */
#ifndef TALK_RECORD_AGAIN_H
#define TALK_RECORD_AGAIN_H

#include "base/buf.h"
#include "proto/packet.h"
#include "proto/pcapng.h"
#include "talk/record_read.h"

enum { RECORD_BUCKETS = 1024 };

enum flow_state { CALLED, ANSWERED, OPEN };

struct past {
	struct past	*next;		/* in its bucket */
	struct addr	 local, peer;	/* as the packets have them */
	bool		 datagrams;
	enum flow_state	 state;
	bool		 ours;		/* we called */
	bool		 ended[2];	/* FIN; [true]: ours */
	const char	*first;		/* who sent the first */
	unsigned	 conn;		/* 0: no comment told */
	uint64_t	 since_ns;
	uint64_t	 bytes[2];	/* [true]: sent */
	uint64_t	 count[2];	/* of datagrams */
	int64_t		 silence_us;	/* nobody answered for so long */
	int		 err;		/* as its comment has it; or 0 */
	struct addr	 path;		/* Unix: for local or peer */
	char		 name[ADDR_PATH + 1];
};

struct record_reader {
	struct talk	*talk;		/* borrowed */
	const char	*file;
	struct pcapng	 file_state;
	bool		 started;
	struct buf	 names;		/* blocks that wait for a time */
	uint64_t	 first_ns, ns;	/* of the first packet; of this one */
	unsigned	 conns;		/* numbers up to here are known */
	size_t		 flows;
	struct past	*bucket[RECORD_BUCKETS];
	struct past	*waiting;	/* called just now, not answered */
	struct past	*last_sent;	/* whose datagram went last */
};

/* The first of all, at r->ns, once. */
void	again_start(struct record_reader *);
/* All that wait. */
void	again_names(struct record_reader *);
void	again_connected(struct record_reader *, struct past *);
/* What was called did not answer so that a connection came of it. */
void	again_failed(struct record_reader *, const struct past *, int err);
void	again_payload(struct record_reader *, struct past *,
	    const struct packet *, bool out);
/* One side sends no more; or sent RST. */
void	again_half(struct record_reader *, const struct past *, bool out);
void	again_reset(struct record_reader *, const struct past *, bool out);
void	again_closed(struct record_reader *, const struct past *);
/* What could not be recorded, in the recorder's words. */
void	again_comment(struct record_reader *, const struct past *,
	    const struct pcapng_packet *);

#endif
