/* Stand-ins: a software dummy in the place of an event that the machine lacks, or may not have. */
#include "shim/rehearse.h"

#include <asm/errno.h>

#include "decoder/field.h"
#include "shim/opened.h"
#include "shim/sys.h"

enum {
	NO_PMU = INT32_MAX /* a type that the kernel will not hand out */
};

/* What only the missing hardware would make of it. All else keeps its value, known to us or not. */
static const uint8_t cleared[] = {
	FIELD_freq,
	FIELD_precise_ip,
	FIELD_exclude_user,
	FIELD_exclude_kernel,
	FIELD_exclude_hv,
	FIELD_exclude_idle,
	FIELD_exclude_host,
	FIELD_exclude_guest,
	FIELD_branch_sample_type,
	FIELD_sample_regs_user,
	FIELD_sample_regs_intr,
	FIELD_aux_output,
	FIELD_aux_sample_size,
	FIELD_aux_start_paused,
	FIELD_aux_pause,
	FIELD_aux_resume,
};

static const uint16_t not_sampled[] = {
	NAME_PERF_SAMPLE_BRANCH_STACK,
	NAME_PERF_SAMPLE_REGS_USER,
	NAME_PERF_SAMPLE_REGS_INTR,
	NAME_PERF_SAMPLE_PHYS_ADDR,
	NAME_PERF_SAMPLE_AUX,
};

static bool
want_of_permission(int32_t error)
{
	return error == EACCES || error == EPERM;
}

static bool
want_of_hardware(int32_t error)
{
	return error == ENOENT || error == ENODEV || error == EOPNOTSUPP;
}

/* Every machine has these: what refuses them is the attr. */
static bool
needs_no_hardware(const struct call *call)
{
	uint64_t type = attr_value(call, FIELD_type);

	return type == name_value(NAME_PERF_TYPE_SOFTWARE)
		|| type == name_value(NAME_PERF_TYPE_TRACEPOINT)
		|| field_live(&fields[FIELD_kprobe_func], call)
		|| field_live(&fields[FIELD_uprobe_path], call);
}

/*
 * A PMU that the machine lacks is answered with EINVAL only where another PMU has its number. To
 * tell that from an attr which is wrong: of a PMU that no machine has, the kernel says ENOENT once
 * it found all the rest right.
 */
static bool
taken_for_another_pmu(const struct call *call, const struct opener *opener, unsigned char *attr)
{
	if (!call->pmu[0] || machine_has_pmu(call))
		return false;
	bytes_copy(attr, call->attr, call->readable);
	attr_store(call, attr, FIELD_type, NO_PMU);
	return event_open(opener, call, attr) == -ENOENT;
}

static bool
for_want(const struct call *call, const struct opener *opener, unsigned char *room)
{
	if (call->readable < call_attr_wanted(call_attr_size(call)))
		return false;
	if (want_of_permission(call->error))
		return true;
	if (needs_no_hardware(call))
		return false;
	return want_of_hardware(call->error)
		|| (call->error == EINVAL && taken_for_another_pmu(call, opener, room));
}

static void
make_dummy(const struct call *call, unsigned char *attr)
{
	uint64_t sampled = attr_value(call, FIELD_sample_type);

	bytes_copy(attr, call->attr, call->readable);
	for (unsigned id = 0; id < FIELDS; id++)
		if (fields[id].kind == PMUBITS)
			attr_store(call, attr, (enum field_id)id, 0);
	for (unsigned i = 0; i < COUNT_OF(cleared); i++)
		attr_store(call, attr, (enum field_id)cleared[i], 0);
	for (unsigned i = 0; i < COUNT_OF(not_sampled); i++)
		sampled &= ~name_value((enum name_id)not_sampled[i]);
	attr_store(call, attr, FIELD_sample_type, sampled);
	attr_store(call, attr, FIELD_type, name_value(NAME_PERF_TYPE_SOFTWARE));
	attr_store(call, attr, FIELD_config, name_value(NAME_PERF_COUNT_SW_DUMMY));
}

/* A dummy counts nothing of the kernel's, yet asks for permission like any other event. */
static long
open_dummy(const struct call *call, const struct opener *opener, unsigned char *attr)
{
	long fd;

	make_dummy(call, attr);
	fd = event_open(opener, call, attr);
	if (!SYS_FAILED(fd) || !want_of_permission((int32_t)-fd))
		return fd;
	attr_store(call, attr, FIELD_exclude_kernel, 1);
	return event_open(opener, call, attr);
}

bool
rehearse(struct call *call, const struct opener *opener, unsigned char *attr)
{
	long fd;

	if (!call->error || !for_want(call, opener, attr))
		return false;
	fd = open_dummy(call, opener, attr);
	if (SYS_FAILED(fd))
		return false;
	call->fd = (int32_t)fd;
	return true;
}

/* What the kernel checks siblings against is the dummy, not what the program wanted. */
void
rehearse_note(const struct call *call, const unsigned char *attr, uint64_t id, uint64_t group)
{
	struct call dummy = *call;

	dummy.attr = attr;
	dummy.pmu = "";
	opened_note(&dummy, id, group);
}
