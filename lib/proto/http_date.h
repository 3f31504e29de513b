/*
 * http_date - the dates of HTTP (RFC 9110 5.6.7).
 *
 * Written as IMF-fixdate, read in all three forms that a recipient must
 * accept. Seconds since 1970 in UTC; no locale, no time zone, no libc calendar.
 */
#ifndef PROTO_HTTP_DATE_H
#define PROTO_HTTP_DATE_H

#include "base/base.h"

enum { HTTP_DATE_LEN = 29 };	/* "Sun, 06 Nov 1994 08:49:37 GMT" */

/*
 * Years 1 to 9999 have a form; an earlier or later time is written as the
 * nearest one that has. Ends with NUL.
 */
void	http_date(char out[HTTP_DATE_LEN + 1], int64_t t);

/*
 * now decides the century of the two-digit years of the RFC 850 form: one
 * that would be more than 50 years ahead is in the past. The structure must
 * be exact and the day must exist; the name of the weekday is not compared
 * with the date. A leap second (:60) is the second after. -1: no date.
 */
int	http_date_parse(const char *s, size_t n, int64_t now, int64_t *t)
	    MUST_CHECK;

#endif
