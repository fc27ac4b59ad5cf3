/* What a program did with an event. */
#include "decoder/act.h"

#include "decoder/bytes.h"
#include "decoder/field.h"

void
act_clear(struct act *act)
{
	*act = (struct act){.command = NAMES, .comm = "", .text = ""};
}

static const struct command *
command_row(const struct act *act)
{
	return act->command == NAMES ? NULL : &command_rows[act->command - FIRST_COMMAND];
}

unsigned
act_parts(const struct act *act)
{
	const struct function_row *function = &function_rows[act->function];

	return function[1].parts - function->parts;
}

/* What a command that no row has makes of its argument is not known. */
struct part_row
act_part(const struct act *act, unsigned place)
{
	struct part_row row = part_rows[function_rows[act->function].parts + place];
	const struct command *command = command_row(act);

	if (row.part == PART_BY_ORDER) {
		row.part = command ? command->part : PART_PLACE;
		row.words = command ? command->words : GROUP_none;
	}
	return row;
}

enum group
act_result_names(const struct act *act)
{
	const struct command *command = command_row(act);

	return command ? (enum group)command->result : GROUP_none;
}

bool
act_duplicates(const struct act *act)
{
	switch ((enum function)act->function) {
	case FUNCTION_dup:
	case FUNCTION_dup2:
	case FUNCTION_dup3:
		return true;
	case FUNCTION_fcntl:
		return act->command == NAME_F_DUPFD || act->command == NAME_F_DUPFD_CLOEXEC;
	default:
		return false;
	}
}

unsigned
act_programs(const struct act *act)
{
	uint64_t room = act->number < ACT_PROGRAMS_MAX ? act->number : ACT_PROGRAMS_MAX;

	if (!act->answered)
		return 0;
	return act->programs_count < room ? act->programs_count : (unsigned)room;
}

bool
act_is_aux(const struct act *act)
{
	return act->function == FUNCTION_mmap && act->arguments[ACT_MMAP_OFFSET];
}

bool
act_whole_pages(const struct act *act)
{
	uint64_t length = act->arguments[ACT_MMAP_LENGTH];

	return act->function == FUNCTION_mmap && act->page && length && length % act->page == 0;
}

uint64_t
act_pages(const struct act *act)
{
	return act->arguments[ACT_MMAP_LENGTH] / act->page - !act_is_aux(act);
}

static bool
is_ioctl(enum name_id command)
{
	return command >= AT_ioctl && command < NAMES
		&& name_of(GROUP_ioctl, names[command].value) == &names[command];
}

/* What headers declare with the type of a pointer. */
static bool
passes_pointer(enum part part)
{
	return part == PART_ANSWER_AT || part == PART_TEXT_AT || part == PART_PROGRAMS_AT
		|| part == PART_ATTR_AT;
}

/* asm/ioctl.h: direction, size, type, number. */
static uint32_t
ioctl_number(enum name_id command, const struct arch *arch)
{
	static const uint8_t wide[] = {1, 4, 2, 6};
	uint32_t plain = (uint32_t)names[command].value;
	uint32_t direction = plain >> 30, size = plain >> 16 & 0x3fff, low = plain & 0xffff;

	if (passes_pointer((enum part)command_rows[command - FIRST_COMMAND].part))
		size = arch->pointer;
	if (arch->ioctls == IOCTLS_WIDE)
		return (uint32_t)wide[direction] << 29 | size << 16 | low;
	if (arch->ioctls == IOCTLS_SWAPPED)
		direction = (direction & 1) << 1 | direction >> 1;
	return direction << 30 | size << 16 | low;
}

uint32_t
command_number(enum name_id command, unsigned arch)
{
	if (is_ioctl(command))
		return ioctl_number(command, &arches[arch]);
	return (uint32_t)names[command].value;
}

/* Who numbers errors in a way of its own does so with commands and flags of files. */
static bool
shares(unsigned arch)
{
	return arches[arch].errors >= ERRORS;
}

static bool
command_shared(enum name_id command, unsigned arch)
{
	return shares(arch) || command <= NAME_F_SETFL || command >= NAME_F_DUPFD_CLOEXEC;
}

unsigned
command_find(enum function function, unsigned arch, uint32_t number)
{
	enum group group = (enum group)function_rows[function].commands;

	for (unsigned row = group_starts[group]; row < group_starts[group + 1]; row++)
		if (command_shared((enum name_id)row, arch)
			&& command_number((enum name_id)row, arch) == number)
			return row;
	return NAMES;
}

bool
words_shared(enum group words, unsigned arch)
{
	if (words == GROUP_map_flags && arches[arch].ioctls == IOCTLS_WIDE)
		return false;
	return shares(arch) || (words != GROUP_map_flags && words != GROUP_file_flags);
}

static bool
origin_equal(struct origin left, struct origin right)
{
	return left.call == right.call && left.pid == right.pid;
}

static bool
attr_equal(const struct act *left, const struct act *right)
{
	return !left->attr == !right->attr
		&& (!left->attr || call_equal(left->attr, right->attr));
}

static bool
memory_equal(const struct act *left, const struct act *right)
{
	return left->read == right->read && left->answered == right->answered
		&& left->text_cut == right->text_cut && left->number == right->number
		&& left->programs_count == right->programs_count
		&& text_equal(left->text, right->text)
		&& (!act_programs(left)
			|| bytes_equal(left->programs, right->programs,
				act_programs(left) * sizeof *left->programs))
		&& attr_equal(left, right);
}

bool
act_equal(const struct act *left, const struct act *right)
{
	return left->caller_pid == right->caller_pid && left->caller_tid == right->caller_tid
		&& text_equal(left->comm, right->comm) && left->arch == right->arch
		&& left->function == right->function && left->command == right->command
		&& origin_equal(left->event, right->event)
		&& origin_equal(left->target, right->target)
		&& bytes_equal(left->arguments, right->arguments, sizeof left->arguments)
		&& left->page == right->page && left->result == right->result
		&& left->error == right->error && memory_equal(left, right);
}
