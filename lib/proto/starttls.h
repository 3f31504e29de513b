/*
 * starttls - what is said in clear before TLS: in SMTP, IMAP, POP3, FTP,
 * XMPP, LDAP and PostgreSQL.
 *
 * A dialogue is a table of steps: what we say, what answer is wanted. The
 * caller sends starttls_words(), collects the answer and shows it, from its
 * beginning, until it is whole. Each answer stands alone: whatever comes
 * behind it before we have spoken again is refused. A machine in the middle
 * could have put it there, to be taken for what is said under TLS
 * (CVE-2011-0411, CVE-2021-23222).
 *
 * Limits: STARTTLS_ANSWER bytes of an answer. Lines end in CR LF.
 * RFC 3207 (SMTP), 9051 6.2.1 (IMAP), 2595 4 (POP3), 4217 4 (FTP), 6120 5.4
 * (XMPP), 4511 4.14 (LDAP); PostgreSQL 55.2.10, "SSL Session Encryption".
 */
#ifndef PROTO_STARTTLS_H
#define PROTO_STARTTLS_H

#include "base/base.h"

enum {
	STARTTLS_ANSWER = 16 * KIB,
	STARTTLS_WORDS = 1024,	/* of ours, for names of DNS's length */
};

enum starttls_proto {		/* STARTTLS_NAMES has their names, in order */
	STARTTLS_NONE,
	STARTTLS_SMTP, STARTTLS_IMAP, STARTTLS_POP3, STARTTLS_FTP,
	STARTTLS_XMPP, STARTTLS_LDAP, STARTTLS_POSTGRES,
	STARTTLS_PROTOS
};
#define STARTTLS_NAMES "smtp|imap|pop3|ftp|xmpp|ldap|postgres"

enum starttls_state {
	STARTTLS_MORE,		/* the answer is not whole */
	STARTTLS_SPEAK,		/* it is; it is our turn */
	STARTTLS_AGREED,	/* TLS is next */
	STARTTLS_REFUSED,	/* in its words */
	STARTTLS_NOT_OFFERED,
	STARTTLS_STRANGE,	/* that is not this protocol */
	STARTTLS_LONG,
	STARTTLS_BEHIND,	/* there are bytes behind the answer */
};

struct starttls {
	enum starttls_proto proto;
	unsigned	 step;
	bool		 offered;
	unsigned	 code;		/* LDAP's result; else 0 */
	const char	*said;		/* what the state is about: foreign */
	size_t		 said_len;	/* bytes, in the caller's answer */
};

const char *starttls_name(enum starttls_proto);		/* "smtp" */
/* "protocolError"; NULL: a number will do. */
const char *starttls_result(unsigned code);

void	starttls_init(struct starttls *, enum starttls_proto);
/*
 * What to say now, to whom is called name. Returns its bytes; 0: nothing, it
 * is their turn.
 */
size_t	starttls_words(const struct starttls *, const char *name,
	    char dst[static STARTTLS_WORDS]);
/* Looks at all n bytes since we spoke. After SPEAK the answer is done with. */
enum starttls_state starttls_answer(struct starttls *, const char *, size_t n);

#endif
