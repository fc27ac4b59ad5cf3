/* Calls for the tests, and what the decoder makes of them: good until the next of their kind. */
#ifndef TESTS_DECODER_CALLS_H
#define TESTS_DECODER_CALLS_H

#include "decoder/bytes.h"
#include "decoder/decode.h"
#include "decoder/field.h"
#include "decoder/parse.h"
#include "tests/tables/test.h"

/* perf's first call on an x86_64: an attr of zeros, and whatever the test sets. */
static inline struct call *
call_of_size(uint32_t size)
{
	static unsigned char attr[CALL_ATTR_MAX];
	static struct call call;

	memset(attr, 0, sizeof attr);
	call_clear(&call);
	call.number = 1;
	call.comm = "perf";
	call.caller_pid = call.caller_tid = 2145;
	call.kernel = "6.18.1";
	call.cpu = call.group_fd = -1;
	call.fd = 3;
	call.attr = attr;
	call.readable = (uint16_t)call_attr_wanted(size);
	field_store(&fields[FIELD_size], attr, call.arch, size);
	return &call;
}

static inline struct call *
call_on(enum arch_id arch, uint32_t size)
{
	struct call *call = call_of_size(0);

	call->arch = (uint8_t)arch;
	call->readable = (uint16_t)call_attr_wanted(size);
	field_store(&fields[FIELD_size], (unsigned char *)call->attr, arch, size);
	return call;
}

static inline void
set(struct call *call, enum field_id id, uint64_t value)
{
	field_store(&fields[id], (unsigned char *)call->attr, call->arch, value);
}

/* One byte of the attr. */
static inline void
set_byte(struct call *call, unsigned at, unsigned char byte)
{
	((unsigned char *)call->attr)[at] = byte;
}

static inline const char *
render(const struct call *call, const struct form *form, enum selection selection)
{
	static char text[1 << 17];
	struct buf out = {.text = text, .size = sizeof text - 1};

	call_decode(&out, call, form, selection);
	assert_int_equal(out.overflow, 0);
	text[out.length] = '\0';
	return text;
}

static inline const char *
as_c(const struct call *call)
{
	return render(call, &form_c, SELECT_ALL);
}

static inline const char *
as_c_set(const struct call *call)
{
	return render(call, &form_c, SELECT_SET);
}

static inline const char *
as_json(const struct call *call)
{
	return render(call, &form_json, SELECT_ALL);
}

/* Reads the first call of a text. */
static inline enum parsed
parse(const char *text, struct parser *parser, struct call *call)
{
	static struct call_store store;

	parser_begin(parser, text, strlen(text), &store);
	return call_parse(parser, call);
}

/* The call that the text holds. */
static inline const struct call *
parsed(const char *text)
{
	static struct call call;
	struct parser parser;
	enum parsed result = parse(text, &parser, &call);

	if (result == PARSED_BAD)
		print_error("line %lu: %s\n%s\n", parser.bad_line, parser.why, text);
	assert_int_equal(result, PARSED_CALL);
	return &call;
}

static inline void
assert_reads_back(const struct call *call)
{
	assert_true(call_equal(parsed(as_c(call)), call));
	assert_true(call_equal(parsed(as_c_set(call)), call));
}

#endif
