/* SPDX-License-Identifier: MIT */
#include "talk/text.h"

#include <locale.h>

#include "seen.h"

static struct seen seen;	/* the sink under test */

static void
begin(void)
{
	open_text(&seen, (struct talk_text_opts){ .payload = true,
	    .utf8 = true, .time = TALK_TIME_NONE });
}

static void
ends(const char *want)
{
	close_seen(&seen);
	same(seen.text, want);
}

static void
line_ends(void)
{
	begin();
	GOT(&seen, 1, 1, "lf\ncrlf\r\nlone\rcr\n\n");
	GOT_CRLF(&seen, 2, 2, "crlf\r\nlf\nlone\rcr\r\n\r\r\n\r\n\n");
	ends("← lf\n← crlf\\r\n← lone\\rcr\n←\n"
	    "← crlf\n← lf\\n\n← lone\\rcr\n← \\r\n←\n← \\n\n");
}

static void
cr_and_lf_in_two_chunks(void)
{
	begin();
	GOT_CRLF(&seen, 1, 1, "one\r");
	GOT_CRLF(&seen, 2, 1, "\ntwo\r");
	GOT_CRLF(&seen, 3, 1, "three\r\n");
	ends("← one\n← two\\rthree\n");
}

static void
open_line_goes_on(void)
{
	begin();
	GOT(&seen, 1, 1, "lo");
	GOT(&seen, 2, 1, "gin: ");
	GOT(&seen, 3, 1, "x\ny");
	closed(&seen, 4, 1);
	ends("← login: x\n← y …no line end\n* closed    sent 0 B\n");
}

static void
other_lines_break_it(void)
{
	begin();
	GOT(&seen, 1, 1, "one");
	SENT(&seen, 2, 1, "hi\n");
	GOT(&seen, 3, 1, " more\n");
	GOT(&seen, 4, 1, "end");
	GOT(&seen, 4, 2, "of another");
	closed(&seen, 5, 1);
	ends("← one\\\n→ hi\n←  more\n← end\\\n← of another\\\n"
	    "* closed    sent 0 B\n");
}

static void
characters_in_two_chunks(void)
{
	begin();
	GOT(&seen, 1, 1, "caf\xc3");
	SENT(&seen, 2, 1, "?\n");
	GOT(&seen, 3, 1, "\xa9\n\xe2\x82");
	closed(&seen, 4, 1);
	ends("← caf\\\n→ ?\n← é\n← \\xe2\\x82 …no line end\n"
	    "* closed    sent 0 B\n");
}

static void
what_waits_is_shown_at_the_end(void)
{
	begin();
	GOT_CRLF(&seen, 1, 1, "a\r");
	SENT(&seen, 2, 1, "b\n");
	closed(&seen, 3, 1);
	ends("← a\\\n→ b\n← \\r …no line end\n* closed    sent 0 B\n");
}

static void
nothing_combines_with_our_marks(void)
{
	begin();
	GOT(&seen, 1, 1, "e\xcc\x81");
	SENT(&seen, 2, 1, "x\n");
	GOT(&seen, 3, 1, "\xcc\x81\n\xcc\x81\n");
	ends("← e\xcc\x81\\\n→ x\n← \\xcc\\x81\n← \\xcc\\x81\n");
}

static void
hostile(void)
{
	begin();
	GOT(&seen, 1, 1, "a title: \033]0;pwned\007 and a clipboard: "
	    "\033]52;c;cHduZWQ=\007 and a report: \033[6n in C1: "
	    "\xc2\x9b" "31m reversed: \xe2\x80\xae over: abc\b\b\b\rxyz "
	    "and a forged line: \n* closed    by the peer first "
	    "and enough of plain text for all of it to count as text\n");
	ends("← a title: \\e]0;pwned\\x07 and a clipboard: "
	    "\\e]52;c;cHduZWQ=\\x07 and a report: \\e[6n in C1: "
	    "\\xc2\\x9b31m reversed: \\xe2\\x80\\xae over: "
	    "abc\\x08\\x08\\x08\\rxyz and a forged line: \n"
	    "← * closed    by the peer first "
	    "and enough of plain text for all of it to count as text\n");
}

static void
binary(void)
{
	begin();
	GOT(&seen, 1, 1, "before");
	GOT(&seen, 2, 1, "\0\1hi\r\n");
	GOT(&seen, 3, 1, "after\n");
	ends("← before\\\n"
	    "← 00000000  00 01 68 69 0d 0a                     "
	    "            ..hi..\n"
	    "← after\n");
}

static void
binary_is_cut(void)
{
	char data[1000], want[2000], *p = want;

	begin();
	memset(data, 0, sizeof data);
	said(&seen, 1, (struct talk_event){ .kind = TALK_SENT, .conn = 1,
	    .out = true }, data, sizeof data);
	for (int i = 0; i < TALK_TEXT_HEX_LINES; i++)
		p += snprintf(p, 100, "→ %08x  00 00 00 00 00 00 00 00  "
		    "00 00 00 00 00 00 00 00  ................\n", i * 16);
	snprintf(p, 100, "→ … +872 B\n");
	ends(want);
}

static void
few_escapes_are_text(void)
{
	begin();
	GOT(&seen, 1, 1, "\033[A\n");
	GOT(&seen, 2, 1, "Gr\xfc\xdf\x65\n");
	GOT(&seen, 3, 1, "a\r\nb\r\nc\r\nd\r\ne\r\nf\r\ng\r\nh\r\ni\r\n");
	ends("← \\e[A\n← Gr\\xfc\\xdfe\n"
	    "← a\\r\n← b\\r\n← c\\r\n← d\\r\n← e\\r\n"
	    "← f\\r\n← g\\r\n← h\\r\n← i\\r\n");
}

static void
long_lines_are_cut(void)
{
	static char data[10000], want[5000];

	begin();
	memset(data, 'x', sizeof data);
	for (int i = 0; i < 2; i++)
		said(&seen, 1, (struct talk_event){ .conn = 1,
		    .kind = TALK_RECEIVED }, data, sizeof data);
	GOT(&seen, 2, 1, "end\nnext\n");
	snprintf(want, sizeof want, "← %.*s … +%d B\n← next\n",
	    TALK_TEXT_LINE, data, 20003 - TALK_TEXT_LINE);
	ends(want);
}

static void
framing_is_for_v(void)
{
	struct talk_event e = EVENT(TALK_RECEIVED, TALK_I(TF_BYTES, 3),
	    TALK_B(TF_DATA, "5\r\n", 3), TALK_S(TF_PART, "framing"));

	e.crlf = true;
	begin();
	GOT(&seen, 1, 0, "hel");
	tell(&seen, 1, e);
	GOT(&seen, 1, 0, "lo\n");
	ends("← hello\n");

	open_text(&seen, (struct talk_text_opts){ .payload = true,
	    .time = TALK_TIME_NONE, .verbose = 1 });
	tell(&seen, 1, e);
	ends("< 5\n");
}

/* n bytes of a message's part. */
static void
got_part(const char *part, const char *text, size_t n)
{
	const struct talk_value values[] = { TALK_I(TF_BYTES, n),
		TALK_S(TF_PART, part), TALK_B(TF_DATA, text, n),
		{ .field = TF_END } };
	struct talk_event e = { .kind = TALK_RECEIVED, .conn = 1,
		.crlf = strcmp(part, "body") != 0, .values = values };

	tell(&seen, 1, e);
}

static void
long_content_is_cut(void)
{
	static char data[40 * KIB];

	memset(data, 'x', sizeof data);
	for (size_t i = 63; i < sizeof data; i += 64)
		data[i] = '\n';
	begin();
	got_part("head", "A: b\r\n\r\n", 8);
	got_part("body", data, sizeof data);
	got_part("body", data, sizeof data);
	got_part("body", data, sizeof data);
	got_part("head", "A: b\r\n\r\n", 8);
	got_part("body", "again\n", 6);
	close_seen(&seen);
	CHECK(strncmp(seen.text, "← A: b\n←\n← xxx", 18) == 0, "%.40s",
	    seen.text);
	CHECK(strstr(seen.text, "x\n← … 57 kB not shown\n"
	    "← A: b\n←\n← again\n") != NULL, "no end");
}

static void
binary_content_is_a_note(void)
{
	begin();
	got_part("head", "A: b\r\n\r\n", 8);
	got_part("body", "\0\1\2", 3);
	got_part("framing", "\r\n5\r\n", 5);
	got_part("body", "hello", 5);
	closed(&seen, 2, 1);
	ends("← A: b\n←\n← … 8 B of binary data not shown\n"
	    "* closed    sent 0 B\n");
}

static void
trailers_begin_a_line(void)
{
	begin();
	got_part("head", "A: b\r\n\r\n", 8);
	got_part("body", "hel", 3);
	got_part("framing", "\r\n2\r\n", 5);
	got_part("body", "lo", 2);
	got_part("trailer", "B: c\r\n", 6);
	closed(&seen, 2, 1);
	ends("← A: b\n←\n← hello\\\n← B: c\n* closed    sent 0 B\n");
}

static void
heads_beside_a_pipe(void)
{
	open_text(&seen, (struct talk_text_opts){ .utf8 = true,
	    .time = TALK_TIME_NONE, .verbose = 1 });
	got_part("head", "A: b\r\n\r\n", 8);
	got_part("framing", "5\r\n", 3);
	got_part("body", "hello", 5);
	ends("← A: b\n←\n");
}

/* Enter, echoed by the terminal, ended the open line. */
static void
typed_behind_an_open_line(void)
{
	struct talk_event e = EVENT(TALK_SENT, TALK_I(TF_BYTES, 4),
	    TALK_B(TF_DATA, "bob\n", 4), TALK_S(TF_SRC, "stdin"));

	e.out = true;
	open_text(&seen, (struct talk_text_opts){ .payload = true,
	    .time = TALK_TIME_NONE, .tty = true, .typed = true });
	GOT(&seen, 1, 0, "login: ");
	tell(&seen, 2, e);
	ends("< login: > bob\n");
}

static void
ascii_terminal(void)
{
	open_text(&seen, (struct talk_text_opts){ .payload = true,
	    .time = TALK_TIME_NONE });
	GOT(&seen, 1, 1, "caf\xc3\xa9");
	closed(&seen, 2, 1);
	ends("< caf\\xc3\\xa9 ...no line end\n* closed    sent 0 B\n");
}

static void
too_fast(void)
{
	static char data[64 * KIB];

	memset(data, 'x', sizeof data);
	data[sizeof data - 1] = '\n';
	open_text(&seen, (struct talk_text_opts){ .payload = true,
	    .utf8 = true, .tty = true, .numbered = true });
	for (unsigned i = 0; i < 20; i++)
		said(&seen, i * 1000, (struct talk_event){ .conn = 1,
		    .kind = TALK_RECEIVED }, data, sizeof data);
	closed(&seen, 20000, 1);
	GOT(&seen, 30000, 2, "slow again\n");
	close_seen(&seen);
	CHECK(strstr(seen.text, "  0.5000 ← … 196 kB not shown\n"
	    "  1.0000 ← … 327 kB not shown\n"
	    "  1.5000 ← … 327 kB not shown\n"
	    "  2.0000 ← … 327 kB not shown\n"
	    "         #1 * closed sent 0 B\n"
	    "  3.0000 #2 ← slow again\n") != NULL, "%s", seen.text + 8000);
}

/* Of several connections, a line comes whole, or after its time is up. */
static void
whole_where_several_talk(void)
{
	open_text(&seen, (struct talk_text_opts){ .payload = true,
	    .utf8 = true, .numbered = true });
	GOT(&seen, 0, 1, "one\nhello wor");
	GOT(&seen, 100, 2, "x\n");
	GOT(&seen, 200, 1, "ld");
	GOT(&seen, 300, 2, "y\n");
	GOT(&seen, 400, 1, "!\nlogin: ");
	GOT(&seen, 2399, 2, "z\n");
	GOT(&seen, 2400, 2, "late\n");
	GOT(&seen, 2500, 1, "me\n");
	GOT(&seen, 2600, 1, "ask");
	SENT(&seen, 2700, 1, "answer");
	closed(&seen, 2800, 1);
	close_seen(&seen);
	same(seen.text,
	    "  0.0000 #1 ← one\n"
	    "  0.0100 #2 ← x\n"
	    "  0.0300 #2 ← y\n"
	    "  0.0400 #1 ← hello world!\n"
	    "  0.2399 #2 ← z\n"
	    "  0.0400 #1 ← login: \\\n"
	    "  0.2400 #2 ← late\n"
	    "  0.2500 #1 ← me\n"
	    "  0.2600 #1 ← ask\\\n"
	    "  0.2700 #1 → answer …no line end\n"
	    "  0.2800 #1 * closed sent 0 B\n");
}

/* Sent is cyan, received yellow, trouble bold red; escapes are reversed. */
static void
colours(void)
{
	struct talk_event e = EVENT(TALK_RESET, TALK_S(TF_WHO, "peer"));

	open_text(&seen, (struct talk_text_opts){ .payload = true,
	    .utf8 = true, .color = true });
	SENT(&seen, 0, 1, "a\033b\n");
	GOT(&seen, 0, 1, "c\n");
	e.conn = 1;
	tell(&seen, 0, e);
	closed(&seen, 0, 1);
	close_seen(&seen);
	same(seen.text,
	    "  0.0000 \033[36m→ a\033[7m\\e\033[27mb\033[m\n"
	    "         \033[33m← c\033[m\n"
	    "         \033[1;31m! reset     by the peer (RST)\033[m\n"
	    "         * closed    sent 0 B\n");
}

static void
not_asked_for(void)
{
	open_text(&seen, (struct talk_text_opts){ .utf8 = true });
	CHECK(!seen.sink->wants_bytes, "wants bytes");
	GOT(&seen, 1, 1, "hello");
	closed(&seen, 2, 1);
	ends("  0.0002 * closed    sent 0 B\n");
}

int
main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	RUN(line_ends);
	RUN(cr_and_lf_in_two_chunks);
	RUN(open_line_goes_on);
	RUN(other_lines_break_it);
	RUN(characters_in_two_chunks);
	RUN(what_waits_is_shown_at_the_end);
	RUN(nothing_combines_with_our_marks);
	RUN(hostile);
	RUN(binary);
	RUN(binary_is_cut);
	RUN(few_escapes_are_text);
	RUN(long_lines_are_cut);
	RUN(framing_is_for_v);
	RUN(typed_behind_an_open_line);
	RUN(ascii_terminal);
	RUN(long_content_is_cut);
	RUN(binary_content_is_a_note);
	RUN(trailers_begin_a_line);
	RUN(heads_beside_a_pipe);
	RUN(too_fast);
	RUN(whole_where_several_talk);
	RUN(colours);
	RUN(not_asked_for);
	return unit_end();
}
