/*
 * The rows of checks.def and since.def against the facts that were collected:
 * tests/data/checks.tsv.
 */
#include "tables/tables.h"
#include "tests/tables/test.h"

enum {
	ID,
	ORDER,
	ANSWERS_TEXT,
	CONDITION,
	MEMBERS,
	SINCE_TEXT,
	UNTIL_TEXT,
	COLUMNS
};

struct row {
	char text[2048];
	char *column[COLUMNS];
};

/* The rows of the file, without its first. */
static const struct row *
rows(void)
{
	static struct row all[CHECKS + 8];
	FILE *file;
	size_t count = 0;
	char *rest;

	if (all[0].column[0])
		return all;
	file = fopen("tests/data/checks.tsv", "r");
	assert_non_null(file);
	assert_non_null(fgets(all[0].text, sizeof all[0].text, file));
	while (fgets(all[count].text, sizeof all[count].text, file)) {
		rest = all[count].text;
		for (unsigned i = 0; i < COLUMNS; i++)
			all[count].column[i] = strsep(&rest, "\t");
		assert_non_null(rest);
		count++;
		assert_true(count < COUNT_OF(all));
	}
	fclose(file);
	return all;
}

static const char *
text_at(uint16_t offset)
{
	return (const char *)&check_texts + offset;
}

static const char *
id_of(enum check_id id)
{
	static char text[64];

	snprintf(text, sizeof text, "%s", text_at(checks[id].name));
	for (char *at = text; *at; at++)
		if (*at == '_')
			*at = '-';
	return text;
}

TEST(there_is_a_row_for_every_check_in_the_kernels_order)
{
	for (enum check_id id = 0; id < CHECKS; id++) {
		assert_non_null(rows()[id].column[ID]);
		assert_string_equal(id_of(id), rows()[id].column[ID]);
	}
	assert_null(rows()[CHECKS].column[ID]);
}

static const char *
answer_name(unsigned answer)
{
	if (answer == ANSWER_ANY)
		return "any";
	return answer == ANSWER_ENOTSUPP ? "ENOTSUPP" : errors[answer].name;
}

/*
 * The file also says which errno a rule has on some kernels only: rows may answer more than it
 * names.
 */
TEST(every_error_that_was_seen_is_an_answer_of_its_row)
{
	for (enum check_id id = 0; id < CHECKS; id++) {
		char text[64], *rest = text, *name;

		if (id == CHECK_LSM_OPEN || strcmp(rows()[id].column[ANSWERS_TEXT], "errno") == 0)
			continue;
		snprintf(text, sizeof text, "%s", rows()[id].column[ANSWERS_TEXT]);
		while ((name = strsep(&rest, "|()"))) {
			bool found = !*name || strcmp(name, "524") == 0;

			for (unsigned i = 0; i < ANSWERS_MAX && checks[id].errors[i] != ANSWER_NONE;
				i++)
				found = found || checks[id].errors[i] == ANSWER_ANY
					|| strcmp(answer_name(checks[id].errors[i]), name) == 0;
			if (!found)
				print_error("%s does not answer %s\n", id_of(id), name);
			assert_true(found);
		}
	}
}

static uint32_t
release_of(const char *text)
{
	unsigned major = 0, minor = 0, patch = 0;

	sscanf(text, "%u.%u.%u", &major, &minor, &patch);
	return L(major, minor, patch);
}

/* A row that holds always says nothing younger than the first kernel where it could be met. */
TEST(a_row_holds_from_the_release_that_the_facts_name)
{
	for (enum check_id id = 0; id < CHECKS; id++) {
		uint32_t since = release_of(rows()[id].column[SINCE_TEXT]);

		if (!checks[id].releases.since || id == CHECK_ALC_MAXSTACK || id == CHECK_CTX_PTRACE
			|| id == CHECK_UP_REFCTR || id == CHECK_HW_HYBRIDCPU
			|| id == CHECK_GRP_DEAD)
			continue;
		if (checks[id].releases.since != since)
			print_error("%s\n", id_of(id));
		assert_int_equal(checks[id].releases.since, since);
	}
}

TEST(a_row_ends_with_the_release_that_the_facts_name)
{
	for (enum check_id id = 0; id < CHECKS; id++)
		if (checks[id].releases.until && id != CHECK_PERM_ANY_ANDROID)
			assert_int_equal(checks[id].releases.until,
				release_of(rows()[id].column[UNTIL_TEXT]));
}

static void
assert_line(enum check_id id, const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length > 90 || text[length - 1] == '.' || strpbrk(text, "\t\n\"\\"))
		print_error("%s: %s\n", id_of(id), text);
	assert_true(length > 0 && length <= 90);
	assert_true(text[length - 1] != '.');
	assert_null(strpbrk(text, "\t\n\"\\"));
	assert_null(strstr(text, "*/"));
}

TEST(every_sentence_and_every_hint_fits_a_line_and_a_comment)
{
	for (enum check_id id = 0; id < CHECKS; id++) {
		assert_line(id, text_at(checks[id].sentence));
		assert_line(id, text_at(checks[id].hint));
	}
}

TEST(every_row_has_a_condition)
{
	for (enum check_id id = 0; id < CHECKS; id++)
		assert_int_not_equal(checks[id].when[0].of, OF_NOTHING);
}

TEST(every_fact_has_a_name_of_its_own_and_a_way_to_find_it_out)
{
	for (size_t i = 0; i < FACTS; i++) {
		assert_true(*fact_rows[i].name && *fact_rows[i].where);
		assert_true(fact_rows[i].name[sizeof fact_rows[i].name - 1] == '\0');
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(fact_rows[i].name, fact_rows[j].name);
	}
}

TEST(stable_updates_name_a_patch_that_lacks_the_check_and_a_later_one_that_has_it)
{
	for (size_t i = 0; i < STABLE_ROWS; i++) {
		assert_true(stable[i].lacks < stable[i].has);
		assert_int_equal(stable[i].series & 0xff, 0);
		assert_true(checks[stable[i].check].releases.since > stable[i].series);
		assert_true(checks[stable[i].check].releases.maybe <= stable[i].series);
	}
}
