/*
 * pin - the SHA-256 of a public key (its SubjectPublicKeyInfo, RFC 7469 2.4),
 * written "sha256:" and 64 hexadecimal digits.
 *
 * It names the key and not the certificate, so it stays when a certificate is
 * renewed for the same key.
 */
#ifndef PROTO_PIN_H
#define PROTO_PIN_H

#include "base/base.h"

enum {
	PIN_BYTES = 32,
	PIN_TEXT = 7 + 2 * PIN_BYTES + 1,	/* "sha256:", NUL */
};

/* Colons between the bytes and capital letters will do. -1: it is no pin. */
int	pin_parse(unsigned char pin[static PIN_BYTES], const char *text)
	    MUST_CHECK;
const char *pin_text(const unsigned char pin[static PIN_BYTES],
	    char dst[static PIN_TEXT]);		/* returns dst */

#endif
