/* SPDX-License-Identifier: MIT */
/* digest - the module: libcrypto's digests. */
#include "net/digest.h"

#include <openssl/evp.h>

static int
compute(enum digest_kind kind, const void *p, size_t n,
    unsigned char to[DIGEST_MAX])
{
	const EVP_MD *md = kind == DIGEST_SHA256 ? EVP_sha256() : EVP_md5();
	unsigned len = 0;

	return EVP_Digest(p, n, to, &len, md, NULL) == 1 ? (int)len : -1;
}

extern const struct digest_engine sockt_digest;
__attribute__((visibility("default")))
const struct digest_engine sockt_digest = { DIGEST_ABI, compute };
