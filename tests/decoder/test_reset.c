/* What active probing found, in the words of a dump and back. */
#include "tests/tables/test.h"

#include <errno.h>
#include <linux/perf_event.h>

#include "decoder/decode.h"
#include "decoder/host.h"
#include "decoder/parse.h"
#include "decoder/reset.h"

TEST(what_was_found_is_read_back_from_the_dump)
{
	static struct call_store store;
	struct perf_event_attr attr = {.size = sizeof attr};
	struct call call, back;
	struct parser parser;
	char text[8192];

	call_clear(&call);
	call.arch = HOST_ARCH;
	call.attr = (const unsigned char *)&attr;
	call.readable = sizeof attr;
	call.fd = call.cpu = -1;
	call.error = EINVAL;
	attr.precise_ip = 2;
	attr.sigtrap = attr.remove_on_exec = 1;
	for (enum reset reset = RESET_NONE; reset < RESETS; reset++) {
		struct buf out = {.text = text, .size = sizeof text - 1};

		call.probed = (uint8_t)reset;
		call.probed_error = reset && reset != RESET_NO_HELP && reset % 2 ? EACCES : 0;
		call_decode(&out, &call, &form_c, SELECT_ALL);
		text[out.length] = '\0';
		parser_begin(&parser, text, out.length, &store);
		assert_int_equal(call_parse(&parser, &back), PARSED_CALL);
		assert_true(call_equal(&call, &back));
		if (reset == RESET_SIGTRAP)
			assert_shows(text,
				"/* probed: with sigtrap, remove_on_exec = 0 the kernel ");
		if (reset == RESET_PRECISE)
			assert_shows(text, "/* probed: with precise_ip = 0 the kernel ");
	}
}

TEST(a_member_finds_its_group)
{
	for (unsigned reset = 0; reset < RESETS; reset++)
		for (const uint8_t *id = reset_fields((enum reset)reset); *id != FIELDS; id++)
			assert_int_equal(reset_find(fields[*id].name, fields[*id].length), reset);
	assert_int_equal(reset_find("type", 4), RESET_NONE);
}
