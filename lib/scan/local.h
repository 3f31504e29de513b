/*
 * local - what this machine says about itself: which addresses are its own,
 * which ports it does not give to its clients, how many files may be open.
 */
#ifndef SCAN_LOCAL_H
#define SCAN_LOCAL_H

#include "proto/addr.h"

/* What is sent there never leaves this machine. Nothing is sent to find out. */
bool	local_is(const struct addr *);

/*
 * A run of ports outside of the range from which the kernel takes source
 * ports, free to bind by anyone: how many from *first on; 0 if there are too
 * few.
 */
unsigned local_sources(unsigned *first);

/*
 * Lets this process have so many descriptors, or as many as it may. They are
 * more than programs that use select(2) can bear: not for children.
 */
void	local_allow_fds(unsigned n);

#endif
