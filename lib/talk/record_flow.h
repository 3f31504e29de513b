/*
 * record_flow - what the parts of the recorder share: record.c hears events,
 * record_flow.c keeps connections, record_tcp.c makes their packets.
 */
#ifndef TALK_RECORD_FLOW_H
#define TALK_RECORD_FLOW_H

#include "base/buf.h"
#include "proto/packet.h"
#include "talk/record.h"

enum {
	BUCKETS = 256,
	OUT_MAX = 4 * MIB,		/* an event's packets; more: in parts */
};

struct flow {
	struct flow	*next;		/* in its bucket */
	unsigned	 id;
	bool		 datagrams;
	bool		 holding;	/* packets go to held */
	bool		 plain;		/* TLS; what it carries is recorded */
	bool		 over;		/* reset: nothing follows */
	bool		 ended[2];	/* FIN; [true]: ours */
	struct addr	 end[2];	/* who; [true]: we */
	uint32_t	 seq[2];	/* of the next byte */
	uint64_t	 bytes[2];	/* told so far */
	struct buf	 held;
	uint8_t		*last;		/* datagram that we sent; or NULL */
	size_t		 last_len;
};

struct record {
	struct talk_sink talk;		/* first: what the tap knows */
	int		 fd;
	bool		 plain;		/* TLS is recorded as what it carries */
	int		 err;		/* why it is lost; 0: it is not */
	struct buf	 out;
	uint16_t	 id;		/* of the last IPv4 packet */
	uint32_t	 failures;	/* to connect; each has ports */
	struct flow	*bucket[BUCKETS];
	uint8_t		 packet[PACKET_MAX];
};

/* Who the flow is between; a Unix socket's are made up of its number. */
void	record_ends(struct flow *, const struct addr *local,
	    const struct addr *peer);
/* "unix:/run/x, " or "": what addresses do not show. Returns dst. */
const char *record_place(const struct addr *local, const struct addr *peer,
	    char dst[static ADDR_TEXT + 4]);

/* NULL: unknown, or out of memory. */
struct flow *record_find(struct record *, unsigned id);
struct flow *record_add(struct record *, const struct talk_event *);
void	record_forget(struct record *, unsigned id);
void	record_forget_all(struct record *);
/* What was held back is written from now on. */
void	record_release(struct record *, struct flow *);

/* One packet of the flow at a time, out or in; the comment may be NULL. */
struct made {
	uint64_t	 ns;
	bool		 out;
	const char	*comment;
};
void	record_tcp(struct record *, struct flow *, const struct made *,
	    unsigned flags);
void	record_segment(struct record *, struct flow *, const struct made *,
	    const void *, size_t);
void	record_udp(struct record *, struct flow *, const struct made *,
	    const void *, size_t);
void	record_unreachable(struct record *, struct flow *,
	    const struct made *, enum packet_reason);

/* The steps of a TCP connection. */
void	record_handshake(struct record *, struct flow *,
	    const struct talk_event *);
void	record_data(struct record *, struct flow *, const struct talk_wire *);
void	record_end(struct record *, struct flow *, const struct talk_wire *);
void	record_reset(struct record *, struct flow *,
	    const struct talk_wire *);
void	record_failed(struct record *, const struct talk_wire *);
void	record_probed(struct record *, const struct talk_wire *);

/* Which ICMP answer is behind an errno. */
enum packet_reason record_reason(int err);

/* Writes what has been made; sets err. */
void	record_flush(struct record *);

#endif
