/*
 * stdio - one conversation between a connection and our stdin and stdout:
 * what connect and listen do once somebody is there.
 */
#ifndef RUN_STDIO_H
#define RUN_STDIO_H

#include "base/base.h"

struct conn;
struct relay;
struct session;

/*
 * Takes the conn. The session is left when both directions have ended, or at
 * the first failure; a person at the terminal leaves with the other side.
 * The caller frees the relay. crlf: send CR LF for LF. idle_ms: as of relay.
 * NULL: out of memory, the session is left with that cause.
 */
struct relay *stdio_relay(struct session *, struct conn *, bool crlf,
	    int idle_ms) MUST_CHECK;

#endif
