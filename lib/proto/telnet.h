/*
 * telnet - the byte stream of RFC 854: what is data and what is a command.
 *
 * The decoder takes bytes in whatever pieces they arrive and gives one event
 * at a time. It answers nothing: what to agree to is telnet_q's, what the
 * numbers mean is telnet_opt's. It cannot be wedged: every sequence ends, the
 * longest one kept is TELNET_SUB_MAX bytes, the rest of it is counted and
 * dropped, never taken for data.
 *
 * The encoder doubles IAC and writes line ends as RFC 854 demands. What it
 * writes goes into a struct buf, the only memory that is allocated here.
 */
#ifndef PROTO_TELNET_H
#define PROTO_TELNET_H

#include "base/buf.h"

enum telnet_byte {		/* RFC 854; 236 to 239 are RFC 1184 and 885 */
	TELNET_EOF = 236, TELNET_SUSP, TELNET_ABORT, TELNET_EOR,
	TELNET_SE, TELNET_NOP, TELNET_DM, TELNET_BRK, TELNET_IP, TELNET_AO,
	TELNET_AYT, TELNET_EC, TELNET_EL, TELNET_GA, TELNET_SB,
	TELNET_WILL, TELNET_WONT, TELNET_DO, TELNET_DONT, TELNET_IAC
};

enum telnet_option {		/* those that something here acts upon */
	TELNET_OPT_BINARY = 0,	/* RFC 856 */
	TELNET_OPT_ECHO = 1,	/* RFC 857 */
	TELNET_OPT_SGA = 3,	/* RFC 858 */
	TELNET_OPT_TTYPE = 24,	/* RFC 1091 */
	TELNET_OPT_NAWS = 31,	/* RFC 1073 */
};

enum {
	TELNET_SUB_MAX = 64 * KIB,	/* kept of one subnegotiation */
	TELNET_SPAN_MAX = 4 * KIB,	/* bytes in one data event */
	TELNET_TTYPE_MAX = 40,	/* of a terminal's name (RFC 1091) */
};

enum telnet_kind {
	TELNET_NONE,		/* no event yet, all bytes are consumed */
	TELNET_DATA,		/* data, len */
	TELNET_COMMAND,		/* cmd */
	TELNET_NEGOTIATE,	/* cmd: WILL, WONT, DO or DONT; opt */
	TELNET_OVERFLOW,	/* opt: its subnegotiation got too long */
	TELNET_SUB,		/* opt, data, len, lost, broken */
};

struct telnet_event {
	enum telnet_kind kind;
	uint8_t		 cmd;
	int		 opt;		/* -1: none (an empty SB has none) */
	const uint8_t	*data;		/* borrowed: TELNET_DATA from the input,
					   TELNET_SUB from the decoder; gone
					   with the next call */
	size_t		 len;
	uint64_t	 lost;		/* bytes beyond TELNET_SUB_MAX */
	bool		 broken;	/* ended by a command that is not SE */
};

enum telnet_state {
	TELNET_IN_DATA, TELNET_IN_IAC, TELNET_IN_NEGOTIATION,
	TELNET_IN_SUB_OPT, TELNET_IN_SUB_OPT_IAC,
	TELNET_IN_SUB, TELNET_IN_SUB_IAC
};

/* 64 KiB: on the heap, or static in a test. All zero is the start. */
struct telnet {
	bool		  binary;	/* set by the caller: NUL is data */
	enum telnet_state state;
	bool		  quoted;	/* the next byte is a doubled IAC */
	uint8_t		  cmd;
	int		  opt;
	size_t		  sublen;
	uint64_t	  lost;
	uint8_t		  sub[TELNET_SUB_MAX];
};

/*
 * Takes bytes up to and including the next event and returns how many. Call
 * again with the rest until all are taken; with bytes left, either some are
 * taken or there is an event (or both). NUL is dropped unless binary: outside
 * of BINARY it is padding, in CR NUL too (RFC 854, The NVT Printer); CR LF
 * and lone CR are left as they are.
 */
size_t	telnet_next(struct telnet *, const uint8_t *, size_t,
	    struct telnet_event *);

/* Whether the stream stopped inside a command: at the end, a cut stream. */
bool	telnet_inside(const struct telnet *);

enum telnet_eol {		/* how line ends are written */
	TELNET_EOL_LINES,	/* LF as CR LF, CR LF as it is, CR as CR NUL */
	TELNET_EOL_KEYS,	/* CR (Enter) as CR NUL, LF as it is */
	TELNET_EOL_BINARY,	/* as they are (RFC 856) */
};

struct telnet_encoder {
	enum telnet_eol	 eol;	/* to change it, telnet_encode_end() first */
	bool		 cr;	/* LINES: a CR went out; LF, or else NUL */
};

/*
 * Appends the bytes as telnet data, IAC doubled: at most 2 n + 1 bytes.
 * -1: the buffer's ceiling, nothing was taken.
 */
int	telnet_encode(struct telnet_encoder *, const void *, size_t,
	    struct buf *) MUST_CHECK;
/* The input is over or changes its kind: a CR that waits gets its NUL. */
int	telnet_encode_end(struct telnet_encoder *, struct buf *) MUST_CHECK;

/* Commands, whole or not at all: -1 at the buffer's ceiling. */
int	telnet_put_command(struct buf *, uint8_t cmd) MUST_CHECK;
int	telnet_put_negotiation(struct buf *, uint8_t cmd, uint8_t opt)
	    MUST_CHECK;
/* IAC SB opt payload IAC SE; IAC in the payload is doubled (RFC 855). */
int	telnet_put_sub(struct buf *, uint8_t opt, const void *, size_t)
	    MUST_CHECK;
int	telnet_put_naws(struct buf *, unsigned cols, unsigned rows) MUST_CHECK;
int	telnet_put_ttype(struct buf *, const char *name) MUST_CHECK;

#endif
