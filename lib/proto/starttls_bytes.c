/* SPDX-License-Identifier: MIT */
#include "proto/starttls_parts.h"

enum {				/* RFC 4511 appendix B */
	SEQUENCE = 0x30, INTEGER = 0x02, ENUMERATED = 0x0a,
	OCTET_STRING = 0x04, EXTENDED_RESPONSE = 0x78,
	LENGTH_BYTES = 4,	/* some write every length in four */
	POSTGRES_HEAD = 5,	/* a letter, and how long it and the rest are */
};

struct ber {
	const unsigned char *p;
	size_t		 n;
};

const char *
starttls_result(unsigned code)
{
	static const char *const names[] = {	/* RFC 4511 4.14.2 and A.1 */
		[1] = "operationsError", [2] = "protocolError",
		[8] = "strongerAuthRequired", [10] = "referral",
		[12] = "unavailableCriticalExtension",
		[13] = "confidentialityRequired", [50] =
		"insufficientAccessRights", [51] = "busy",
		[52] = "unavailable", [53] = "unwillingToPerform",
		[80] = "other",
	};

	return code < NELEMS(names) ? names[code] : NULL;
}

/* X.690 8.1.3. 0: not whole; -1: too long, or not of that kind. */
static int
take(struct ber *from, unsigned char tag, struct ber *within)
{
	size_t len, at = 2, more;

	if (from->n > 0 && from->p[0] != tag)
		return -1;
	if (from->n < 2)
		return 0;
	len = from->p[1];
	if (len >= 0x80) {
		more = len & 0x7f;
		if (more == 0 || more > LENGTH_BYTES)
			return -1;
		if (from->n < at + more)
			return 0;
		for (len = 0; more > 0; more--)
			len = len << 8 | from->p[at++];
	}
	if (len > STARTTLS_ANSWER)
		return -1;
	if (from->n - at < len)
		return 0;
	*within = (struct ber){ from->p + at, len };
	from->p += at + len;
	from->n -= at + len;
	return 1;
}

/* An ExtendedResponse to message 1; 0 is for an end that was not asked for. */
static bool
response(struct ber *message, struct starttls *s, struct ber *text)
{
	struct ber id, answer, code, dn;

	if (take(message, INTEGER, &id) <= 0 || id.n != 1 || id.p[0] > 1 ||
	    take(message, EXTENDED_RESPONSE, &answer) <= 0 ||
	    take(&answer, ENUMERATED, &code) <= 0 || code.n != 1 ||
	    take(&answer, OCTET_STRING, &dn) <= 0 ||
	    take(&answer, OCTET_STRING, text) <= 0)
		return false;
	s->code = code.p[0];
	return id.p[0] == 1 || s->code != 0;
}

enum starttls_state
starttls_ldap(struct starttls *s, struct starttls_cut *c, const char *wanted)
{
	struct ber all = { (const unsigned char *)c->p, c->n }, message, text;
	int r = take(&all, SEQUENCE, &message);

	(void)wanted;
	c->len = c->n;
	c->at = c->n - all.n;
	if (r == 0)
		return STARTTLS_MORE;
	if (r < 0 || !response(&message, s, &text))
		return starttls_said(s, c, STARTTLS_STRANGE);
	c->line = (const char *)text.p;
	c->len = text.n;
	return starttls_said(s, c,
	    s->code == 0 ? STARTTLS_SPEAK : STARTTLS_REFUSED);
}

/* Its fields are a letter and a text each; "M" is for people. */
static void
message_of(struct starttls_cut *c, const char *p, const char *end)
{
	while (p < end && *p != '\0') {
		const char *nul = memchr(p, '\0', (size_t)(end - p));

		if (nul == NULL)
			return;
		if (*p == 'M') {
			c->line = p + 1;
			c->len = (size_t)(nul - p - 1);
			return;
		}
		p = nul + 1;
	}
}

/* A server from before SSL answers with an ErrorResponse. */
static enum starttls_state
error(struct starttls *s, struct starttls_cut *c)
{
	const unsigned char *p = (const unsigned char *)c->p;
	size_t len;

	if (c->n < POSTGRES_HEAD)
		return STARTTLS_MORE;
	len = (size_t)p[1] << 24 | (size_t)p[2] << 16 | (size_t)p[3] << 8 |
	    p[4];
	if (len < POSTGRES_HEAD - 1 || len > STARTTLS_ANSWER)
		return starttls_said(s, c, STARTTLS_STRANGE);
	if (c->n < 1 + len)
		return STARTTLS_MORE;
	message_of(c, c->p + POSTGRES_HEAD, c->p + 1 + len);
	return starttls_said(s, c, STARTTLS_REFUSED);
}

enum starttls_state
starttls_postgres(struct starttls *s, struct starttls_cut *c,
    const char *wanted)
{
	c->len = c->n;
	if (c->n == 0)
		return STARTTLS_MORE;
	c->at = 1;
	if (c->p[0] == wanted[0])
		return STARTTLS_SPEAK;
	if (c->p[0] == 'E')
		return error(s, c);
	return starttls_said(s, c, c->p[0] == 'N' ? STARTTLS_REFUSED :
	    STARTTLS_STRANGE);
}
