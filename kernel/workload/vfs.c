/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs.c - a workload for the file systems: a directory and a file that come, hold what was
 * written to them, and go; and files of /proc read to their end.
 */
#include "kernel/fs/fs.h"
#include "kernel/sched/sched.h"
#include "kernel/shell/shell.h"
#include "kernel/signal.h"
#include "kernel/workload/workload.h"
#include "lib/stdio.h"
#include "lib/string.h"

#define CHUNK 100
#define CHUNKS 50 /* several pages of data */

static const char *const proc_files[] = { "/proc/uptime", "/proc/meminfo", "/proc/interrupts" };

static void fill_chunk(char *chunk, unsigned int i)
{
	memset(chunk, 'a' + i % 26, CHUNK);
}

static int write_chunks(struct file *file)
{
	char chunk[CHUNK];
	unsigned int i;

	for (i = 0; i < CHUNKS; i++) {
		fill_chunk(chunk, i);
		if (vfs_write(file, chunk, CHUNK, &file->f_pos) != CHUNK)
			return -EIO;
	}
	return 0;
}

static int check_chunks(struct file *file)
{
	char chunk[CHUNK], got[CHUNK];
	unsigned int i;

	if (vfs_llseek(file, 0, SEEK_SET) != 0)
		return -EIO;
	for (i = 0; i < CHUNKS; i++) {
		fill_chunk(chunk, i);
		if (kernel_read(file, got, CHUNK, &file->f_pos) != CHUNK || memcmp(chunk, got, CHUNK))
			return -EIO;
	}
	return vfs_read(file, got, CHUNK, &file->f_pos) == 0 ? 0 : -EIO;
}

static int file_round(const char *path)
{
	struct file *file = filp_open(path, O_RDWR | O_CREAT | O_EXCL, 0644);
	struct kstat stat;
	int ret, err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = write_chunks(file);
	if (!ret)
		ret = check_chunks(file);
	if (!ret && (vfs_stat(path, &stat) || stat.size != CHUNK * CHUNKS))
		ret = -EIO;
	err = filp_close(file);
	if (do_unlink(path) || vfs_stat(path, &stat) != -ENOENT)
		err = -EIO;
	return ret ? ret : err;
}

static int dir_round(void)
{
	char dir[32], path[40];
	int ret;

	snprintf(dir, sizeof(dir), "/workload.%d", current->pid);
	snprintf(path, sizeof(path), "%s/file", dir);
	ret = do_mkdir(dir, 0755);
	if (ret)
		return ret;
	ret = do_mkdir(dir, 0755) == -EEXIST ? file_round(path) : -EIO;
	if (do_rmdir(dir) && !ret)
		ret = -EIO;
	return ret;
}

/* Reads to the end; an empty file is a loss. */
static int proc_round(const char *path)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	char buf[128];
	ssize_t len, total = 0;
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	while ((len = vfs_read(file, buf, sizeof(buf), &file->f_pos)) > 0)
		total += len;
	err = filp_close(file);
	if (len < 0)
		return len;
	return err ? err : total ? 0 : -EIO;
}

static int vfs_main(unsigned long n)
{
	unsigned long i;
	unsigned int f;
	int ret;

	for (i = 0; i < n; i++) {
		if (signal_pending(current))
			return -EINTR;
		ret = dir_round();
		for (f = 0; f < ARRAY_SIZE(proc_files) && !ret; f++)
			ret = proc_round(proc_files[f]);
		if (ret)
			return ret;
	}
	sh_printf("workload vfs: %lu files of %d bytes written, read back and removed, ok\n", n,
		  CHUNK * CHUNKS);
	return 0;
}
WORKLOAD(vfs, vfs_main, 5, "N times a directory and a file made, written, read and removed; /proc read");
