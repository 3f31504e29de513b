/*
 * pcapng_blocks - the numbers of the format, for who writes and who reads it.
 */
#ifndef PROTO_PCAPNG_BLOCKS_H
#define PROTO_PCAPNG_BLOCKS_H

#include "base/base.h"

#define PCAPNG_MAGIC	0x1A2B3C4DU	/* in the byte order of the section */
#define PCAPNG_PAD(n)	(((n) + 3) & ~(size_t)3)

enum {
	BLOCK_SECTION = 0x0A0D0D0A,	/* the same in either byte order */
	BLOCK_INTERFACE = 1,
	BLOCK_NAMES = 4,
	BLOCK_PACKET = 6,
	BLOCK_SECRETS = 10,

	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_OS = 3, OPTION_PROGRAM = 4,		/* of a section */
	OPTION_NAME = 2, OPTION_DESCRIPTION = 3,	/* of an interface */
	OPTION_RESOLUTION = 9,
	OPTION_FLAGS = 2,				/* of a packet */

	DIRECTION_IN = 1, DIRECTION_OUT = 2, DIRECTION = 3,
	NAME_IPV4 = 1, NAME_IPV6 = 2,
	SECRETS_TLS = 0x544c534b,			/* "TLSK" */
};

#endif
