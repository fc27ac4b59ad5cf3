/* The C form of an act: a statement, and behind it in a comment who made it and what came of it. */
#include "decoder/act_text.h"
#include "decoder/bytes.h"
#include "decoder/field.h"
#include "decoder/render_c.h"
#include "decoder/value.h"

static void
plain_c(struct buf *out, enum kind kind, enum group words, uint64_t bits)
{
	const struct value value = {bits, kind, words, true};

	value_c(out, NULL, &value);
}

static void
address_c(struct buf *out, uint64_t address)
{
	if (!address) {
		BUF_LITERAL(out, "NULL");
		return;
	}
	BUF_LITERAL(out, "(void *)");
	buf_hex(out, address);
}

static void
fd_c(struct buf *out, struct origin origin, uint64_t fd)
{
	if (!origin.call) {
		buf_signed(out, (int32_t)(uint32_t)fd);
		buf_text(out, fd == ACT_NO_FD ? "L" : "");
		return;
	}
	BUF_LITERAL(out, "fd[");
	buf_decimal(out, origin.call);
	buf_char(out, ']');
}

static void
bits_c(struct buf *out, const struct act *act, enum group words, uint64_t bits)
{
	plain_c(out, words_shared(words, act->arch) ? MASK : HEX, words, bits);
}

void
programs_c(struct buf *out, const struct act *act)
{
	BUF_LITERAL(out, "(__u32[2 + ");
	buf_decimal(out, act->number < ACT_PROGRAMS_MAX ? act->number : ACT_PROGRAMS_MAX);
	BUF_LITERAL(out, "]){");
	buf_decimal(out, act->number);
	buf_char(out, '}');
}

/* What a pointer points to; its own value only if that could not be read. */
static void
pointee_c(struct buf *out, const struct act *act, enum part part)
{
	if (part == PART_TEXT_AT) {
		string_c(out, act->text, text_length(act->text));
		buf_text(out, act->text_cut ? " /* and more */" : "");
	} else if (part == PART_PROGRAMS_AT) {
		programs_c(out, act);
	} else if (part == PART_ATTR_AT) {
		buf_text(out, attr_shown(act->attr) ? "&attr" : "attr");
	} else {
		BUF_LITERAL(out, "&(__u64){");
		plain_c(out, UINT, GROUP_none, part == PART_ANSWER_AT ? 0 : act->number);
		buf_char(out, '}');
	}
}

static void
part_c(struct buf *out, const struct act *act, struct part_row row, uint64_t bits)
{
	switch ((enum part)row.part) {
	case PART_ABSENT:
	case PART_BY_ORDER:
		break;
	case PART_OWN_FD:
		fd_c(out, act->event, (uint32_t)bits);
		break;
	case PART_OTHER_FD:
		fd_c(out, act->target, bits);
		break;
	case PART_ORDER:
		if (act->command == NAMES)
			buf_hex(out, bits);
		else
			buf_text(out, names[act->command].text);
		break;
	case PART_SIGNED:
		buf_signed(out, (int64_t)bits);
		break;
	case PART_COUNT:
		plain_c(out, UINT, GROUP_none, bits);
		break;
	case PART_PLACE:
		plain_c(out, HEX, GROUP_none, bits);
		break;
	case PART_BITS:
		bits_c(out, act, (enum group)row.words, bits);
		break;
	case PART_ADDRESS:
		address_c(out, bits);
		break;
	case PART_NUMBER_AT:
	case PART_ANSWER_AT:
	case PART_TEXT_AT:
	case PART_PROGRAMS_AT:
	case PART_ATTR_AT:
		if (act->read)
			pointee_c(out, act, (enum part)row.part);
		else
			address_c(out, bits);
		break;
	}
}

static void
statement_c(struct buf *out, const struct act *act)
{
	if (act->function == FUNCTION_mmap) {
		BUF_LITERAL(out, "ring[");
		buf_decimal(out, act->event.call);
		BUF_LITERAL(out, "] = ");
	}
	buf_text(out, function_rows[act->function].name);
	for (unsigned place = 0; place < act_parts(act); place++) {
		struct part_row row = act_part(act, place);

		if (row.part == PART_ABSENT)
			break;
		buf_text(out, place ? ", " : "(");
		part_c(out, act, row, act->arguments[place]);
	}
	BUF_LITERAL(out, ");");
}

static void
process_c(struct buf *out, struct origin origin)
{
	if (!origin.pid)
		return;
	BUF_LITERAL(out, " of process ");
	buf_signed(out, origin.pid);
}

/* The numbers that the statement has no place for. */
static void
fds_c(struct buf *out, const struct act *act)
{
	for (unsigned place = 0; place < act_parts(act); place++) {
		enum part part = (enum part)act_part(act, place).part;

		if (part == PART_OWN_FD)
			BUF_LITERAL(out, ", fd ");
		else if (part == PART_OTHER_FD && act->target.call)
			BUF_LITERAL(out, ", output fd ");
		else
			continue;
		buf_signed(out, (int32_t)(uint32_t)act->arguments[place]);
		if (part == PART_OTHER_FD)
			process_c(out, act->target);
	}
}

static void
pages_c(struct buf *out, const struct act *act)
{
	if (!act->page)
		return;
	if (!act_whole_pages(act)) {
		BUF_LITERAL(out, ", pages of ");
		buf_decimal(out, act->page);
		BUF_LITERAL(out, " bytes");
		return;
	}
	buf_text(out, act_is_aux(act) ? ", " : ", 1 + ");
	buf_decimal(out, act_pages(act));
	buf_text(out, act_is_aux(act) ? " pages of AUX data" : " pages");
}

/* What the kernel wrote where the last argument points to. */
static void
answer_c(struct buf *out, const struct act *act)
{
	if (!act->answered)
		return;
	BUF_LITERAL(out, ", ");
	if (act_part(act, act_parts(act) - 1).part != PART_PROGRAMS_AT) {
		BUF_LITERAL(out, "id ");
		buf_decimal(out, act->number);
		return;
	}
	buf_decimal(out, act->programs_count);
	BUF_LITERAL(out, " programs");
	for (unsigned i = 0; i < act_programs(act); i++) {
		buf_text(out, i ? " " : ": ");
		buf_decimal(out, act->programs[i]);
	}
}

static void
result_c(struct buf *out, const struct act *act)
{
	enum group words = act_result_names(act);

	if (act->result == (act->error ? -1 : 0))
		return;
	if (act->function == FUNCTION_mmap && !act->error) {
		BUF_LITERAL(out, ", at ");
		buf_hex(out, (uint64_t)act->result);
		return;
	}
	BUF_LITERAL(out, ", result ");
	if (words && act->result > 0)
		bits_c(out, act, words, (uint64_t)act->result);
	else
		buf_signed(out, act->result);
}

static void
remarks_c(struct buf *out, const struct act *act)
{
	fds_c(out, act);
	pages_c(out, act);
	answer_c(out, act);
	result_c(out, act);
	if (act->error) {
		BUF_LITERAL(out, ", ");
		error_label(out, act->arch, act->error);
	}
	if (act->arch != ACT_ARCH) {
		BUF_LITERAL(out, ", ");
		buf_text(out, arches[act->arch].name);
	}
}

/* Who: by this comment the parser knows a line that is ours. */
static void
comment_c(struct buf *out, const struct act *act)
{
	BUF_LITERAL(out, "/* perf_event ");
	buf_decimal(out, act->event.call);
	process_c(out, act->event);
	BUF_LITERAL(out, ": ");
	text_c(out, act->comm, '[');
	buf_char(out, '[');
	buf_signed(out, act->caller_pid);
	BUF_LITERAL(out, "] thread ");
	buf_signed(out, act->caller_tid);
	remarks_c(out, act);
	BUF_LITERAL(out, " */\n");
}

static void
block_c(struct buf *out, const struct act *act, enum selection selection)
{
	comment_c(out, act);
	BUF_LITERAL(out, "{\n");
	attr_begin_c(out, act->attr);
	attr_decode(out, act->attr, &form_c, selection);
	attr_end_c(out, act->attr);
	buf_char(out, '\t');
	statement_c(out, act);
	BUF_LITERAL(out, "\n}\n");
}

void
act_c(struct buf *out, const struct act *act, enum selection selection)
{
	out->record = out->length;
	if (act->attr) {
		block_c(out, act, selection);
	} else {
		statement_c(out, act);
		buf_char(out, ' ');
		comment_c(out, act);
	}
	record_end_c(out);
}
