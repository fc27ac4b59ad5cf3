/* The JSON form of an act: one object on one line, as peodump.schema.json describes it. */
#include "decoder/act_text.h"
#include "decoder/field.h"
#include "decoder/render_json.h"
#include "decoder/value.h"

static void
value(struct buf *out, enum kind kind, enum group words, uint64_t bits)
{
	const struct value shown = {bits, kind, words, true};

	value_json(out, NULL, &shown);
}

static void
programs_json(struct buf *out, const struct act *act)
{
	number_key(out, "ids_len", (int64_t)act->number);
	if (!act->answered)
		return;
	number_key(out, "prog_cnt", act->programs_count);
	json_key(out, "ids");
	buf_char(out, '[');
	for (unsigned i = 0; i < act_programs(act); i++) {
		buf_text(out, i ? ", " : "");
		buf_decimal(out, act->programs[i]);
	}
	buf_char(out, ']');
}

static void
attr_json(struct buf *out, const struct act *act, enum selection selection)
{
	json_key(out, "attr");
	buf_char(out, '{');
	attr_decode(out, act->attr, &form_json, selection);
	buf_char(out, '}');
	attr_hex_json(out, act->attr);
	attr_names_json(out, act->attr);
}

/* What a pointer points to has a key of its own; else the pointer is shown. */
static void
pointee_json(struct buf *out, const struct act *act, enum part part, enum selection selection)
{
	if (part == PART_TEXT_AT) {
		text_key(out, "text", act->text);
		if (act->text_cut)
			bool_key(out, "text_cut");
	} else if (part == PART_PROGRAMS_AT) {
		programs_json(out, act);
	} else if (part == PART_ATTR_AT) {
		attr_json(out, act, selection);
	} else {
		json_key(out, part == PART_ANSWER_AT ? "id" : "number");
		value(out, UINT, GROUP_none, act->number);
	}
}

static void
other_fd_json(struct buf *out, const struct act *act, const char *name, uint64_t fd)
{
	number_key(out, name, (int64_t)fd);
	if (act->target.call)
		number_key(out, "target", act->target.call);
	if (act->target.pid)
		number_key(out, "target_pid", act->target.pid);
}

static void
order_json(struct buf *out, const struct act *act, const char *name, uint64_t bits)
{
	if (act->command == NAMES)
		number_key(out, name, (int64_t)bits);
	else
		text_key(out, name, names[act->command].text);
}

static void
plain_json(struct buf *out, const struct act *act, struct part_row row, uint64_t bits)
{
	bool words = row.part == PART_BITS && words_shared((enum group)row.words, act->arch);

	json_key(out, row.name);
	value(out, row.part == PART_SIGNED ? INT : words ? MASK : UINT, (enum group)row.words,
		bits);
}

static void
part_json(struct buf *out, const struct act *act, struct part_row row, uint64_t bits,
	enum selection selection)
{
	switch ((enum part)row.part) {
	case PART_ABSENT:
	case PART_BY_ORDER:
		break;
	case PART_OWN_FD:
		number_key(out, row.name, (int64_t)bits);
		break;
	case PART_OTHER_FD:
		other_fd_json(out, act, row.name, bits);
		break;
	case PART_ORDER:
		order_json(out, act, row.name, bits);
		break;
	case PART_SIGNED:
	case PART_COUNT:
	case PART_PLACE:
	case PART_ADDRESS:
	case PART_BITS:
		plain_json(out, act, row, bits);
		break;
	case PART_NUMBER_AT:
	case PART_ANSWER_AT:
	case PART_TEXT_AT:
	case PART_PROGRAMS_AT:
	case PART_ATTR_AT:
		if (act->read)
			pointee_json(out, act, (enum part)row.part, selection);
		else
			plain_json(out, act, row, bits);
		break;
	}
}

static void
who_json(struct buf *out, const struct act *act)
{
	text_key(out, "act", function_rows[act->function].name);
	number_key(out, "opened_by", act->event.call);
	if (act->event.pid)
		number_key(out, "opener_pid", act->event.pid);
	text_key(out, "comm", act->comm);
	number_key(out, "caller_pid", act->caller_pid);
	number_key(out, "caller_tid", act->caller_tid);
	text_key(out, "arch", arches[act->arch].name);
}

static void
result_json(struct buf *out, const struct act *act)
{
	enum group words = act_result_names(act);

	json_key(out, "result");
	if (act->function == FUNCTION_mmap && !act->error)
		value(out, UINT, GROUP_none, (uint64_t)act->result);
	else if (words && act->result >= 0 && words_shared(words, act->arch))
		value(out, MASK, words, (uint64_t)act->result);
	else
		buf_signed(out, act->result);
	if (act->error)
		errno_json(out, act->arch, act->error);
}

void
act_json(struct buf *out, const struct act *act, enum selection selection)
{
	buf_char(out, '{');
	who_json(out, act);
	for (unsigned place = 0; place < act_parts(act); place++)
		part_json(out, act, act_part(act, place), act->arguments[place], selection);
	if (act_whole_pages(act))
		number_key(out, "pages", (int64_t)act_pages(act));
	if (act_is_aux(act))
		bool_key(out, "aux");
	result_json(out, act);
	BUF_LITERAL(out, "}\n");
}
