/* SPDX-License-Identifier: BSD-2-Clause */
/* cmd_files.c - commands about names: ls cd pwd mkdir rmdir rm touch. */
#include "kernel/fs/fs.h"
#include "kernel/mm/slab.h"
#include "kernel/shell/exec.h"
#include "kernel/shell/shell.h"
#include "lib/stdio.h"
#include "lib/string.h"

static int cmd_cd(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : "/";
	int err;

	if (argc > 2)
		return sh_usage("cd");
	err = do_chdir(dir);
	return err ? sh_fail("cd", dir, err) : 0;
}
SHELL_COMMAND(cd, cmd_cd, SHELL_BUILTIN, "[DIR]", "makes DIR (or /) the working directory");

static int cmd_pwd(int argc, char **argv)
{
	char *path = kmalloc(PATH_MAX, GFP_KERNEL);
	int err = path ? do_getcwd(path, PATH_MAX) : -ENOMEM;

	if (err > 0)
		err = sh_printf("%s\n", path);
	kfree(path);
	return err < 0 ? sh_fail("pwd", NULL, err) : 0;
}
SHELL_COMMAND(pwd, cmd_pwd, SHELL_BUILTIN, "", "prints the working directory");

/* For commands that do one thing to each name. */
static int for_each_name(int argc, char **argv, int first, int (*fn)(const char *name))
{
	int status = 0;

	if (first >= argc)
		return sh_usage(argv[0]);
	for (int i = first; i < argc; i++) {
		int err = fn(argv[i]);

		if (err)
			status = sh_fail(argv[0], argv[i], err);
	}
	return status;
}

static int make_directory(const char *name)
{
	return do_mkdir(name, 0777);
}

/* With its parents; one that is there already is none of its business. */
static int make_path(const char *name)
{
	char *path = kstrdup(name, GFP_KERNEL), *end = path;
	int err = path ? 0 : -ENOMEM;

	while (!err && *end) {
		char kept;

		end += strspn(end, "/");
		end = strchrnul(end, '/');
		kept = *end;
		*end = '\0';
		err = do_mkdir(path, 0777);
		if (err == -EEXIST)
			err = 0;
		*end = kept;
	}
	kfree(path);
	return err;
}

static int cmd_mkdir(int argc, char **argv)
{
	struct sh_getopt o = { 0 };
	bool parents = false;
	int c;

	while ((c = sh_getopt(&o, argc, argv, "p")) >= 0) {
		if (c == '?')
			return 2;
		parents = true;
	}
	return for_each_name(argc, argv, o.index, parents ? make_path : make_directory);
}
SHELL_COMMAND(mkdir, cmd_mkdir, 0, "[-p] DIR...", "makes directories\n-p  and their parents; no error if they exist");

static int cmd_rmdir(int argc, char **argv)
{
	return for_each_name(argc, argv, 1, do_rmdir);
}
SHELL_COMMAND(rmdir, cmd_rmdir, 0, "DIR...", "removes empty directories");

static int remove_quietly(const char *name)
{
	int err = do_unlink(name);

	return err == -ENOENT ? 0 : err;
}

static int cmd_rm(int argc, char **argv)
{
	struct sh_getopt o = { 0 };
	bool force = false;
	int c;

	while ((c = sh_getopt(&o, argc, argv, "f")) >= 0) {
		if (c == '?')
			return 2;
		force = true;
	}
	if (force && o.index == argc)
		return 0;
	return for_each_name(argc, argv, o.index, force ? remove_quietly : do_unlink);
}
SHELL_COMMAND(rm, cmd_rm, 0, "[-f] FILE...", "removes files\n-f  no error if there is no such file");

static int touch_file(const char *name)
{
	int fd = do_sys_open(name, O_WRONLY | O_CREAT, 0666);

	return fd < 0 ? fd : close_fd(fd);
}

static int cmd_touch(int argc, char **argv)
{
	return for_each_name(argc, argv, 1, touch_file);
}
SHELL_COMMAND(touch, cmd_touch, 0, "FILE...", "makes empty files");

/* --- ls --- */

struct ls {
	bool all, details;
	char path[PATH_MAX];
};

static void mode_text(umode_t mode, char text[11])
{
	static const char letters[] = "rwxrwxrwx";

	text[0] = S_ISDIR(mode) ? 'd' : S_ISCHR(mode) ? 'c' : S_ISFIFO(mode) ? 'p' : '-';
	for (int i = 0; i < 9; i++)
		text[1 + i] = mode & (0400 >> i) ? letters[i] : '-';
	text[10] = '\0';
}

/* path: where it is; name: what is printed. */
static int list_one(const struct ls *ls, const char *path, const char *name)
{
	struct kstat stat;
	char mode[11], size[24];
	int err;

	if (!ls->details)
		return sh_printf("%s\n", name);
	err = vfs_stat(path, &stat);
	if (err)
		return err;
	mode_text(stat.mode, mode);
	if (S_ISCHR(stat.mode))
		snprintf(size, sizeof(size), "%u, %3u", MAJOR(stat.rdev), MINOR(stat.rdev));
	else
		snprintf(size, sizeof(size), "%lld", (long long)stat.size);
	return sh_printf("%s %4u root     root     %9s %s\n", mode, stat.nlink, size, name);
}

static int list_directory(struct ls *ls, const char *dir)
{
	struct words names = { 0 };
	int err = 0;

	if (ls->all) {
		err = words_add(&names, ".", 1);
		if (!err)
			err = words_add(&names, "..", 2);
	}
	if (!err)
		err = read_directory(dir, &names);
	words_sort(&names, 0);
	for (int i = 0; i < names.nr && !err; i++) {
		if (names.v[i][0] == '.' && !ls->all)
			continue;
		snprintf(ls->path, sizeof(ls->path), "%s/%s", dir, names.v[i]);
		err = list_one(ls, ls->path, names.v[i]);
	}
	words_free(&names);
	return err;
}

static int list_argument(struct ls *ls, const char *name, bool header)
{
	struct kstat stat;
	int err = vfs_stat(name, &stat);

	if (!err && !S_ISDIR(stat.mode))
		return list_one(ls, name, name);
	if (!err && header)
		err = sh_printf("%s:\n", name);
	return err ? err : list_directory(ls, name);
}

static int cmd_ls(int argc, char **argv)
{
	struct ls *ls = kzalloc(sizeof(*ls), GFP_KERNEL);
	struct sh_getopt o = { 0 };
	int c, status = 0;

	if (!ls)
		return sh_fail("ls", NULL, -ENOMEM);
	while ((c = sh_getopt(&o, argc, argv, "al1")) >= 0) {
		if (c == '?') {
			kfree(ls);
			return 2;
		}
		ls->all |= c == 'a';
		ls->details |= c == 'l';
	}
	for (int i = o.index; i < max(argc, o.index + 1); i++) {
		const char *name = i < argc ? argv[i] : ".";
		int err = list_argument(ls, name, argc - o.index > 1);

		if (err)
			status = sh_fail("ls", name, err);
		if (err == -EINTR || err == -EPIPE)
			break;
	}
	kfree(ls);
	return status;
}
SHELL_COMMAND(ls, cmd_ls, 0, "[-al] [FILE]...",
	      "lists directories, one name a line\n"
	      "-a  also names that begin with a dot\n-l  with mode, links and size");
