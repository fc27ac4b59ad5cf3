/* What is known of the machine, whoever calls and whatever for. */
#include <asm/errno.h>

#include "shim/cache.h"
#include "shim/gathering.h"

enum {
	AT_PAGE_SIZE = 6 /* AT_PAGESZ of the auxiliary vector */
};

/* What does not change while the process runs. */
static struct facts steady;
static uint32_t steady_state;

static uint32_t known_size; /* of struct perf_event_attr, as the kernel wrote it; 0: never */

/* nr_cpu_ids: one more than the last number of the list. */
static void
learn_cpus(struct gathering *gathering)
{
	const char *text = gathering->room->text, *last = text;
	int64_t value;

	if (!room_read(gathering, PATH("/sys/devices/system/cpu/possible")))
		return;
	for (; *text; text++)
		if (*text == '-' || *text == ',')
			last = text + 1;
	if (number_read(last, &value))
		learn(gathering, FACT_cpus, value + 1);
}

/* What a kernel says of itself; one that only names a compiler of theirs stays unknown. */
static void
learn_distribution(struct gathering *gathering)
{
	const char *text = gathering->room->text;

	if (room_read(gathering, PATH("/proc/version_signature")))
		learn(gathering, FACT_distribution, DISTRIBUTION_UBUNTU);
	else if (!room_read(gathering, PATH("/proc/version")))
		return;
	else if (text_find(text, "debian-kernel@"))
		learn(gathering, FACT_distribution, DISTRIBUTION_DEBIAN);
	else if (text_find(gathering->call->kernel, "-android"))
		learn(gathering, FACT_distribution, DISTRIBUTION_ANDROID);
	else if (!text_find(text, "Debian") && !text_find(text, "Ubuntu")
		&& !text_find(text, "kali") && !text_find(text, "proxmox"))
		learn(gathering, FACT_distribution, DISTRIBUTION_MAINLINE);
}

/* `none [integrity] confidentiality` */
static void
learn_security(struct gathering *gathering)
{
	const char *text = gathering->room->text;

	if (room_read(gathering, PATH("/sys/kernel/security/lockdown")))
		learn(gathering, FACT_lockdown,
			text_find(text, "[confidentiality]") ? LOCKDOWN_CONFIDENTIALITY
				: text_find(text, "[integrity]") ? LOCKDOWN_INTEGRITY
				: LOCKDOWN_NONE);
	if (room_read(gathering, PATH("/sys/kernel/security/lsm")))
		learn(gathering, FACT_lsm, text_find(text, "selinux") || text_find(text, "bpf"));
}

static void
learn_page_size(struct gathering *gathering)
{
	unsigned long pair[2];

	if (!room_read(gathering, PATH("/proc/self/auxv")))
		return;
	for (size_t at = 0; at + sizeof pair <= sizeof gathering->room->text; at += sizeof pair) {
		bytes_copy(pair, gathering->room->text + at, sizeof pair);
		if (pair[0] == AT_PAGE_SIZE)
			learn(gathering, FACT_page_size, (int64_t)pair[1]);
		if (pair[0] == AT_PAGE_SIZE || pair[0] == 0)
			return;
	}
}

static void
learn_vendor(struct gathering *gathering)
{
	const char *text = gathering->room->text;

	if (!room_read(gathering, PATH("/proc/cpuinfo")) || !text_find(text, "vendor_id"))
		return;
	learn(gathering, FACT_cpu_vendor,
		text_find(text, "GenuineIntel") ? VENDOR_INTEL
			: text_find(text, "AuthenticAMD") || text_find(text, "HygonGenuine")
			? VENDOR_AMD
			: VENDOR_OTHER);
}

static void
learn_steady(struct gathering *gathering)
{
	struct gathering once = *gathering;

	if (cache_claim(&steady_state)) {
		once.facts = &steady;
		learn_cpus(&once);
		learn_distribution(&once);
		learn_security(&once);
		learn_page_size(&once);
		facts_core(&once);
		learn_vendor(&once);
		if (room_read(&once, PATH("/proc/cgroups")))
			learn(&once, FACT_cgroup_perf,
				text_find(once.room->text, "perf_event") != NULL);
		cache_publish(&steady_state);
	}
	if (cache_ready(&steady_state))
		*gathering->facts = steady;
}

static void
learn_sysctls(struct gathering *gathering)
{
	learn_number(gathering, FACT_paranoid, PATH(PROCFS, "/sys/kernel/perf_event_paranoid"));
	if (fact_known(gathering->facts, FACT_paranoid))
		learn(gathering, FACT_has_perf, 1);
	else if (room_read(gathering, PATH(PROCFS, "/sys/kernel/ostype")))
		learn(gathering, FACT_has_perf, 0);
	if (attr_value(gathering->call, FIELD_freq))
		learn_number(gathering, FACT_max_sample_rate,
			PATH(PROCFS, "/sys/kernel/perf_event_max_sample_rate"));
	if (may_answer(gathering, EOVERFLOW))
		learn_number(gathering, FACT_max_stack,
			PATH(PROCFS, "/sys/kernel/perf_event_max_stack"));
}

/* What the kernel wrote once holds for all later calls. */
static void
learn_attr_size(struct gathering *gathering)
{
	uint32_t size = gathering->call->size_after;

	if (size)
		__atomic_store_n(&known_size, size, __ATOMIC_RELAXED);
	else
		size = __atomic_load_n(&known_size, __ATOMIC_RELAXED);
	if (size)
		learn(gathering, FACT_attr_size, size);
}

void
facts_machine(struct gathering *gathering)
{
	learn_steady(gathering);
	learn_sysctls(gathering);
	learn_attr_size(gathering);
}
