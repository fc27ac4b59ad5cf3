/*
 * What is asked at a refusal, in which order, and how files are read for it. A program with a
 * seccomp filter is asked about by what the shim does anyway (openat, read, readlinkat): all else
 * its filter may kill for.
 */
#include "shim/facts.h"

#include <linux/fcntl.h>

#include "decoder/field.h"
#include "shim/gathering.h"

const char *
room_path(struct gathering *gathering, const char *const *parts)
{
	return path_join(gathering->room->path, sizeof gathering->room->path, parts);
}

bool
room_read(struct gathering *gathering, const char *const *parts)
{
	return file_read(AT_FDCWD, room_path(gathering, parts), gathering->room->text,
		sizeof gathering->room->text);
}

long
room_link(struct gathering *gathering, const char *const *parts)
{
	return link_read(room_path(gathering, parts), gathering->room->text,
		sizeof gathering->room->text);
}

bool
number_read(const char *text, int64_t *value)
{
	bool minus = *text == '-';

	text += minus;
	if (*text < '0' || *text > '9')
		return false;
	for (*value = 0; *text >= '0' && *text <= '9'; text++)
		*value = *value * 10 + (*text - '0');
	if (minus)
		*value = -*value;
	return true;
}

bool
list_has(const char *list, int64_t wanted)
{
	while (*list >= '0' && *list <= '9') {
		int64_t first = 0, last;

		number_read(list, &first);
		last = first;
		while (*list >= '0' && *list <= '9')
			list++;
		if (*list == '-') {
			number_read(++list, &last);
			while (*list >= '0' && *list <= '9')
				list++;
		}
		if (wanted >= first && wanted <= last)
			return true;
		list += *list == ',';
	}
	return false;
}

void
learn_number(struct gathering *gathering, enum fact_id id, const char *const *parts)
{
	int64_t value;

	if (room_read(gathering, parts) && number_read(gathering->room->text, &value))
		learn(gathering, id, value);
}

/* What is known of the machine comes first, and then whether the caller is filtered. */
void
facts_gather(struct call *call, const struct traced *traced, const struct opened *leader,
	struct facts *facts, struct facts_room *room)
{
	struct gathering gathering = {
		call, leader, facts, room, traced, attr_value(call, FIELD_type), false};

	facts->known = 0;
	call->facts = facts;
	facts_machine(&gathering);
	facts_caller(&gathering);
	facts_target(&gathering);
	facts_pmu(&gathering);
	facts_file(&gathering);
}
