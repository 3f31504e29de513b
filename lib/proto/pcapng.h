/*
 * pcapng - the file format of recordings (draft-ietf-opsawg-pcapng), as
 * Wireshark, tcpdump and their like read it.
 *
 * Writing: a section of unknown length, so that it can be read while it is
 * written, with one interface of raw IP packets, times in nanoseconds. Each
 * function appends whole blocks to a buffer; -1: its ceiling is reached, and
 * nothing was added.
 *
 * Reading: block by block, of either byte order; what is found lies in the
 * caller's bytes. Blocks that we do not write are skipped over by name.
 */
#ifndef PROTO_PCAPNG_H
#define PROTO_PCAPNG_H

#include "base/base.h"

struct addr;
struct buf;

enum {
	PCAPNG_BLOCK_MAX = 16 * MIB,	/* bytes of a block; when reading */
	PCAPNG_COMMENT = 1024,		/* bytes kept of one; when writing */
	PCAPNG_NAME = 255,		/* bytes of a name; when writing */
	PCAPNG_INTERFACES = 64,		/* of a section; when reading */
	PCAPNG_RAW = 101,		/* LINKTYPE_RAW: IPv4 or IPv6 */
};

struct pcapng_packet {
	uint64_t	 ns;		/* since 1970 */
	bool		 out;		/* we sent it; reading: if known */
	unsigned	 interface;	/* reading; 0 when written */
	const void	*data;
	size_t		 len;
	const char	*comment;	/* UTF-8, or NULL; reading: len bytes */
	size_t		 comment_len;	/* reading */
};

/* The section and its interface; program: "sockt 1.0". */
int	pcapng_begin(struct buf *, const char *program) MUST_CHECK;
int	pcapng_put(struct buf *, const struct pcapng_packet *) MUST_CHECK;
/* A name and what it is, for those who do not want to ask DNS. */
int	pcapng_names(struct buf *, const char *name, const struct addr *,
	    size_t n) MUST_CHECK;
/*
 * Lines of a key log (NSS): the secrets of TLS for the packets that follow.
 * They have to stand before those.
 */
int	pcapng_secrets(struct buf *, const char *lines, size_t) MUST_CHECK;

enum pcapng_error {
	PCAPNG_OK,
	PCAPNG_E_MAGIC,		/* does not begin with a section */
	PCAPNG_E_VERSION,
	PCAPNG_E_LENGTH,	/* of a block: impossible, or not its end's */
	PCAPNG_E_BLOCK_MAX,
	PCAPNG_E_INTERFACE,	/* of a packet: none was described */
	PCAPNG_E_INTERFACES,	/* too many */
	PCAPNG_E_BODY,		/* what is in a block exceeds it */
};

enum pcapng_kind {
	PCAPNG_SECTION, PCAPNG_INTERFACE, PCAPNG_PACKET, PCAPNG_NAMES,
	PCAPNG_SECRETS, PCAPNG_OTHER,
};

struct pcapng_interface {
	uint16_t	 link;		/* PCAPNG_RAW */
	uint8_t		 resolution;	/* if_tsresol: 9 is ns */
};

struct pcapng {			/* zeroed: at the beginning of a file */
	bool		 begun, swapped;
	unsigned	 ninterfaces;
	struct pcapng_interface interface[PCAPNG_INTERFACES];
	enum pcapng_error err;
};

struct pcapng_block {
	enum pcapng_kind kind;
	uint32_t	 type;
	struct pcapng_packet packet;	/* PCAPNG_PACKET */
	/* PCAPNG_SECTION: the program that wrote it; PCAPNG_SECRETS: lines;
	   PCAPNG_NAMES: for pcapng_next_name(). */
	const char	*text;
	size_t		 text_len;
};

/*
 * The next block of n bytes. > 0: so many were used; 0: it is not whole, more
 * is needed; -1: an error, in r->err; there is no going on.
 */
ptrdiff_t pcapng_next(struct pcapng *r, const void *p, size_t n,
	    struct pcapng_block *) MUST_CHECK;
/*
 * The next address of a block of names, and its first name; NULL: no more, or
 * none that is whole. Uses the block up.
 */
const char *pcapng_next_name(const struct pcapng *r, struct pcapng_block *,
	    struct addr *) MUST_CHECK;
/* "a block's length is wrong" */
const char *pcapng_error_text(enum pcapng_error);

#endif
