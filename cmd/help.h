/*
 * help - what sockt says about itself, all of it made from the tables.
 *
 * Everything goes to a FILE, and whether it arrived is the caller's to check.
 */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include "cmd.h"

void	help_program(FILE *);		/* sockt help, sockt --help */
void	help_program_brief(FILE *);	/* sockt -h: at most 24 lines */
void	help_command(FILE *, const struct cmd *);
void	help_command_brief(FILE *, const struct cmd *);
void	help_exits(FILE *);		/* sockt help exits */
void	help_events(FILE *);		/* sockt help events */
void	help_schema(FILE *);		/* sockt help schema */
void	help_version(FILE *);
void	help_dump(FILE *);	/* the tables, tab-separated; see opt.h */

#endif
