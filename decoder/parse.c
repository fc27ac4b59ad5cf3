/* The C form read back: the other half of render_c.c. */
#include "decoder/parse.h"

#include "decoder/bytes.h"
#include "decoder/field.h"
#include "decoder/header.h"
#include "decoder/parse_act.h"
#include "decoder/reset.h"
#include "decoder/scan.h"
#include "tables/tables.h"

/* A block in the reading. */
struct block {
	struct parser *parser;
	struct call *call;
	struct call_store *store;
	struct scan line;
	bool attr_open;   /* between `= {` and `};` */
	bool attr_hidden; /* a pointer of which too little could be read */
	bool cut;         /* the text ended */
	bool endless;     /* its first line is longer than any of a dump */
	size_t readable;
	bool readable_said;
	uint64_t record_length; /* 0: not said */
	enum field_id hint;     /* members come in order */
	unsigned arguments;     /* a bit for each that was read */
	bool any_spare;
	uint64_t spare[FIELDS]; /* of RESERVED rows */
	const char *start; /* of the record */
	const char *why;
};

/* A call's first line starts so; in an act's line, behind the statement, a space follows. */
static const char marker[] = "/* perf_event";

enum {
	LINE_LONGEST = 32768, /* a text of a page, each byte escaped, and what stands around it */
	HEAD_LONGEST = 2048   /* a call's first line, each byte of its names escaped */
};

/* The groups whose names may stand in a value of that kind; GROUP_none ends them. */
static void
groups_of(enum group groups[8], enum kind kind, enum group group, const struct call *call)
{
	static const enum group config[] = {GROUP_hardware, GROUP_software, GROUP_cache_id,
		GROUP_cache_op, GROUP_cache_result, GROUP_macro, GROUP_none};

	groups[0] = kind == REGS ? call_registers(call) : group;
	groups[1] = GROUP_none;
	if (kind == CONFIG)
		bytes_copy(groups, config, sizeof config);
}

static bool
bad(struct block *block, const char *why)
{
	block->why = why;
	return false;
}

/*
 * The text from the parser's place to the next newline, without it; false: there is none any more.
 */
static bool
next_line(struct block *block)
{
	struct parser *parser = block->parser;
	const char *start = parser->text + parser->at;
	size_t rest = parser->length - parser->at;
	const char *limit = start + (rest < LINE_LONGEST ? rest : LINE_LONGEST);
	const char *end = bytes_find(start, limit, '\n');

	if (end == limit) {
		block->cut = rest < LINE_LONGEST;
		block->endless = !block->cut && start <= block->start + sizeof marker + 5;
		parser->line += !block->cut;
		return bad(block, block->cut ? "the dump ends here, in the middle of a call"
					     : "no line of a dump is as long as this one");
	}
	parser->at += (size_t)(end - start) + 1;
	parser->line++;
	block->line = (struct scan){start, end > start && end[-1] == '\r' ? end - 1 : end};
	skip_blanks(&block->line);
	return true;
}

static bool
read_arch(struct block *block)
{
	size_t length = word_length(&block->line);

	for (unsigned id = 0; id < ARCHES; id++) {
		if (text_length(arches[id].name) == length
			&& bytes_equal(arches[id].name, block->line.at, length)) {
			block->call->arch = (uint8_t)id;
			block->line.at += length;
			return true;
		}
	}
	return bad(block, "no architecture that is known stands here");
}

/* What may follow the architecture, each behind a comma. */
static bool
read_remarks(struct block *block)
{
	struct scan *line = &block->line;

	while (skip(line, ", ")) {
		uint64_t number;

		if (!read_number(line, &number))
			return false;
		if (skip(line, " bytes"))
			block->record_length = number;
		else if (skip(line, " dumps lost before it") && number <= UINT32_MAX)
			block->call->lost = (uint32_t)number;
		else
			return false;
	}
	return skip(line, " */");
}

static bool
read_header(struct block *block)
{
	struct scan *line = &block->line;
	struct call *call = block->call;
	struct call_store *store = block->store;

	if (!read_count(line, &call->number) || !skip(line, ": ")
		|| !read_text(line, "[", store->comm, sizeof store->comm)
		|| !read_int(line, &call->caller_pid) || !skip(line, "] thread ")
		|| !read_int(line, &call->caller_tid) || !skip(line, ", Linux ")
		|| (!skip(line, "? ")
			&& !read_text(line, " ", store->kernel, sizeof store->kernel)))
		return bad(block, "the call's first line is damaged");
	if (!read_arch(block))
		return false;
	return read_remarks(block) || bad(block, "the call's first line is damaged");
}

/* How much of the attr could be read, if not all. */
static bool
read_extent(struct block *block)
{
	uint64_t readable;

	if (!skip(&block->line, " /* "))
		return true;
	if (!read_number(&block->line, &readable) || readable > CALL_ATTR_MAX
		|| !skip(&block->line, " bytes of ")
		|| !read_number(&block->line, &block->call->attr_addr))
		return bad(block, "how much of the attr could be read does not stand here");
	block->readable = (size_t)readable;
	block->readable_said = true;
	return true;
}

static bool
read_attr_line(struct block *block)
{
	uint64_t address;

	if (skip(&block->line, "attr = {")) {
		block->attr_open = true;
		return read_extent(block);
	}
	block->attr_hidden = true;
	if (!skip(&block->line, "*attr = (void *)") || !read_number(&block->line, &address)
		|| !skip(&block->line, ";"))
		return bad(block, "neither an attr nor a pointer to one stands here");
	return read_extent(block);
}

/* `bytes A..B: zero`, or the bytes. */
static bool
read_bytes(struct block *block)
{
	struct scan *line = &block->line;
	uint64_t from, to;

	if (!read_number(line, &from) || !skip(line, "..") || !read_number(line, &to)
		|| !skip(line, ":") || from > to || to >= CALL_ATTR_MAX)
		return bad(block, "the place of these bytes is damaged");
	if (skip(line, " zero"))
		return true;
	for (; from <= to; from++) {
		if (line->end - line->at < 3 || digit_of(line->at[1]) > 15
			|| digit_of(line->at[2]) > 15)
			return bad(block, "there are fewer bytes than the line says");
		block->store->attr[from] =
			(unsigned char)(digit_of(line->at[1]) << 4 | digit_of(line->at[2]));
		line->at += 3;
	}
	return true;
}

static const struct field *
find_field(struct block *block)
{
	for (unsigned step = 0; step < FIELDS; step++) {
		const struct field *field = &fields[(block->hint + step) % FIELDS];

		if (skip_word(&block->line, field->name, field->length)) {
			block->hint = (enum field_id)((size_t)(field - fields) + 1);
			return field;
		}
	}
	return NULL;
}

/* The PMU's words for the config, and the alias behind a space. */
static bool
read_event(struct scan *line, struct call_store *store)
{
	struct scan ahead = *line;

	if (read_text(&ahead, " */", store->event, sizeof store->event)) {
		const char *space = line->at;

		while (space < ahead.at - 3 && *space != ' ')
			space++;
		if (space == ahead.at - 3) {
			*line = ahead;
			return true;
		}
	}
	return read_text(line, " ", store->event, sizeof store->event)
		&& read_text(line, " */", store->alias, sizeof store->alias);
}

static bool
read_probe(struct scan *line, struct call *call, struct call_store *store)
{
	if (!skip(line, "\"") || !read_text(line, "\"", store->probe, sizeof store->probe))
		return false;
	call->probe_cut = skip(line, " and more");
	return true;
}

static bool
read_config_comment(struct scan *line, const struct call *call, struct call_store *store)
{
	if (attr_value(call, FIELD_type) == name_value(NAME_PERF_TYPE_TRACEPOINT))
		return read_text(line, " */", store->tracepoint, sizeof store->tracepoint);
	if (call_extended(call))
		return read_text(line, " */", store->pmu, sizeof store->pmu);
	return read_event(line, store);
}

/* Comments that hold what the attr's bytes do not; all others only explain. */
static bool
read_field_comment(struct block *block, const struct field *field)
{
	struct scan *line = &block->line;
	struct call *call = block->call;
	struct call_store *store = block->store;

	if (!skip(line, " /* "))
		return true;
	if (field == &fields[FIELD_type])
		return read_text(line, " */", store->pmu, sizeof store->pmu);
	if (field == &fields[FIELD_size])
		return skip(line, "the kernel wrote ") && read_count(line, &call->size_after);
	if (field->kind == CONFIG)
		return read_config_comment(line, call, store);
	return field->kind != STRING || read_probe(line, call, store);
}

static bool
read_field(struct block *block)
{
	const struct field *field = find_field(block);
	enum group groups[8];
	uint64_t bits;

	if (!field || !skip(&block->line, " = "))
		return bad(block, "perf_event_attr has no such member");
	groups_of(groups, (enum kind)field->kind, (enum group)field->names, block->call);
	if (!read_expression(&block->line, groups, &bits) || !skip(&block->line, ","))
		return bad(block, "the member's value is no number and no name that it can have");
	if (field->kind == SPARE) {
		block->spare[field - fields] = bits;
		block->any_spare |= bits != 0;
	} else {
		field_store(field, block->store->attr, block->call->arch, bits);
	}
	return read_field_comment(block, field) || bad(block, "the member's comment is damaged");
}

/*
 * Reserved bits stand where the header of the call's version has them, which all names of the call
 * together decide.
 */
static void
place_spare_bits(struct block *block)
{
	enum version version = call_version(block->call);

	for (unsigned id = 0; id < FIELDS; id++) {
		struct field field = fields[id];

		if (!block->spare[id])
			continue;
		field.bit = (uint8_t)reserved_bit(&fields[id], version);
		field.width = (uint8_t)(8 * field.bytes - field.bit);
		field_store(&field, block->store->attr, block->call->arch,
			field_value(&field, block->call) | block->spare[id]);
	}
}

static bool
read_leader(struct scan *line, struct call *call)
{
	if (!skip(line, "opened by call "))
		return true;
	if (!read_count(line, &call->leader))
		return false;
	return !skip(line, " of process ") || read_int(line, &call->leader_pid);
}

static bool
read_argument_comment(struct block *block, enum argument_id id)
{
	struct scan *line = &block->line;
	struct call *call = block->call;

	if (!skip(line, " /* "))
		return true;
	if (id == ARGUMENT_fd) {
		skip(line, "stand-in; the kernel said ");
		return read_error(line, &call->error);
	}
	if (id == ARGUMENT_group_fd)
		return read_leader(line, call);
	if (id == ARGUMENT_pid && skip(line, "cgroup "))
		return read_text(line, " */", block->store->cgroup, sizeof block->store->cgroup);
	return true;
}

static void
store_argument(struct call *call, enum argument_id id, uint64_t bits)
{
	int32_t *const ints[ARGUMENTS] = {
		[ARGUMENT_pid] = &call->pid,
		[ARGUMENT_cpu] = &call->cpu,
		[ARGUMENT_group_fd] = &call->group_fd,
		[ARGUMENT_fd] = &call->fd,
	};

	if (ints[id])
		*ints[id] = (int32_t)(uint32_t)bits;
	else
		call->flags = bits;
}

static bool
read_argument(struct block *block, enum argument_id id)
{
	enum group groups[8];
	uint64_t bits;

	groups_of(groups, (enum kind)arguments[id].kind, (enum group)arguments[id].names,
		block->call);
	if (!skip(&block->line, " = ") || !read_expression(&block->line, groups, &bits)
		|| !skip(&block->line, ";"))
		return bad(block, "the argument's value is no number and no name that it can have");
	store_argument(block->call, id, bits);
	block->arguments |= 1u << id;
	return read_argument_comment(block, id) || bad(block, "the argument's comment is damaged");
}

static bool
read_declaration(struct block *block)
{
	for (int id = 0; id < ARGUMENTS; id++) {
		struct scan start = block->line;

		if (skip(&block->line, arguments[id].type) && skip(&block->line, " ")
			&& skip(&block->line, arguments[id].name)
			&& (block->line.at == block->line.end || !word_byte(*block->line.at)))
			return read_argument(block, (enum argument_id)id);
		block->line = start;
	}
	return bad(block, "this is no line of a dump");
}

/* A fact's row by its name; FACTS: it is of another release of ours. */
static unsigned
find_fact(struct scan *line)
{
	size_t length = word_length(line);
	unsigned id = 0;

	while (id < FACTS
		&& (text_length(fact_rows[id].name) != length
			|| !bytes_equal(fact_rows[id].name, line->at, length)))
		id++;
	line->at += length;
	return id;
}

/* ` name=value` of each. */
static bool
read_facts(struct block *block)
{
	struct scan *line = &block->line;
	struct facts *facts = &block->store->facts;

	while (!skip(line, " */")) {
		unsigned id;
		uint64_t bits;

		skip_blanks(line);
		id = find_fact(line);
		if (!skip(line, "=") || !read_signed(line, &bits))
			return bad(block, "the facts are damaged");
		if (id < FACTS)
			fact_set(facts, (enum fact_id)id, (int64_t)bits);
	}
	block->call->facts = facts;
	return true;
}

/* `with CHANGE the kernel accepts it`, or answers an error. */
static bool
read_probed(struct block *block)
{
	struct scan *line = &block->line;
	struct call *call = block->call;

	call->probed = RESET_NO_HELP;
	if (skip(line, "no single change "))
		return true;
	if (!skip(line, "with "))
		return bad(block, "what probing found is damaged");
	call->probed = (uint8_t)reset_find(line->at, word_length(line));
	while (line->at < line->end && !skip(line, " the kernel a"))
		line->at++;
	if (call->probed && skip(line, "ccepts it"))
		return true;
	if (call->probed && skip(line, "nswers ") && read_error(line, &call->probed_error))
		return true;
	return bad(block, "what probing found is damaged");
}

/* A comment that is a line: what is not known only explains. */
static bool
read_comment(struct block *block)
{
	struct scan *line = &block->line;

	if (skip(line, " bytes "))
		return read_bytes(block);
	if (skip(line, " probed: "))
		return read_probed(block);
	return !skip(line, " facts:") || read_facts(block);
}

static bool
read_line(struct block *block)
{
	struct scan *line = &block->line;

	if (skip(line, "/*"))
		return read_comment(block);
	if (block->attr_open) {
		if (skip(line, "."))
			return read_field(block);
		if (!skip(line, "};"))
			return bad(block, "this is no line of a dump");
		block->attr_open = false;
		return true;
	}
	if (skip(line, "struct perf_event_attr "))
		return read_attr_line(block);
	return read_declaration(block);
}

static bool
read_body(struct block *block)
{
	if (!next_line(block))
		return false;
	if (!skip(&block->line, "{"))
		return bad(block, "a call's block does not start here");
	for (;;) {
		if (!next_line(block))
			return false;
		if (!block->attr_open && skip(&block->line, "}"))
			return true;
		if (!read_line(block))
			return false;
	}
}

/* How much of the attr was read, and what stands where its version decides. */
static bool
finish_attr(struct block *block)
{
	struct call *call = block->call;

	if (!block->readable_said)
		block->readable = block->attr_hidden ? 0 : call_attr_wanted(call_attr_size(call));
	call->readable = (uint16_t)block->readable;
	if (block->any_spare)
		place_spare_bits(block);
	return true;
}

/* Whether the record is as long as it says. */
static bool
whole(struct block *block)
{
	const struct parser *parser = block->parser;

	if (!block->record_length
		|| block->record_length == (size_t)(parser->text + parser->at - block->start))
		return true;
	return bad(block, "the call has another length than its first line says");
}

static bool
finish(struct block *block)
{
	if (block->arguments != (1u << ARGUMENTS) - 1)
		return bad(block, "the call lacks an argument or its result");
	return finish_attr(block);
}

/* An empty call whose texts and attr are the store's. */
static void
point_into(struct call *call, struct call_store *store)
{
	call_clear(call);
	store->comm[0] = store->kernel[0] = store->pmu[0] = store->tracepoint[0] = '\0';
	store->event[0] = store->alias[0] = store->cgroup[0] = store->probe[0] = '\0';
	bytes_zero(store->attr, sizeof store->attr);
	store->facts.known = 0;
	call->comm = store->comm;
	call->kernel = store->kernel;
	call->pmu = store->pmu;
	call->tracepoint = store->tracepoint;
	call->event = store->event;
	call->alias = store->alias;
	call->cgroup = store->cgroup;
	call->probe = store->probe;
	call->attr = store->attr;
	call->readable = CALL_ATTR_MAX;
}

static bool
end_act_block(struct block *block)
{
	if (!next_line(block))
		return false;
	if (!skip(&block->line, "}"))
		return bad(block, "an act's block does not end here");
	return finish_attr(block);
}

/* The attr that an act passes, up to the line of its statement and the block's end. */
static bool
read_act_block(struct block *block)
{
	struct act_store *acts = block->parser->acts;

	block->call = &acts->attr;
	point_into(block->call, block->store);
	block->call->arch = acts->act.arch;
	if (!next_line(block) || !skip(&block->line, "{"))
		return bad(block, "an act's block does not start here");
	do {
		if (!next_line(block))
			return false;
		if (act_read_statement(&block->line, acts))
			return end_act_block(block);
	} while (read_line(block));
	return false;
}

/*
 * Whether there is an act's statement before the marker, with nothing in between. A program's own
 * words may stand before it, where they lack a newline.
 */
static bool
find_statement(struct block *block, const char *mark)
{
	const char *start = block->line.at;

	for (const char *at = start; at < mark; at++) {
		struct scan scan = {at, block->line.end};

		if (at > start && word_byte(at[-1]))
			continue;
		act_begin_store(block->parser->acts);
		if (act_read_statement(&scan, block->parser->acts) && skip(&scan, " ")
			&& scan.at == mark) {
			block->start = at;
			return true;
		}
	}
	return false;
}

/* A line with the marker in it: a statement before it, or a block behind it. */
static bool
read_act(struct block *block, const char *mark)
{
	struct act_store *acts = block->parser->acts;
	bool blocked;

	if (!next_line(block))
		return false;
	blocked = block->line.at == mark;
	if (blocked)
		act_begin_store(acts);
	else if (!find_statement(block, mark))
		return bad(block, "what stands before this comment is no act of a dump");
	if (blocked)
		acts->act.function = FUNCTION_ioctl;
	block->line.at = mark + sizeof marker;
	if (!act_read_comment(&block->line, acts, &block->record_length))
		return bad(block, "the comment behind an act is damaged");
	return !blocked || read_act_block(block);
}

enum mark {
	MARK_NONE,
	MARK_CALL,
	MARK_ACT
};

/* What the marker at that place is of. */
static enum mark
mark_at(const struct parser *parser, const char *at)
{
	static const char open[] = "_open ";

	at += sizeof marker - 1;
	if (bytes_equal(at, open, sizeof open - 1))
		return MARK_CALL;
	return *at == ' ' && parser->acts ? MARK_ACT : MARK_NONE;
}

/*
 * Moves to the next marker, and says where its line starts. If there is none, the parser stands
 * where one may still begin, or a line that has one later on.
 */
static enum mark
find_mark(struct parser *parser, size_t *line)
{
	const size_t length = sizeof marker - 1 + sizeof "_open " - 1;

	*line = parser->at;
	for (; parser->length - parser->at >= length; parser->at++) {
		const char *at = parser->text + parser->at;

		if (*at == '\n') {
			parser->line++;
			*line = parser->at + 1;
		} else if (*at == '/' && bytes_equal(at, marker, sizeof marker - 1)) {
			enum mark mark = mark_at(parser, at);

			if (mark != MARK_NONE)
				return mark;
		}
	}
	if (parser->acts && parser->at - *line <= LINE_LONGEST)
		parser->at = *line;
	return MARK_NONE;
}

void
parser_begin(struct parser *parser, const char *text, size_t length, struct call_store *store)
{
	*parser = (struct parser){.text = text, .length = length, .store = store, .line = 1};
}

static bool
read_call(struct block *block)
{
	point_into(block->call, block->store);
	block->parser->at += sizeof marker - 1 + sizeof "_open " - 1;
	return next_line(block) && read_header(block) && read_body(block) && finish(block);
}

/*
 * Where to go on after a bad block whose marker was there. In the part of an endless line that was
 * looked at nothing starts that could end: each marker in it would only be looked at as long again.
 */
static size_t
behind(const struct block *block, size_t at)
{
	size_t start = (size_t)(block->start - block->parser->text);
	size_t next = at + sizeof marker - 1, skipped = start + LINE_LONGEST - HEAD_LONGEST;

	return block->endless && skipped > next ? skipped : next;
}

enum parsed
call_parse(struct parser *parser, struct call *call)
{
	struct block block = {.parser = parser, .call = call, .store = parser->store};
	size_t line_start;
	enum mark mark = find_mark(parser, &line_start);
	size_t at = parser->at, start = mark == MARK_ACT ? line_start : at;
	unsigned long line = parser->line;
	bool read;

	if (mark == MARK_NONE)
		return PARSED_END;
	parser->at = start;
	block.start = parser->text + start;
	read = mark == MARK_CALL ? read_call(&block) : read_act(&block, parser->text + at);
	if (read && whole(&block))
		return mark == MARK_CALL ? PARSED_CALL : PARSED_ACT;

	parser->bad_line = block.cut ? line : parser->line - 1;
	parser->why = block.why;
	parser->line = line;
	parser->at = block.cut ? start : behind(&block, at);
	return block.cut ? PARSED_CUT : PARSED_BAD;
}
