/*
 * probe - what a recording gets to see of a port that was asked: a SYN and
 * the answer, as far as either left; of an open port what it said, and how we
 * went away. Without a recording nothing of this is done.
 */
#ifndef SCAN_PROBE_H
#define SCAN_PROBE_H

#include "scan/slot.h"

struct talk;

/* Before the slot is put back; abrupt: it will close with a reset. */
void	probe_record(struct talk *, const struct slot *,
	    const struct scan_result *, bool abrupt);

#endif
