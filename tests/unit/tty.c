/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/tty.h"

static void
colour_is_decided_in_order(void)
{
	static const struct {
		enum tty_choice choice;
		struct tty_env env;
		bool is_tty, color;
	} t[] = {
		{ TTY_AUTO, { .term = "xterm" }, true, true },
		{ TTY_AUTO, { .term = "xterm" }, false, false },
		{ TTY_NEVER, { .term = "xterm", .force_color = "1" }, true,
		    false },
		{ TTY_ALWAYS, { .no_color = "1" }, false, true },
		{ TTY_AUTO, { .term = "xterm", .no_color = "1",
		    .force_color = "1" }, true, false },
		{ TTY_AUTO, { .term = "xterm", .no_color = "" }, true, true },
		{ TTY_AUTO, { .force_color = "1" }, false, true },
		{ TTY_AUTO, { .term = "xterm", .force_color = "0",
		    .clicolor_force = "1" }, true, false },
		{ TTY_AUTO, { .term = "dumb", .clicolor_force = "1" }, false,
		    true },
		{ TTY_AUTO, { .term = "xterm", .clicolor_force = "0" }, true,
		    true },
		{ TTY_AUTO, { .term = "dumb" }, true, false },
		{ TTY_AUTO, { .term = NULL }, true, false },
		{ TTY_AUTO, { .term = "" }, true, false },
		{ TTY_AUTO, { .term = "xterm", .clicolor = "0" }, true,
		    false },
		{ TTY_AUTO, { .term = "xterm", .clicolor = "1" }, false,
		    false },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		bool got = tty_color_by(t[i].choice, &t[i].env, t[i].is_tty);

		CHECK(got == t[i].color, "case %zu: %d", i, got);
	}
}

static void
no_terminal(void)
{
	CHECK(!tty_is(-1), "-1 is a terminal");
	CHECK(tty_width(-1) == TTY_WIDTH, "width %d", tty_width(-1));
	CHECK(!tty_utf8(), "UTF-8 before setlocale()");
}

int
main(void)
{
	RUN(colour_is_decided_in_order);
	RUN(no_terminal);
	return unit_end();
}
