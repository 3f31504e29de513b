/*
 * port-check - what the command line of sockt port-check said, and what came
 * of it: shared by its files. port-check.c has the options and asks,
 * port-check_lines.c says what is known of each port and host.
 */
#ifndef CMD_PORT_CHECK_H
#define CMD_PORT_CHECK_H

#include "groups.h"
#include "net/services.h"
#include "run/patience.h"
#include "run/progress.h"
#include "scan/board.h"

struct count {			/* of a host */
	unsigned	 told, of[SCAN_STATES], hidden[SCAN_STATES];
	unsigned	 signs[SCAN_SIGNS];
};

struct port_check_cfg {
	int		 family, banner, silence_ms, timeout_ms;
	bool		 all;

	struct session	*session;
	struct asked	 asked;
	struct count	 count[ASKED_HOSTS_MAX];
	struct services	 services;
	struct board	*board;		/* of the last round, as is */
	struct scan	*scan;
	uint64_t	 began_ns;	/* this round */
	size_t		 answers;
	unsigned	 open;
	struct patience	 patience;	/* with as many rounds as it takes */
	size_t		 lines_open;	/* in the last of them that is over */
	struct why	 unnamed;	/* a name that may be found later */
	struct progress	 progress;
	ev_io		 ready;
	ev_timer	 due, pause;
};

extern struct port_check_cfg pcfg;

/* A board_line_fn: in a pipe a line, or an event; and counts. */
board_line_fn port_check_line;
/* All that is said of this host was. */
void	port_check_host(size_t nth);

#endif
