/* SPDX-License-Identifier: MIT */
/*
 * fuzz_starttls - what servers answer before TLS.
 *
 * The first byte chooses the protocol and which answer it is. Holds: what is
 * said lies within the answer; with the first byte that makes it whole, the
 * verdict stands, and if it was good, all that follows is refused (but for
 * IMAP's lines and XMPP's blanks, which may follow where TLS is not next);
 * nothing is waited for for ever; names of any kind fit into what we say.
 */
#include "base/base.h"
#include "proto/starttls.h"

#define HOLDS(ok)							\
	do {								\
		if (!(ok))						\
			abort();					\
	} while (0)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const unsigned steps[STARTTLS_PROTOS] = {
	[STARTTLS_SMTP] = 3, [STARTTLS_IMAP] = 2, [STARTTLS_POP3] = 2,
	[STARTTLS_FTP] = 2, [STARTTLS_XMPP] = 2, [STARTTLS_LDAP] = 1,
	[STARTTLS_POSTGRES] = 1,
};

static enum starttls_state
answer(struct starttls *s, const struct starttls *start, const char *p,
    size_t n)
{
	enum starttls_state state;

	*s = *start;
	state = starttls_answer(s, p, n);
	HOLDS(s->said == NULL ||
	    (s->said >= p && s->said + s->said_len <= p + n));
	HOLDS(state != STARTTLS_MORE || n < STARTTLS_ANSWER);
	HOLDS(state == STARTTLS_SPEAK ? s->step == start->step + 1 :
	    s->step == start->step);
	HOLDS(state != STARTTLS_AGREED ||
	    s->step + 1 == steps[start->proto]);
	return state;
}

static void
check_words(const struct starttls *s, const char *p, size_t n)
{
	char name[2 * STARTTLS_WORDS] = "", words[STARTTLS_WORDS];

	memcpy(name, p, n < sizeof name ? n : sizeof name - 1);
	HOLDS(starttls_words(s, name, words) <= sizeof words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data + 1;
	enum starttls_state whole, first = STARTTLS_MORE;
	struct starttls start = { 0 }, s;
	size_t n = size - 1, k = 0;
	bool lenient;

	if (size == 0)
		return 0;
	start.proto = 1 + data[0] % (STARTTLS_PROTOS - 1);
	start.step = data[0] / 16 % steps[start.proto];
	start.offered = start.step > 1;
	lenient = start.step == 0 && (start.proto == STARTTLS_IMAP ||
	    start.proto == STARTTLS_XMPP);
	check_words(&start, p, n);
	whole = answer(&s, &start, p, n);
	while (k < n && first == STARTTLS_MORE)
		first = answer(&s, &start, p, ++k);
	if (first == STARTTLS_SPEAK || first == STARTTLS_AGREED)
		HOLDS(k == n ? whole == first : whole == STARTTLS_BEHIND ||
		    lenient);
	else
		HOLDS(whole == first);
	return 0;
}
