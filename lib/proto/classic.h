/*
 * classic - what the small services of 1983 say: daytime (RFC 867), time (RFC
 * 868) and the character generator (RFC 864).
 */
#ifndef PROTO_CLASSIC_H
#define PROTO_CLASSIC_H

#include "base/base.h"

enum {
	CLASSIC_DAYTIME = 64,	/* "Wednesday, September 30, 2026 ..." */
	CLASSIC_TIME = 4,
	CLASSIC_LINE = 74,	/* of the generator: 72 and CR LF */
};

/*
 * "Tuesday, February 22, 1982 17:37:43-UTC" CR LF, the first of the RFC's
 * forms. Returns its length; s: seconds since 1970, up to the year 9999.
 */
size_t	classic_daytime(char dst[static CLASSIC_DAYTIME], int64_t s);

/* Seconds since 1900, 32 bits, big-endian: from 2036 on it begins anew. */
void	classic_time(unsigned char dst[static CLASSIC_TIME], int64_t s);

/* n bytes of the endless pattern, from offset off on. */
void	classic_chargen(char *dst, size_t n, uint64_t off);

#endif
