/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * parse.c - the shell's lexer and its recursive-descent parser: one function for
 * each rule of the grammar in parse.h.
 *
 * A parse_* function looks at p->token, the next token; takes what is its own;
 * returns NULL, with p->err set, when something is wrong.  Half-built trees are freed
 * by whoever began them.  Pure but for kmalloc: runs in the host's unit tests.
 */
#include "kernel/shell/parse.h"
#include "kernel/mm/slab.h"
#include "lib/ctype.h"
#include "lib/errno.h"
#include "lib/stdio.h"
#include "lib/string.h"

enum token { T_END, T_WORD, T_SEMI, T_AMP, T_AND, T_OR, T_PIPE, T_IN, T_OUT, T_APPEND, T_DUP_IN, T_DUP_OUT,
	     T_UNSUPPORTED };

struct parser {
	enum token token;
	const char *start;	/* of the token; a redirection's number belongs to it */
	const char *pos;	/* first byte behind the token */
	const char *last_end;	/* of the token before it */
	int redir_fd;		/* the number before a redirection, or -1 */
	int err;
	char *error;
	size_t error_size;
};

static const struct {
	const char *text;
	enum token token;
} operators[] = {
	/* Longer ones first: the first match wins. */
	{ "&&", T_AND }, { "||", T_OR }, { ">>", T_APPEND }, { ">&", T_DUP_OUT }, { "<&", T_DUP_IN },
	{ ";", T_SEMI }, { "&", T_AMP }, { "|", T_PIPE }, { "<", T_IN }, { ">", T_OUT },
	{ "(", T_UNSUPPORTED }, { ")", T_UNSUPPORTED }, { "`", T_UNSUPPORTED },
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void syntax_error(struct parser *p, const char *what)
{
	if (!p->err)
		snprintf(p->error, p->error_size, "syntax error: %s", what);
	p->err = -EINVAL;
}

static void unexpected_token(struct parser *p)
{
	char what[64];

	if (p->token == T_END)
		snprintf(what, sizeof(what), "unexpected newline");
	else if (p->token == T_WORD)
		snprintf(what, sizeof(what), "unexpected word");
	else
		snprintf(what, sizeof(what), "unexpected \"%.*s\"", (int)(p->pos - p->start), p->start);
	syntax_error(p, what);
}

/* The end of the word that begins at s, or NULL when a quote is not closed. */
static const char *word_end(const char *s)
{
	for (; *s && !is_blank(*s) && !strchr(";&|<>()`", *s); s++) {
		if (*s == '\\') {
			if (!s[1])
				continue;
			s++;
		} else if (*s == '\'') {
			s = strchr(s + 1, '\'');
		} else if (*s == '"') {
			for (s++; *s && *s != '"'; s++)
				if (*s == '\\' && s[1])
					s++;
			if (!*s)
				s = NULL;
		}
		if (!s)
			return NULL;
	}
	return s;
}

static void next_token(struct parser *p)
{
	const char *s = p->pos;

	p->last_end = s;
	while (is_blank(*s))
		s++;
	p->start = p->pos = s;
	p->redir_fd = -1;
	if (isdigit(s[0]) && (s[1] == '<' || s[1] == '>'))
		p->redir_fd = *s++ - '0';
	if (!*s || *s == '#') {
		p->token = T_END;
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
		size_t len = strlen(operators[i].text);

		if (!strncmp(s, operators[i].text, len)) {
			p->token = operators[i].token;
			p->pos = s + len;
			return;
		}
	}
	p->token = T_WORD;
	p->pos = word_end(s);
	if (!p->pos) {
		syntax_error(p, "unterminated quoted string");
		p->token = T_END;
		p->pos = p->start;
	}
}

static bool is_redirection(enum token token)
{
	return token == T_IN || token == T_OUT || token == T_APPEND || token == T_DUP_IN ||
	       token == T_DUP_OUT;
}

static void *parser_alloc(struct parser *p, size_t size)
{
	void *object = kzalloc(size, GFP_KERNEL);

	if (!object && !p->err)
		p->err = -ENOMEM;
	return object;
}

void sh_free_redirs(struct sh_redir *r)
{
	while (r) {
		struct sh_redir *next = r->next;

		kfree(r->word);
		kfree(r);
		r = next;
	}
}

static struct sh_redir *parse_redirection(struct parser *p)
{
	static const enum sh_redir_type types[] = {
		[T_IN] = REDIR_IN, [T_OUT] = REDIR_OUT, [T_APPEND] = REDIR_APPEND,
		[T_DUP_IN] = REDIR_DUP, [T_DUP_OUT] = REDIR_DUP,
	};
	struct sh_redir *r = parser_alloc(p, sizeof(*r));
	size_t len;

	if (!r)
		return NULL;
	r->type = types[p->token];
	r->fd = p->token == T_IN || p->token == T_DUP_IN ? 0 : 1;
	if (p->redir_fd >= 0)
		r->fd = p->redir_fd;
	next_token(p);
	len = p->pos - p->start;
	if (p->token != T_WORD) {
		unexpected_token(p);
	} else if (r->type == REDIR_DUP) {
		if (len != 1 || !isdigit(*p->start))
			syntax_error(p, "bad fd number");
		r->from = *p->start - '0';
	} else {
		r->word = parser_alloc(p, len + 1);
		if (r->word)
			memcpy(r->word, p->start, len);
	}
	if (p->err) {
		sh_free_redirs(r);
		return NULL;
	}
	next_token(p);
	return r;
}

static void free_commands(struct sh_command *c)
{
	while (c) {
		struct sh_command *next = c->next;

		words_free(&c->words);
		sh_free_redirs(c->redirs);
		kfree(c);
		c = next;
	}
}

static struct sh_command *parse_command(struct parser *p)
{
	struct sh_command *c = parser_alloc(p, sizeof(*c));
	struct sh_redir **last_redir;

	if (!c)
		return NULL;
	last_redir = &c->redirs;
	if (p->token != T_WORD && !is_redirection(p->token))
		unexpected_token(p);
	while (!p->err && (p->token == T_WORD || is_redirection(p->token))) {
		if (p->token == T_WORD) {
			p->err = words_add(&c->words, p->start, p->pos - p->start);
			next_token(p);
		} else {
			*last_redir = parse_redirection(p);
			if (*last_redir)
				last_redir = &(*last_redir)->next;
		}
	}
	if (p->err) {
		free_commands(c);
		return NULL;
	}
	return c;
}

static void free_pipelines(struct sh_pipeline *pl)
{
	while (pl) {
		struct sh_pipeline *next = pl->next;

		free_commands(pl->commands);
		kfree(pl);
		pl = next;
	}
}

static struct sh_pipeline *parse_pipeline(struct parser *p)
{
	struct sh_pipeline *pl = parser_alloc(p, sizeof(*pl));
	struct sh_command **last;

	if (!pl)
		return NULL;
	last = &pl->commands;
	*last = parse_command(p);
	while (!p->err && p->token == T_PIPE) {
		next_token(p);
		last = &(*last)->next;
		*last = parse_command(p);
	}
	if (p->err) {
		free_pipelines(pl);
		return NULL;
	}
	return pl;
}

static struct sh_list *parse_and_or(struct parser *p)
{
	struct sh_list *item = parser_alloc(p, sizeof(*item));
	struct sh_pipeline **last;

	if (!item)
		return NULL;
	item->text = p->start;
	last = &item->pipelines;
	*last = parse_pipeline(p);
	while (!p->err && (p->token == T_AND || p->token == T_OR)) {
		enum token op = p->token;

		next_token(p);
		last = &(*last)->next;
		*last = parse_pipeline(p);
		if (*last)
			(*last)->when = op == T_AND ? RUN_IF_OK : RUN_IF_FAILED;
	}
	item->text_len = p->last_end - item->text;
	item->background = p->token == T_AMP;
	if (p->err) {
		sh_free_list(item);
		return NULL;
	}
	return item;
}

int sh_parse(const char *line, struct sh_list **list, char *error, size_t size)
{
	struct parser parser = { .pos = line, .error = error, .error_size = size }, *p = &parser;
	struct sh_list **last = list;

	*list = NULL;
	next_token(p);
	while (!p->err && p->token != T_END) {
		*last = parse_and_or(p);
		if (p->err)
			break;
		last = &(*last)->next;
		if (p->token == T_SEMI || p->token == T_AMP)
			next_token(p);
		else if (p->token != T_END)
			unexpected_token(p);
	}
	if (p->err) {
		sh_free_list(*list);
		*list = NULL;
	}
	return p->err;
}

void sh_free_list(struct sh_list *item)
{
	while (item) {
		struct sh_list *next = item->next;

		free_pipelines(item->pipelines);
		kfree(item);
		item = next;
	}
}
