/*
 * module - a part of the program that plain use does not need: a small shared
 * object with its library, loaded on first use.
 *
 * It lies in modules/ beside the binary (where it was built) or in
 * ../lib/sockt (where it is installed), and exports one constant: a table of
 * functions. It refers to nothing in the program. 'make MODULES=linked' puts
 * the modules into the binary instead.
 */
#ifndef BASE_MODULE_H
#define BASE_MODULE_H

#include "base/why.h"

struct module {
	const char	*name;		/* "tls": tls.so, table sockt_tls */
	const char	*package;	/* Debian's of its library, to run */
	const char	*build;		/* and to build it */
};

/* The table, which stays for good. NULL: WHY_LOCAL, naming a package. */
const void *module_load(const struct module *, struct why *) MUST_CHECK;

#endif
