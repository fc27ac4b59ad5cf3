/* One perf_event_open call. */
#include "decoder/call.h"

#include "decoder/bytes.h"
#include "decoder/field.h"
#include "tables/tables.h"

void
call_clear(struct call *call)
{
	*call = (struct call){
		.comm = "",
		.kernel = "",
		.pmu = "",
		.tracepoint = "",
		.event = "",
		.alias = "",
		.cgroup = "",
		.probe = "",
	};
}

uint32_t
call_attr_size(const struct call *call)
{
	if (call->readable < ATTR_HEAD)
		return 0;
	return (uint32_t)field_value(&fields[FIELD_size], call);
}

size_t
call_attr_wanted(uint32_t size)
{
	if (size < VER0)
		return VER0;
	return size < CALL_ATTR_MAX ? size : CALL_ATTR_MAX;
}

size_t
call_attr_held(const struct call *call)
{
	size_t size = call_attr_size(call);

	if (size == 0)
		size = VER0;
	if (size < ATTR_HEAD)
		size = ATTR_HEAD;
	return size < call->readable ? size : call->readable;
}

bool
call_stand_in(const struct call *call)
{
	return call->error && call->fd >= 0;
}

static bool
names_equal(const struct call *left, const struct call *right)
{
	return text_equal(left->comm, right->comm) && text_equal(left->kernel, right->kernel)
		&& text_equal(left->pmu, right->pmu)
		&& text_equal(left->tracepoint, right->tracepoint)
		&& text_equal(left->event, right->event) && text_equal(left->alias, right->alias)
		&& text_equal(left->cgroup, right->cgroup) && text_equal(left->probe, right->probe);
}

static bool
facts_equal(const struct facts *left, const struct facts *right)
{
	uint64_t known = left ? left->known : 0;

	if (known != (right ? right->known : 0))
		return false;
	for (int id = 0; id < FACTS; id++)
		if (known >> id & 1 && left->value[id] != right->value[id])
			return false;
	return true;
}

bool
call_equal(const struct call *left, const struct call *right)
{
	return left->number == right->number && left->lost == right->lost
		&& left->caller_pid == right->caller_pid && left->caller_tid == right->caller_tid
		&& left->arch == right->arch && left->readable == right->readable
		&& left->attr_addr == right->attr_addr && left->size_after == right->size_after
		&& left->pid == right->pid && left->cpu == right->cpu
		&& left->group_fd == right->group_fd && left->fd == right->fd
		&& left->error == right->error && left->flags == right->flags
		&& left->leader == right->leader && left->leader_pid == right->leader_pid
		&& left->probe_cut == right->probe_cut && left->probed == right->probed
		&& left->probed_error == right->probed_error
		&& bytes_equal(left->attr, right->attr, left->readable) && names_equal(left, right)
		&& facts_equal(left->facts, right->facts);
}
