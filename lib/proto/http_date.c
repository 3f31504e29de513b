/* SPDX-License-Identifier: MIT */
#include "proto/http_date.h"

enum { DAY = 86400, ERA_DAYS = 146097 };	/* 400 years */

static const int64_t first = -62135596800;	/* 0001-01-01T00:00:00Z */
static const int64_t last = 253402300799;	/* 9999-12-31T23:59:59Z */

static const char days[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char *const long_days[] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	"Saturday",
};

struct moment {
	int year, month, day;		/* month from 0 */
	int hour, min, sec;
};

/*
 * The calendar counts from 1 March of year 0, so that the leap day is the
 * last of its year and 400 years are an era of fixed length.
 */
static int64_t
days_of(int year, int month, int day)
{
	int m = (month + 10) % 12;
	int y = year - (month < 2);
	int era = y / 400, rest = y % 400;

	rest = rest * 365 + rest / 4 - rest / 100 + (m * 153 + 2) / 5;
	return (int64_t)era * ERA_DAYS + rest + day - 1 - 719468;
}

static void
split_days(int64_t n, struct moment *m)
{
	int64_t z = n + 719468;
	int era = (int)(z / ERA_DAYS), of_era = (int)(z % ERA_DAYS);
	int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
	    365;
	int of_year = of_era - (365 * y + y / 4 - y / 100);
	int shifted = (5 * of_year + 2) / 153;

	m->day = of_year - (153 * shifted + 2) / 5 + 1;
	m->month = (shifted + 2) % 12;
	m->year = y + era * 400 + (m->month < 2);
}

static void
put_number(char *to, int width, int value)
{
	while (width-- > 0) {
		to[width] = (char)('0' + value % 10);
		value /= 10;
	}
}

void
http_date(char out[HTTP_DATE_LEN + 1], int64_t t)
{
	struct moment m;
	int64_t day;
	int rest;

	t = t < first ? first : t > last ? last : t;
	day = (t - first) / DAY;	/* day 0 was a Monday */
	rest = (int)((t - first) % DAY);
	split_days(day + first / DAY, &m);
	memcpy(out, "xxx, 00 xxx 0000 00:00:00 GMT", HTTP_DATE_LEN + 1);
	memcpy(out, days + (day + 1) % 7 * 3, 3);
	put_number(out + 5, 2, m.day);
	memcpy(out + 8, months + (size_t)m.month * 3, 3);
	put_number(out + 12, 4, m.year);
	put_number(out + 17, 2, rest / 3600);
	put_number(out + 20, 2, rest / 60 % 60);
	put_number(out + 23, 2, rest % 60);
}

/* What is left to read. */
struct in {
	const char *s;
	size_t n;
};

static bool
word(struct in *in, const char *w, size_t n)
{
	if (in->n < n || memcmp(in->s, w, n) != 0)
		return false;
	in->s += n;
	in->n -= n;
	return true;
}

/* One of the three-letter names; -1 if it is none. */
static int
name(struct in *in, const char *names, int count)
{
	for (int i = 0; i < count; i++)
		if (word(in, names + (size_t)i * 3, 3))
			return i;
	return -1;
}

static bool
number(struct in *in, size_t width, int *value)
{
	if (in->n < width)
		return false;
	*value = 0;
	for (size_t i = 0; i < width; i++) {
		if (in->s[i] < '0' || in->s[i] > '9')
			return false;
		*value = *value * 10 + (in->s[i] - '0');
	}
	in->s += width;
	in->n -= width;
	return true;
}

static bool
clock_time(struct in *in, struct moment *m)
{
	return number(in, 2, &m->hour) && word(in, ":", 1) &&
	    number(in, 2, &m->min) && word(in, ":", 1) &&
	    number(in, 2, &m->sec);
}

static bool
month(struct in *in, struct moment *m)
{
	return (m->month = name(in, months, 12)) >= 0;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static bool
imf_fixdate(struct in in, struct moment *m)
{
	return name(&in, days, 7) >= 0 && word(&in, ", ", 2) &&
	    number(&in, 2, &m->day) && word(&in, " ", 1) && month(&in, m) &&
	    word(&in, " ", 1) && number(&in, 4, &m->year) &&
	    word(&in, " ", 1) && clock_time(&in, m) && word(&in, " GMT", 4) &&
	    in.n == 0;
}

/* "Sunday, 06-Nov-94 08:49:37 GMT"; the year stays two digits here. */
static bool
rfc850_date(struct in in, struct moment *m)
{
	size_t i = 0;

	while (i < NELEMS(long_days) &&
	    !word(&in, long_days[i], strlen(long_days[i])))
		i++;
	return i < NELEMS(long_days) && word(&in, ", ", 2) &&
	    number(&in, 2, &m->day) && word(&in, "-", 1) && month(&in, m) &&
	    word(&in, "-", 1) && number(&in, 2, &m->year) &&
	    word(&in, " ", 1) && clock_time(&in, m) && word(&in, " GMT", 4) &&
	    in.n == 0;
}

/* "Sun Nov  6 08:49:37 1994": a day below 10 has a space in front. */
static bool
asctime_date(struct in in, struct moment *m)
{
	return name(&in, days, 7) >= 0 && word(&in, " ", 1) &&
	    month(&in, m) && word(&in, " ", 1) &&
	    (word(&in, " ", 1) ? number(&in, 1, &m->day) :
	    number(&in, 2, &m->day)) && word(&in, " ", 1) &&
	    clock_time(&in, m) && word(&in, " ", 1) &&
	    number(&in, 4, &m->year) && in.n == 0;
}

static bool
exists(const struct moment *m)
{
	static const signed char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31,
	    30, 31, 30, 31 };
	bool leap = m->year % 4 == 0 &&
	    (m->year % 100 != 0 || m->year % 400 == 0);

	return m->year > 0 && m->day > 0 &&
	    m->day <= lengths[m->month] + (m->month == 1 && leap) &&
	    m->hour < 24 && m->min < 60 && m->sec <= 60;
}

static int64_t
seconds(const struct moment *m)
{
	int of_day = m->hour * 3600 + m->min * 60 + m->sec;

	return days_of(m->year, m->month, m->day) * DAY + of_day;
}

/*
 * RFC 9110 5.6.7: a timestamp "that appears to be more than 50 years in the
 * future" is in the past, with the same last two digits.
 */
static void
choose_century(struct moment *m, int64_t now)
{
	struct moment limit;
	int64_t day, in_50_years;

	now = now < first ? first : now > last ? last : now;
	day = (now - first) / DAY + first / DAY;
	split_days(day, &limit);
	in_50_years = days_of(limit.year + 50, limit.month, limit.day) * DAY +
	    now - day * DAY;
	m->year += limit.year / 100 * 100 + 100;
	while (seconds(m) > in_50_years)
		m->year -= 100;
}

int
http_date_parse(const char *s, size_t n, int64_t now, int64_t *t)
{
	struct in in = { s, n };
	struct moment m = { 0 };

	if (rfc850_date(in, &m))
		choose_century(&m, now);
	else if (!imf_fixdate(in, &m) && !asctime_date(in, &m))
		return -1;
	if (!exists(&m))
		return -1;
	*t = seconds(&m);
	return 0;
}
