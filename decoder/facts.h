/* What is known of the machine and the process when the kernel refused: numbers, or not known. */
#ifndef DECODER_FACTS_H
#define DECODER_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "tables/tables.h"

/*
 * One number per FACT row of checks.def, which says what it means. `{0}` is: nothing is known.
 * Whoever gathers sets only what was really seen; what stays unknown makes the answer longer, a
 * wrong number makes it wrong. fact_rows[id].name and .where spell a fact in a dump and say how a
 * person finds it out.
 */
struct facts {
	uint64_t known; /* bit fact_id */
	int64_t value[FACTS];
};

/* Values of FACT_distribution: whose patches the kernel may carry. */
enum distribution {
	DISTRIBUTION_MAINLINE, /* none of those below */
	DISTRIBUTION_DEBIAN,
	DISTRIBUTION_UBUNTU,
	DISTRIBUTION_ANDROID
};

/* Values of FACT_config_pmu: what config >> PERF_PMU_TYPE_SHIFT names. */
enum config_pmu {
	CONFIG_PMU_NONE,
	CONFIG_PMU_CORE, /* a PMU that takes HARDWARE and HW_CACHE events */
	CONFIG_PMU_OTHER
};

/* Values of FACT_cpu_vendor. */
enum cpu_vendor {
	VENDOR_OTHER,
	VENDOR_INTEL,
	VENDOR_AMD /* and Hygon */
};

/* Values of FACT_lockdown. */
enum lockdown {
	LOCKDOWN_NONE,
	LOCKDOWN_INTEGRITY,
	LOCKDOWN_CONFIDENTIALITY
};

/* Values of FACT_leader_clock: a clockid, or this without use_clockid. */
enum {
	LEADER_CLOCK_DEFAULT = -1
};

static inline void
fact_set(struct facts *facts, enum fact_id id, int64_t value)
{
	facts->known |= 1ULL << id;
	facts->value[id] = value;
}

static inline bool
fact_known(const struct facts *facts, enum fact_id id)
{
	return facts->known >> id & 1;
}

#endif
