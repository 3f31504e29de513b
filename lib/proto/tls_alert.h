/*
 * tls_alert - the names of TLS alerts (RFC 8446 6, appendix B.2).
 */
#ifndef PROTO_TLS_ALERT_H
#define PROTO_TLS_ALERT_H

#include "base/base.h"

enum tls_alert {		/* those that we have a word to say about */
	TLS_ALERT_BAD_CERTIFICATE = 42,
	TLS_ALERT_UNKNOWN_CA = 48,
	TLS_ALERT_PROTOCOL_VERSION = 70,
	TLS_ALERT_UNRECOGNIZED_NAME = 112,
	TLS_ALERT_CERTIFICATE_REQUIRED = 116,
	TLS_ALERT_NO_PROTOCOL = 120,
};

const char *tls_alert_name(long number);	/* "unknown" if it has none */

#endif
