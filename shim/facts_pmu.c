/* What the PMU of an event covers and is capable of. */
#include <asm/errno.h>
#include <linux/fcntl.h>

#include "shim/gathering.h"
#include "shim/pmu.h"

#define DEVICES "/sys/bus/event_source/devices"

/* The name of the core PMU in sysfs; "": there is none. */
static char core[PMU_NAME_MAX];

/* The PMUs that count HARDWARE events, by what their drivers call them. */
static bool
core_name(const char *name)
{
	static const char starts[][8] = {"cpu_", "cpum_cf", "armv", "apple_"};

	if (text_equal(name, "cpu"))
		return true;
	for (unsigned i = 0; i < COUNT_OF(starts); i++)
		if (text_starts(name, starts[i]))
			return true;
	return false;
}

static bool
look_at_device(void *with, const char *name)
{
	(void)with;
	if (text_length(name) >= sizeof core || !core_name(name))
		return true;
	bytes_copy(core, name, text_length(name) + 1);
	return false;
}

void
facts_core(struct gathering *gathering)
{
	if (directory_walk(AT_FDCWD, DEVICES, gathering->room->text,
		    sizeof gathering->room->text, look_at_device, NULL))
		learn(gathering, FACT_core_pmu, core[0] != '\0');
}

/* A PMU says in a file which CPUs it is for; one that is called cpu is for all. */
static void
learn_coverage(struct gathering *gathering, const char *pmu)
{
	bool mask = room_read(gathering, PATH(DEVICES "/", pmu, "/cpumask"));

	learn(gathering, FACT_pmu_cpumask, mask);
	if (gathering->call->cpu < 0)
		return;
	if (mask || room_read(gathering, PATH(DEVICES "/", pmu, "/cpus")))
		learn(gathering, FACT_pmu_covers_cpu,
			list_has(gathering->room->text, gathering->call->cpu));
	else if (text_equal(pmu, "cpu"))
		learn(gathering, FACT_pmu_covers_cpu, 1);
}

static void
learn_capacity(struct gathering *gathering, const char *pmu)
{
	if (!core_name(pmu))
		return;
	learn_number(gathering, FACT_max_precise, PATH(DEVICES "/", pmu, "/caps/max_precise"));
	learn_number(gathering, FACT_pmu_branches, PATH(DEVICES "/", pmu, "/caps/branches"));
	if (!fact_known(gathering->facts, FACT_pmu_branches))
		learn(gathering, FACT_pmu_branches, 0);
}

static enum config_pmu
config_pmu(const struct call *call)
{
	if (!call->pmu[0])
		return CONFIG_PMU_NONE;
	return core_name(call->pmu) ? CONFIG_PMU_CORE : CONFIG_PMU_OTHER;
}

/* Only of the machine that runs: with SYSFS_PATH the names are another one's. */
static void
learn_device(struct gathering *gathering)
{
	const struct call *call = gathering->call;
	const struct name *generic = name_of(GROUP_type, gathering->type);
	const char *pmu = call->pmu;

	if (!text_equal(settings_get()->sysfs, "/sys"))
		return;
	if (call_extended(call))
		learn(gathering, FACT_config_pmu, config_pmu(call));
	else if (!generic || gathering->type == name_value(NAME_PERF_TYPE_RAW))
		learn(gathering, FACT_pmu, pmu[0] != '\0');
	if (call_generic(call) && !call_extended(call))
		pmu = core;
	if (opened_interrupt())
		learn(gathering, FACT_interrupt, 1);
	if (!pmu[0])
		return;
	learn_coverage(gathering, pmu);
	learn_capacity(gathering, pmu);
}

static void
learn_breakpoint(struct gathering *gathering)
{
	if (gathering->type == name_value(NAME_PERF_TYPE_BREAKPOINT)
		&& may_answer(gathering, EOPNOTSUPP)
		&& room_read(gathering, PATH(PROCFS, "/cpuinfo"))
		&& text_find(gathering->room->text, "\nflags"))
		learn(gathering, FACT_bpext, text_find(gathering->room->text, " bpext") != NULL);
}

void
facts_pmu(struct gathering *gathering)
{
	learn_device(gathering);
	learn_breakpoint(gathering);
}
