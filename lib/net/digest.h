/*
 * digest - SHA-256 and MD5, by libcrypto, which a module brings on first use.
 */
#ifndef NET_DIGEST_H
#define NET_DIGEST_H

#include "base/why.h"

enum digest_kind { DIGEST_MD5, DIGEST_SHA256 };
enum { DIGEST_MAX = 32, DIGEST_ABI = 1 };

/* What the module exports as sockt_digest. */
struct digest_engine {
	unsigned	abi;
	/* The digest's length; -1: this system will not compute it. */
	int		(*compute)(enum digest_kind, const void *, size_t,
			    unsigned char to[DIGEST_MAX]);
};

/* -1: WHY_LOCAL: the module is missing, or the system refuses (FIPS). */
int	digest(enum digest_kind, const void *, size_t,
	    unsigned char to[static DIGEST_MAX], struct why *) MUST_CHECK;

#endif
