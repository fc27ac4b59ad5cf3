/* What this machine calls things. */
#include "shim/names.h"

#include "decoder/bytes.h"
#include "decoder/field.h"
#include "shim/files.h"
#include "shim/settings.h"
#include "shim/snapshot.h"
#include "shim/sys.h"

/*
 * Raw events are the cpu PMU's, and of the types below only theirs mean what the machine's PMU
 * makes of them.
 */
static bool
pmu_named_by_type(uint64_t type)
{
	const struct name *name = name_of(GROUP_type, type);

	return !name || type == name_value(NAME_PERF_TYPE_RAW);
}

static void
find_pmu(struct call *call, struct names_room *room)
{
	uint64_t type = attr_value(call, FIELD_type);

	if (call_extended(call)) {
		type = attr_value(call, FIELD_config) >> name_value(NAME_PERF_PMU_TYPE_SHIFT);
		call->pmu = pmu_name((uint32_t)type, &room->pmu);
	} else if (pmu_named_by_type(type)) {
		call->pmu = pmu_name((uint32_t)type, &room->pmu);
		if (call->pmu[0])
			pmu_find_event(call, &room->pmu);
	}
}

static void
find_tracepoint(struct call *call, struct names_room *room)
{
	if (attr_value(call, FIELD_type) == name_value(NAME_PERF_TYPE_TRACEPOINT))
		call->tracepoint =
			tracepoint_name(attr_value(call, FIELD_config), &room->tracepoint);
}

static const struct field *
string_field(const struct call *call)
{
	size_t held = call_attr_held(call);

	if (!call->pmu[0])
		return NULL;
	for (const struct field *field = fields; field < fields + FIELDS; field++)
		if (field->kind == STRING && field_present(field, held)
			&& field_chosen(field, call))
			return field;
	return NULL;
}

/* A string that runs into unreadable memory is none: the kernel will say EFAULT. */
static void
find_probe(struct call *call, struct names_room *room)
{
	const struct field *field = string_field(call);
	size_t got, length = 0;

	if (!field || !field_value(field, call))
		return;
	got = memory_read(call->caller_pid, field_value(field, call), room->probe,
		sizeof room->probe);
	while (length < got && room->probe[length])
		length++;
	if (length == got && got < sizeof room->probe)
		return;
	call->probe_cut = length == got;
	room->probe[call->probe_cut ? length - 1 : length] = '\0';
	call->probe = room->probe;
}

/* pid is an fd of a cgroup's directory. */
static void
find_cgroup(struct call *call, const struct traced *traced, struct names_room *room)
{
	char path[ROOT_MAX + 32], fd[NUMBER_NAME_MAX];

	if (!(call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP)))
		return;
	path_join(path, sizeof path, PATH(settings_get()->procfs, "/", process_folder(traced),
		"/fd/", number_name(fd, call->pid)));
	if (!SYS_FAILED(link_read(path, room->cgroup, sizeof room->cgroup)))
		call->cgroup = room->cgroup;
}

void
names_find(struct call *call, const struct traced *traced, struct names_room *room)
{
	size_t held = call_attr_held(call);

	find_cgroup(call, traced, room);
	if (!field_present(&fields[FIELD_config], held))
		return;
	find_pmu(call, room);
	find_tracepoint(call, room);
	find_probe(call, room);
}
