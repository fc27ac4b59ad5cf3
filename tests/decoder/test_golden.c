/* Typical calls against texts that a reader approved: golden/. UPDATE=1 writes them anew. */
#include "tests/decoder/calls.h"

static struct call *
counting(void)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_config, name_value(NAME_PERF_COUNT_HW_INSTRUCTIONS));
	set(call, FIELD_read_format, 3);
	set(call, FIELD_disabled, 1);
	set(call, FIELD_inherit, 1);
	set(call, FIELD_enable_on_exec, 1);
	set(call, FIELD_exclude_guest, 1);
	call->pid = 2146;
	call->flags = name_value(NAME_PERF_FLAG_FD_CLOEXEC);
	return call;
}

static struct call *
sampling(void)
{
	struct call *call = call_of_size(VER8);

	set(call, FIELD_type, name_value(NAME_PERF_TYPE_RAW));
	set(call, FIELD_config, 0x1cd);
	set(call, FIELD_config1, 30);
	set(call, FIELD_freq, 1);
	set(call, FIELD_sample_freq, 4000);
	set(call, FIELD_precise_ip, 3);
	set(call, FIELD_sample_type, 0x40027);
	set(call, FIELD_sample_regs_intr, 0x1ff);
	set(call, FIELD_use_clockid, 1);
	set(call, FIELD_clockid, 1);
	set(call, FIELD_watermark, 1);
	set(call, FIELD_wakeup_watermark, 65536);
	call->pid = -1;
	call->cpu = 1;
	call->pmu = "cpu";
	call->event = "cpu/event=0xcd,umask=0x1,ldlat=30/";
	call->alias = "mem-loads";
	return call;
}

static struct call *
tracepoint(void)
{
	struct call *call = call_of_size(VER5);

	set(call, FIELD_type, name_value(NAME_PERF_TYPE_TRACEPOINT));
	set(call, FIELD_config, 678);
	set(call, FIELD_sample_period, 1);
	set(call, FIELD_wakeup_events, 1);
	set(call, FIELD_sample_type, name_value(NAME_PERF_SAMPLE_RAW));
	call->pid = -1;
	call->cpu = 0;
	call->tracepoint = "syscalls:sys_enter_execve";
	call->lost = 2;
	return call;
}

static struct call *
breakpoint(void)
{
	struct call *call = call_of_size(VER1);

	set(call, FIELD_type, name_value(NAME_PERF_TYPE_BREAKPOINT));
	set(call, FIELD_bp_type, name_value(NAME_HW_BREAKPOINT_RW));
	set(call, FIELD_bp_addr, 0x7ffd30a1c5d8);
	set(call, FIELD_bp_len, 4);
	call->group_fd = 3;
	call->leader = 12;
	call->fd = 4;
	return call;
}

static struct call *
uprobe(void)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_type, 9);
	set(call, FIELD_config, 1);
	set(call, FIELD_uprobe_path, 0x55d0c0a3f2a0);
	set(call, FIELD_probe_offset, 0x4a10);
	call->pmu = "uprobe";
	call->event = "uprobe/retprobe/";
	call->probe = "/usr/lib/*/\"libc\".so.6";
	call->comm = "a \"name\"*/";
	return call;
}

static struct call *
too_big(void)
{
	struct call *call = call_of_size(152);

	set(call, FIELD_type, name_value(NAME_PERF_TYPE_SOFTWARE));
	set(call, FIELD_config, name_value(NAME_PERF_COUNT_SW_DUMMY));
	set(call, FIELD___reserved_1, 0x81);
	set_byte(call, 151, 0xff);
	call->size_after = 136;
	call->fd = -1;
	call->error = 7;
	return call;
}

static struct call *
unreadable(void)
{
	struct call *call = call_of_size(0);

	call->readable = 0;
	call->attr_addr = 8;
	call->fd = -1;
	call->error = 14;
	return call;
}

static struct call *
big_endian(void)
{
	struct call *call = call_on(ARCH_s390x, VER3 + 4);

	set(call, FIELD_type, name_value(NAME_PERF_TYPE_HW_CACHE));
	set(call, FIELD_config, 0x10100);
	set(call, FIELD_exclude_kernel, 1);
	set(call, FIELD_sample_regs_user, 1ULL << 33);
	set_byte(call, 96, 0xab);
	call->flags = name_value(NAME_PERF_FLAG_PID_CGROUP);
	call->cgroup = "/machine.slice";
	return call;
}

/* The file's text, or "" if there is none yet. */
static const char *
contents(const char *path)
{
	static char text[1 << 16];
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;

	text[length] = '\0';
	if (file)
		fclose(file);
	return text;
}

static void
compare(const char *name, const char *suffix, const char *text)
{
	char path[100];
	FILE *file;

	snprintf(path, sizeof path, "tests/decoder/golden/%s.%s", name, suffix);
	if (getenv("UPDATE")) {
		file = fopen(path, "w");
		assert_non_null(file);
		fputs(text, file);
		assert_int_equal(fclose(file), 0);
	}
	if (strcmp(text, contents(path)) != 0)
		fprintf(stderr, "%s is now\n%s", path, text);
	assert_string_equal(text, contents(path));
}

#define GOLDEN(name)                                                                               \
	TEST(name##_is_as_in_its_golden)                                                           \
	{                                                                                          \
		compare(#name, "c", as_c(name()));                                                 \
		compare(#name, "json", as_json(name()));                                           \
	}

GOLDEN(counting)
GOLDEN(sampling)
GOLDEN(tracepoint)
GOLDEN(breakpoint)
GOLDEN(uprobe)
GOLDEN(too_big)
GOLDEN(unreadable)
GOLDEN(big_endian)

TEST(every_golden_reads_back)
{
	static struct call *(*const calls[])(void) = {counting, sampling, tracepoint, breakpoint,
		uprobe, too_big, unreadable, big_endian};

	for (size_t i = 0; i < COUNT_OF(calls); i++)
		assert_reads_back(calls[i]());
}
