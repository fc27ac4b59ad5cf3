/* The public face: peodump.h as a program that links the library uses it. */
#include "decoder/peodump.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/decoder/calls.h"

static char text[1 << 16];

/* A counting event of the calling thread, as a program would fill it in. */
static struct peodump_call
a_call(const struct perf_event_attr *attr)
{
	return (struct peodump_call){
		.attr = attr,
		.readable = sizeof *attr,
		.cpu = -1,
		.group_fd = -1,
		.fd = 3,
		.number = 1,
		.caller_pid = 2145,
		.caller_tid = 2145,
		.comm = "perf",
		.kernel = "6.18.1",
	};
}

static const struct perf_event_attr instructions = {
	.type = PERF_TYPE_HARDWARE,
	.size = sizeof(struct perf_event_attr),
	.config = PERF_COUNT_HW_INSTRUCTIONS,
	.disabled = 1,
};

static const char *
formatted(const struct peodump_call *call, enum peodump_form form)
{
	assert_true(peodump_format(text, sizeof text, call, form) < sizeof text);
	return text;
}

TEST(a_call_is_formatted_as_c)
{
	struct peodump_call call = a_call(&instructions);

	assert_shows(formatted(&call, PEODUMP_C), ".config = PERF_COUNT_HW_INSTRUCTIONS,");
	assert_shows(text, ".disabled = 1,");
}

TEST(a_call_is_formatted_as_json)
{
	struct peodump_call call = a_call(&instructions);

	assert_shows(formatted(&call, PEODUMP_JSON), "\"config\": \"PERF_COUNT_HW_INSTRUCTIONS\"");
}

TEST(the_length_of_the_whole_text_is_returned)
{
	struct peodump_call call = a_call(&instructions);
	size_t length = peodump_format(text, sizeof text, &call, PEODUMP_C);

	assert_int_equal(length, strlen(text));
	assert_int_equal(peodump_format(NULL, 0, &call, PEODUMP_C), length);
}

TEST(a_text_that_does_not_fit_is_cut_and_ended)
{
	struct peodump_call call = a_call(&instructions);
	size_t length = peodump_format(text, sizeof text, &call, PEODUMP_C);
	char small[20];

	memset(small, '#', sizeof small);
	assert_int_equal(peodump_format(small, 10, &call, PEODUMP_C), length);
	assert_string_equal(small, "/* perf_e");
	assert_int_equal(small[10], '#');
}

TEST(a_text_of_one_byte_is_the_end_alone)
{
	struct peodump_call call = a_call(&instructions);
	char small[2] = "ab";

	peodump_format(small, 1, &call, PEODUMP_C);
	assert_memory_equal(small, "\0b", 2);
}

TEST(a_text_that_fits_exactly_is_whole)
{
	struct peodump_call call = a_call(&instructions);
	size_t length = peodump_format(text, sizeof text, &call, PEODUMP_C);
	char *exact = malloc(length + 1);

	assert_int_equal(peodump_format(exact, length + 1, &call, PEODUMP_C), length);
	assert_string_equal(exact, text);
	free(exact);
}

TEST(a_long_record_that_is_cut_has_its_whole_length)
{
	unsigned char attr[4096] = {0};
	struct peodump_call call = a_call((const void *)attr);
	uint32_t size = sizeof attr;
	size_t length;

	memset(attr + 144, 0x55, sizeof attr - 144);
	memcpy(attr + 4, &size, sizeof size);
	call.readable = sizeof attr;
	length = peodump_format(text, sizeof text, &call, PEODUMP_C);
	assert_int_equal(length, strlen(text));
	for (size_t room = 0; room < length + 2; room += 13)
		assert_int_equal(peodump_format(text, room, &call, PEODUMP_C), length);
}

TEST(an_architecture_that_is_not_known_has_no_text)
{
	struct peodump_call call = a_call(&instructions);

	call.arch = "z80";
	assert_int_equal(peodump_format(text, sizeof text, &call, PEODUMP_C), 0);
}

TEST(no_architecture_means_this_one)
{
	struct peodump_call call = a_call(&instructions);

	call.arch = NULL;
	assert_shows(formatted(&call, PEODUMP_C), ".config = PERF_COUNT_HW_INSTRUCTIONS,");
}

TEST(another_architecture_orders_the_bytes)
{
	struct peodump_call call = a_call(&instructions);
	static const unsigned char attr[64] = {0, 0, 0, 1, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 9};

	call.attr = attr;
	call.readable = sizeof attr;
	call.arch = "s390x";
	assert_shows(formatted(&call, PEODUMP_C), ".config = PERF_COUNT_SW_DUMMY,");
}

TEST(names_that_are_not_known_are_left_out)
{
	struct peodump_call call = a_call(&instructions);

	call.comm = call.kernel = NULL;
	call.arch = "x86_64";
	assert_shows(formatted(&call, PEODUMP_C),
		"/* perf_event_open 1: [2145] thread 2145, Linux ? x86_64 */");
}

TEST(names_that_are_known_are_shown)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof attr,
		.config = 314};
	struct peodump_call call = a_call(&attr);

	call.tracepoint = "sched:sched_switch";
	assert_shows(formatted(&call, PEODUMP_C), ".config = 314, /* sched:sched_switch */");
	attr.type = 8;
	attr.config1 = 0x5000;
	call.pmu = "uprobe";
	call.probe = "/bin/true";
	assert_shows(formatted(&call, PEODUMP_C), ".type = 8, /* uprobe */");
	assert_shows(text, ".uprobe_path = 0x5000, /* \"/bin/true\" */");
}

TEST(a_refusal_is_shown)
{
	struct peodump_call call = a_call(&instructions);

	call.fd = -1;
	call.error = 7;
	call.size_after = 136;
	assert_shows(formatted(&call, PEODUMP_C),
		"int fd = -1; /* E2BIG: Argument list too long */");
	assert_shows(text, "/* the kernel wrote 136 here: the size it knows */");
}

TEST(no_byte_past_the_size_is_read)
{
	long page = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint32_t head[2] = {PERF_TYPE_SOFTWARE, 72};
	struct peodump_call call = a_call((void *)(pages + page - 72));

	assert_int_equal(mprotect(pages + page, (size_t)page, PROT_NONE), 0);
	memcpy(pages + page - 72, head, sizeof head);
	call.readable = SIZE_MAX;
	assert_shows(formatted(&call, PEODUMP_C), ".config2 = 0,");
	munmap(pages, 2 * (size_t)page);
}

TEST(an_attr_that_is_not_all_readable_has_its_address)
{
	struct peodump_call call = a_call(&instructions);
	char said[80];

	call.readable = 72;
	snprintf(said, sizeof said, "/* 72 bytes of %#lx were read */",
		(unsigned long)&instructions);
	assert_shows(formatted(&call, PEODUMP_C), said);
}

TEST(a_null_attr_is_shown_as_such)
{
	struct peodump_call call = a_call(NULL);

	call.readable = 0;
	assert_shows(formatted(&call, PEODUMP_C), "struct perf_event_attr *attr = (void *)0x0;");
}

/* ---- perf_event_open_dump */

TEST(a_program_can_print_its_own_call)
{
	char *dump = perf_event_open_dump(&instructions, 0, -1, -1, 8, 5);

	assert_non_null(dump);
	assert_shows(dump, ".config = PERF_COUNT_HW_INSTRUCTIONS,");
	assert_shows(dump, "unsigned long flags = PERF_FLAG_FD_CLOEXEC;\n\tint fd = 5;\n}\n");
	free(dump);
}

TEST(a_programs_own_call_reads_back)
{
	char *dump = perf_event_open_dump(&instructions, 0, -1, -1, 8, 5);
	const struct call *call = parsed(dump);

	assert_int_equal(call->caller_pid, getpid());
	assert_int_equal(call->readable, sizeof instructions);
	assert_memory_equal(call->attr, &instructions, sizeof instructions);
	free(dump);
}

TEST(a_programs_own_call_says_errno_of_a_refusal)
{
	char *dump;

	errno = EACCES;
	dump = perf_event_open_dump(&instructions, 0, -1, -1, 0, -1);
	assert_shows(dump, "int fd = -1; /* EACCES: Permission denied */");
	free(dump);
}

TEST(errno_of_a_success_is_not_said)
{
	char *dump;

	errno = ENOENT;
	dump = perf_event_open_dump(&instructions, 0, -1, -1, 0, 3);
	assert_hides(dump, "ENOENT");
	free(dump);
}

TEST(errno_stays_as_it_was)
{
	errno = ENODEV;
	free(perf_event_open_dump(&instructions, 0, -1, -1, 0, -1));
	assert_int_equal(errno, ENODEV);
}

TEST(a_programs_own_attr_of_size_0_has_64_bytes)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE, .config1 = 77, .config2 = 88};
	char *dump = perf_event_open_dump(&attr, 0, -1, -1, 0, 3);

	assert_shows(dump, ".config1 = 0x4d,");
	assert_hides(dump, "config2");
	assert_hides(dump, "were read");
	free(dump);
}
