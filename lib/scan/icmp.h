/*
 * icmp - what a router, a firewall or the host itself said about a connect().
 *
 * With IP_RECVERR the kernel keeps the ICMP message that made a connect()
 * fail, with its sender, for anyone to read. That tells a port where nothing
 * listens (RST) from one where a firewall says "nobody here" (ICMP).
 */
#ifndef SCAN_ICMP_H
#define SCAN_ICMP_H

#include "scan/scan.h"

/*
 * Takes one message off the socket's error queue into *r: state, sign, err,
 * type, code, sender. False: there was none, *r is as before.
 */
bool	icmp_read(int fd, struct scan_result *r);
/* "administratively prohibited"; NULL for a pair without a name. */
const char *icmp_words(int family, unsigned type, unsigned code);

#endif
