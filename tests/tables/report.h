/* What a comparison found wrong, by name; nothing wrong: an empty report. */
#ifndef TESTS_TABLES_REPORT_H
#define TESTS_TABLES_REPORT_H

#include "tests/tables/test.h"

static char report[1 << 15];

__attribute__((format(printf, 1, 2))) static inline void
complain(const char *format, ...)
{
	size_t length = strlen(report);
	va_list words;

	va_start(words, format);
	vsnprintf(report + length, sizeof report - length, format, words);
	va_end(words);
}

/* What the test before wrote is gone. */
static inline void
report_begin(void)
{
	report[0] = '\0';
}

static inline void
report_end(void)
{
	assert_string_equal(report, "");
}

#endif
