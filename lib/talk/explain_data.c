/* SPDX-License-Identifier: MIT */
/* explain_data - what is said: bytes, datagrams, HTTP, telnet, TLS. */
#include "talk/explain_words.h"

enum { IAC = 255, WILL = 251, DONT = 254, IAC_LEN = 3, STARTED = 64 };

static struct explain_stream *
stream(struct explain *x, const struct talk_event *e)
{
	struct explain_stream *s = &x->sent[e->conn % STREAMS];

	if (s->conn != e->conn)
		*s = (struct explain_stream){ .conn = e->conn };
	return s;
}

/* "GET / HTTP/1.1" and what follows, as far as it has come. */
static bool
begins_http(const char *p, size_t n)
{
	const char *end = memchr(p, '\n', n < STARTED ? n : STARTED);
	size_t line = end == NULL ? n : (size_t)(end - p);
	const char *blank = memchr(p, ' ', line);

	return blank != NULL && blank > p && end != NULL &&
	    strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == (size_t)(blank - p) &&
	    memmem(p, line, " HTTP/1.", 8) != NULL;
}

/* An HTTP request typed by hand: the two traps that everybody falls into. */
static bool
typed_http(struct explain *x, const char *p, size_t n, bool first)
{
	bool empty = strncmp(p, "\n", n) == 0 ||
	    (n >= 2 && memcmp(p, "\r\n", 2) == 0) ||
	    memmem(p, n, "\n\n", 2) != NULL ||
	    memmem(p, n, "\r\n\r\n", 4) != NULL;

	if (first && begins_http(p, n))
		x->typed_http = true;
	if (!x->typed_http)
		return false;
	if (empty)
		x->typed_http = false;
	if ((n == 1 || p[n - 2] != '\r') && p[n - 1] == '\n' &&
	    once(x, SAID_BARE_LF)) {
		say(x, "This line ended in LF alone; HTTP wants CR LF (0d 0a, "
		    "--crlf sends it), some servers answer 400 to that.");
		return true;
	}
	if (!empty && once(x, SAID_HEAD)) {
		say(x, "The server waits: an HTTP head ends with an empty "
		    "line, press Enter once more when it is complete.");
		return true;
	}
	return false;
}

void
explain_sent(struct explain *x, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_DATA);
	struct explain_stream *s = stream(x, e);
	bool first = !s->any;

	if (number(e, TF_BYTES) <= 0)
		return;
	if (v != NULL && v->b.data != NULL && v->b.len > 0) {
		s->last = ((const char *)v->b.data)[v->b.len - 1];
		s->any = true;
		if (is(e, TF_SRC, "stdin") || is(e, TF_SRC, "editor"))
			if (typed_http(x, v->b.data, v->b.len, first))
				return;
	}
	if (once(x, SAID_SENT))
		say(x, "write() returned: the bytes are in the kernel's send "
		    "buffer; that does not say that the other side has them, "
		    "much less that its program has read them.");
}

static bool
is_negotiation(const unsigned char *p, size_t n)
{
	return n >= IAC_LEN && p[0] == IAC && p[1] >= WILL && p[1] <= DONT;
}

void
explain_received(struct explain *x, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_DATA);

	if (v != NULL && v->b.data != NULL && !x->telnet &&
	    is_negotiation(v->b.data, v->b.len) && once(x, SAID_IAC))
		say(x, "ff %02x ... looks like telnet negotiation; here it is "
		    "shown as bytes, 'sockt telnet' would answer it.",
		    ((const unsigned char *)v->b.data)[1]);
	else if (number(e, TF_BYTES) > 0 && once(x, SAID_RECEIVED))
		say(x, "TCP is a stream of bytes: this is what had arrived, "
		    "not a message; two writes may come as one read and one "
		    "write as two.");
}

void
explain_http(struct explain *x, const struct talk_event *e)
{
	int64_t status = number(e, TF_STATUS);

	if (status == TALK_UNKNOWN)
		return;
	if (status == 404)
		say(x, "404: the server is there and understood the question; "
		    "it has nothing under this name.");
	else if (status == 304)
		say(x, "304: what the client has kept from last time is still "
		    "right, so it is not sent again.");
	else if (status >= 300 && status < 400)
		say(x, "%d: not here; the Location field says where to ask "
		    "instead.", (int)status);
	else if (status >= 400 && status < 500)
		say(x, "%d: the server is there, but says that the fault is in "
		    "the question.", (int)status);
	else if (status >= 500)
		say(x, "%d: the server says that the fault is its own, not in "
		    "the question.", (int)status);
}

void
explain_telnet(struct explain *x, const struct talk_event *e)
{
	static const struct { const char *name, *says; } verbs[] = {
		{ "WILL", "offers to use it" }, { "WONT", "will not use it" },
		{ "DO", "asks us to use it" },
		{ "DONT", "asks us not to use it" },
	};
	const char *cmd = word(e, TF_CMD), *name = word(e, TF_OPT_NAME);
	int64_t opt = number(e, TF_OPT);
	char safe[128];

	if (cmd == NULL || name == NULL || opt < 0 || opt > 255)
		return;
	for (unsigned i = 0; i < NELEMS(verbs); i++)
		if (strcmp(cmd, verbs[i].name) == 0 && !e->out &&
		    once(x, SAID_OPTION + i * 256 + (unsigned)opt))
			say(x, "IAC %s %s (ff %02x %02x) is an option of "
			    "telnet being negotiated: the server %s.", cmd,
			    tame(safe, name), WILL + i, (unsigned)opt,
			    is(e, TF_MEANING, "server agrees") ?
			    "agrees to what we said first" :
			    is(e, TF_MEANING, "server refuses") ?
			    "refuses what we said first" : verbs[i].says);
}

void
explain_tls(struct explain *x, const struct talk_event *e)
{
	const char *sni = word(e, TF_SNI), *issuer = word(e, TF_ISSUER);
	char name[128], by[128];

	if (talk_get_int(e, TF_VERIFY_OK, 0) == 0) {
		if (word(e, TF_VERIFY_REASON) != NULL)
			say(x, "From here everything is encrypted, but who is "
			    "at the other end was not proved.");
		return;
	}
	if (is(e, TF_VERIFY_REASON, "pinned"))
		say(x, "The server proved that it holds the key that --pin "
		    "names; no authority was asked; from here everything is "
		    "encrypted.");
	else if (issuer != NULL)
		say(x, "The client proposed versions and keys, the server "
		    "proved that it holds the key of a certificate for %s "
		    "that %s signed and this machine trusts; from here "
		    "everything is encrypted.", sni != NULL ?
		    tame(name, sni) : "this address", tame(by, issuer));
}

void
explain_tls_failed(struct explain *x, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_SANS);
	char safe[128];

	if (is(e, TF_CODE, "self-signed"))
		say(x, "The certificate is signed by itself: the connection "
		    "would be secret, but nobody vouches for who is at the "
		    "other end.");
	else if (is(e, TF_CODE, "untrusted"))
		say(x, "The certificate was signed by somebody whom this "
		    "machine does not trust, so it proves nothing here.");
	else if (is(e, TF_CODE, "expired"))
		say(x, "Certificates have an end date, and this one's has "
		    "passed (or this machine's clock is wrong).");
	else if (is(e, TF_CODE, "not-yet-valid"))
		say(x, "Certificates have a first day, and this one's has not "
		    "come (or this machine's clock is wrong).");
	else if (is(e, TF_CODE, "wrong-name") && v != NULL &&
	    v->strings.n > 0)
		say(x, "The certificate is for %s%s, not for the name asked "
		    "for: it may be the right machine under another name, or "
		    "another machine.", tame(safe, v->strings.v[0]),
		    v->strings.n > 1 ? " and others" : "");
	else if (is(e, TF_CODE, "plain"))
		say(x, "The first bytes were no TLS record: this port speaks "
		    "plain text.");
}

void
explain_certificate(struct explain *x, const struct talk_event *e)
{
	if (talk_get_int(e, TF_THROW_AWAY, 0) != 0)
		say(x, "Nobody vouches for a certificate made for this run: "
		    "clients trust it only if you give them its pin by "
		    "another way.");
}
