/* SPDX-License-Identifier: MIT */
#include "run/patience.h"

#include "base/clock.h"
#include "talk/talk.h"

bool
patience_wanted(const struct patience *p)
{
	return p->retry > 0 || p->wait_ms > 0;
}

int
patience_elapsed_ms(const struct patience *p)
{
	return (int)((clock_ns() - p->began_ns) / NS_PER_MS);
}

bool
patience_over(const struct patience *p)
{
	return !patience_wanted(p) ||
	    (p->retry > 0 && p->tries > p->retry) ||
	    (p->wait_ms > 0 && patience_elapsed_ms(p) >= p->wait_ms);
}

int
patience_limit_ms(const struct patience *p, int own_ms)
{
	int left = p->wait_ms - patience_elapsed_ms(p);

	if (p->wait_ms == 0)
		return own_ms;
	if (left < PATIENCE_LEAST_MS)
		left = PATIENCE_LEAST_MS;
	return own_ms == 0 || left < own_ms ? left : own_ms;
}

int
patience_pause_ms(struct patience *p, struct talk *talk, bool wordy)
{
	int left = p->wait_ms - patience_elapsed_ms(p);
	int ms = p->pause_ms > 0 ? p->pause_ms : PATIENCE_FIRST_MS;

	p->pause_ms = ms * 2 < PATIENCE_PAUSE_MS ? ms * 2 : PATIENCE_PAUSE_MS;
	if (p->wait_ms > 0 && ms > left)
		ms = left > 0 ? left : 0;
	talk_tell(talk, &(struct talk_event){ .kind = TALK_RETRY,
	    .wordy = wordy, TALK_VALUES(TALK_I(TF_TRIES, p->tries),
	    TALK_I(TF_PAUSE_US, (int64_t)ms * 1000)) });
	return ms;
}
