/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ktest.h - tests that run inside the kernel.
 *
 *   #include "tests/ktest/ktest.h"
 *
 *   KTEST(mutex_trylock_fails_when_held)
 *   {
 *           KTEST_EXPECT(mutex_trylock(&m));
 *           KTEST_EXPECT_EQ(mutex_trylock(&m), 0);
 *   }
 *
 * The name says the subsystem and what is expected.  A failed expectation prints
 * file:line and the values, and returns from the test (from the function it stands
 * in: use them in functions that return void, and check ktest_failed() after calling
 * one).  A test runs in a task of its own, and may sleep; it cleans up after itself.
 * `ktest [GLOB]` at the shell, or ktest[=GLOB] on the kernel command line, runs them.
 */
#ifndef TESTS_KTEST_KTEST_H
#define TESTS_KTEST_KTEST_H

#include "lib/registry.h"
#include "lib/string.h"

struct ktest {
	const char *name;
	void (*run)(void);
};

REGISTRY_DECLARE(ktests, struct ktest);

#define KTEST(ident)                                                                    \
	static void ktest_##ident(void);                                                \
	REGISTRY_ENTRY(ktests, struct ktest, ktest_entry_##ident) = { #ident, ktest_##ident }; \
	static void ktest_##ident(void)

struct ktest_totals {
	unsigned int passed, failed, skipped;
};

/*
 * Runs the tests whose name matches glob (NULL: all) in order of name, prints KTAP
 * version 1 to standard output.  Returns 0 when at least one ran and none failed; 1
 * otherwise.  Task context.
 */
int ktest_run(const char *glob, struct ktest_totals *totals);

/* True once an expectation of the running test has failed. */
bool ktest_failed(void);

/* The macros' back ends. */
void ktest_fail(const char *file, int line, const char *fmt, ...) __printf(3, 4);
void ktest_skip(const char *reason);

#define KTEST_EXPECT(cond)                                                              \
	do {                                                                            \
		if (!(cond)) {                                                          \
			ktest_fail(__FILE__, __LINE__, "expected: %s", #cond);          \
			return;                                                         \
		}                                                                       \
	} while (0)

/* For integers and pointers of at most 64 bits; both sides are evaluated once. */
#define KTEST_EXPECT_EQ(a, b)                                                           \
	do {                                                                            \
		const long long _ka = (long long)(a), _kb = (long long)(b);             \
		if (_ka != _kb) {                                                       \
			ktest_fail(__FILE__, __LINE__, "%s = %lld (0x%llx), expected %s = %lld (0x%llx)", \
				   #a, _ka, (unsigned long long)_ka, #b, _kb, (unsigned long long)_kb);   \
			return;                                                         \
		}                                                                       \
	} while (0)

#define KTEST_EXPECT_STREQ(a, b)                                                        \
	do {                                                                            \
		const char *_ka = (a), *_kb = (b);                                      \
		if (!_ka || !_kb || strcmp(_ka, _kb)) {                                 \
			ktest_fail(__FILE__, __LINE__, "%s = \"%s\", expected \"%s\"", #a, \
				   _ka ? _ka : "(null)", _kb ? _kb : "(null)");         \
			return;                                                         \
		}                                                                       \
	} while (0)

/* Ends the test as skipped, with the reason in the report. */
#define KTEST_SKIP(reason)           \
	do {                         \
		ktest_skip(reason);  \
		return;              \
	} while (0)

#endif
