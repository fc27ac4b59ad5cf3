/* Bytes as an attr and as names, on some architecture, cut somewhere: the C form must read back. */
#include "tests/fuzz/fuzz.h"

enum {
	KNOBS = 8 /* bytes of the input that are not the attr's */
};

static void
check_reads_back(const struct call *call, enum selection selection)
{
	static char text[TEXT_MAX];
	static struct call_store store;
	struct parser parser;
	struct call back;

	parser_begin(&parser, text, render(call, &form_c, selection, text), &store);
	check_tame(text);
	check(call_parse(&parser, &back) == PARSED_CALL, parser.why, text);
	check(call_equal(call, &back), "this reads back as another call", text);
	check(parser.at == parser.length, "something is left behind the call", text);
}

/* The attr's first bytes are the program's name too. */
static const char *
name_from(const unsigned char *attr)
{
	static char comm[CALL_COMM_MAX];

	memcpy(comm, attr, sizeof comm - 1);
	return comm;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const pmus[] = {"", "cpu", "kprobe", "uprobe"};
	static unsigned char attr[CALL_ATTR_MAX];
	struct call call;
	size_t readable, wanted;

	if (size < KNOBS || size > KNOBS + sizeof attr)
		return 0;
	memset(attr, 0, sizeof attr);
	memcpy(attr, data + KNOBS, size - KNOBS);
	call_clear(&call);
	call.attr = attr;
	call.comm = name_from(attr);
	call.arch = data[0] % ARCHES;
	call.readable = CALL_ATTR_MAX;
	readable = (size_t)(data[1] | data[2] << 8);
	wanted = call_attr_wanted(call_attr_size(&call));
	if (readable < ATTR_HEAD)
		wanted = VER0;
	call.readable = (uint16_t)(readable < wanted ? readable : wanted);
	if (call.readable >= ATTR_HEAD)
		call.pmu = pmus[data[3] % 4];
	if (call.pmu[0] && call_extended(&call)
		&& call_attr_held(&call) <= fields[FIELD_config].offset)
		call.pmu = "";
	call.flags = data[4];
	call.error = data[5];
	call.fd = (int8_t)data[6];
	call.attr_addr = data[7];
	check_reads_back(&call, SELECT_ALL);
	check_reads_back(&call, SELECT_SET);
	check_json(&call);
	return 0;
}
