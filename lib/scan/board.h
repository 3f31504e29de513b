/*
 * board - answers become lines: one per port of a host, in order.
 *
 * Scan answers per address, as the answers come. A person asks about hosts,
 * and a host with several addresses is open if one of them is. So the board
 * waits for all addresses of a host, keeps the best answer, and gives out
 * lines in the order asked: host by host, ports ascending.
 */
#ifndef SCAN_BOARD_H
#define SCAN_BOARD_H

#include "scan/asked.h"
#include "scan/scan.h"

struct board;

struct board_line {
	unsigned	 host;		/* index */
	unsigned	 port;
	const struct scan_result *best;	/* the best answer; borrowed */
	unsigned	 alike, addrs;	/* so many of its addresses say so */
	const struct addr *addr;	/* which gave the best; NULL: none */
};

typedef void board_line_fn(const struct board_line *, void *arg);

/*
 * For a scan of all that is asked (borrowed), with line NULL for one whose
 * lines may never be wanted: until board_show(). A host without an address has
 * lines all the same: SCAN_ERROR, SCAN_UNNAMED. NULL: no memory.
 */
struct board *board_new(const struct asked *, board_line_fn *, void *arg)
	    MUST_CHECK;
/* From now on the lines go there, beginning with the first. */
void	board_show(struct board *, board_line_fn *, void *arg);
/* How many lines are open so far. */
size_t	board_open(const struct board *);
/* Gives out the lines that are complete and next in order. */
void	board_add(struct board *, const struct scan_result *);
/*
 * Nothing more will come: gives out what is complete, in order, and skips
 * the rest. Called at the end in any case.
 */
void	board_finish(struct board *);
void	board_free(struct board *);

enum { BOARD_HOW = SCAN_HOW + ADDR_TEXT };
/* scan_how(), and where the addresses differ, which it was. Returns dst. */
const char *board_how(const struct board_line *, char dst[static BOARD_HOW]);

#endif
