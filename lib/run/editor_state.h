/*
 * editor_state - what the parts of the editor share: editor.c has its
 * beginning and end, editor_keys.c what is typed, editor_view.c what appears.
 */
#ifndef RUN_EDITOR_STATE_H
#define RUN_EDITOR_STATE_H

#include <ev.h>

#include "base/buf.h"
#include "run/edit_engine.h"
#include "run/editor.h"
#include "run/session.h"

struct typed {			/* what one read returns; none: the end */
	struct typed	*next;
	size_t		 len, off;
	char		 data[];
};

struct editor {
	struct session	*session;
	struct editor_opts opts;
	const struct edit_engine *engine;
	struct edit	*edit;
	struct term	 own, *term;
	int		 out;		/* where the view is */
	ev_timer	 start;		/* not before the loop runs */
	bool		 editing;	/* the engine has the terminal, */
	bool		 away;		/* but we are in the background */
	enum term_mode	 mode;		/* that is wanted */

	ev_io		 keys;
	struct typed	*first, **last;
	size_t		 ahead;		/* bytes there */
	int		 ready_fd;	/* readable while there is one */
	bool		 gone;		/* the terminal, or a person's end */
	int		 special;	/* a key that is not the engine's; 0 */
	bool		 aside;

	bool		 busy;		/* the engine reads a key, */
	bool		 ready, expired;	/* and it has, or will not */
	bool		 ending;
	bool		 resize_due;
	ev_timer	 shortly;

	struct buf	 waiting;	/* to appear above the line */
	int		 err;		/* of writing it */
	ev_prepare	 flush;
	ev_timer	 hold;
};

/* editor.c */
void	editor_begin(struct editor *);
void	editor_end(struct editor *);

/* editor_keys.c */
void	editor_keys_init(struct editor *);
void	editor_keys_free(struct editor *);
void	editor_arrange(struct editor *);	/* is the terminal read? */
bool	editor_byte(void *editor, char *, enum edit_patience);
ssize_t	editor_read(void *editor, void *, size_t);

/* editor_view.c */
void	editor_view_init(struct editor *);
void	editor_view_free(struct editor *);
void	editor_view(struct editor *, bool);	/* takes what it says, or not */
void	editor_flush(struct editor *);
void	editor_spill(struct editor *);	/* all of it, where the cursor is */
void	editor_write(void *editor, const char *, size_t);

#endif
