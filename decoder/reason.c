/* Why a call was refused, in the words of a dump. */
#include "decoder/reason.h"

#include "decoder/explain.h"
#include "decoder/field.h"
#include "decoder/reset.h"
#include "decoder/value.h"

enum {
	ON_THE_LINE = 72, /* columns that are left behind the result */
	WANTED_MAX = 3 /* of more it is not clear which would help */
};

/* What the call's own facts make of it; without any, what the call alone tells. */
static void
answer_find(struct answer *answer, const struct call *call)
{
	static const struct facts nothing;

	explain(answer, call, call->facts ? call->facts : &nothing);
	if (answer->kind == ANSWER_UNKNOWN && (!call->facts || !call->facts->known))
		answer->count = 0;
}

/* sigtrap needs remove_on_exec (CPY-SIGTRAP) */
static void
check_text(struct buf *out, enum check_id id)
{
	check_sentence(out, id);
	BUF_LITERAL(out, " (");
	check_name(out, id);
	buf_char(out, ')');
}

static bool
fits_the_line(enum check_id id)
{
	char none[1];
	struct buf count = {.text = none};

	check_text(&count, id);
	check_hint(&count, id);
	return count.overflow <= ON_THE_LINE;
}

static void
certain_c(struct buf *out, const struct call *call, const struct answer *answer)
{
	enum check_id id = (enum check_id)answer->checks[0];

	error_label(out, call->arch, call->error);
	BUF_LITERAL(out, ": ");
	check_text(out, id);
	buf_text(out, fits_the_line(id) ? "; " : " */\n\t/* ");
	check_hint(out, id);
	if (answer->next >= CHECKS)
		return;
	BUF_LITERAL(out, " */\n\t/* after that: ");
	check_text(out, (enum check_id)answer->next);
}

static unsigned
wanted_count(uint64_t wanted)
{
	unsigned count = 0;

	for (; wanted; wanted &= wanted - 1)
		count++;
	return count;
}

static void
wanted_c(struct buf *out, const struct answer *answer)
{
	unsigned shown = 0;

	if (wanted_count(answer->wanted) > WANTED_MAX)
		return;
	for (int id = 0; id < FACTS; id++) {
		if (!(answer->wanted >> id & 1))
			continue;
		buf_text(out, shown++ ? ", " : " */\n\t/* what would tell: ");
		buf_text(out, fact_rows[id].where);
	}
}

static void
list_c(struct buf *out, const struct call *call, const struct answer *answer)
{
	unsigned shown = answer->count < ANSWER_SHORT ? answer->count : ANSWER_SHORT;
	unsigned more = answer->count - shown + answer->more;

	error_text(out, call->arch, call->error);
	buf_text(out, answer->count == 1 && !more ? "; perhaps"
			: answer->kind == ANSWER_LIST ? "; one of these"
			: "; perhaps one of these");
	for (unsigned i = 0; i < shown; i++) {
		BUF_LITERAL(out, " */\n\t/* ");
		check_text(out, (enum check_id)answer->checks[i]);
		BUF_LITERAL(out, "; ");
		check_hint(out, (enum check_id)answer->checks[i]);
	}
	if (more) {
		BUF_LITERAL(out, " */\n\t/* or one of ");
		buf_decimal(out, more);
		BUF_LITERAL(out, " more");
	}
	wanted_c(out, answer);
}

static void
fact_number(struct buf *out, int64_t value)
{
	if (value == (int32_t)value)
		buf_signed(out, value);
	else
		buf_hex(out, (uint64_t)value);
}

static void
facts_c(struct buf *out, const struct facts *facts)
{
	BUF_LITERAL(out, "\n\t/* facts:");
	for (int id = 0; id < FACTS; id++) {
		if (!fact_known(facts, (enum fact_id)id))
			continue;
		buf_char(out, ' ');
		buf_text(out, fact_rows[id].name);
		buf_char(out, '=');
		fact_number(out, facts->value[id]);
	}
	BUF_LITERAL(out, " */");
}

void
reason_c(struct buf *out, const struct call *call)
{
	struct answer answer;

	answer_find(&answer, call);
	if (!answer.count)
		error_text(out, call->arch, call->error);
	else if (answer.kind == ANSWER_CERTAIN)
		certain_c(out, call, &answer);
	else
		list_c(out, call, &answer);
	BUF_LITERAL(out, " */");
	probed_c(out, call);
	if (call->facts && call->facts->known)
		facts_c(out, call->facts);
}

void
reason_short(struct buf *out, const struct call *call)
{
	struct answer answer;

	answer_find(&answer, call);
	error_label(out, call->arch, call->error);
	if (answer.count && answer.kind == ANSWER_CERTAIN) {
		BUF_LITERAL(out, ": ");
		check_text(out, (enum check_id)answer.checks[0]);
		return;
	}
	for (unsigned i = 0; answer.kind == ANSWER_LIST && i < answer.count; i++) {
		buf_text(out, i ? " or " : ": ");
		check_name(out, (enum check_id)answer.checks[i]);
	}
}

/* Through a buffer of its own, since the words of a check may have to be escaped. */
static void
words_json(struct buf *out, void (*words)(struct buf *, enum check_id), enum check_id id)
{
	char text[160];
	struct buf plain = {.text = text, .size = sizeof text - 1};

	words(&plain, id);
	text[plain.length] = '\0';
	text_json(out, text);
}

static void
check_json(struct buf *out, enum check_id id)
{
	BUF_LITERAL(out, "{\"id\": ");
	words_json(out, check_name, id);
	BUF_LITERAL(out, ", \"text\": ");
	words_json(out, check_sentence, id);
	BUF_LITERAL(out, ", \"hint\": ");
	words_json(out, check_hint, id);
	buf_char(out, '}');
}

static void
wanted_json(struct buf *out, const struct answer *answer)
{
	bool any = false;

	for (int id = 0; id < FACTS; id++) {
		if (!(answer->wanted >> id & 1))
			continue;
		buf_text(out, any ? ", " : ", \"wanted\": [");
		text_json(out, fact_rows[id].where);
		any = true;
	}
	if (any)
		buf_char(out, ']');
}

static void
why_json(struct buf *out, const struct answer *answer)
{
	BUF_LITERAL(out, ", \"why\": {\"certain\": ");
	buf_text(out, answer->kind == ANSWER_CERTAIN ? "true" : "false");
	BUF_LITERAL(out, ", \"checks\": [");
	for (unsigned i = 0; i < answer->count; i++) {
		buf_text(out, i ? ", " : "");
		check_json(out, (enum check_id)answer->checks[i]);
	}
	buf_char(out, ']');
	if (answer->more) {
		BUF_LITERAL(out, ", \"more\": ");
		buf_decimal(out, answer->more);
	}
	if (answer->kind == ANSWER_CERTAIN && answer->next < CHECKS) {
		BUF_LITERAL(out, ", \"next\": ");
		words_json(out, check_name, (enum check_id)answer->next);
	}
	if (answer->kind != ANSWER_CERTAIN)
		wanted_json(out, answer);
	buf_char(out, '}');
}

static void
fact_json(struct buf *out, int64_t value)
{
	const int64_t exact = 1LL << 53; /* a double's */

	if (value > -exact && value < exact) {
		buf_signed(out, value);
		return;
	}
	buf_char(out, '"');
	buf_hex(out, (uint64_t)value);
	buf_char(out, '"');
}

static void
facts_json(struct buf *out, const struct facts *facts)
{
	bool any = false;

	BUF_LITERAL(out, ", \"facts\": {");
	for (int id = 0; id < FACTS; id++) {
		if (!fact_known(facts, (enum fact_id)id))
			continue;
		buf_text(out, any ? ", \"" : "\"");
		buf_text(out, fact_rows[id].name);
		BUF_LITERAL(out, "\": ");
		fact_json(out, facts->value[id]);
		any = true;
	}
	buf_char(out, '}');
}

void
reason_json(struct buf *out, const struct call *call)
{
	struct answer answer;

	answer_find(&answer, call);
	if (answer.count)
		why_json(out, &answer);
	probed_json(out, call);
	if (call->facts && call->facts->known)
		facts_json(out, call->facts);
}
