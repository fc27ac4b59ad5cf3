/* What active probing changes of a refused call, and the words for what came of it. */
#include "decoder/reset.h"

#include "decoder/field.h"
#include "decoder/value.h"

enum {
	GROUP_MAX = 9,
	WORDS_MAX = 256
};

/* Newest first. A member stands in one group alone, since its name finds the group. */
static const uint8_t groups[RESETS][GROUP_MAX] = {
	[RESET_DEFERRED] = {FIELD_defer_callchain, FIELD_defer_output, FIELDS},
	[RESET_AUX] = {FIELD_aux_start_paused, FIELD_aux_pause, FIELD_aux_resume, FIELDS},
	[RESET_SIGTRAP] = {FIELD_sigtrap, FIELD_remove_on_exec, FIELD_inherit_thread, FIELDS},
	[RESET_BUILD_ID] = {FIELD_build_id, FIELDS},
	[RESET_TEXT_POKE] = {FIELD_text_poke, FIELDS},
	[RESET_CGROUP] = {FIELD_cgroup, FIELDS},
	[RESET_AUX_OUTPUT] = {FIELD_aux_output, FIELDS},
	[RESET_SYMBOLS] = {FIELD_bpf_event, FIELD_ksymbol, FIELD_namespaces, FIELDS},
	[RESET_BACKWARD] = {FIELD_write_backward, FIELDS},
	[RESET_CLOCK] = {FIELD_use_clockid, FIELD_clockid, FIELDS},
	[RESET_RECORDS] = {FIELD_context_switch, FIELD_comm_exec, FIELD_mmap2, FIELD_mmap_data,
		FIELD_mmap, FIELD_comm, FIELD_task, FIELDS},
	[RESET_CALLCHAIN] = {FIELD_exclude_callchain_kernel, FIELD_exclude_callchain_user, FIELDS},
	[RESET_INHERIT] = {FIELD_inherit, FIELD_inherit_stat, FIELDS},
	[RESET_PINNED] = {FIELD_pinned, FIELD_exclusive, FIELDS},
	[RESET_SAMPLE_TYPE] = {FIELD_sample_type, FIELD_branch_sample_type, FIELD_sample_regs_user,
		FIELD_sample_stack_user, FIELD_sample_regs_intr, FIELD_aux_sample_size, FIELDS},
	[RESET_SAMPLING] = {FIELD_sample_period, FIELD_sample_freq, FIELD_freq, FIELDS},
	[RESET_PRECISE] = {FIELD_precise_ip, FIELDS},
	[RESET_EXCLUDE] = {FIELD_exclude_user, FIELD_exclude_kernel, FIELD_exclude_hv,
		FIELD_exclude_idle, FIELD_exclude_host, FIELD_exclude_guest, FIELDS},
};

static const uint8_t no_fields[] = {FIELDS};

const uint8_t *
reset_fields(enum reset reset)
{
	/* FIELD_type, which is 0, is in no group. */
	return groups[reset][0] ? groups[reset] : no_fields;
}

static bool
has_value(const struct field *field, const struct call *call)
{
	return field_present(field, call_attr_held(call)) && field_chosen(field, call)
		&& field_value(field, call);
}

const struct field *
reset_next(const uint8_t **ids, const struct call *call)
{
	while (**ids != FIELDS) {
		const struct field *field = &fields[*(*ids)++];

		if (has_value(field, call))
			return field;
	}
	return NULL;
}

static void
fields_text(struct buf *out, const struct call *call, enum reset reset)
{
	const uint8_t *ids = reset_fields(reset);
	const struct field *field = reset_next(&ids, call);

	if (!field) /* nobody probes that, but a dump can say it */
		field = &fields[*reset_fields(reset)];
	for (bool first = true; field; field = reset_next(&ids, call), first = false) {
		buf_text(out, first ? "" : ", ");
		buf_add(out, field->name, field->length);
	}
	BUF_LITERAL(out, " = 0");
}

void
reset_text(struct buf *out, const struct call *call, enum reset reset)
{
	switch (reset) {
	case RESET_DISABLED:
		buf_text(out, attr_value(call, FIELD_disabled) ? "no change" : "disabled = 1");
		break;
	case RESET_GROUP:
		BUF_LITERAL(out, "group_fd = -1");
		break;
	case RESET_TARGET:
		BUF_LITERAL(out, "pid = 0, cpu = -1");
		if (call->flags & name_value(NAME_PERF_FLAG_PID_CGROUP))
			BUF_LITERAL(out, ", no PERF_FLAG_PID_CGROUP");
		break;
	default:
		fields_text(out, call, reset);
	}
}

static bool
is_word(const char *name, size_t length, const char *word)
{
	return text_length(word) == length && bytes_equal(name, word, length);
}

enum reset
reset_find(const char *name, size_t length)
{
	if (is_word(name, length, "no") || is_word(name, length, "disabled"))
		return RESET_DISABLED;
	if (is_word(name, length, arguments[ARGUMENT_group_fd].name))
		return RESET_GROUP;
	if (is_word(name, length, arguments[ARGUMENT_pid].name))
		return RESET_TARGET;
	for (unsigned reset = 0; reset < RESETS; reset++)
		for (const uint8_t *id = reset_fields((enum reset)reset); *id != FIELDS; id++)
			if (fields[*id].length == length
				&& bytes_equal(fields[*id].name, name, length))
				return (enum reset)reset;
	return RESET_NONE;
}

void
probed_c(struct buf *out, const struct call *call)
{
	if (!call->probed)
		return;
	BUF_LITERAL(out, "\n\t/* probed: ");
	if (call->probed == RESET_NO_HELP) {
		BUF_LITERAL(out, "no single change has another answer */");
		return;
	}
	BUF_LITERAL(out, "with ");
	reset_text(out, call, (enum reset)call->probed);
	if (call->probed_error) {
		const struct error *error = error_of(call->arch, call->probed_error);

		BUF_LITERAL(out, " the kernel answers ");
		if (error)
			buf_text(out, error->name);
		else
			BUF_LITERAL(out, "errno ");
		if (!error)
			buf_signed(out, call->probed_error);
		BUF_LITERAL(out, " */");
	} else {
		BUF_LITERAL(out, " the kernel accepts it */");
	}
}

void
probed_json(struct buf *out, const struct call *call)
{
	const struct error *error = error_of(call->arch, call->probed_error);
	char words[WORDS_MAX];
	struct buf said = {.text = words, .size = sizeof words - 1};

	if (!call->probed)
		return;
	BUF_LITERAL(out, ", \"probe_result\": {\"accepted\": ");
	buf_text(out, call->probed != RESET_NO_HELP && !call->probed_error ? "true" : "false");
	if (call->probed != RESET_NO_HELP) {
		reset_text(&said, call, (enum reset)call->probed);
		words[said.length] = '\0';
		BUF_LITERAL(out, ", \"change\": ");
		text_json(out, words);
		if (call->probed_error)
			BUF_LITERAL(out, ", \"errno\": ");
		if (error)
			text_json(out, error->name);
		else if (call->probed_error)
			buf_signed(out, call->probed_error);
	}
	buf_char(out, '}');
}
