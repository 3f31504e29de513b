/* SPDX-License-Identifier: MIT */
#include "talk/text_sink.h"

enum {
	CIPHER_MAX = 64,
	ISSUER_MAX = 256,
	DATE = 10,		/* of "2027-01-02T00:00:00Z" */
	PIN_KIND = 7,		/* "sha256:" */
	PIN_ENDS = 2,		/* bytes shown of its beginning */
};

/* "TLS_AES_128_GCM_SHA256" is AES-128-GCM; so is "TLS_..._WITH_AES_128...". */
static void
cipher(struct text *t, const char *name)
{
	const char *with = strstr(name, "_WITH_");
	const char *from = with != NULL ? with + strlen("_WITH_") :
	    strncmp(name, "TLS_", 4) == 0 ? name + 4 : name;
	const char *hash = strstr(from, "_SHA");
	size_t n = hash != NULL ? (size_t)(hash - from) : strlen(from);
	char text[CIPHER_MAX];

	if (n >= sizeof text)
		n = sizeof text - 1;
	for (size_t i = 0; i < n; i++)
		text[i] = from[i] == '_' ? '-' : from[i];
	text[n] = '\0';
	text_own(t, text);
}

/* Of "CN=Example CA,O=Example": what a person calls it. */
static void
issuer(struct text *t, const char *name)
{
	const char *cn = strncmp(name, "CN=", 3) == 0 ? name :
	    strstr(name, ",CN=");
	char text[ISSUER_MAX];
	size_t n = 0;

	if (cn == NULL) {
		text_str(t, name);
		return;
	}
	for (cn = strchr(cn, '=') + 1; *cn != '\0' && *cn != ',' &&
	    n < sizeof text - 1; cn++) {
		if (*cn == '\\' && cn[1] != '\0')
			cn++;
		text[n++] = *cn;
	}
	text[n] = '\0';
	text_put(t, "\"");
	text_str(t, text);
	text_put(t, "\"");
}

static void
validity(struct text *t, const struct talk_event *e)
{
	const char *until = talk_get_str(e, TF_NOT_AFTER);
	char date[DATE + 1];
	int64_t days = text_int(e, TF_DAYS_LEFT);

	if (until == NULL)
		return;
	snprintf(date, sizeof date, "%s", until);
	text_put(t, ", valid until ");
	text_own(t, date);
	if (days != TALK_UNKNOWN && days >= 0)
		text_put(t, " (%lld day%s)", (long long)days,
		    days == 1 ? "" : "s");
}

static void
verdict(struct text *t, const struct talk_event *e)
{
	const char *reason = talk_get_str(e, TF_VERIFY_REASON);

	if (reason == NULL)
		return;
	if (talk_get_int(e, TF_VERIFY_OK, 0) == 0) {
		text_put(t, "; NOT CHECKED (--insecure): ");
		text_own(t, reason);
	} else
		text_put(t, ", %s", strcmp(reason, "pinned") == 0 ?
		    "trusted by its pin" : "trusted");
}

/* A certificate may name nobody in its subject, only in its other names. */
static void
subject(struct text *t, const struct talk_event *e)
{
	const char *name = talk_get_str(e, TF_SUBJECT);
	const struct talk_value *sans = talk_get(e, TF_SANS);

	if (name == NULL && sans != NULL && sans->strings.n > 0)
		name = sans->strings.v[0];
	text_str(t, name != NULL ? name : "of nobody");
}

void
text_tls(struct text *t, const struct talk_event *e)
{
	const char *group = talk_get_str(e, TF_GROUP);
	const char *suite = talk_get_str(e, TF_CIPHER);
	const char *alpn = talk_get_str(e, TF_ALPN);
	const char *sni = talk_get_str(e, TF_SNI);
	int64_t us = text_int(e, TF_DUR_US);

	text_own(t, talk_get_str(e, TF_VERSION));
	if (group != NULL) {
		text_put(t, ", ");
		text_own(t, group);
	}
	text_put(t, ", ");
	cipher(t, suite != NULL ? suite : "?");
	if (alpn != NULL) {
		text_put(t, ", ");
		text_str(t, alpn);
	}
	if (sni != NULL) {
		text_put(t, "; for ");
		text_str(t, sni);
	}
	if (us != TALK_UNKNOWN) {
		text_put(t, " (");
		text_time(t, us);
		text_put(t, ")");
	}
	if (talk_get_str(e, TF_PIN) == NULL)
		return;
	text_end(t);
	text_below(t, true);
	text_put(t, "certificate: ");
	subject(t, e);
	if (talk_get_str(e, TF_ISSUER) != NULL) {
		text_put(t, ", by ");
		issuer(t, talk_get_str(e, TF_ISSUER));
	}
	validity(t, e);
	verdict(t, e);
}

/* "sha256 5f:02:...:9a": for the eye; the whole of it follows. */
static void
fingerprint(struct text *t, const char *pin)
{
	size_t n = strlen(pin);
	char part[3];

	if (n < PIN_KIND + 2 * PIN_ENDS + 2) {
		text_own(t, pin);
		return;
	}
	text_put(t, "sha256 ");
	for (int i = 0; i < PIN_ENDS; i++) {
		snprintf(part, sizeof part, "%s", pin + PIN_KIND + 2 * i);
		text_own(t, part);
		text_put(t, ":");
	}
	text_put(t, "%s:", text_dots(t));
	text_own(t, pin + n - 2);
}

/* The faults that a pin would mend. */
static bool
pin_helps(const char *code)
{
	static const char *const codes[] = { "untrusted", "self-signed",
		"wrong-name", "expired", "not-yet-valid" };

	for (size_t i = 0; i < NELEMS(codes); i++)
		if (code != NULL && strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

void
text_tls_failed(struct text *t, const struct talk_event *e)
{
	const char *pin = talk_get_str(e, TF_PIN);

	text_own(t, talk_get_str(e, TF_TEXT));
	if (pin == NULL)
		return;
	text_put(t, " (");
	subject(t, e);
	text_put(t, ", ");
	fingerprint(t, pin);
	text_put(t, ")");
	if (t->o.numbered || !pin_helps(talk_get_str(e, TF_CODE)))
		return;
	text_end(t);
	text_below(t, true);
	text_put(t, "nothing was sent. To trust this one: --pin %s", pin);
}

void
text_certificate(struct text *t, const struct talk_event *e)
{
	const char *pin = talk_get_str(e, TF_PIN);

	if (talk_get_int(e, TF_THROW_AWAY, 0) != 0)
		text_put(t, "certificate made for this run; clients know it "
		    "by");
	else {
		text_put(t, "certificate: ");
		subject(t, e);
		validity(t, e);
	}
	if (pin == NULL)
		return;
	text_end(t);
	text_below(t, true);
	text_put(t, "--pin %s", pin);
}
