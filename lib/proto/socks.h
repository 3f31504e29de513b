/*
 * socks - the messages of SOCKS 4, 4a and 5, of both sides: RFC 1928, its
 * logins RFC 1929, and the memos "SOCKS" and "SOCKS 4A".
 *
 * Each message is a function that writes it, which returns its length, and
 * one that reads it from all bytes so far, which returns its length, 0 if
 * there are too few, or -1 if it is none. What follows a message is not
 * looked at. In these protocols every length is in the bytes, so no message
 * is longer than SOCKS_MAX.
 */
#ifndef PROTO_SOCKS_H
#define PROTO_SOCKS_H

#include <sys/types.h>

#include "proto/addr.h"

enum {
	SOCKS_WORD = 255,	/* bytes of a name, a user or a password */
	SOCKS_MAX = 8 + 2 * (SOCKS_WORD + 1),
};

struct socks_dest {		/* where to; or, answered, from where */
	char		 name[SOCKS_WORD + 1];	/* or "", and: */
	struct addr	 addr;
	unsigned	 port;
};

enum socks_method {		/* of saying who one is, RFC 1928 3 */
	SOCKS_OPEN = 0, SOCKS_LOGIN = 2, SOCKS_NO_METHOD = 0xff,
};
enum socks_command {
	SOCKS_CONNECT = 1, SOCKS_BIND = 2, SOCKS_UDP = 3,
};
enum socks_answer {		/* RFC 1928 6 */
	SOCKS_GRANTED = 0, SOCKS_FAILED = 1, SOCKS_NOT_ALLOWED = 2,
	SOCKS_NO_NETWORK = 3, SOCKS_NO_HOST = 4, SOCKS_REFUSED = 5,
	SOCKS_EXPIRED = 6, SOCKS_NO_COMMAND = 7, SOCKS_NO_TYPE = 8,
};
enum { SOCKS4_GRANTED = 90, SOCKS4_FAILED = 91 };

/* SOCKS 4; with a name it is 4a. An IPv6 address has no place in it. */
size_t	socks4_ask(unsigned char dst[static SOCKS_MAX],
	    const struct socks_dest *, const char *user);
ssize_t	socks4_answer_parse(const unsigned char *, size_t n, unsigned *code)
	    MUST_CHECK;
const char *socks4_text(unsigned code);	/* "rejected or failed" */

/* Which methods there are: without a login, or with one. */
size_t	socks5_hello(unsigned char dst[static SOCKS_MAX], bool login);
ssize_t	socks5_hello_parse(const unsigned char *, size_t n, bool *open,
	    bool *login) MUST_CHECK;
size_t	socks5_choice(unsigned char dst[static SOCKS_MAX],
	    enum socks_method);
ssize_t	socks5_choice_parse(const unsigned char *, size_t n,
	    unsigned *method) MUST_CHECK;

/* RFC 1929: words of 1 to 255 bytes; read, of 0 to 255, without NUL. */
size_t	socks5_login(unsigned char dst[static SOCKS_MAX], const char *user,
	    const char *pass);
ssize_t	socks5_login_parse(const unsigned char *, size_t n,
	    char user[static SOCKS_WORD + 1],
	    char pass[static SOCKS_WORD + 1]) MUST_CHECK;
size_t	socks5_verdict(unsigned char dst[static SOCKS_MAX], bool good);
ssize_t	socks5_verdict_parse(const unsigned char *, size_t n, bool *good)
	    MUST_CHECK;

/*
 * The request, and the answer, which is of the same form; code: the command,
 * or the answer's. A kind of address that does not exist: dest has neither
 * name nor address, and its length is not known, so all n bytes are it. A
 * name may be empty.
 */
size_t	socks5_ask(unsigned char dst[static SOCKS_MAX], unsigned code,
	    const struct socks_dest *);
ssize_t	socks5_ask_parse(const unsigned char *, size_t n, unsigned *code,
	    struct socks_dest *) MUST_CHECK;
const char *socks5_text(unsigned code);	/* "connection refused" */

#endif
