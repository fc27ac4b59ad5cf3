/* The rows of errno.def against this machine's own <errno.h> and strerror. */
#include <errno.h>

#include "decoder/host.h"
#include "tables/tables.h"
#include "tests/tables/report.h"

/* The macro's name as text, and what this machine makes of it. */
static const struct {
	const char *name;
	int number;
} here[] = {
#define ERRNO(name, number, text) {#name, name},
#include "tables/errno.def"
#undef ERRNO
};

TEST(every_error_has_the_number_that_this_machine_gives_it)
{
	report_begin();
	for (unsigned row = 0; row < ERRORS; row++)
		if (errors[row].number <= arches[HOST_ARCH].errors
			&& errors[row].number != here[row].number)
			complain("%s is %d\n", errors[row].name, here[row].number);
	report_end();
}

TEST(every_error_has_the_text_of_glibc)
{
	const char *text;

	report_begin();
#ifndef __GLIBC__
	SKIP("another libc has other words");
#endif
	for (unsigned row = 0; row < ERRORS; row++) {
		text = strerror(here[row].number);
		if (strcmp(text, errors[row].text) != 0)
			complain("%s: %s\n", errors[row].name, text);
	}
	report_end();
}

TEST(every_error_that_glibc_knows_is_a_row)
{
	unsigned row = 0;

	report_begin();
#ifndef __GLIBC__
	SKIP("another libc has other words");
#endif
	if (arches[HOST_ARCH].errors < 255)
		SKIP("this architecture numbers errors in its own way");
	for (int number = 1; number < 200; number++) {
		bool known = strncmp(strerror(number), "Unknown error", 13) != 0;

		while (row < ERRORS && errors[row].number < number)
			row++;
		if (known && (row == ERRORS || errors[row].number != number))
			complain("%d: %s\n", number, strerror(number));
	}
	report_end();
}
