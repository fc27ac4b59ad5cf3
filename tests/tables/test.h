/* What every C test here starts with: cmocka, and tests that stand in no second list. */
#ifndef TESTS_TABLES_TEST_H
#define TESTS_TABLES_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct CMUnitTest tests[256];
static size_t tests_count;

/* TEST(a_sentence) { what shows that it is true } */
#define TEST(sentence)                                                                             \
	static void sentence(void **);                                                             \
	__attribute__((constructor)) static void add_##sentence(void)                              \
	{                                                                                          \
		if (tests_count == sizeof tests / sizeof *tests)                                   \
			abort();                                                                   \
		tests[tests_count++] = (struct CMUnitTest){#sentence, sentence, NULL, NULL, NULL}; \
	}                                                                                          \
	static void sentence(void **state __attribute__((unused)))

/* Ends the test as skipped, and its line with the reason. */
#define SKIP(reason) skip_test(__func__, reason)

static inline void
skip_test(const char *sentence, const char *reason)
{
	static char lines[32][200];
	static size_t used;

	for (size_t i = 0; i < tests_count && used < 32; i++) {
		if (strcmp(tests[i].name, sentence) == 0) {
			snprintf(lines[used], sizeof lines[used], "%s: %s", sentence, reason);
			tests[i].name = lines[used++];
		}
	}
	skip();
}

#define assert_shows(text, part) assert_found(text, part, true)
#define assert_hides(text, part) assert_found(text, part, false)
#define assert_found(text, part, found)                                                            \
	do {                                                                                       \
		if ((strstr(text, part) != NULL) != (found)) {                                     \
			print_error("%s \"%s\" in:\n%s\n", (found) ? "no" : "there is", part,      \
				text);                                                             \
			fail();                                                                    \
		}                                                                                  \
	} while (0)

int
main(void)
{
	return _cmocka_run_group_tests("tests", tests, tests_count, NULL, NULL);
}

#endif
