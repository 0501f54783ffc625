/* SPDX-License-Identifier: BSD-2-Clause */
/* The audit finds each thing that can be wrong, one at a time, and names it. */
#include "tests/unit/host_ftrace.h"
#include "trace/ftrace_audit.h"

#define NR 8

static void ignore(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op, struct ftrace_regs *fregs)
{
}

static struct ftrace_ops a, b;

static int setup(void **state)
{
	host_ftrace_boot(NR, NULL);
	a = (struct ftrace_ops){ .func = ignore };
	b = (struct ftrace_ops){ .func = ignore, .flags = FTRACE_OPS_FL_SAVE_REGS };
	/* Site 2 is for both, 3 and 4 for one each, the others for nobody. */
	ftrace_set_filter_ip(&a, host_site(2), 0, 0);
	ftrace_set_filter_ip(&a, host_site(3), 0, 0);
	ftrace_set_filter_ip(&b, host_site(2), 0, 0);
	ftrace_set_filter_ip(&b, host_site(4), 0, 0);
	register_ftrace_function(&a);
	register_ftrace_function(&b);
	return 0;
}

static int teardown(void **state)
{
	host_ftrace_end_with(&a, &b);
	return 0;
}

static const char *audit_text(void)
{
	static char text[256];
	struct ftrace_audit audit;
	bool consistent = ftrace_audit(&audit);

	ftrace_audit_text(&audit, consistent, text, sizeof(text));
	return text;
}

/* It is so now, but not once *word is back. */
#define expect_found(word, wrong, text)                        \
	do {                                                   \
		__typeof__(word) *_at = &(word), _old = *_at;  \
		*_at = (wrong);                                \
		assert_string_equal(audit_text(), text);       \
		*_at = _old;                                   \
		assert_string_equal(audit_text(), ALL_WELL);   \
	} while (0)

#define ALL_WELL "8 sites, 3 on, consistent"

static struct dyn_ftrace *rec(int i)
{
	return ftrace_exact_rec(host_site(i));
}

static void all_is_well(void **state)
{
	assert_string_equal(audit_text(), ALL_WELL);
	ftrace_set_enabled(0);
	assert_string_equal(audit_text(), "8 sites, 0 on, consistent");
	ftrace_set_enabled(1);
	assert_string_equal(audit_text(), ALL_WELL);
}

static void a_count_that_is_not_the_number_of_ops(void **state)
{
	expect_found(rec(2)->flags, rec(2)->flags - 1, "func_0002+0x0/0x30: count: expected 00000002, found 00000001");
	expect_found(rec(0)->flags, 1, "func_0000+0x0/0x30: count: expected 00000000, found 00000001");
	expect_found(a.local_hash.filter_hash, b.local_hash.filter_hash,
		     "func_0003+0x0/0x30: count: expected 00000000, found 00000001");
}

static void flags_that_do_not_follow_from_the_ops(void **state)
{
	expect_found(rec(3)->flags, rec(3)->flags & ~FTRACE_FL_ENABLED,
		     "func_0003+0x0/0x30: flags: expected 80600000, found 00600000");
	expect_found(rec(2)->flags, rec(2)->flags & ~FTRACE_FL_REGS,
		     "func_0002+0x0/0x30: flags: expected e0000000, found a0000000");
	expect_found(rec(3)->flags, rec(3)->flags | FTRACE_FL_IPMODIFY,
		     "func_0003+0x0/0x30: flags: expected 80600000, found 84600000");
	expect_found(b.flags, b.flags | FTRACE_OPS_FL_IPMODIFY,
		     "func_0002+0x0/0x30: flags: expected e4000000, found e0000000");
}

static void any_word_of_a_site_that_is_off_or_on(void **state)
{
	static const char *const off[] = {
		"func_0001+0x0/0x30: word 0: expected 00000013, found bad0bad0",
		"func_0001+0x0/0x30: word 1: expected 00000013, found bad0bad0",
		"func_0001+0x0/0x30: word 2: expected 00000013, found bad0bad0",
		"func_0001+0x0/0x30: word 3: expected 00000013, found bad0bad0",
	};

	for (int i = 0; i < FTRACE_SITE_WORDS; i++)
		expect_found(((u32 *)host_site(1))[i], 0xbad0bad0, off[i]);
	expect_found(((u32 *)host_site(2))[0], HOST_NOP,
		     "func_0002+0x0/0x30: word 0: expected ca110000, found 00000013");
	expect_found(((u32 *)host_site(2))[1], HOST_TO_CALLER,
		     "func_0002+0x0/0x30: word 1: expected 7a000002, found 7a000001");
}

static void a_payload_of_somebody_else(void **state)
{
	char text[80];

	snprintf(text, sizeof(text), "func_0003+0x0/0x30: word 2: expected %08x, found %08x",
		 HOST_PAYLOAD | a.dispatch_index, HOST_PAYLOAD | b.dispatch_index);
	expect_found(((u32 *)host_site(3))[2], HOST_PAYLOAD | b.dispatch_index, text);
	snprintf(text, sizeof(text), "func_0002+0x0/0x30: word 2: expected 00000013, found %08x",
		 HOST_PAYLOAD | b.dispatch_index);
	expect_found(((u32 *)host_site(2))[2], HOST_PAYLOAD | b.dispatch_index, text);
}

static void records_out_of_order(void **state)
{
	struct dyn_ftrace *records = ftrace_pages_start->records, first = records[0];

	records[0] = records[1];
	records[1] = first;
	assert_non_null(strstr(audit_text(), "func_0000+0x0/0x30: order: expected "));
	records[1] = records[0];
	assert_non_null(strstr(audit_text(), "func_0001+0x0/0x30: order: expected "));
}

static void totals_that_are_not_the_sum(void **state)
{
	struct ftrace_audit audit;

	ftrace_sites_on = 7;
	assert_false(ftrace_audit(&audit));
	assert_string_equal(audit.what, "number of sites on");
	assert_int_equal(audit.expected, 7);
	assert_int_equal(audit.found, 3);
	ftrace_sites_on = 3;
	ftrace_number_of_records = 9;
	assert_false(ftrace_audit(&audit));
	assert_string_equal(audit.what, "number of sites");
	ftrace_number_of_records = 8;
}

/* Its number, and in `where` the entry itself: a symbol in a kernel. */
static void a_dispatch_entry_that_leads_elsewhere(void **state)
{
	struct ftrace_dispatch *entry = &ftrace_dispatch[a.dispatch_index];
	struct ftrace_audit audit;

	for (int i = 0; i < 3; i++) {
		struct ftrace_dispatch old = *entry;

		if (i == 0)
			entry->ops = &b;
		else if (i == 1)
			entry->func = ftrace_stub;
		else
			*entry = (struct ftrace_dispatch){ 0 };
		assert_false(ftrace_audit(&audit));
		assert_string_equal(audit.what, "dispatch entry");
		assert_int_equal(audit.found, a.dispatch_index);
		assert_ptr_equal((void *)audit.where, entry);
		*entry = old;
		assert_true(ftrace_audit(&audit));
	}
	/* An entry of somebody who is not registered. */
	ftrace_dispatch[200] = (struct ftrace_dispatch){ ignore, &global_ops };
	assert_false(ftrace_audit(&audit));
	assert_int_equal(audit.found, 200);
	ftrace_dispatch[200] = (struct ftrace_dispatch){ ignore, NULL };
	assert_false(ftrace_audit(&audit));
	assert_int_equal(audit.found, 200);
}

static void an_ops_in_the_list_that_is_not_registered(void **state)
{
	struct ftrace_audit audit;

	a.flags &= ~FTRACE_OPS_FL_ENABLED;
	assert_false(ftrace_audit(&audit));
	assert_string_equal(audit.what, "registered");
	assert_ptr_equal((void *)audit.where, &a);
	a.flags |= FTRACE_OPS_FL_ENABLED;
	assert_true(ftrace_audit(&audit));
}

static void a_slot_that_calls_somebody_else(void **state)
{
	struct ftrace_audit audit;

	host_slot = ignore;
	assert_false(ftrace_audit(&audit));
	assert_string_equal(audit.what, "word of the slot");
	assert_ptr_equal((void *)audit.where, ftrace_ops_list_func);
	host_slot = ftrace_ops_list_func;
	assert_true(ftrace_audit(&audit));
	ftrace_slot_func = ftrace_stub;
	assert_false(ftrace_audit(&audit));
	assert_string_equal(audit.what, "slot");
}

/* Of a dead ftrace only the bytes are compared, with what the records say is there. */
static void a_dead_ftrace_is_asked_for_its_bytes_only(void **state)
{
	static struct ftrace_ops c;

	c = (struct ftrace_ops){ .func = ignore };
	host_arch_fail_at(6, -EIO);
	assert_int_equal(register_ftrace_function(&c), -ENODEV);
	assert_int_equal(ftrace_rec_count(rec(7)), 1);
	assert_false(host_site_is_on(host_site(7)));
	assert_string_equal(audit_text(), "8 sites, 6 on, consistent, but ftrace is dead");
	((u32 *)host_site(7))[3] = 0;
	assert_string_equal(audit_text(), "func_0007+0x0/0x30: word 3: expected 00000013, found 00000000");
	((u32 *)host_site(7))[3] = HOST_NOP;
	((u32 *)host_site(0))[2] = HOST_PAYLOAD | 255;
	assert_int_equal(strncmp(audit_text(), "func_0000+0x0/0x30: word 2: expected ", 37), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_is_well),
		TEST(a_count_that_is_not_the_number_of_ops),
		TEST(flags_that_do_not_follow_from_the_ops),
		TEST(any_word_of_a_site_that_is_off_or_on),
		TEST(a_payload_of_somebody_else),
		TEST(records_out_of_order),
		TEST(totals_that_are_not_the_sum),
		TEST(a_dispatch_entry_that_leads_elsewhere),
		TEST(an_ops_in_the_list_that_is_not_registered),
		TEST(a_slot_that_calls_somebody_else),
		TEST(a_dead_ftrace_is_asked_for_its_bytes_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
