/* SPDX-License-Identifier: MIT */
#include <stdarg.h>

#include "base/vis.h"
#include "net/conn.h"
#include "net/tls_state.h"
#include "proto/tls_alert.h"
#include "talk/talk.h"

enum {
	NAMES_SHOWN = 3,	/* of a certificate, in a sentence */
	DAY = 10,		/* of "2026-11-22T..." */
};

const char *
tls_word(const struct tls_fault *f)
{
	static const char *const words[] = {
		[TLS_FINE] = "fine", [TLS_ERRNO] = "system",
		[TLS_MEMORY] = "memory", [TLS_TRUNCATED] = "truncated",
		[TLS_EARLY_END] = "early-end", [TLS_ALERT] = "alert",
		[TLS_PLAIN] = "plain", [TLS_UNTRUSTED] = "untrusted",
		[TLS_SELF_SIGNED] = "self-signed",
		[TLS_WRONG_NAME] = "wrong-name", [TLS_EXPIRED] = "expired",
		[TLS_NOT_YET] = "not-yet-valid", [TLS_OTHER_KEY] = "other-key",
		[TLS_NO_CERT] = "no-certificate", [TLS_VERSION] = "version",
		[TLS_NO_ALPN] = "no-protocol", [TLS_BAD_KEY_LOG] = "key-log",
		[TLS_OTHER] = "other",
	};

	return f->kind < NELEMS(words) && words[f->kind] != NULL ?
	    words[f->kind] : "other";
}

static void
add(char dst[static TLS_TEXT], const char *before, const char *foreign)
{
	size_t n = strlen(dst);
	char safe[TLS_NAME];

	vis_str(safe, sizeof safe, foreign, strlen(foreign));
	snprintf(dst + n, TLS_TEXT - n, "%s%s", before, safe);
}

static void
wrong_name(char dst[static TLS_TEXT], const struct tls_cert *c,
    const char *name)
{
	if (c->nsans == 0) {	/* RFC 9525 2: the CN is for people */
		snprintf(dst, TLS_TEXT, "the certificate has no "
		    "subjectAltName that names a host, only");
		add(dst, " ", c->subject);
		return;
	}
	snprintf(dst, TLS_TEXT, "the certificate is");
	for (size_t i = 0; i < c->nsans && i < NAMES_SHOWN; i++)
		add(dst, i == 0 ? " for " : ", ", c->san[i]);
	if (c->nsans > NAMES_SHOWN)
		add(dst, " and others", "");
	add(dst, ", not for ", name);
}

static void
untrusted(char dst[static TLS_TEXT], const struct tls_fault *f,
    const struct tls_cert *c)
{
	snprintf(dst, TLS_TEXT, "certificate not trusted: %s", f->text);
	if (c->issuer[0] != '\0')
		add(dst, ", ", c->issuer);
}

/* Those about the other side's certificate. */
static bool
about_cert(char dst[static TLS_TEXT], const struct tls_fault *f,
    const struct tls_cert *c, const char *name)
{
	char pin[PIN_TEXT];

	if (c == NULL || !c->there)
		return false;
	switch (f->kind) {
	case TLS_SELF_SIGNED:
		snprintf(dst, TLS_TEXT, "certificate not trusted: self-signed");
		return true;
	case TLS_UNTRUSTED:
		untrusted(dst, f, c);
		return true;
	case TLS_WRONG_NAME:
		wrong_name(dst, c, name != NULL ? name : "this address");
		return true;
	case TLS_EXPIRED:
		snprintf(dst, TLS_TEXT, "the certificate expired on %.*s", DAY,
		    c->not_after);
		return true;
	case TLS_NOT_YET:
		snprintf(dst, TLS_TEXT, "the certificate is not valid before "
		    "%.*s", DAY, c->not_before);
		return true;
	case TLS_OTHER_KEY:
		snprintf(dst, TLS_TEXT, "its key is not the pinned one but %s",
		    pin_text(c->pin, pin));
		return true;
	default:
		return false;
	}
}

const char *
tls_sentence(char dst[static TLS_TEXT], const struct tls_fault *f,
    const struct tls_cert *c, const char *name)
{
	static const char *const plain[] = {
		[TLS_MEMORY] = "out of memory",
		[TLS_TRUNCATED] = "truncated: it ended without close_notify",
		[TLS_EARLY_END] = "it went during the handshake",
		[TLS_NO_CERT] = "it sent no certificate",
		[TLS_NO_ALPN] = "no application protocol in common",
	};

	if (about_cert(dst, f, c, name))
		return dst;
	if (f->kind < NELEMS(plain) && plain[f->kind] != NULL)
		snprintf(dst, TLS_TEXT, "%s", plain[f->kind]);
	else if (f->kind == TLS_ERRNO || f->kind == TLS_BAD_KEY_LOG)
		snprintf(dst, TLS_TEXT, "%s%s (%s)",
		    f->kind == TLS_ERRNO ? "" : "the key log: ",
		    errno_words((int)f->code), errno_symbol((int)f->code));
	else if (f->kind == TLS_ALERT)
		snprintf(dst, TLS_TEXT, "it refused: alert %s (%ld)",
		    tls_alert_name(f->code), f->code);
	else if (f->kind == TLS_PLAIN)
		snprintf(dst, TLS_TEXT, "it does not speak TLS, it began "
		    "with '%s'", f->text);
	else if (f->kind == TLS_VERSION)
		snprintf(dst, TLS_TEXT, "no version of TLS in common (%s)",
		    f->text);
	else
		snprintf(dst, TLS_TEXT, "%s", f->text);
	return dst;
}

const char *
tls_whom(char dst[static TLS_WHOM], const struct conn *c, const char *name)
{
	char addr[ADDR_TEXT], safe[ADDR_HOST];

	if (name[0] == '\0' || strchr(name, ':') != NULL ||
	    addr_port(&c->peer) == 0)
		snprintf(dst, TLS_WHOM, "%s", addr_text(&c->peer, addr));
	else
		snprintf(dst, TLS_WHOM, "%s:%u",
		    vis_str(safe, sizeof safe, name, strlen(name)),
		    addr_port(&c->peer));
	return dst;
}

static void
advise_alert(struct why *why, long code)
{
	switch (code) {
	case TLS_ALERT_BAD_CERTIFICATE:
	case TLS_ALERT_CERTIFICATE_REQUIRED:
		why_hint(why, "it may want another certificate of ours: "
		    "--cert");
		break;
	case TLS_ALERT_UNKNOWN_CA:
		why_hint(why, "it does not know who issued our certificate");
		break;
	case TLS_ALERT_PROTOCOL_VERSION:
		why_hint(why, "it speaks other versions than we may: "
		    "--tls-min");
		break;
	case TLS_ALERT_UNRECOGNIZED_NAME:
		why_hint(why, "--server-name asks for another name");
		break;
	case TLS_ALERT_NO_PROTOCOL:
		why_hint(why, "--alpn offers other protocols");
		break;
	default:
		break;
	}
}

void
tls_advise(struct why *why, const struct tls_fault *f,
    const struct tls_cert *c, bool server)
{
	char pin[PIN_TEXT];

	if (server)
		return;
	switch (f->kind) {
	case TLS_ALERT:
		advise_alert(why, f->code);
		break;
	case TLS_PLAIN:
		why_hint(why, "without --tls you can talk to it");
		break;
	case TLS_UNTRUSTED:
	case TLS_SELF_SIGNED:
	case TLS_WRONG_NAME:
	case TLS_EXPIRED:
	case TLS_NOT_YET:
		why_hint(why, "nothing was sent; --pin %s trusts this one",
		    pin_text(c->pin, pin));
		break;
	default:
		break;
	}
}

/* NULL for what a certificate or a handshake does not have. */
static const char *
some(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

/* What an event says of a certificate; some, absent where there is none. */
struct told {
	char	 pin[PIN_TEXT];
	char	*sans[TLS_SANS];
	bool	 there;
};

static void
tell_init(struct told *t, const struct tls_cert *c)
{
	*t = (struct told){ .there = c->there };
	if (c->there)
		pin_text(c->pin, t->pin);
	for (size_t i = 0; i < c->nsans; i++)
		t->sans[i] = (char *)(uintptr_t)c->san[i];
}

#define CERT_VALUES(t, c)						\
	TALK_S(TF_SUBJECT, some((c)->subject)),				\
	TALK_S(TF_ISSUER, some((c)->issuer)),				\
	TALK_S(TF_NOT_BEFORE, some((c)->not_before)),			\
	TALK_S(TF_NOT_AFTER, some((c)->not_after)),			\
	TALK_I(TF_DAYS_LEFT, (t)->there ? (c)->days_left : TALK_UNKNOWN), \
	TALK_SS(TF_SANS, (t)->sans, (c)->nsans),			\
	TALK_I(TF_KEY_BITS, (t)->there ? (c)->key_bits : TALK_UNKNOWN),	\
	TALK_S(TF_PIN, some((t)->pin))

void
tls_tell_done(struct conn *c, const struct tls_facts *f, int64_t dur_us)
{
	char doubt[TLS_TEXT];
	const char *reason = f->trust == TLS_TRUSTED ? "trusted" :
	    f->trust == TLS_PINNED ? "pinned" : f->trust == TLS_UNCHECKED ?
	    tls_sentence(doubt, &f->doubt, &f->peer, some(f->sni)) : NULL;
	struct told t;

	if (!talk_heard(c->talk))
		return;
	tell_init(&t, &f->peer);
	talk_tell(c->talk, &(struct talk_event){ .kind = TALK_TLS,
	    .conn = c->id, .peer = &c->peer,
	    TALK_VALUES(TALK_S(TF_VERSION, f->version),
	    TALK_S(TF_CIPHER, f->cipher), TALK_S(TF_GROUP, some(f->group)),
	    TALK_S(TF_ALPN, some(f->alpn)), TALK_S(TF_SNI, some(f->sni)),
	    TALK_I(TF_VERIFY_OK, t.there ? f->trust != TLS_UNCHECKED :
	    TALK_UNKNOWN),
	    TALK_I(TF_VERIFY_CODE, t.there ? f->doubt.code : TALK_UNKNOWN),
	    TALK_S(TF_VERIFY_REASON, reason), CERT_VALUES(&t, &f->peer),
	    TALK_I(TF_DUR_US, dur_us)) });
}

void
tls_tell_failed(struct conn *c, const struct tls_fault *f,
    const struct tls_cert *cert, const char *text, int64_t dur_us)
{
	struct told t;

	if (!talk_heard(c->talk))
		return;
	tell_init(&t, cert);
	talk_tell(c->talk, &(struct talk_event){ .kind = TALK_TLS_FAILED,
	    .conn = c->id, .peer = &c->peer,
	    .err = f->kind == TLS_ERRNO ? (int)f->code : 0,
	    TALK_VALUES(TALK_S(TF_CODE, tls_word(f)), TALK_S(TF_TEXT, text),
	    CERT_VALUES(&t, cert), TALK_I(TF_DUR_US, dur_us)) });
}

void
tls_tell_own(const struct tls *t, struct talk *talk)
{
	const struct tls_cert *c = t->engine->side_cert(t->side);
	struct told told;

	tell_init(&told, c);
	talk_tell(talk, &(struct talk_event){ .kind = TALK_CERTIFICATE,
	    TALK_VALUES(CERT_VALUES(&told, c),
	    TALK_I(TF_THROW_AWAY, t->own_pin[0] != '\0')) });
}
