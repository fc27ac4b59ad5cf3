/*
 * Makes random calls, most of which the kernel refuses for a reason that nobody planned: seed and
 * number are arguments.
 */
#include "tests/hazards/refusals.h"

enum {
	EVENTS = 32,
	FDS = 50 /* of which most are none */
};

static int events[EVENTS];
static unsigned held;

static unsigned
below(unsigned limit)
{
	return (unsigned)random() % limit;
}

static bool
chance(unsigned one_in)
{
	return below(one_in) == 0;
}

static uint64_t
word(void)
{
	return (uint64_t)random() << 42 ^ (uint64_t)random() << 21 ^ (uint64_t)random();
}

/* A few bits of the low ones. */
static uint64_t
bits(unsigned width, unsigned most)
{
	uint64_t set = 0;

	for (unsigned i = below(most + 1); i; i--)
		set |= 1ULL << below(width);
	return set;
}

static void
make_event(union attr *attr)
{
	static const uint32_t types[] = {1, 1, 1, 1, 2, 2, 5, 5, 0, 3, 4, 77};
	static const uint64_t configs[] = {9, 9, 9, 0, 1, 2, 12, 999, 1ULL << 33};
	uint32_t probing = (uint32_t)pmu_type("uprobe");

	attr->of.type = types[below(sizeof types / sizeof *types)];
	attr->of.config = attr->of.type == PERF_TYPE_TRACEPOINT && chance(2)
		? tracepoint_id()
		: configs[below(sizeof configs / sizeof *configs)];
	if (attr->of.type == PERF_TYPE_BREAKPOINT) {
		attr->of.config = 0;
		attr->of.bp_type = below(8);
		attr->words[7] = chance(2) ? (uintptr_t)attr + below(16) : word();
		attr->words[8] = below(10);
	} else if (chance(12)) {
		attr->of.type = probing;
		attr->words[7] = (uintptr_t)"/bin/true";
		attr->words[8] = chance(2) ? 0 : word() >> below(64);
	}
}

static void
make_members(union attr *attr)
{
	if (chance(3))
		attr->of.sample_period = chance(2) ? below(100000) : word();
	if (chance(2))
		attr->of.sample_type = bits(chance(20) ? 64 : 25, 2);
	if (chance(3))
		attr->of.read_format = bits(chance(8) ? 64 : 5, 2);
	if (chance(2))
		attr->words[WORD_FLAGS] |= bits(chance(30) ? 64 : 38, 2);
	if (chance(4))
		attr->of.branch_sample_type = bits(19, 3);
	if (chance(4))
		attr->of.sample_regs_user = bits(chance(2) ? 64 : 24, 3);
	if (chance(4))
		attr->of.sample_regs_intr = bits(chance(2) ? 64 : 24, 3);
	if (chance(4))
		attr->of.sample_stack_user = 8 * below(9000);
	if (chance(3))
		attr->of.clockid = (int)below(14) - 2;
	if (chance(8))
		attr->of.sample_max_stack = (uint16_t)below(300);
	if (chance(12))
		attr->bytes[SIZE_7 + below(16)] = 1;
}

static union attr *
random_event(void)
{
	static const uint32_t sizes[] = {0, 64, 72, 80, 96, 104, 112, 120, 136, 144, 150, 63, 200};
	union attr *attr = chance(3) ? software() : user_only();

	if (chance(6))
		attr->of.size = sizes[below(sizeof sizes / sizeof *sizes)];
	make_event(attr);
	make_members(attr);
	return attr;
}

static void
keep(int fd)
{
	unsigned at = held < EVENTS ? held++ : below(EVENTS);

	if (held == EVENTS)
		close(events[at]);
	events[at] = fd;
}

static void
call_once(void)
{
	const int pids[] = {0, 0, 0, 0, -1, -1, getpid(), getppid(), 1, -5, 0x7ffffff0};
	int pid = pids[below(sizeof pids / sizeof *pids)];
	int cpu = chance(3) ? (int)below(5) - 1 : pid == -1 ? (int)below(2) : -1;
	int group_fd = held && chance(3) ? events[below(held)] : chance(30) ? (int)below(FDS) : -1;
	unsigned long flags = chance(50) ? 1UL << below(20) : chance(3) ? below(12) : 0;
	long fd = event_open(random_event(), pid, cpu, group_fd, flags);

	if (fd >= 0)
		keep((int)fd);
	else if (held && chance(20))
		close(events[--held]);
}

int
main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	srandom((unsigned)atol(argv[1]));
	for (long i = atol(argv[2]); i; i--)
		call_once();
	return 0;
}
