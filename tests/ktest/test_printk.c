/* SPDX-License-Identifier: BSD-2-Clause */
/* test_printk.c - the log as its readers see it, and symbols.  The rest: tests/unit/test_{printk,kallsyms}.c. */
#include "kernel/kallsyms.h"
#include "kernel/printk.h"
#include "lib/ctype.h"
#include "lib/stdio.h"
#include "tests/ktest/ktest.h"

static char record[256];

/* The number of the record that the next message will be. */
static u64 log_end(void)
{
	u64 seq = 0;

	while (kmsg_read(&seq, record, sizeof(record)))
		;
	return seq;
}

KTEST(printk_messages_are_in_the_log_with_a_stamp)
{
	u64 seq = log_end();
	int len;

	pr_debug("ktest says %d\n", 42);
	len = kmsg_read(&seq, record, sizeof(record));
	KTEST_EXPECT_EQ(len, strlen(record));
	KTEST_EXPECT_EQ(record[0], '[');
	KTEST_EXPECT(isdigit((unsigned char)record[5]) && record[6] == '.');
	KTEST_EXPECT_STREQ(strchr(record, ']'), "] ktest says 42\n");
	KTEST_EXPECT_EQ(kmsg_read(&seq, record, sizeof(record)), 0);
}

KTEST(printk_continued_lines_are_one_record)
{
	u64 seq = log_end();

	printk(KERN_DEBUG "a");
	pr_cont("b");
	pr_cont("c\n");
	KTEST_EXPECT(kmsg_read(&seq, record, sizeof(record)) > 0);
	KTEST_EXPECT_STREQ(strchr(record, ']'), "] abc\n");
	KTEST_EXPECT_EQ(kmsg_read(&seq, record, sizeof(record)), 0);
}

KTEST(kallsyms_names_and_addresses_agree)
{
	unsigned long addr = kallsyms_lookup_name("printk");
	char buf[KSYM_SYMBOL_LEN], namebuf[KSYM_NAME_LEN];
	unsigned long size, offset;

	KTEST_EXPECT_EQ(addr, (unsigned long)printk);
	KTEST_EXPECT_STREQ(kallsyms_lookup(addr + 1, &size, &offset, NULL, namebuf), "printk");
	KTEST_EXPECT_EQ(offset, 1);
	KTEST_EXPECT(size > 1);
	snprintf(buf, sizeof(buf), "%ps", (void *)printk);
	KTEST_EXPECT_STREQ(buf, "printk");
	snprintf(buf, sizeof(buf), "%pS", (void *)(addr + 2));
	KTEST_EXPECT_EQ(strncmp(buf, "printk+0x2/0x", 13), 0);
	KTEST_EXPECT_EQ(kallsyms_lookup_name("no such symbol"), 0);
}

KTEST(kallsyms_is_sorted_and_finds_every_symbol)
{
	KTEST_EXPECT(kallsyms_num_syms > 100);
	for (unsigned int i = 0; i < kallsyms_num_syms; i++) {
		int found = kallsyms_find(kallsyms_sym_address(i));

		KTEST_EXPECT(i == 0 || kallsyms_sym_address(i - 1) <= kallsyms_sym_address(i));
		if (found < 0)
			continue; /* marks the end of the image */
		KTEST_EXPECT_EQ(kallsyms_sym_address((unsigned int)found), kallsyms_sym_address(i));
		KTEST_EXPECT(kallsyms_sym_name(i)[0]);
	}
}

KTEST(kernel_text_address_knows_text_from_data)
{
	KTEST_EXPECT(kernel_text_address((unsigned long)printk));
	KTEST_EXPECT(!kernel_text_address((unsigned long)&console_loglevel));
	KTEST_EXPECT(!kernel_text_address(0));
}
