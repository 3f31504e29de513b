/* SPDX-License-Identifier: MIT */
#include "net/digest.h"

#include "base/module.h"

static const struct module module = { "digest", "libssl3", "libssl-dev" };

int
digest(enum digest_kind kind, const void *p, size_t n,
    unsigned char to[static DIGEST_MAX], struct why *why)
{
	const struct digest_engine *e = module_load(&module, why);

	if (e == NULL)
		return -1;
	if (e->abi != DIGEST_ABI)
		return why_set(why, WHY_LOCAL, 0, "the module digest is of "
		    "another version of sockt");
	if (e->compute(kind, p, n, to) < 0)
		return why_set(why, WHY_LOCAL, 0, "libcrypto does not compute "
		    "%s here", kind == DIGEST_MD5 ? "MD5" : "SHA-256");
	return 0;
}
