/* Runs of calls that are alike, as one. */
#include "cli/fold.h"

#include <stdlib.h>
#include <string.h>

#include "cli/input.h"
#include "cli/say.h"
#include "decoder/field.h"

enum {
	RANGES_SHOWN = 12,
	RANGES_MAX = 1024 /* in one run: they take memory, and room in a line */
};

/* The place of the first range that ends at or behind the value. */
static size_t
find(const struct ranges *ranges, int64_t value)
{
	size_t low = 0, high = ranges->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (ranges->at[middle].last < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
ranges_has(const struct ranges *ranges, int64_t value)
{
	size_t at = find(ranges, value);

	return at < ranges->count && ranges->at[at].first <= value;
}

static void
insert(struct ranges *ranges, size_t at, int64_t value)
{
	if (ranges->count == ranges->room) {
		ranges->room = ranges->room ? 2 * ranges->room : 4;
		ranges->at = realloc(ranges->at, ranges->room * sizeof *ranges->at);
		if (!ranges->at)
			die("fold calls:");
	}
	memmove(ranges->at + at + 1, ranges->at + at, (ranges->count - at) * sizeof *ranges->at);
	ranges->at[at] = (struct range){value, value};
	ranges->count++;
}

static void
join(struct ranges *ranges, size_t at)
{
	struct range *range = ranges->at + at;

	if (at + 1 >= ranges->count || range->last + 1 != range[1].first)
		return;
	range->last = range[1].last;
	ranges->count--;
	memmove(range + 1, range + 2, (ranges->count - at - 1) * sizeof *range);
}

void
ranges_add(struct ranges *ranges, int64_t value)
{
	size_t at = find(ranges, value);

	if (at < ranges->count && ranges->at[at].first <= value)
		return;
	if (at > 0 && ranges->at[at - 1].last + 1 == value) {
		ranges->at[at - 1].last = value;
		join(ranges, at - 1);
	} else {
		insert(ranges, at, value);
		join(ranges, at);
	}
}

bool
ranges_many(const struct ranges *ranges)
{
	return ranges->count > 1
		|| (ranges->count && ranges->at->first != ranges->at->last);
}

void
ranges_text(struct buf *out, const struct ranges *ranges)
{
	size_t shown = ranges->count > RANGES_SHOWN + 1 ? RANGES_SHOWN : ranges->count;

	for (size_t at = 0; at < shown; at++) {
		const struct range *range = &ranges->at[at];

		buf_text(out, at ? "," : "");
		buf_signed(out, range->first);
		if (range->last == range->first)
			continue;
		buf_char(out, '-');
		buf_signed(out, range->last);
	}
	if (shown == ranges->count)
		return;
	BUF_LITERAL(out, " and ");
	buf_decimal(out, ranges->count - shown);
	BUF_LITERAL(out, " more");
}

enum role
call_role(const struct call *call)
{
	if (call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP))
		return ROLE_CGROUP;
	if (call->pid == -1)
		return ROLE_ANY;
	if (call->pid < 0)
		return ROLE_NONE;
	if (call->pid == 0 || call->pid == call->caller_pid || call->pid == call->caller_tid)
		return ROLE_CALLER;
	return ROLE_OTHER;
}

/* The member that holds a string's address in this call; NULL: none. */
static const struct field *
string_field(const struct call *call)
{
	size_t held = call_attr_held(call);

	for (const struct field *field = fields; field < fields + FIELDS; field++)
		if (field->kind == STRING && field_present(field, held)
			&& field_chosen(field, call))
			return field;
	return NULL;
}

bool
attr_alike(const struct call *left, const struct call *right)
{
	const struct field *string = string_field(left);
	unsigned char attr[CALL_ATTR_MAX];

	if (left->readable != right->readable || left->arch != right->arch
		|| left->size_after != right->size_after || !left->attr_addr != !right->attr_addr)
		return false;
	if (strcmp(left->pmu, right->pmu) != 0 || strcmp(left->probe, right->probe) != 0
		|| left->probe_cut != right->probe_cut)
		return false;
	memcpy(attr, right->attr, right->readable);
	if (string && string == string_field(right) && left->probe[0])
		field_store(string, attr, left->arch, field_value(string, left));
	return memcmp(left->attr, attr, left->readable) == 0;
}

static bool
names_alike(const struct call *left, const struct call *right)
{
	return strcmp(left->comm, right->comm) == 0 && strcmp(left->kernel, right->kernel) == 0
		&& strcmp(left->tracepoint, right->tracepoint) == 0
		&& strcmp(left->event, right->event) == 0 && strcmp(left->alias, right->alias) == 0
		&& strcmp(left->cgroup, right->cgroup) == 0;
}

static bool
full(const struct fold *fold)
{
	return fold->numbers.count > RANGES_MAX || fold->threads.count > RANGES_MAX
		|| fold->pids.count > RANGES_MAX || fold->cpus.count > RANGES_MAX
		|| fold->groups.count > RANGES_MAX || fold->leaders.count > RANGES_MAX
		|| fold->fds.count > RANGES_MAX;
}

bool
fold_takes(const struct fold *fold, const struct call *call)
{
	const struct call *first = fold->first;

	return fold->calls && !fold->act && !full(fold) && first->caller_pid == call->caller_pid
		&& call_role(first) == call_role(call) && first->flags == call->flags
		&& first->error == call->error && (first->fd < 0) == (call->fd < 0)
		&& (first->group_fd == -1) == (call->group_fd == -1)
		&& !first->leader == !call->leader && first->leader_pid == call->leader_pid
		&& !ranges_has(&fold->numbers, call->leader) && !call->lost
		&& names_alike(first, call) && attr_alike(first, call);
}

void
fold_add(struct fold *fold, const struct call *call)
{
	fold->calls++;
	ranges_add(&fold->numbers, call->number);
	ranges_add(&fold->threads, call->caller_tid);
	ranges_add(&fold->pids, call->pid);
	ranges_add(&fold->cpus, call->cpu);
	ranges_add(&fold->groups, call->group_fd);
	ranges_add(&fold->leaders, call->leader);
	ranges_add(&fold->fds, call->fd);
}

void
fold_begin(struct fold *fold, const struct call *call)
{
	*fold = (struct fold){.first = call_copy(call)};
	fold_add(fold, call);
}

/* An argument that acts alike may have of their own: the fd of the event, and of the other one. */
static bool
is_fd(enum part part)
{
	return part == PART_OWN_FD || part == PART_OTHER_FD;
}

static bool
passed_alike(const struct act *left, const struct act *right)
{
	for (unsigned place = 0; place < act_parts(left); place++)
		if (!is_fd((enum part)act_part(left, place).part)
			&& left->arguments[place] != right->arguments[place])
			return false;
	return left->read == right->read && left->text_cut == right->text_cut
		&& !strcmp(left->text, right->text)
		&& (left->answered || left->number == right->number)
		&& !left->attr == !right->attr
		&& (!left->attr || attr_alike(left->attr, right->attr));
}

/* Addresses and new fds are always others. */
static bool
results_alike(const struct act *left, const struct act *right)
{
	return left->error == right->error
		&& (left->result == right->result || left->function == FUNCTION_mmap
			|| act_duplicates(left))
		&& left->answered == right->answered
		&& left->programs_count == right->programs_count;
}

bool
act_alike(const struct act *left, const struct act *right)
{
	return left->caller_pid == right->caller_pid && strcmp(left->comm, right->comm) == 0
		&& left->arch == right->arch && left->function == right->function
		&& left->command == right->command && left->event.pid == right->event.pid
		&& left->target.pid == right->target.pid
		&& !left->target.call == !right->target.call && left->page == right->page
		&& passed_alike(left, right) && results_alike(left, right);
}

bool
fold_takes_act(const struct fold *fold, const struct act *act)
{
	return fold->act && !full(fold) && !ranges_has(&fold->numbers, act->event.call)
		&& act_alike(fold->act, act);
}

void
fold_add_act(struct fold *fold, const struct act *act)
{
	fold->calls++;
	ranges_add(&fold->numbers, act->event.call);
	ranges_add(&fold->threads, act->caller_tid);
	ranges_add(&fold->leaders, act->target.call);
	for (unsigned place = 0; place < act_parts(act); place++)
		if (act_part(act, place).part == PART_OWN_FD)
			ranges_add(&fold->fds, (int64_t)act->arguments[place]);
}

void
fold_begin_act(struct fold *fold, const struct act *act)
{
	*fold = (struct fold){.act = act_copy(act)};
	fold_add_act(fold, act);
}

void
fold_end(struct fold *fold)
{
	free(fold->first);
	act_free(fold->act);
	free(fold->numbers.at);
	free(fold->threads.at);
	free(fold->pids.at);
	free(fold->cpus.at);
	free(fold->groups.at);
	free(fold->leaders.at);
	free(fold->fds.at);
	*fold = (struct fold){0};
}

static void
add_text(struct buf *out, const char *name, const struct ranges *ranges)
{
	if (!ranges_many(ranges))
		return;
	BUF_LITERAL(out, ", ");
	buf_text(out, name);
	buf_char(out, ' ');
	ranges_text(out, ranges);
}

void
fold_text(struct buf *out, const struct fold *fold)
{
	buf_decimal(out, fold->calls);
	buf_text(out, fold->act ? " acts alike: event " : " calls alike: call ");
	ranges_text(out, &fold->numbers);
	add_text(out, "thread", &fold->threads);
	add_text(out, "pid", &fold->pids);
	add_text(out, "cpu", &fold->cpus);
	add_text(out, "group_fd", &fold->groups);
	add_text(out, fold->act ? "target" : "leader", &fold->leaders);
	add_text(out, "fd", &fold->fds);
}

static void
add_json(struct buf *out, const char *name, const struct ranges *ranges)
{
	if (!ranges_many(ranges))
		return;
	BUF_LITERAL(out, ", \"");
	buf_text(out, name);
	BUF_LITERAL(out, "\": [");
	for (size_t at = 0; at < ranges->count; at++) {
		buf_text(out, at ? ", [" : "[");
		buf_signed(out, ranges->at[at].first);
		BUF_LITERAL(out, ", ");
		buf_signed(out, ranges->at[at].last);
		buf_char(out, ']');
	}
	buf_char(out, ']');
}

void
fold_json(struct buf *out, const struct fold *fold)
{
	buf_text(out, fold->act ? "{\"acts\": " : "{\"calls\": ");
	buf_decimal(out, fold->calls);
	add_json(out, fold->act ? "opened_by" : "call", &fold->numbers);
	add_json(out, "caller_tid", &fold->threads);
	add_json(out, "pid", &fold->pids);
	add_json(out, "cpu", &fold->cpus);
	add_json(out, "group_fd", &fold->groups);
	add_json(out, fold->act ? "target" : "leader", &fold->leaders);
	add_json(out, "fd", &fold->fds);
	buf_char(out, '}');
}
