/* A machine of which everything is known, and on which an ordinary software event opens. */
#ifndef TESTS_DECODER_MACHINE_FACTS_H
#define TESTS_DECODER_MACHINE_FACTS_H

#include "decoder/explain.h"
#include "tests/decoder/calls.h"

enum {
	PERFMON = 38,
	SYS_ADMIN = 21,
	OWN_TID = 2145
};

static const struct {
	enum fact_id id;
	int64_t value;
} quiet_machine[] = {
	{FACT_distribution, DISTRIBUTION_MAINLINE},
	{FACT_seccomp, 0},
	{FACT_capabilities, 0x1ffffffffff},
	{FACT_initial_namespace, 1},
	{FACT_paranoid, 2},
	{FACT_max_sample_rate, 100000},
	{FACT_max_stack, 127},
	{FACT_has_perf, 1},
	{FACT_attr_size, 136},
	{FACT_descriptors_left, 1},
	{FACT_files_left, 1},
	{FACT_lockdown, LOCKDOWN_NONE},
	{FACT_lsm, 0},
	{FACT_page_size, 4096},
	{FACT_cpus, 4},
	{FACT_cpu_vendor, VENDOR_INTEL},
	{FACT_cpu_online, 1},
	{FACT_target_exists, 1},
	{FACT_target_exiting, 0},
	{FACT_target_observable, 1},
	{FACT_pmu, 1},
	{FACT_core_pmu, 1},
	{FACT_config_pmu, CONFIG_PMU_CORE},
	{FACT_pmu_cpumask, 0},
	{FACT_pmu_covers_cpu, 1},
	{FACT_max_precise, 3},
	{FACT_pmu_branches, 32},
	{FACT_interrupt, 1},
	{FACT_bpext, 0},
	{FACT_tracepoint, 1},
	{FACT_tracepoint_uprobe, 0},
	{FACT_probe_readable, 1},
	{FACT_probe_length, 10},
	{FACT_path_error, 0},
	{FACT_path_regular, 1},
	{FACT_path_size, 100000},
	{FACT_path_pages, 1},
	{FACT_symbol, 1},
	{FACT_symbol_blacklisted, 0},
	{FACT_cgroup_perf, 1},
	{FACT_cgroup_fd, 1},
	{FACT_cgroup_controller, 1},
	{FACT_cgroup, 77},
	{FACT_group_event, 1},
	{FACT_leader_alive, 1},
	{FACT_leader_sibling, 0},
	{FACT_leader_type, 1},
	{FACT_leader_config, 9},
	{FACT_leader_cpu, -1},
	{FACT_leader_read_format, 0},
	{FACT_leader_task, OWN_TID},
	{FACT_leader_cgroup, 0},
	{FACT_leader_inherit, 0},
	{FACT_leader_clock, LEADER_CLOCK_DEFAULT},
	{FACT_leader_backward, 0},
	{FACT_leader_mapped, 1},
	{FACT_leader_members, 1},
	{FACT_leader_aux, 0},
};

static inline struct facts
quiet(void)
{
	struct facts facts = {0};

	for (size_t i = 0; i < COUNT_OF(quiet_machine); i++)
		fact_set(&facts, quiet_machine[i].id, quiet_machine[i].value);
	return facts;
}

/* A dummy of the caller, which every kernel opens. */
static inline struct call *
plain_call(void)
{
	struct call *call = call_of_size(VER8);

	set(call, FIELD_type, 1);
	set(call, FIELD_config, 9);
	call->kernel = "6.18.44";
	call->fd = -1;
	return call;
}

static inline const char *
name_of_check(enum check_id id)
{
	static char text[64];
	struct buf out = {.text = text, .size = sizeof text - 1};

	check_name(&out, id);
	text[out.length] = '\0';
	return text;
}

static inline bool
listed(const struct answer *answer, enum check_id id)
{
	for (unsigned i = 0; i < answer->count; i++)
		if (answer->checks[i] == id)
			return true;
	return answer->more > 0;
}

static inline void
print_answer(const struct answer *answer)
{
	static const char *const kinds[] = {"accepted", "certain", "list", "unknown"};

	print_error("%s:", kinds[answer->kind]);
	for (unsigned i = 0; i < answer->count; i++)
		print_error(" %s", name_of_check((enum check_id)answer->checks[i]));
	print_error(" and %u more; wanted:", answer->more);
	for (unsigned i = 0; i < FACTS; i++)
		if (answer->wanted >> i & 1)
			print_error(" %s", fact_rows[i].name);
	print_error("\n");
}

#define assert_answer(condition, answer, id) \
	do { \
		if (!(condition)) { \
			print_error("%s expected, and " #condition "; got ", name_of_check(id)); \
			print_answer(answer); \
			fail(); \
		} \
	} while (0)

#endif
