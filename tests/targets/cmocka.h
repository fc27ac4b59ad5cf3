/*
 * As much of cmocka as our tests use, for machines that its library was not built for: the same
 * names, the same lines of output.
 */
#ifndef TESTS_TARGETS_CMOCKA_H
#define TESTS_TARGETS_CMOCKA_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct CMUnitTest {
	const char *name;
	void (*test_func)(void **state);
	int (*setup_func)(void **state);
	int (*teardown_func)(void **state);
	void *initial_state;
};

enum outcome {
	OUTCOME_OK,
	OUTCOME_FAILED,
	OUTCOME_SKIPPED
};

static jmp_buf test_end;
static enum outcome test_outcome;

__attribute__((noreturn)) static inline void
test_leave(enum outcome outcome)
{
	test_outcome = outcome;
	longjmp(test_end, 1);
}

#define print_error(...) fprintf(stderr, __VA_ARGS__)
#define skip() test_leave(OUTCOME_SKIPPED)
#define fail() test_leave(OUTCOME_FAILED)
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), fail())

static inline void
test_that(int holds, const char *what, const char *file, int line)
{
	if (holds)
		return;
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, what);
	fail();
}

static inline void
test_same_text(const char *left, const char *right, int same, const char *file, int line)
{
	if ((strcmp(left, right) == 0) == same)
		return;
	fprintf(stderr, "%s:%d: \"%s\" and \"%s\"\n", file, line, left, right);
	fail();
}

static inline void
test_same_number(uintmax_t left, uintmax_t right, int same, const char *file, int line)
{
	if ((left == right) == same)
		return;
	fprintf(stderr, "%s:%d: %#jx and %#jx\n", file, line, left, right);
	fail();
}

/* Numbers and pointers of any width, widened as C does it. */
#define test_number(number) ((uintmax_t)(number))
#define test_address(pointer) ((uintmax_t)(uintptr_t)(pointer))

#define assert_true(what) test_that(!!(what), #what, __FILE__, __LINE__)
#define assert_false(what) test_that(!(what), "!(" #what ")", __FILE__, __LINE__)
#define assert_null(what) test_that(!(what), #what " == NULL", __FILE__, __LINE__)
#define assert_non_null(what) test_that(!!(what), #what " != NULL", __FILE__, __LINE__)
#define assert_int_equal(a, b)                                                                     \
	test_same_number(test_number(a), test_number(b), 1, __FILE__, __LINE__)
#define assert_int_not_equal(a, b)                                                                 \
	test_same_number(test_number(a), test_number(b), 0, __FILE__, __LINE__)
#define assert_ptr_equal(a, b)                                                                     \
	test_same_number(test_address(a), test_address(b), 1, __FILE__, __LINE__)
#define assert_string_equal(a, b) test_same_text(a, b, 1, __FILE__, __LINE__)
#define assert_string_not_equal(a, b) test_same_text(a, b, 0, __FILE__, __LINE__)
#define assert_memory_equal(a, b, size)                                                            \
	test_that(memcmp(a, b, size) == 0, #a " has the bytes of " #b, __FILE__, __LINE__)

static inline enum outcome
test_run(const struct CMUnitTest *test)
{
	void *state = test->initial_state;

	if (test->setup_func && test->setup_func(&state))
		return OUTCOME_FAILED;
	test_outcome = OUTCOME_OK;
	if (setjmp(test_end) == 0)
		test->test_func(&state);
	if (test->teardown_func && test->teardown_func(&state))
		return OUTCOME_FAILED;
	return test_outcome;
}

static inline int
_cmocka_run_group_tests(const char *group, const struct CMUnitTest *test, size_t count,
	void *setup, void *teardown)
{
	static const char *const mark[] = {"      OK", " FAILED ", " SKIPPED"};
	int failed = 0;

	(void)group, (void)setup, (void)teardown;
	for (const struct CMUnitTest *end = test + count; test < end; test++) {
		enum outcome outcome = test_run(test);

		printf("[ %s ] %s\n", mark[outcome], test->name);
		fflush(stdout);
		failed += outcome == OUTCOME_FAILED;
	}
	return failed;
}

#endif
