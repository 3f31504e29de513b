/* SPDX-License-Identifier: MIT */
#include "base/words.h"

struct split {
	const char	*in;
	char		*out;
	const char	*bad;
};

/* in stands behind the opening quote; afterwards behind the closing one. */
static void
quoted(struct split *s, char quote)
{
	for (; *s->in != quote; s->in++) {
		if (*s->in == '\0') {
			s->bad = "missing a closing quote";
			return;
		}
		if (quote == '"' && *s->in == '\\' && s->in[1] != '\0' &&
		    strchr("\\\"$", s->in[1]) != NULL)
			s->in++;
		*s->out++ = *s->in;
	}
	s->in++;
}

static void
word(struct split *s)
{
	while (s->bad == NULL && *s->in != '\0' && *s->in != ' ' &&
	    *s->in != '\t' && *s->in != '\n') {
		char c = *s->in++;

		if (c == '\'' || c == '"')
			quoted(s, c);
		else if (c == '\\' && *s->in == '\0')
			s->bad = "ending in a lone backslash";
		else if (c == '\\')
			*s->out++ = *s->in++;
		else
			*s->out++ = c;
	}
	*s->out++ = '\0';
}

char **
words_split(const char *line, const char **bad)
{
	size_t list = (WORDS_MAX + 1) * sizeof(char *);
	char **v = calloc(1, list + strlen(line) + 2);
	struct split s = { .in = line };
	size_t n = 0;

	*bad = v == NULL ? "too long for memory" : NULL;
	if (v == NULL)
		return NULL;
	s.out = (char *)v + list;
	while (s.bad == NULL) {
		s.in += strspn(s.in, " \t\n");
		if (*s.in == '\0')
			break;
		if (n == WORDS_MAX) {
			s.bad = "more than 256 words";
			break;
		}
		v[n++] = s.out;
		word(&s);
	}
	if (s.bad == NULL && n == 0)
		s.bad = "empty";
	if (s.bad == NULL)
		return v;
	*bad = s.bad;
	free(v);
	return NULL;
}
