/* The words of an act read back. */
#include "decoder/parse_act.h"

#include "decoder/bytes.h"
#include "decoder/field.h"

void
act_begin_store(struct act_store *store)
{
	act_clear(&store->act);
	store->act.arch = ACT_ARCH;
	store->comm[0] = store->text[0] = '\0';
	store->act.comm = store->comm;
	store->act.text = store->text;
	store->act.programs = store->programs;
}

/* fd[3], or a number of no event that is known. */
static bool
read_fd(struct scan *scan, struct origin *origin, int32_t *fd)
{
	if (!skip(scan, "fd["))
		return read_int(scan, fd);
	return read_count(scan, &origin->call) && skip(scan, "]");
}

static bool
read_own_fd(struct scan *scan, struct act *act, uint64_t *bits)
{
	int32_t fd = 0;

	if (!read_fd(scan, &act->event, &fd))
		return false;
	if (!act->event.call) /* else the comment says it, which may stand above */
		*bits = (uint64_t)(int64_t)fd;
	return true;
}

static bool
read_other_fd(struct scan *scan, struct act *act, uint64_t *bits)
{
	bool none = skip(scan, "-1L");
	int32_t fd = 0;

	if (!none && !read_fd(scan, &act->target, &fd))
		return false;
	*bits = none ? ACT_NO_FD : (uint32_t)fd;
	return true;
}

static bool
read_address(struct scan *scan, uint64_t *address)
{
	return skip(scan, "NULL") || (skip(scan, "(void *)") && read_number(scan, address));
}

static bool
read_words(struct scan *scan, enum group words, uint64_t *bits)
{
	const enum group groups[] = {words, GROUP_none};

	if (!read_expression(scan, groups, bits))
		return false;
	if (scan->at[-1] == ' ') /* looked behind for another one */
		scan->at--;
	return true;
}

static bool
read_order(struct scan *scan, struct act *act, uint64_t *number)
{
	enum group group = (enum group)function_rows[act->function].commands;
	size_t length = word_length(scan);
	const struct name *name = name_find(group, scan->at, length);

	if (!name)
		return read_number(scan, number);
	act->command = (uint16_t)(name - names);
	scan->at += length;
	return true;
}

static bool
read_programs(struct scan *scan, struct act *act)
{
	uint64_t room;

	return skip(scan, "(__u32[2 + ") && read_number(scan, &room) && skip(scan, "]){")
		&& read_number(scan, &act->number) && skip(scan, "}");
}

static bool
read_string(struct scan *scan, struct act_store *store)
{
	if (!skip(scan, "\"") || !read_text(scan, "\"", store->text, sizeof store->text))
		return false;
	store->act.text_cut = skip(scan, " /* and more */");
	return true;
}

static bool
read_attr(struct scan *scan, struct act_store *store)
{
	store->act.attr = &store->attr;
	return skip(scan, "&attr") || skip(scan, "attr");
}

static bool
read_pointee(struct scan *scan, struct act_store *store, enum part part)
{
	store->act.read = true;
	if (part == PART_TEXT_AT)
		return read_string(scan, store);
	if (part == PART_PROGRAMS_AT)
		return read_programs(scan, &store->act);
	if (part == PART_ATTR_AT)
		return read_attr(scan, store);
	return skip(scan, "&(__u64){") && read_number(scan, &store->act.number) && skip(scan, "}");
}

static bool
read_part(struct scan *scan, struct act_store *store, unsigned place)
{
	struct act *act = &store->act;
	struct part_row row = act_part(act, place);
	uint64_t *bits = &act->arguments[place];

	switch ((enum part)row.part) {
	case PART_ABSENT:
	case PART_BY_ORDER:
		return true;
	case PART_OWN_FD:
		return read_own_fd(scan, act, bits);
	case PART_OTHER_FD:
		return read_other_fd(scan, act, bits);
	case PART_ORDER:
		return read_order(scan, act, bits);
	case PART_SIGNED:
		return read_signed(scan, bits);
	case PART_COUNT:
	case PART_PLACE:
		return read_number(scan, bits);
	case PART_BITS:
		return read_words(scan, (enum group)row.words, bits);
	case PART_ADDRESS:
		return read_address(scan, bits);
	case PART_NUMBER_AT:
	case PART_ANSWER_AT:
	case PART_TEXT_AT:
	case PART_PROGRAMS_AT:
	case PART_ATTR_AT:
		return read_address(scan, bits) || read_pointee(scan, store, (enum part)row.part);
	}
	return false;
}

static bool
read_function(struct scan *scan, struct act *act)
{
	size_t length = word_length(scan);

	for (unsigned id = 0; id < FUNCTIONS; id++) {
		const char *name = function_rows[id].name;

		if (text_length(name) == length && bytes_equal(name, scan->at, length)) {
			act->function = (uint8_t)id;
			scan->at += length;
			return true;
		}
	}
	return false;
}

/* The ring's place is the number of the call that opened it, which fd[] says too. */
static bool
read_ring(struct scan *scan)
{
	uint64_t number;

	return !skip(scan, "ring[") || (read_number(scan, &number) && skip(scan, "] = "));
}

bool
act_read_statement(struct scan *scan, struct act_store *store)
{
	struct act *act = &store->act;

	if (!read_ring(scan) || !read_function(scan, act))
		return false;
	for (unsigned place = 0; place < act_parts(act); place++) {
		if (act_part(act, place).part == PART_ABSENT)
			break;
		if (!skip(scan, place ? ", " : "(") || !read_part(scan, store, place))
			return false;
	}
	return skip(scan, ");");
}

/* The place of the argument that is passed so; ACT_ARGUMENTS: there is none. */
static unsigned
find_place(const struct act *act, enum part part)
{
	for (unsigned place = 0; place < act_parts(act); place++)
		if (act_part(act, place).part == part)
			return place;
	return ACT_ARGUMENTS;
}

static bool
read_process(struct scan *scan, struct origin *origin)
{
	return !skip(scan, " of process ") || read_int(scan, &origin->pid);
}

static bool
read_fd_remark(struct scan *scan, struct act *act, enum part part)
{
	unsigned place = find_place(act, part);
	int32_t fd;

	if (place == ACT_ARGUMENTS || !read_int(scan, &fd))
		return false;
	act->arguments[place] = part == PART_OTHER_FD ? (uint32_t)fd : (uint64_t)(int64_t)fd;
	return part == PART_OWN_FD || read_process(scan, &act->target);
}

static bool
read_result(struct scan *scan, struct act *act, bool *said)
{
	uint64_t bits;

	*said = true;
	if (!read_words(scan, act_result_names(act), &bits))
		return false;
	act->result = (int64_t)bits;
	return true;
}

static bool
read_ids(struct scan *scan, struct act_store *store, uint64_t count)
{
	struct act *act = &store->act;

	act->answered = true;
	act->programs_count = (uint32_t)count;
	for (unsigned i = 0; i < act_programs(act); i++)
		if (!skip(scan, i ? " " : ": ") || !read_count(scan, &store->programs[i]))
			return false;
	return count <= UINT32_MAX;
}

static bool
learn_page(struct act *act, uint64_t pages)
{
	uint64_t length = act->arguments[ACT_MMAP_LENGTH];

	if (!pages || length % pages || length / pages > UINT32_MAX)
		return false;
	act->page = (uint32_t)(length / pages);
	return true;
}

/* A remark that starts with a number. */
static bool
read_number_remark(struct scan *scan, struct act_store *store, uint64_t *length)
{
	struct act *act = &store->act;
	uint64_t number, more;

	if (!read_number(scan, &number))
		return false;
	if (skip(scan, " programs"))
		return read_ids(scan, store, number);
	if (skip(scan, " pages of AUX data"))
		return learn_page(act, number);
	if (skip(scan, " + "))
		return read_number(scan, &more) && skip(scan, " pages")
			&& learn_page(act, number + more);
	*length = number;
	return skip(scan, " bytes");
}

static bool
read_arch_remark(struct scan *scan, struct act *act)
{
	size_t length = word_length(scan);

	for (unsigned id = 0; id < ARCHES; id++) {
		if (text_length(arches[id].name) != length
			|| !bytes_equal(arches[id].name, scan->at, length))
			continue;
		act->arch = (uint8_t)id;
		scan->at += length;
		return true;
	}
	return false;
}

static bool
read_page_remark(struct scan *scan, struct act *act)
{
	return read_count(scan, &act->page) && skip(scan, " bytes");
}

static bool
read_answer(struct scan *scan, struct act *act)
{
	act->answered = true;
	return read_number(scan, &act->number);
}

static bool
read_remark(struct scan *scan, struct act_store *store, uint64_t *length, bool *result_said)
{
	struct act *act = &store->act;

	if (skip(scan, "fd "))
		return read_fd_remark(scan, act, PART_OWN_FD);
	if (skip(scan, "output fd "))
		return read_fd_remark(scan, act, PART_OTHER_FD);
	if (skip(scan, "pages of "))
		return read_page_remark(scan, act);
	if (skip(scan, "id "))
		return read_answer(scan, act);
	if (skip(scan, "at ") || skip(scan, "result "))
		return read_result(scan, act, result_said);
	if (digit_of(*scan->at) < 10)
		return read_number_remark(scan, store, length);
	return read_error(scan, &act->error) || read_arch_remark(scan, act);
}

static bool
read_who(struct scan *scan, struct act_store *store)
{
	struct act *act = &store->act;
	struct origin named = {0};

	if (!read_count(scan, &named.call) || !read_process(scan, &named) || !skip(scan, ": ")
		|| !read_text(scan, "[", store->comm, sizeof store->comm)
		|| !read_int(scan, &act->caller_pid) || !skip(scan, "] thread ")
		|| !read_int(scan, &act->caller_tid))
		return false;
	if (act->event.call && act->event.call != named.call)
		return false;
	act->event = named;
	return true;
}

bool
act_read_comment(struct scan *scan, struct act_store *store, uint64_t *length)
{
	struct act *act = &store->act;
	bool result_said = false;

	if (!read_who(scan, store))
		return false;
	while (skip(scan, ", "))
		if (!read_remark(scan, store, length, &result_said))
			return false;
	if (!result_said)
		act->result = act->error ? -1 : 0;
	return skip(scan, " */");
}
