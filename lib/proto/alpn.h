/*
 * alpn - a list of application protocols, from "h2,http/1.1" to how it stands
 * in a ClientHello (RFC 7301 3.1): each name behind its length.
 */
#ifndef PROTO_ALPN_H
#define PROTO_ALPN_H

#include "base/base.h"

enum { ALPN_NAME = 255 };	/* bytes of one name, at most */

/*
 * Returns the bytes written to wire; -1: a name is empty or too long, or all
 * of it does not fit.
 */
int	alpn_parse(const char *list, unsigned char *wire, size_t size)
	    MUST_CHECK;

#endif
