/*
 * dscp - the names of Differentiated Services code points.
 *
 * The six bits that ask the network for a treatment (RFC 2474 3): in IPv4 the
 * upper ones of what was TOS, in IPv6 of the traffic class. The names are
 * those of IANA's registry: class selectors (RFC 2474), assured forwarding
 * (RFC 2597), expedited forwarding (RFC 3246), VOICE-ADMIT (RFC 5865) and
 * lower effort (RFC 8622).
 */
#ifndef PROTO_DSCP_H
#define PROTO_DSCP_H

#include "base/base.h"

enum { DSCP_MAX = 63 };

/*
 * "ef", "AF41", "cs1", or a number up to DSCP_MAX. Returns NULL, or what is
 * wrong with it.
 */
const char *dscp_parse(const char *, int *) MUST_CHECK;
/* NULL: that one has no name. */
const char *dscp_name(int);

#endif
