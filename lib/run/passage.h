/*
 * passage - a client of our proxy, as its parts see it: proxy_server.c moves
 * it along, passage_http.c and passage_socks.c know what it says and what it
 * is answered.
 */
#ifndef RUN_PASSAGE_H
#define RUN_PASSAGE_H

#include <ev.h>

#include "base/buf.h"
#include "proto/http_request.h"
#include "proto/socks.h"
#include "run/proxy_server.h"

enum {
	PASSAGE_LINE = 16 * KIB,	/* of a head */
	PASSAGE_FIELDS = 100,
	PASSAGE_SAYS = 640,		/* an answer of our own */
};

struct errand;

enum passage_next {
	PASSAGE_READ,			/* the next message */
	PASSAGE_GO,			/* host and port are known */
	PASSAGE_REFUSE,			/* the answer is out; it may leave */
};

/* What keeps a client from getting through. */
enum passage_fault {
	PASSAGE_DENIED,			/* --to */
	PASSAGE_NO_NAME, PASSAGE_REFUSED, PASSAGE_TIMEOUT,
	PASSAGE_UNREACHABLE, PASSAGE_LOCAL,
};

struct passage {
	struct proxies	*of;
	struct passage	*next, **link;
	struct conn	*client;	/* until there is a relay */
	struct conn	*told;		/* the same, as long as there is one */
	struct lookup	*lookup;
	struct dial	*dial;
	struct relay	*relay;
	ev_io		 io;
	ev_timer	 limit;
	struct buf	 in;
	bool		 leaving;	/* refused, and answered */
	struct why	 why;
	char		 host[ADDR_HOST];
	unsigned	 port;

	struct http_scan scan;
	struct http_request req;
	struct http_field field[PASSAGE_FIELDS];
	struct errand	*errand;	/* a plain request; or NULL */
	bool		 chosen, known;	/* SOCKS: a method; who it is */
};

struct passage_kind {
	const char	*name;
	/* A message of all bytes so far: its length, 0: more, -1: none;
	 * then *next says what follows. */
	ssize_t		(*parse)(struct passage *, enum passage_next *);
	void		(*granted)(struct passage *, const struct addr *from);
	void		(*refuse)(struct passage *, enum passage_fault,
			    const char *text);
};
extern const struct passage_kind passage_http, passage_socks5;

/* How long a head of HTTP may be: PROXY_ASK_MAX of all. */
extern const struct http_limits passage_limits;
/*
 * Tells a client that asked by HTTP, and writes what it is answered, without
 * the content if that is not wanted (HEAD). Returns the length.
 */
size_t	passage_http_says(struct passage *, char dst[static PASSAGE_SAYS],
	    unsigned status, const char *text);

/* Small enough to leave at once; if it does not, the client goes. */
void	passage_answer(struct passage *, const void *, size_t);
/* What it said, or was told. */
void	passage_tell(struct passage *, bool out, const char *fmt, ...)
	    PRINTF_LIKE(3, 4);
/* The credentials that are wanted; .given false: none. */
const struct proxy_login *passage_login(const struct passage *);

#endif
