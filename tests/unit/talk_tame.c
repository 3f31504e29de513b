/* SPDX-License-Identifier: MIT */
/* Whatever is said, in whatever pieces, the view stays a view. */
#include "talk/text.h"

#include <locale.h>

#include "seen.h"

static struct seen seen;	/* the sink under test */

static uint32_t
dice(uint32_t sides)
{
	static uint32_t x = 2463534242;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x % sides;
}

/* Some bytes of anything, and of what is most likely to do harm. */
static size_t
anything(char *to, size_t max)
{
	static const char *const harm[] = { "\033]0;x\007", "\xc2\x9b", "\n",
		"\r\n", "\r", "\xe2\x80\xae", "\xcc\x81", "\\", "plain text, ",
		"more plain text, so that it is text, ", "\xe6\x97\xa5",
		"\n* closed    by the peer first\n" };
	size_t n = 0, size = 1 + dice((uint32_t)max - 50);

	while (n < size) {
		const char *s = harm[dice(NELEMS(harm))];

		if (dice(8) == 0) {
			to[n++] = (char)dice(256);
			continue;
		}
		memcpy(to + n, s, strlen(s));
		n += strlen(s);
	}
	return n;
}

static bool
is_tame(const char *line)
{
	if (strncmp(line, "←", 3) != 0 && strncmp(line, "→", 3) != 0)
		return false;
	if (line[3] != '\0' && line[3] != ' ' && strcmp(line + 3, "\\") != 0)
		return false;
	for (; *line != '\0'; line++)
		if (((unsigned char)*line < 0x20 && *line != '\t') ||
		    *line == 0x7f || strncmp(line, "\xc2\x9b", 2) == 0 ||
		    strncmp(line, "\xe2\x80\xae", 3) == 0)
			return false;
	return true;
}

static void
anything_is_tame(void)
{
	char data[600], *rest, *line;

	for (int round = 0; round < 300; round++) {
		open_text(&seen, (struct talk_text_opts){ .payload = true,
		    .utf8 = true, .time = TALK_TIME_NONE });
		for (unsigned i = 0; i < 40; i++) {
			size_t n = anything(data, sizeof data);
			bool out = dice(2);

			said(&seen, i, (struct talk_event){ .out = out,
			    .kind = out ? TALK_SENT : TALK_RECEIVED,
			    .conn = dice(3), .crlf = dice(2) }, data, n);
		}
		close_seen(&seen);
		rest = seen.text;
		while ((line = strsep(&rest, "\n")) != NULL && rest != NULL)
			CHECK(is_tame(line), "%s", line);
		CHECK(line == NULL || *line == '\0', "%s", line);
	}
}

int
main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	RUN(anything_is_tame);
	return unit_end();
}
