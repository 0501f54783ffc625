/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * complete.c - what Tab offers: names of commands where a command begins; elsewhere what the
 * command says its arguments are, or names of files.  Task context, no lock.
 */
#include "kernel/fs/fs.h"
#include "kernel/mm/slab.h"
#include "kernel/shell/exec.h"
#include "kernel/shell/shell.h"
#include "lib/stdio.h"
#include "lib/string.h"

static bool ends_word(char c)
{
	return strchr(" \t;&|<>", c) != NULL;
}

/* Is the word that begins at line[start] the name of a command? */
static bool is_command_position(const char *line, size_t start)
{
	while (start && line[start - 1] == ' ')
		start--;
	return !start || strchr(";&|", line[start - 1]);
}

static void add_with_suffix(struct words *names, const char *name, char suffix)
{
	char text[NAME_MAX + 2];
	int len = snprintf(text, sizeof(text), "%s%c", name, suffix);

	/* Out of memory: one name less to offer. */
	words_add(names, text, min(len, NAME_MAX + 1));
}

static void complete_command(const char *prefix, size_t len, struct words *names)
{
	const struct shell_command *const *c;

	registry_for_each(commands, c)
		if (!strncmp((*c)->name, prefix, len))
			add_with_suffix(names, (*c)->name, ' ');
	words_sort(names, 0);
}

/* dir: the directory's part of the path with its final '/', or "". */
static void complete_path(const char *dir, const char *prefix, struct words *names)
{
	size_t len = strlen(prefix), dir_len = strlen(dir);
	struct words all = { 0 };
	struct kstat stat;
	char *path = kmalloc(PATH_MAX, GFP_KERNEL);

	read_directory(dir_len ? dir : ".", &all);
	for (int i = 0; path && i < all.nr; i++) {
		bool is_dir;

		if (strncmp(all.v[i], prefix, len) || (all.v[i][0] == '.' && !len))
			continue;
		snprintf(path, PATH_MAX, "%s%s", dir, all.v[i]);
		is_dir = !vfs_stat(path, &stat) && S_ISDIR(stat.mode);
		add_with_suffix(names, all.v[i], is_dir ? '/' : ' ');
	}
	words_free(&all);
	kfree(path);
}

/* The command whose argument begins at line[start], or NULL. */
static const struct shell_command *command_of(const char *line, size_t start)
{
	char name[NAME_MAX + 1];
	size_t first = start, len = 0;

	while (first && !strchr(";&|", line[first - 1]))
		first--;
	while (line[first] == ' ')
		first++;
	while (first + len < start && !ends_word(line[first + len]) && len < NAME_MAX)
		len++;
	memcpy(name, line + first, len);
	name[len] = '\0';
	return find_command(name);
}

static void add_argument(struct words *names, const char *text)
{
	add_with_suffix(names, text, ' ');
}

size_t complete_line(const char *line, size_t pos, struct words *names)
{
	size_t start = pos, len, dir_len;
	const struct shell_command *command;
	char *word;

	while (start && !ends_word(line[start - 1]))
		start--;
	len = dir_len = pos - start;
	while (dir_len && line[start + dir_len - 1] != '/')
		dir_len--;
	if (!dir_len && is_command_position(line, start)) {
		complete_command(line + start, len, names);
		return len;
	}
	/* The directory and the name's beginning, each with its NUL. */
	word = kzalloc(len + 2, GFP_KERNEL);
	if (!word)
		return 0;
	command = command_of(line, start);
	if (command && command->complete) {
		memcpy(word, line + start, len);
		command->complete(word, add_argument, names);
		words_sort(names, 0);
		kfree(word);
		return len;
	}
	memcpy(word, line + start, dir_len);
	memcpy(word + dir_len + 1, line + start + dir_len, len - dir_len);
	complete_path(word, word + dir_len + 1, names);
	kfree(word);
	return len - dir_len;
}
