/*
 * starttls_parts - what the dialogues of proto/starttls share: starttls.c has
 * the table and the protocols of lines, starttls_xml.c XMPP, starttls_bytes.c
 * LDAP and PostgreSQL.
 */
#ifndef PROTO_STARTTLS_PARTS_H
#define PROTO_STARTTLS_PARTS_H

#include "proto/starttls.h"

struct starttls_cut {		/* an answer, and how much of it is parsed */
	const char	*p;
	size_t		 n, at;
	const char	*line;		/* the part that was cut last */
	size_t		 len;
};

/* The next line, without its CR LF. 0: not whole; -1: it lacks the CR. */
int	starttls_line(struct starttls_cut *);

/* state is about the part that was cut last. Returns it. */
enum starttls_state starttls_said(struct starttls *,
	    const struct starttls_cut *, enum starttls_state);

/* SPEAK, with what is behind the answer not cut; or any other state. */
enum starttls_state starttls_xmpp(struct starttls *, struct starttls_cut *,
	    const char *wanted);
enum starttls_state starttls_ldap(struct starttls *, struct starttls_cut *,
	    const char *wanted);
enum starttls_state starttls_postgres(struct starttls *,
	    struct starttls_cut *, const char *wanted);

#endif
