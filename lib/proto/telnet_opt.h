/*
 * telnet_opt - the names of telnet's commands and options, and what each is
 * for in a few words.
 *
 * The numbers are IANA's "Telnet Options"; those that only games use and that
 * no registry knows are there too, because one meets them.
 */
#ifndef PROTO_TELNET_OPT_H
#define PROTO_TELNET_OPT_H

#include "base/base.h"

struct telnet_opt {
	uint8_t		 code;
	const char	*name;		/* "TERMINAL-TYPE" */
	uint16_t	 rfc;		/* 0: none */
	const char	*help;		/* "the kind of terminal" */
	const char	*offer;		/* WILL from them, "it will ..." */
	const char	*ask;		/* DO from them; both may be NULL */
};

struct telnet_cmd {
	uint8_t		 code;
	const char	*name;		/* "AYT" */
	const char	*help;		/* "are you there?" */
};

/* NULL: a number without a name. */
const struct telnet_opt *telnet_opt(uint8_t code);
const struct telnet_cmd *telnet_cmd(uint8_t code);

/* The name, or the number in decimal; big enough for any. */
enum { TELNET_NAME_MAX = 32 };
const char *telnet_opt_name(uint8_t code, char name[TELNET_NAME_MAX]);
const char *telnet_cmd_name(uint8_t code, char name[TELNET_NAME_MAX]);

/* The command of that name, in any case ("ayt"); 0: there is none. */
uint8_t	telnet_cmd_code(const char *name);

/*
 * What a negotiation command from them says, for a person: "server offers: it
 * will echo what you type". Cut at size.
 */
void	telnet_meaning(uint8_t cmd, uint8_t opt, char *to, size_t size);

#endif
