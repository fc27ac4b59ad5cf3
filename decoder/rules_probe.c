/* Events at a place: tracepoints, breakpoints, kprobes and uprobes. */
#include "decoder/rules.h"

enum {
	FTRACE_FUNCTION_ID = 1 /* TRACE_FN */
};

/* Ids have 16 bits; of ftrace's own events perf_trace_init takes one. */
enum truth
rule_tracepoint_id(struct asked *asked)
{
	uint64_t id = value(asked, FIELD_config);

	if (id == FTRACE_FUNCTION_ID)
		return NO;
	if (!id || id > UINT16_MAX || text_starts(asked->call->tracepoint, "ftrace:"))
		return YES;
	return *asked->call->tracepoint ? NO : not(fact(asked, FACT_tracepoint));
}

static enum truth
tracepoint_named(struct asked *asked, const char *name)
{
	const char *tracepoint = asked->call->tracepoint;

	if (rule_function(asked) == YES)
		return NO;
	if (*tracepoint)
		return sure(text_starts(tracepoint, name));
	return fact_known(asked->facts, FACT_tracepoint) && !asked->facts->value[FACT_tracepoint]
		? NO
		: MAYBE;
}

enum truth
rule_irq_work(struct asked *asked)
{
	return arch_x86(asked) ? tracepoint_named(asked, "irq_vectors:irq_work_exit") : NO;
}

enum truth
rule_function(struct asked *asked)
{
	return sure(value(asked, FIELD_config) == FTRACE_FUNCTION_ID);
}

/* Whoever may have it may still meet a kernel whose function tracer does not start. */
enum truth
rule_function_forbidden(struct asked *asked)
{
	return either(rule_tracepoint_forbidden(asked), rule_chance(asked));
}

enum truth
rule_not_function_counting(struct asked *asked)
{
	enum truth stack = sure(!value(asked, FIELD_exclude_callchain_user)
		|| has(asked, FIELD_sample_type, NAME_PERF_SAMPLE_STACK_USER));

	if (rule_sampling(asked) == YES)
		return stack;
	return both(stack, not(release_reached(release(asked), L(4, 15, 0), L(4, 5, 0))));
}

/* TRACE_EVENT_FL_CAP_ANY: the system calls of a task may be seen by who may see the task. */
enum truth
rule_not_own_syscalls(struct asked *asked)
{
	if (rule_function(asked) == YES || rule_task(asked) == NO)
		return YES;
	return not(tracepoint_named(asked, "syscalls:"));
}

static bool
bp_is(const struct asked *asked, enum name_id name)
{
	return value(asked, FIELD_bp_type) == name_value(name);
}

/* The empty and the invalid one are refused before slots are counted, the others after it. */
enum truth
rule_bp_type(struct asked *asked)
{
	if (bp_is(asked, NAME_HW_BREAKPOINT_EMPTY) || bp_is(asked, NAME_HW_BREAKPOINT_INVALID))
		return YES;
	if (bp_is(asked, NAME_HW_BREAKPOINT_W) || bp_is(asked, NAME_HW_BREAKPOINT_RW)
		|| bp_is(asked, NAME_HW_BREAKPOINT_X))
		return NO;
	if (bp_is(asked, NAME_HW_BREAKPOINT_R) && !arch_x86(asked))
		return arch_arm64(asked) ? NO : MAYBE;
	return asked->error == errors[ERROR_ENOSPC].number ? MAYBE : YES;
}

static uint64_t
bp_last(const struct asked *asked)
{
	return value(asked, FIELD_bp_addr) + value(asked, FIELD_bp_len) - 1;
}

enum truth
rule_bp_wrap(struct asked *asked)
{
	return sure(arch_x86(asked) && value(asked, FIELD_bp_len)
		&& bp_last(asked) < value(asked, FIELD_bp_addr));
}

/* The area has its own half TiB; GDT and TSS have other addresses too, none in the image. */
static enum truth
cpu_entry(struct asked *asked)
{
	uint64_t from = value(asked, FIELD_bp_addr), area = 0xfffffe0000000000;

	if (from - area < 1ULL << 39)
		return from - area < 4096 ? YES : either(MAYBE, since(asked, L(6, 2, 0)));
	return from < 0xff00000000000000 || from >= 0xffffffff80000000 ? NO : MAYBE;
}

/* Kernels without kprobes take all of their code for what kprobes must not touch. */
enum truth
rule_bp_entry(struct asked *asked)
{
	bool code = bp_is(asked, NAME_HW_BREAKPOINT_X);

	if (asked->call->arch != ARCH_x86_64 || value(asked, FIELD_bp_addr) >> 63 == 0)
		return NO;
	return either(cpu_entry(asked), code ? MAYBE : NO);
}

enum truth
rule_bp_execute(struct asked *asked)
{
	uint64_t length = value(asked, FIELD_bp_len);

	if (!arch_x86(asked) || !bp_is(asked, NAME_HW_BREAKPOINT_X))
		return NO;
	/* A 64-bit kernel may serve a 32-bit program. */
	if (asked->call->arch == ARCH_i386 && (length == 4 || length == 8))
		return MAYBE;
	return sure(length != 8);
}

static bool
power_of_two(uint64_t number)
{
	return number && !(number & (number - 1));
}

enum truth
rule_bp_len(struct asked *asked)
{
	uint64_t length = value(asked, FIELD_bp_len);

	if (arch_x86(asked))
		return sure(!power_of_two(length));
	if (arch_arm64(asked))
		return bp_is(asked, NAME_HW_BREAKPOINT_X) ? NO : sure(length < 1 || length > 8);
	return power_of_two(length) && length <= 8 ? NO : MAYBE;
}

static bool
bp_aligned(const struct asked *asked)
{
	uint64_t length = value(asked, FIELD_bp_len);

	return !power_of_two(length) || !(value(asked, FIELD_bp_addr) & (length - 1));
}

enum truth
rule_bp_range(struct asked *asked)
{
	if (!arch_x86(asked) || value(asked, FIELD_bp_len) <= 8 || !bp_aligned(asked)
		|| bp_is(asked, NAME_HW_BREAKPOINT_X))
		return NO;
	return not(fact(asked, FACT_bpext));
}

enum truth
rule_bp_align(struct asked *asked)
{
	if (bp_aligned(asked) || arch_arm64(asked))
		return NO;
	if (arch_x86(asked)) /* where an instruction is watched by its first byte */
		return sure(!bp_is(asked, NAME_HW_BREAKPOINT_X));
	return MAYBE;
}

/* TASK_SIZE: 47 bits of x86-64, 57 with five levels of pages, where it is not the upper half. */
enum truth
rule_bp_kernel(struct asked *asked)
{
	uint64_t from = value(asked, FIELD_bp_addr), last = bp_last(asked);

	if (from >> 63 || last >> 63)
		return YES;
	if (asked->call->arch == ARCH_i386)
		return last >= 0xc0000000 ? MAYBE : NO;
	if (last < (arch_x86(asked) ? 0x00007ffffffff000 : 1ULL << 31))
		return NO;
	if (arch_arm64(asked))
		return last < 1ULL << 39 ? NO : MAYBE;
	return last >= 0x00fffffffffff000 ? YES : MAYBE;
}

enum truth
rule_arm64(struct asked *asked)
{
	return sure(arch_arm64(asked));
}

/* KSYM_NAME_LEN is 512 since 6.1, and was 128. */
enum truth
rule_symbol_long(struct asked *asked)
{
	int64_t length = (int64_t)text_length(asked->call->probe);

	if (fact_known(asked->facts, FACT_probe_length))
		length = asked->facts->value[FACT_probe_length];
	else if (!length)
		known(asked, FACT_probe_length, &length);
	if (length < 128 && (fact_known(asked->facts, FACT_probe_length) || *asked->call->probe))
		return NO;
	if (length >= 512)
		return YES;
	return length >= 128 ? not(since(asked, L(6, 1, 0))) : MAYBE;
}

enum truth
rule_symbol_missing(struct asked *asked)
{
	return not(fact(asked, FACT_symbol));
}

/* EILSEQ is x86's answer since 5.1, EINVAL that of all others. */
enum truth
rule_symbol_boundary(struct asked *asked)
{
	enum truth modern = arch_x86(asked) ? since(asked, L(5, 1, 0)) : NO;

	if (value(asked, FIELD_kprobe_func) && !value(asked, FIELD_probe_offset))
		return NO;
	if (!asked->error)
		return MAYBE;
	return both(MAYBE, asked->error == errors[ERROR_EINVAL].number ? not(modern) : modern);
}

enum truth
rule_path_empty(struct asked *asked)
{
	int64_t length;

	if (!value(asked, FIELD_uprobe_path))
		return YES;
	if (*asked->call->probe)
		return NO;
	if (!known(asked, FACT_probe_length, &length))
		return MAYBE;
	return sure(!length && fact(asked, FACT_probe_readable) != NO);
}

enum truth
rule_path_long(struct asked *asked)
{
	int64_t length;

	if (!value(asked, FIELD_uprobe_path))
		return NO;
	if (*asked->call->probe && !asked->call->probe_cut)
		return NO;
	return known(asked, FACT_probe_length, &length) ? sure(length >= CALL_PATH_MAX) : MAYBE;
}

static bool
answers(const struct asked *asked, int32_t error)
{
	return !asked->error || asked->error == error;
}

enum truth
rule_path_lost(struct asked *asked)
{
	int64_t error;

	if (!known(asked, FACT_path_error, &error))
		return MAYBE;
	return error && answers(asked, (int32_t)error) ? YES : NO;
}

/* The kernel's offset has a sign, and no negative one is beyond the end. */
enum truth
rule_path_short(struct asked *asked)
{
	int64_t offset = (int64_t)value(asked, FIELD_probe_offset), size;

	if (offset <= 0)
		return NO;
	return known(asked, FACT_path_size, &size) ? sure(offset > size) : MAYBE;
}

enum truth
rule_ref_ctr(struct asked *asked)
{
	return value(asked, FIELD_config) >> 32 & 1 ? YES : MAYBE;
}

/* arm64's instructions are aligned; what else is wrong with one only the kernel can tell. */
enum truth
rule_instruction(struct asked *asked)
{
	if (arch_arm64(asked) && value(asked, FIELD_probe_offset) & 3)
		return sure(answers(asked, errors[ERROR_EINVAL].number));
	return answers(asked, ERRNO_ENOTSUPP) ? MAYBE : NO;
}
