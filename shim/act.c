/* What a program does with its events. */
#include "shim/act.h"

#include <asm/errno.h>

#include "decoder/bytes.h"
#include "decoder/field.h"
#include "shim/opened.h"
#include "shim/snapshot.h"

static struct origin
find_origin(const struct actor *actor, int32_t fd)
{
	struct opened opened;

	opened_find(&opened, fd < 0 ? 0 : actor->event_id(actor, fd));
	return (struct origin){opened.number,
		opened.number && opened.opener != actor->pid ? opened.opener : 0};
}

static void
read_number(struct act *act, const struct actor *actor, uint64_t address)
{
	act->read = memory_read(actor->pid, address, &act->number, sizeof act->number)
		== sizeof act->number;
}

/* A string that runs into unreadable memory is none: the kernel will say EFAULT. */
static void
read_text(struct act *act, const struct actor *actor, uint64_t address, char *text)
{
	size_t got = memory_read(actor->pid, address, text, ACT_TEXT_MAX);
	size_t length = 0;

	while (length < got && text[length])
		length++;
	if (length == got && got < ACT_TEXT_MAX)
		return;
	act->text_cut = length == got;
	text[act->text_cut ? length - 1 : length] = '\0';
	act->text = text;
	act->read = true;
}

static void
read_room(struct act *act, const struct actor *actor, uint64_t address)
{
	uint32_t ids_len;

	if (memory_read(actor->pid, address, &ids_len, sizeof ids_len) != sizeof ids_len)
		return;
	act->number = ids_len;
	act->read = true;
}

static void
read_attr(struct act *act, const struct actor *actor, uint64_t address,
	const struct act_room *room)
{
	struct call *call = room->attr;

	call_clear(call);
	call->caller_pid = actor->pid;
	call->arch = actor->arch;
	snapshot_take(call, actor->pid, address, room->bytes);
	names_find(call, actor->traced, room->names);
	call->caller_pid = 0; /* the act has it */
	act->attr = call;
	act->read = true;
}

static void
read_pointee(struct act *act, const struct actor *actor, enum part part,
	const struct act_room *room)
{
	uint64_t address = act->arguments[act_parts(act) - 1];

	if (part == PART_NUMBER_AT)
		read_number(act, actor, address);
	else if (part == PART_TEXT_AT)
		read_text(act, actor, address, room->text);
	else if (part == PART_PROGRAMS_AT)
		read_room(act, actor, address);
	else if (part == PART_ATTR_AT)
		read_attr(act, actor, address, room);
}

/* perf_ioctl compares a whole unsigned long with -1, and takes an int of anything else. */
static uint64_t
other_fd(const struct act *act, uint64_t bits)
{
	uint64_t none = arches[act->arch].pointer == 4 ? UINT32_MAX : UINT64_MAX;

	return bits == none ? UINT64_MAX : (uint32_t)bits;
}

static uint64_t
argument(const struct act *act, enum part part, uint64_t bits)
{
	switch (part) {
	case PART_OWN_FD:
	case PART_SIGNED:
		return (uint64_t)(int64_t)(int32_t)(uint32_t)bits;
	case PART_OTHER_FD:
		return other_fd(act, bits);
	case PART_ABSENT:
		return 0;
	default:
		return bits;
	}
}

/* Returns false if the fd is no event that is known. */
static bool
take_argument(struct act *act, const struct actor *actor, unsigned place, uint64_t bits)
{
	enum part part = (enum part)act_part(act, place).part;
	int32_t number = (int32_t)(uint32_t)bits;

	act->arguments[place] = argument(act, part, bits);
	if (part == PART_OWN_FD) {
		act->event = find_origin(actor, number);
		return act->event.call;
	}
	if (part == PART_OTHER_FD)
		act->target = find_origin(actor, number);
	if (part == PART_ORDER) {
		act->command = (uint16_t)command_find((enum function)act->function, act->arch,
			(uint32_t)bits);
		act->arguments[place] = act->command == NAMES ? (uint32_t)bits : 0;
		return act->function != FUNCTION_prctl || act->command != NAMES;
	}
	return true;
}

bool
act_begin(struct act *act, const struct actor *actor, enum function function,
	const uint64_t passed[ACT_ARGUMENTS], const struct act_room *room)
{
	act_clear(act);
	act->function = (uint8_t)function;
	act->arch = actor->arch;
	act->caller_pid = actor->pid;
	act->caller_tid = actor->tid;
	act->comm = actor->comm;
	act->page = function == FUNCTION_mmap ? actor->page : 0;
	for (unsigned place = 0; place < act_parts(act); place++)
		if (!take_argument(act, actor, place, passed[place]))
			return false;
	read_pointee(act, actor, (enum part)act_part(act, act_parts(act) - 1).part, room);
	return true;
}

/* perf_event_query_prog_array: with ENOSPC too the count is written, and ids as far as they fit. */
static void
read_programs(struct act *act, const struct actor *actor, uint64_t address,
	const struct act_room *room)
{
	uint32_t *words = room->programs;
	size_t size =
		2 + (size_t)(act->number < ACT_PROGRAMS_MAX ? act->number : ACT_PROGRAMS_MAX);

	if (!act->error || act->error == ENOSPC)
		act->answered = memory_read(actor->pid, address, words, size * sizeof *words)
			== size * sizeof *words;
	if (!act->answered)
		return;
	act->programs_count = words[1];
	act->programs = words + 2;
}

void
act_end(struct act *act, const struct actor *actor, int64_t result, int32_t error,
	const struct act_room *room)
{
	enum part part = (enum part)act_part(act, act_parts(act) - 1).part;
	uint64_t *address = &act->arguments[act_parts(act) - 1];

	act->result = result;
	act->error = result == -1 ? error : 0;
	if (part == PART_ANSWER_AT && !act->error) {
		read_number(act, actor, *address);
		act->answered = act->read;
	} else if (part == PART_PROGRAMS_AT && act->read) {
		read_programs(act, actor, *address, room);
	} else if (part == PART_ATTR_AT && act->error == E2BIG) {
		room->attr->size_after = snapshot_size(room->attr, actor->pid, *address);
	}
	if (act->read)
		*address = 0;
}
