/* What a dump says of a refusal, beside its errno. */
#include "decoder/explain.h"
#include "decoder/reason.h"
#include "tests/decoder/calls.h"

static struct facts facts;

/* sigtrap without remove_on_exec, which one check alone refuses. */
static struct call *
refused(void)
{
	struct call *call = call_of_size(VER7);

	set(call, FIELD_type, name_value(NAME_PERF_TYPE_SOFTWARE));
	set(call, FIELD_config, name_value(NAME_PERF_COUNT_SW_DUMMY));
	set(call, FIELD_sigtrap, 1);
	call->fd = -1;
	call->error = 22;
	facts = (struct facts){0};
	call->facts = &facts;
	return call;
}

TEST(a_certain_reason_stands_behind_the_result)
{
	assert_shows(as_c(refused()),
		"int fd = -1; /* EINVAL: sigtrap needs remove_on_exec (CPY-SIGTRAP); "
		"set remove_on_exec = 1 */\n}\n");
}

TEST(json_has_its_check_text_and_hint)
{
	assert_shows(as_json(refused()),
		"\"why\": {\"certain\": true, \"checks\": [{\"id\": \"CPY-SIGTRAP\", "
		"\"text\": \"sigtrap needs remove_on_exec\", "
		"\"hint\": \"set remove_on_exec = 1\"}]");
}

TEST(facts_stand_in_a_line_that_reads_back)
{
	struct call *call = refused();

	fact_set(&facts, FACT_paranoid, -1);
	fact_set(&facts, FACT_capabilities, 0x1ffffffffffLL);
	assert_shows(as_c(call), "\t/* facts: capabilities=0x1ffffffffff paranoid=-1 */\n}\n");
	assert_shows(as_json(call),
		"\"facts\": {\"capabilities\": 2199023255551, \"paranoid\": -1}");
	assert_reads_back(call);
}

TEST(other_facts_are_another_call)
{
	struct call *call = refused();
	const struct call *back;

	fact_set(&facts, FACT_paranoid, 2);
	back = parsed(as_c(call));
	assert_true(call_equal(call, back));
	fact_set(&facts, FACT_paranoid, 3);
	assert_false(call_equal(call, back));
	facts.known = 0;
	assert_false(call_equal(call, back));
}

TEST(a_fact_of_another_release_of_ours_is_passed_over)
{
	struct parser parser;
	struct call back;
	char text[8192];
	const char *at;
	struct call *call = refused();

	fact_set(&facts, FACT_paranoid, 2);
	at = as_c(call);
	snprintf(text, sizeof text, "%.*sfrobs=7 %s", (int)(strstr(at, "paranoid=2") - at), at,
		strstr(at, "paranoid=2"));
	assert_int_equal(parse(text, &parser, &back), PARSED_CALL);
	assert_true(call_equal(call, &back));
}

TEST(a_success_has_neither_reason_nor_facts)
{
	struct call *call = refused();

	call->fd = 3;
	call->error = 0;
	fact_set(&facts, FACT_paranoid, 2);
	assert_hides(as_c(call), "facts");
	assert_hides(as_json(call), "why");
	assert_hides(as_json(call), "facts");
}

TEST(without_facts_what_has_many_reasons_is_its_errno)
{
	struct call *call = call_of_size(VER7);

	call->fd = -1;
	call->error = 13;
	assert_shows(as_c(call), "int fd = -1; /* EACCES: Permission denied */\n}\n");
	assert_hides(as_json(call), "why");
}
