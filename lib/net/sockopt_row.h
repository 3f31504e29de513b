/*
 * sockopt_row - the options of net/sockopt that are numbers, as the kernel
 * knows them: for who sets them and who tells them.
 */
#ifndef NET_SOCKOPT_ROW_H
#define NET_SOCKOPT_ROW_H

#include <sys/socket.h>

#include "net/sockopt.h"

struct sockopt_row {
	const char	*name;		/* of our option */
	unsigned	 kinds;		/* of sockets: enum sockopt_for */
	int		 level, opt;
	int		 opt6;		/* IPv6's word for it; 0: the same */
};

extern const struct sockopt_row sockopt_rows[SOCKOPT_N];

/* In the kernel's form. */
int	sockopt_value(const struct sockopt *, enum sockopt_is);

#endif
