/* SPDX-License-Identifier: MIT */
#include "proto/tls_alert.h"

const char *
tls_alert_name(long number)
{
	static const struct {
		int number;
		const char *name;
	} alerts[] = {
		{ 0, "close_notify" },
		{ 10, "unexpected_message" },
		{ 20, "bad_record_mac" },
		{ 22, "record_overflow" },
		{ 40, "handshake_failure" },
		{ TLS_ALERT_BAD_CERTIFICATE, "bad_certificate" },
		{ 43, "unsupported_certificate" },
		{ 44, "certificate_revoked" },
		{ 45, "certificate_expired" },
		{ 46, "certificate_unknown" },
		{ 47, "illegal_parameter" },
		{ TLS_ALERT_UNKNOWN_CA, "unknown_ca" },
		{ 49, "access_denied" },
		{ 50, "decode_error" },
		{ 51, "decrypt_error" },
		{ TLS_ALERT_PROTOCOL_VERSION, "protocol_version" },
		{ 71, "insufficient_security" },
		{ 80, "internal_error" },
		{ 86, "inappropriate_fallback" },
		{ 90, "user_canceled" },
		{ 100, "no_renegotiation" },
		{ 109, "missing_extension" },
		{ 110, "unsupported_extension" },
		{ TLS_ALERT_UNRECOGNIZED_NAME, "unrecognized_name" },
		{ 113, "bad_certificate_status_response" },
		{ 115, "unknown_psk_identity" },
		{ TLS_ALERT_CERTIFICATE_REQUIRED, "certificate_required" },
		{ TLS_ALERT_NO_PROTOCOL, "no_application_protocol" },
	};

	for (size_t i = 0; i < NELEMS(alerts); i++)
		if (alerts[i].number == number)
			return alerts[i].name;
	return "unknown";
}
