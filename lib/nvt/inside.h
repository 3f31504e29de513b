/*
 * inside - what the parts of nvt share: the session, its two flows and where
 * they stand.
 *
 * Up is towards the server: what is typed or read, encoded, and our answers
 * between. Down is towards our output. Data of one read() gathers in .piece
 * until something else than data comes.
 */
#ifndef NVT_INSIDE_H
#define NVT_INSIDE_H

#include <ev.h>

#include "base/buf.h"
#include "net/conn.h"
#include "nvt/nvt.h"
#include "proto/safe_vt.h"
#include "proto/telnet.h"
#include "talk/talk.h"

enum {
	NVT_READ = 64 * KIB,	/* bytes asked for at a time */
	/*
	 * One read's worst case on top of what is held: SEND of 6 bytes makes
	 * an answer of 47; a byte that is no UTF-8 three.
	 */
	NVT_UP_MAX = NVT_HELD_MAX + 8 * NVT_READ,
	NVT_DOWN_MAX = NVT_HELD_MAX + 4 * NVT_READ,
};

struct nvt {
	struct ev_loop	*loop;
	struct conn	*we, *net;
	struct nvt_opts	 o;
	struct nvt_calls call;

	struct telnet_q	 q;
	struct telnet_encoder enc;
	struct safe_vt	 vt;
	uint64_t	 bells_ns;	/* when bells were last put in */
	struct buf	 up, down, piece;
	uint64_t	 in_off, out_off;	/* data bytes told so far */

	enum nvt_mode	 mode;
	bool		 mode_due;	/* an option changed: choose anew */
	bool		 held;		/* commands are typed */
	bool		 screen_over;	/* the end is in sight */
	bool		 midline;	/* so may be the screen's cursor */
	bool		 no_input;	/* nothing more is to be sent */
	bool		 up_ended, down_ended, over;
	bool		 failed;	/* a buffer could not grow */
	char		 line[NVT_COMMAND_MAX];
	size_t		 line_len;

	ev_io		 net_r, net_w, we_r, we_w, gone;
	ev_timer	 idle, acked;
	struct telnet	 codec;		/* 64 KiB: last */
};

/* agree.c: negotiation */
void	nvt_start(struct nvt *);	/* what we may, and ask for */
void	nvt_negotiated(struct nvt *, const struct telnet_event *);
void	nvt_sub(struct nvt *, const struct telnet_event *);
void	nvt_commanded(struct nvt *, uint8_t cmd);
void	nvt_interrupt(struct nvt *);
void	nvt_settle_mode(struct nvt *);

/* typed.c: our input */
void	nvt_input(struct nvt *, char *, size_t);
void	nvt_input_ended(struct nvt *);

/* show.c: what is told and what is written */
bool	nvt_gathers(const struct nvt *);	/* into .piece, not .down */
void	nvt_received(struct nvt *);	/* .piece is complete */
void	nvt_sent(struct nvt *, size_t n);	/* the last n bytes of .up */
void	nvt_tell(struct nvt *, struct talk_event *);
void	nvt_warn(struct nvt *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* KEYS on a screen, which nothing has ended yet. */
bool	nvt_on_screen(const struct nvt *);
/* Our own lines begin where a line begins. */
void	nvt_fresh_line(struct nvt *);
/* The connection is about to end: conn will tell it on this terminal. */
void	nvt_foresee_end(struct nvt *);

/* flow.c: what is read and written */
void	nvt_flows(struct nvt *);	/* begins */
void	nvt_arrange(struct nvt *);	/* who is waited for now */
void	nvt_flush(struct nvt *);	/* as far as it goes; and arrange */

/* nvt.c: beginning and end */
void	nvt_finish(struct nvt *, const struct why *);
void	nvt_settle(struct nvt *);	/* a direction has ended */
/* What a buffer said: -1 is remembered and ends the session. */
void	nvt_ok(struct nvt *, int r);

#endif
