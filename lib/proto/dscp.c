/* SPDX-License-Identifier: MIT */
#include "proto/dscp.h"

#include <strings.h>

#include "base/num.h"

static const struct {
	const char	*name;
	int		 code;
} table[] = {			/* of several, the first is the one we say */
	{ "cs0", 0 }, { "df", 0 }, { "be", 0 }, { "le", 1 },
	{ "cs1", 8 }, { "af11", 10 }, { "af12", 12 }, { "af13", 14 },
	{ "cs2", 16 }, { "af21", 18 }, { "af22", 20 }, { "af23", 22 },
	{ "cs3", 24 }, { "af31", 26 }, { "af32", 28 }, { "af33", 30 },
	{ "cs4", 32 }, { "af41", 34 }, { "af42", 36 }, { "af43", 38 },
	{ "cs5", 40 }, { "va", 44 }, { "voice-admit", 44 }, { "ef", 46 },
	{ "cs6", 48 }, { "cs7", 56 },
};

const char *
dscp_parse(const char *text, int *code)
{
	int64_t n;

	for (size_t i = 0; i < NELEMS(table); i++)
		if (strcasecmp(text, table[i].name) == 0) {
			*code = table[i].code;
			return NULL;
		}
	if (*text < '0' || *text > '9')
		return "no DSCP: ef, af11 to af43, cs0 to cs7, le, va, or a "
		    "number up to 63";
	if (num_whole(text, 0, DSCP_MAX, &n) != NULL)
		return "not a number from 0 to 63";
	*code = (int)n;
	return NULL;
}

const char *
dscp_name(int code)
{
	for (size_t i = 0; i < NELEMS(table); i++)
		if (table[i].code == code)
			return table[i].name;
	return NULL;
}
