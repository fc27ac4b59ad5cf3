/* Facts read in the headers of every release: the rows of tests/data/perf_event_uapi.tsv. */
#ifndef TESTS_TABLES_FACTS_H
#define TESTS_TABLES_FACTS_H

#include "tables/tables.h"
#include "tests/tables/test.h"

struct fact {
	const char *kind, *name, *value, *note;
	unsigned offset, bit, width; /* 0 where the column is empty */
	uint32_t since;
};

static inline uint32_t
release_of(const char *text)
{
	unsigned major = 0, minor = 0, patch = 0;

	sscanf(text, "%u.%u.%u", &major, &minor, &patch);
	return L(major, minor, patch);
}

static inline struct fact
fact_of(char *line)
{
	const char *column[8];

	for (unsigned i = 0; i < 8; i++) {
		column[i] = strsep(&line, "\t");
		assert_non_null(column[i]);
	}
	return (struct fact){column[0], column[1], column[2], column[7], (unsigned)atoi(column[3]),
		(unsigned)atoi(column[4]), (unsigned)atoi(column[5]), release_of(column[6])};
}

/* All rows; a kind of NULL ends them. */
static inline const struct fact *
facts(void)
{
	static struct fact rows[1024];
	static char text[1 << 17];
	size_t count = 0;
	char *rest = text;
	FILE *file;

	if (rows[0].kind)
		return rows;
	file = fopen("tests/data/perf_event_uapi.tsv", "r");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof text - 1, file) < sizeof text - 1);
	fclose(file);
	for (strsep(&rest, "\n"); rest && *rest;) {
		assert_true(count + 1 < sizeof rows / sizeof *rows);
		rows[count++] = fact_of(strsep(&rest, "\n"));
	}
	return rows;
}

static inline const struct fact *
fact_find(const char *kind, const char *name)
{
	for (const struct fact *fact = facts(); fact->kind; fact++)
		if (strcmp(fact->kind, kind) == 0 && strcmp(fact->name, name) == 0)
			return fact;
	return NULL;
}

/* The words behind `key` in the note; NULL: it does not stand there. */
static inline const char *
fact_note(const struct fact *fact, const char *key)
{
	const char *at = strstr(fact->note, key);

	return at ? at + strlen(key) : NULL;
}

static inline uint64_t
fact_value(const struct fact *fact)
{
	return strtoull(fact->value, NULL, 0);
}

#endif
