/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_vfs.c - files and names, through the calls that the shell uses.
 *
 * Each test that makes something works in a directory of its own and removes it.
 */
#include "kernel/fs/fs.h"
#include "kernel/fs/tracefs.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "kernel/signal.h"
#include "tests/ktest/ktest.h"

#define DIR "/ktest_vfs"

/* Opens, and closes again if that worked: the errno, or 0. */
static int try_open(const char *path, int flags)
{
	int fd = do_sys_open(path, flags, 0644);

	return fd < 0 ? fd : close_fd(fd);
}

static int write_file(const char *path, int flags, const char *text)
{
	int fd = do_sys_open(path, flags | O_WRONLY, 0644);
	ssize_t ret;

	if (fd < 0)
		return fd;
	ret = ksys_write(fd, text, strlen(text));
	close_fd(fd);
	return ret;
}

/* The start of a file, NUL-terminated; static, good until the next call. */
static const char *read_file(const char *path)
{
	static char buf[128];
	int fd = do_sys_open(path, O_RDONLY, 0);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = ksys_read(fd, buf, sizeof(buf) - 1);
	close_fd(fd);
	if (n < 0)
		return NULL;
	buf[n] = '\0';
	return buf;
}

struct path_case {
	const char *path;
	int expected;
};

static void expect_each(int (*fn)(const char *path), const struct path_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int ret = fn(cases[i].path);

		if (ret != cases[i].expected) {
			ktest_fail(__FILE__, __LINE__, "\"%s\": %d, expected %d", cases[i].path, ret,
				   cases[i].expected);
			return;
		}
	}
}

#define EXPECT_EACH(fn, cases) expect_each(fn, cases, ARRAY_SIZE(cases))

static int open_read(const char *path) { return try_open(path, O_RDONLY); }
static int open_write(const char *path) { return try_open(path, O_WRONLY); }
static int open_create(const char *path) { return try_open(path, O_WRONLY | O_CREAT | O_TRUNC); }
static int open_excl(const char *path) { return try_open(path, O_WRONLY | O_CREAT | O_EXCL); }
static int open_dir(const char *path) { return try_open(path, O_RDONLY | O_DIRECTORY); }
static int mkdir_0755(const char *path) { return do_mkdir(path, 0755); }

static void make_tree(void)
{
	KTEST_EXPECT_EQ(do_mkdir(DIR, 0755), 0);
	KTEST_EXPECT_EQ(do_mkdir(DIR "/d", 0755), 0);
	KTEST_EXPECT_EQ(write_file(DIR "/f", O_CREAT, "text"), 4);
}

static void remove_tree(void)
{
	KTEST_EXPECT_EQ(do_unlink(DIR "/f"), 0);
	KTEST_EXPECT_EQ(do_rmdir(DIR "/d"), 0);
	KTEST_EXPECT_EQ(do_rmdir(DIR), 0);
}

KTEST(vfs_open_gives_linux_errno_for_each_wrong_path)
{
	static const struct path_case reads[] = {
		{ "", -ENOENT }, { "/", 0 }, { "///", 0 }, { "/nosuch", -ENOENT }, { "/nosuch/x", -ENOENT },
		{ DIR "/f", 0 }, { DIR "/f/", -ENOTDIR }, { DIR "/f/x", -ENOTDIR }, { DIR "/f/..", -ENOTDIR },
		{ DIR "/f/.", -ENOTDIR }, { DIR "//d/.././f", 0 }, { DIR "/d/", 0 }, { DIR "/d/nosuch/", -ENOENT },
		{ "/..", 0 }, { "/../.." DIR "/f", 0 },
	};
	static const struct path_case writes[] = {
		{ DIR, -EISDIR }, { DIR "/d/", -EISDIR }, { "/", -EISDIR }, { DIR "/nosuch", -ENOENT }, { DIR "/f", 0 },
	};
	static const struct path_case creates[] = {
		{ DIR "/d", -EISDIR }, { DIR "/.", -EISDIR }, { "/", -EISDIR }, { DIR "/f/", -EISDIR },
		{ DIR "/new/", -EISDIR }, { DIR "/nosuch/x", -ENOENT }, { DIR "/f/x", -ENOTDIR }, { DIR "/f", 0 },
	};
	static const struct path_case excls[] = {
		{ DIR "/f", -EEXIST }, { DIR "/d", -EEXIST }, { "/", -EEXIST }, { DIR "/..", -EEXIST },
	};
	static const struct path_case dirs[] = { { DIR "/f", -ENOTDIR }, { DIR "/d", 0 }, { DIR "/nosuch", -ENOENT } };

	make_tree();
	EXPECT_EACH(open_read, reads);
	EXPECT_EACH(open_write, writes);
	EXPECT_EACH(open_create, creates);
	EXPECT_EACH(open_excl, excls);
	EXPECT_EACH(open_dir, dirs);
	KTEST_EXPECT_EQ(try_open(DIR "/g", O_CREAT | O_DIRECTORY), -EINVAL);
	KTEST_EXPECT_EQ(try_open(DIR, O_RDONLY | O_TRUNC), -EISDIR);
	remove_tree();
}

KTEST(vfs_mkdir_rmdir_unlink_give_linux_errno)
{
	static const struct path_case mkdirs[] = {
		{ "", -ENOENT }, { "/", -EEXIST }, { DIR, -EEXIST }, { DIR "/.", -EEXIST }, { DIR "/..", -EEXIST },
		{ DIR "/f", -EEXIST }, { DIR "/f/", -EEXIST }, { DIR "/f/x", -ENOTDIR }, { DIR "/nosuch/x", -ENOENT },
	};
	static const struct path_case rmdirs[] = {
		{ "", -ENOENT }, { "/", -EBUSY }, { "/proc", -EBUSY }, { "/sys/kernel/tracing", -EBUSY },
		{ DIR, -ENOTEMPTY }, { DIR "/d/.", -EINVAL }, { DIR "/d/..", -ENOTEMPTY }, { DIR "/f", -ENOTDIR },
		{ DIR "/f/", -ENOTDIR }, { DIR "/nosuch", -ENOENT },
	};
	static const struct path_case unlinks[] = {
		{ "", -ENOENT }, { "/", -EISDIR }, { DIR "/d", -EISDIR }, { DIR "/d/", -EISDIR },
		{ DIR "/d/.", -EISDIR },
		{ DIR "/f/", -ENOTDIR }, { DIR "/nosuch", -ENOENT }, { DIR "/nosuch/", -ENOENT },
	};

	make_tree();
	EXPECT_EACH(mkdir_0755, mkdirs);
	EXPECT_EACH(do_rmdir, rmdirs);
	EXPECT_EACH(do_unlink, unlinks);
	KTEST_EXPECT_EQ(do_mkdir(DIR "/slash/", 0755), 0);
	KTEST_EXPECT_EQ(do_rmdir(DIR "/slash/"), 0);
	KTEST_EXPECT_EQ(do_chdir(DIR "/f"), -ENOTDIR);
	KTEST_EXPECT_EQ(do_chdir(DIR "/nosuch"), -ENOENT);
	remove_tree();
}

KTEST(vfs_proc_and_tracefs_refuse_new_names)
{
	static const struct path_case creates[] = {
		{ "/proc/nosuch", -ENOENT }, { "/sys/kernel/tracing/nosuch", -EACCES },
	};
	static const struct path_case mkdirs[] = {
		{ "/proc/nosuch", -ENOENT }, { "/proc/version", -EEXIST }, { "/sys/kernel/tracing/nosuch", -EPERM },
	};

	EXPECT_EACH(open_create, creates);
	EXPECT_EACH(mkdir_0755, mkdirs);
	KTEST_EXPECT_EQ(do_unlink("/proc/version"), -EPERM);
	KTEST_EXPECT_EQ(do_rmdir("/proc/version"), -ENOTDIR);
	KTEST_EXPECT_EQ(write_file("/proc/version", 0, "x"), -EIO);
}

KTEST(vfs_names_and_paths_have_linux_limits)
{
	char *path = kmalloc(PATH_MAX + 1, GFP_KERNEL);
	int name, too_long, max_path, path_too_long;

	KTEST_EXPECT(path);
	memset(path, 'n', PATH_MAX);
	path[0] = '/';
	path[1 + NAME_MAX] = '\0';
	name = try_open(path, O_RDONLY);
	path[1 + NAME_MAX] = 'n';
	path[2 + NAME_MAX] = '\0';
	too_long = try_open(path, O_RDONLY);
	memset(path, '/', PATH_MAX);
	path[PATH_MAX - 1] = '\0';
	max_path = try_open(path, O_RDONLY);
	path[PATH_MAX - 1] = '/';
	path[PATH_MAX] = '\0';
	path_too_long = try_open(path, O_RDONLY);
	kfree(path);
	KTEST_EXPECT_EQ(name, -ENOENT);
	KTEST_EXPECT_EQ(too_long, -ENAMETOOLONG);
	KTEST_EXPECT_EQ(max_path, 0);
	KTEST_EXPECT_EQ(path_too_long, -ENAMETOOLONG);
}

KTEST(vfs_trunc_append_and_position)
{
	int fd;
	char c;

	make_tree();
	KTEST_EXPECT_EQ(write_file(DIR "/f", 0, "TE"), 2);
	KTEST_EXPECT_STREQ(read_file(DIR "/f"), "TExt");
	KTEST_EXPECT_EQ(write_file(DIR "/f", O_APPEND, "!"), 1);
	KTEST_EXPECT_STREQ(read_file(DIR "/f"), "TExt!");
	KTEST_EXPECT_EQ(write_file(DIR "/f", O_TRUNC, "new"), 3);
	KTEST_EXPECT_STREQ(read_file(DIR "/f"), "new");
	fd = do_sys_open(DIR "/f", O_RDWR, 0);
	KTEST_EXPECT(fd >= 0);
	KTEST_EXPECT_EQ(ksys_lseek(fd, 2, SEEK_END), 5);
	KTEST_EXPECT_EQ(ksys_write(fd, "x", 1), 1);
	KTEST_EXPECT_EQ(ksys_lseek(fd, 4, SEEK_SET), 4);
	KTEST_EXPECT_EQ(ksys_read(fd, &c, 1), 1);
	KTEST_EXPECT_EQ(c, '\0');
	KTEST_EXPECT_EQ(ksys_lseek(fd, -7, SEEK_CUR), -EINVAL);
	close_fd(fd);
	remove_tree();
}

KTEST(vfs_access_mode_is_checked_before_the_file_is_asked)
{
	int rd, wr;
	char c;

	make_tree();
	rd = do_sys_open(DIR "/f", O_RDONLY, 0);
	wr = do_sys_open(DIR "/f", O_WRONLY, 0);
	KTEST_EXPECT(rd >= 0 && wr >= 0);
	KTEST_EXPECT_EQ(ksys_write(rd, "x", 1), -EBADF);
	KTEST_EXPECT_EQ(ksys_read(wr, &c, 1), -EBADF);
	KTEST_EXPECT_EQ(close_fd(rd), 0);
	KTEST_EXPECT_EQ(close_fd(rd), -EBADF);
	KTEST_EXPECT_EQ(ksys_read(rd, &c, 1), -EBADF);
	KTEST_EXPECT_EQ(ksys_read(NR_OPEN, &c, 1), -EBADF);
	close_fd(wr);
	rd = do_sys_open(DIR, O_RDONLY, 0);
	KTEST_EXPECT_EQ(ksys_read(rd, &c, 1), -EISDIR);
	close_fd(rd);
	remove_tree();
}

KTEST(vfs_a_removed_file_lives_until_it_is_closed)
{
	struct kstat stat;
	char c;
	int fd;

	KTEST_EXPECT_EQ(do_mkdir(DIR, 0755), 0);
	fd = do_sys_open(DIR "/f", O_RDWR | O_CREAT, 0644);
	KTEST_EXPECT(fd >= 0);
	KTEST_EXPECT_EQ(ksys_write(fd, "kept", 4), 4);
	KTEST_EXPECT_EQ(do_unlink(DIR "/f"), 0);
	KTEST_EXPECT_EQ(vfs_stat(DIR "/f", &stat), -ENOENT);
	KTEST_EXPECT_EQ(do_rmdir(DIR), 0);
	KTEST_EXPECT_EQ(ksys_lseek(fd, 0, SEEK_SET), 0);
	KTEST_EXPECT_EQ(ksys_read(fd, &c, 1), 1);
	KTEST_EXPECT_EQ(c, 'k');
	KTEST_EXPECT_EQ(close_fd(fd), 0);
}

KTEST(vfs_nothing_can_be_made_in_a_removed_directory)
{
	char buf[64];

	KTEST_EXPECT_EQ(do_mkdir(DIR, 0755), 0);
	KTEST_EXPECT_EQ(do_chdir(DIR), 0);
	KTEST_EXPECT_EQ(do_getcwd(buf, sizeof(buf)), sizeof(DIR));
	KTEST_EXPECT_STREQ(buf, DIR);
	KTEST_EXPECT_EQ(do_getcwd(buf, sizeof(DIR) - 1), -ERANGE);
	KTEST_EXPECT_EQ(do_rmdir(DIR), 0);
	KTEST_EXPECT_EQ(do_mkdir("x", 0755), -ENOENT);
	KTEST_EXPECT_EQ(try_open("x", O_WRONLY | O_CREAT), -ENOENT);
	KTEST_EXPECT_EQ(do_getcwd(buf, sizeof(buf)), -ENOENT);
	KTEST_EXPECT_EQ(do_chdir(".."), 0);
	KTEST_EXPECT_EQ(do_getcwd(buf, sizeof(buf)), 2);
	KTEST_EXPECT_STREQ(buf, "/");
}

KTEST(vfs_dotdot_leaves_a_mount)
{
	char buf[64];

	KTEST_EXPECT_EQ(do_chdir("/sys/kernel/tracing"), 0);
	KTEST_EXPECT_EQ(do_getcwd(buf, sizeof(buf)), sizeof("/sys/kernel/tracing"));
	KTEST_EXPECT_STREQ(buf, "/sys/kernel/tracing");
	KTEST_EXPECT_EQ(do_chdir("../../../proc/.."), 0);
	KTEST_EXPECT_EQ(do_getcwd(buf, sizeof(buf)), 2);
	KTEST_EXPECT(read_file("/proc/../proc/./version"));
}

/* Larger than a page and at odd offsets, so that reads and writes straddle pages. */
KTEST(vfs_ramfs_keeps_what_is_written_at_any_offset)
{
	static u8 model[5 * PAGE_SIZE], buf[5 * PAGE_SIZE];
	unsigned int seed = 1;
	loff_t size = 0;
	int fd;

	KTEST_EXPECT_EQ(do_mkdir(DIR, 0755), 0);
	fd = do_sys_open(DIR "/big", O_RDWR | O_CREAT, 0644);
	KTEST_EXPECT(fd >= 0);
	memset(model, 0, sizeof(model));
	for (int i = 0; i < 200; i++) {
		unsigned int at, len;

		seed = seed * 1103515245 + 12345;
		at = (seed >> 8) % (sizeof(model) - 1);
		len = 1 + (seed >> 4) % min(sizeof(model) - at, (size_t)6000);
		memset(model + at, i + 1, len);
		KTEST_EXPECT_EQ(ksys_lseek(fd, at, SEEK_SET), at);
		KTEST_EXPECT_EQ(ksys_write(fd, (char *)model + at, len), len);
		size = max(size, (loff_t)at + len);
	}
	KTEST_EXPECT_EQ(ksys_lseek(fd, 0, SEEK_END), size);
	KTEST_EXPECT_EQ(ksys_lseek(fd, 0, SEEK_SET), 0);
	KTEST_EXPECT_EQ(ksys_read(fd, (char *)buf, sizeof(buf)), size);
	KTEST_EXPECT_EQ(memcmp(buf, model, size), 0);
	KTEST_EXPECT_EQ(ksys_lseek(fd, 1LL << 40, SEEK_SET), 1LL << 40);
	KTEST_EXPECT_EQ(ksys_write(fd, "x", 1), -EFBIG);
	KTEST_EXPECT_EQ(ksys_read(fd, (char *)buf, 1), 0);
	close_fd(fd);
	KTEST_EXPECT_EQ(do_unlink(DIR "/big"), 0);
	KTEST_EXPECT_EQ(do_rmdir(DIR), 0);
}

struct listing {
	struct dir_context ctx;
	char names[128];
	int room; /* entries to take before saying "full" */
};

static bool take_name(struct dir_context *ctx, const char *name, int namelen, loff_t offset, u64 ino,
		      unsigned int type)
{
	struct listing *l = container_of(ctx, struct listing, ctx);
	size_t used = strlen(l->names);

	if (l->room-- <= 0)
		return false;
	memcpy(l->names + used, name, namelen);
	strcpy(l->names + used + namelen, type == DT_DIR ? "/ " : " ");
	return true;
}

KTEST(vfs_iterate_dir_resumes_where_it_stopped)
{
	struct listing l = { .ctx.actor = take_name };
	struct file *file;

	make_tree();
	file = filp_open(DIR, O_RDONLY | O_DIRECTORY, 0);
	KTEST_EXPECT(!IS_ERR(file));
	for (int i = 0; i < 6; i++) {
		l.room = 1;
		KTEST_EXPECT_EQ(iterate_dir(file, &l.ctx), 0);
		if (i == 2) /* after the entry "d": it may go without harm */
			KTEST_EXPECT_EQ(do_rmdir(DIR "/d"), 0);
	}
	KTEST_EXPECT_STREQ(l.names, "./ ../ d/ f ");
	fput(file);
	KTEST_EXPECT_EQ(do_mkdir(DIR "/d", 0755), 0);
	file = filp_open(DIR "/f", O_RDONLY, 0);
	KTEST_EXPECT_EQ(iterate_dir(file, &l.ctx), -ENOTDIR);
	fput(file);
	remove_tree();
}

KTEST(vfs_stat_counts_links_and_applies_the_umask)
{
	struct kstat stat;

	KTEST_EXPECT_EQ(do_mkdir(DIR, 0777), 0);
	KTEST_EXPECT_EQ(vfs_stat(DIR, &stat), 0);
	KTEST_EXPECT_EQ(stat.mode, S_IFDIR | 0755);
	KTEST_EXPECT_EQ(stat.nlink, 2);
	KTEST_EXPECT_EQ(do_mkdir(DIR "/d", 0755), 0);
	KTEST_EXPECT_EQ(vfs_stat(DIR, &stat), 0);
	KTEST_EXPECT_EQ(stat.nlink, 3);
	KTEST_EXPECT_EQ(do_rmdir(DIR "/d"), 0);
	KTEST_EXPECT_EQ(vfs_stat(DIR "/", &stat), 0);
	KTEST_EXPECT_EQ(stat.nlink, 2);
	KTEST_EXPECT_EQ(do_rmdir(DIR), 0);
	KTEST_EXPECT_EQ(vfs_stat("/dev/null", &stat), 0);
	KTEST_EXPECT_EQ(stat.mode, S_IFCHR | 0666);
	KTEST_EXPECT_EQ(stat.rdev, MKDEV(1, 3));
}

KTEST(vfs_device_nodes_reach_their_driver_or_enxio)
{
	char c;
	int fd = do_sys_open("/dev/null", O_RDWR, 0);

	KTEST_EXPECT(fd >= 0);
	KTEST_EXPECT_EQ(ksys_write(fd, "abc", 3), 3);
	KTEST_EXPECT_EQ(ksys_read(fd, &c, 1), 0);
	close_fd(fd);
	KTEST_EXPECT_EQ(do_mkdir(DIR, 0755), 0);
	KTEST_EXPECT_EQ(do_mknod(DIR "/c", S_IFCHR | 0600, MKDEV(77, 7)), 0);
	KTEST_EXPECT_EQ(do_mknod(DIR "/b", S_IFBLK | 0600, MKDEV(77, 7)), 0);
	KTEST_EXPECT_EQ(do_mknod(DIR "/b", S_IFBLK | 0600, MKDEV(77, 7)), -EEXIST);
	KTEST_EXPECT_EQ(try_open(DIR "/c", O_RDONLY), -ENXIO);
	KTEST_EXPECT_EQ(try_open(DIR "/b", O_RDONLY), -ENXIO);
	KTEST_EXPECT_EQ(do_unlink(DIR "/c"), 0);
	KTEST_EXPECT_EQ(do_unlink(DIR "/b"), 0);
	KTEST_EXPECT_EQ(do_rmdir(DIR), 0);
}

KTEST(vfs_descriptors_are_the_lowest_free_and_run_out)
{
	int fds[NR_OPEN], n = 0, fd, last;

	while (n < NR_OPEN && (fds[n] = do_sys_open("/dev/null", O_RDONLY, 0)) >= 0)
		n++;
	last = n < NR_OPEN ? fds[n] : 0;
	fd = n > 1 ? (close_fd(fds[1]), do_sys_open("/dev/null", O_RDONLY, 0)) : -1;
	for (int i = 0; i < n; i++)
		close_fd(fds[i]);
	KTEST_EXPECT(n > 1);
	KTEST_EXPECT_EQ(last, -EMFILE);
	KTEST_EXPECT_EQ(fd, fds[1]);
}

KTEST(vfs_dup2_shares_the_position)
{
	char buf[4];
	int fd, copy = NR_OPEN - 1;

	make_tree();
	fd = do_sys_open(DIR "/f", O_RDONLY, 0);
	KTEST_EXPECT(fd >= 0);
	KTEST_EXPECT_EQ(ksys_dup2(fd, copy), copy);
	KTEST_EXPECT_EQ(ksys_dup2(fd, fd), fd);
	KTEST_EXPECT_EQ(ksys_dup2(fd, NR_OPEN), -EBADF);
	KTEST_EXPECT_EQ(ksys_dup2(NR_OPEN - 2, copy), -EBADF);
	KTEST_EXPECT_EQ(ksys_read(fd, buf, 1), 1);
	close_fd(fd);
	KTEST_EXPECT_EQ(ksys_read(copy, buf, 4), 3);
	KTEST_EXPECT_EQ(memcmp(buf, "ext", 3), 0);
	close_fd(copy);
	remove_tree();
}

static int release_result;

static int failing_release(struct inode *inode, struct file *file)
{
	return release_result;
}

static ssize_t accept_write(struct file *file, const char *buf, size_t count, loff_t *ppos)
{
	return count;
}

static const struct file_operations failing_fops = { .write = accept_write, .release = failing_release };
static const struct file_operations empty_fops;

KTEST(vfs_close_returns_what_release_returned)
{
	struct dentry *file = tracefs_create_file("ktest_vfs", 0640, NULL, NULL, &failing_fops);
	int fd, first, last;

	KTEST_EXPECT(file);
	fd = do_sys_open("/sys/kernel/tracing/ktest_vfs", O_WRONLY, 0);
	release_result = -ENOSPC;
	ksys_dup2(fd, NR_OPEN - 1);
	first = close_fd(fd);
	last = close_fd(NR_OPEN - 1);
	tracefs_remove(file);
	KTEST_EXPECT_EQ(first, 0);
	KTEST_EXPECT_EQ(last, -ENOSPC);
}

KTEST(vfs_a_file_without_operations_is_einval_and_espipe)
{
	struct dentry *file = tracefs_create_file("ktest_vfs", 0640, NULL, NULL, &empty_fops);
	int fd = do_sys_open("/sys/kernel/tracing/ktest_vfs", O_RDWR, 0);
	char c;

	KTEST_EXPECT(fd >= 0);
	KTEST_EXPECT(!tracefs_create_file("ktest_vfs", 0640, NULL, NULL, &empty_fops));
	tracefs_remove(file);
	KTEST_EXPECT_EQ(ksys_read(fd, &c, 1), -EINVAL);
	KTEST_EXPECT_EQ(ksys_write(fd, &c, 1), -EINVAL);
	KTEST_EXPECT_EQ(ksys_lseek(fd, 0, SEEK_SET), -ESPIPE);
	close_fd(fd);
}

KTEST(vfs_tracefs_remove_takes_the_whole_directory)
{
	struct dentry *dir = tracefs_create_dir("ktest_vfs", NULL), *sub;
	struct kstat stat;

	KTEST_EXPECT(dir);
	sub = tracefs_create_dir("sub", dir);
	KTEST_EXPECT(sub);
	KTEST_EXPECT(tracefs_create_file("a", 0444, sub, NULL, &empty_fops));
	KTEST_EXPECT(tracefs_create_file("b", 0444, dir, NULL, &empty_fops));
	KTEST_EXPECT_EQ(vfs_stat("/sys/kernel/tracing/ktest_vfs/sub/a", &stat), 0);
	KTEST_EXPECT_EQ(do_rmdir("/sys/kernel/tracing/ktest_vfs/sub"), -EPERM);
	KTEST_EXPECT_EQ(do_unlink("/sys/kernel/tracing/ktest_vfs/b"), -EPERM);
	tracefs_remove(dir);
	KTEST_EXPECT_EQ(vfs_stat("/sys/kernel/tracing/ktest_vfs", &stat), -ENOENT);
}

KTEST(vfs_nothing_is_leaked_by_making_and_removing)
{
	struct kmem_stats before, after;
	int fds[2];

	/* Once before, so that caches are warm. */
	for (int round = 0; round < 2; round++) {
		kmem_get_stats(&before);
		make_tree();
		try_open(DIR "/nosuch", O_RDONLY);
		try_open(DIR "/f", O_CREAT | O_EXCL);
		do_mkdir(DIR "/f", 0755);
		read_file("/proc/kallsyms");
		if (!do_pipe2(fds, 0)) {
			close_fd(fds[0]);
			close_fd(fds[1]);
		}
		remove_tree();
		kmem_get_stats(&after);
	}
	KTEST_EXPECT_EQ(after.live, before.live);
}

/* Reads all of a file in pieces: a sum over its bytes and their places. */
static u32 read_sum(const char *path, size_t piece, size_t *size)
{
	char *buf = kmalloc(piece, GFP_KERNEL);
	int fd = do_sys_open(path, O_RDONLY, 0);
	ssize_t n;
	u32 sum = 0;

	*size = 0;
	while (buf && fd >= 0 && (n = ksys_read(fd, buf, piece)) > 0)
		for (ssize_t i = 0; i < n; i++)
			sum = sum * 31 + (u8)buf[i], ++*size;
	close_fd(fd);
	kfree(buf);
	return sum;
}

KTEST(vfs_proc_files_read_the_same_in_any_piece_size)
{
	size_t size, whole_size;
	u32 whole = read_sum("/proc/kallsyms", 1 << 16, &whole_size);

	KTEST_EXPECT(whole_size > 10000);
	KTEST_EXPECT_EQ(read_sum("/proc/kallsyms", 777, &size), whole);
	KTEST_EXPECT_EQ(size, whole_size);
	KTEST_EXPECT_EQ(read_sum("/proc/kallsyms", 7, &size), whole);
	KTEST_EXPECT_EQ(size, whole_size);
}
