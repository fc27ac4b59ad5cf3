/* Reads headers as `cc -E -dD -P` leaves them: a struct's layout, the enums, the macros. */
#ifndef TESTS_TABLES_HEADER_H
#define TESTS_TABLES_HEADER_H

#include <ctype.h>

#include "tests/tables/members.h"

/* The header after the preprocessor; NULL: this machine has none. To be freed. */
static inline char *
header_text(const char *header)
{
	const size_t size = 1 << 20;
	char *text = malloc(size);
	const char *compiler = getenv("CC");
	char command[300];
	size_t length;
	FILE *pipe;

	snprintf(command, sizeof command, "echo '#include <%s>' | %s -E -dD -P -x c - 2>/dev/null",
		header, compiler ? compiler : "cc");
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_non_null(text);
	length = fread(text, 1, size - 1, pipe);
	text[length] = '\0';
	if (pclose(pipe) == 0)
		return text;
	free(text);
	return NULL;
}

/* The next word, number or mark of the text. */
static inline bool
token(const char **at, char word[60])
{
	size_t length = 0;

	*at += strspn(*at, " \t\n");
	while (length < 59 && (isalnum((unsigned char)(*at)[length]) || (*at)[length] == '_'))
		length++;
	if (!length && **at)
		length = strncmp(*at, "<<", 2) == 0 ? 2 : 1;
	memcpy(word, *at, length);
	word[length] = '\0';
	*at += length;
	return length > 0;
}

static inline bool
token_is(const char **at, const char *expected)
{
	const char *start = *at;
	char word[60];

	if (token(at, word) && strcmp(word, expected) == 0)
		return true;
	*at = start;
	return false;
}

/* __u64, __u32, __u16, __s32. */
static inline unsigned
type_bits(const char *type)
{
	unsigned bits = (unsigned)atoi(type + strcspn(type, "123456789"));

	assert_true(bits == 8 || bits == 16 || bits == 32 || bits == 64);
	return bits;
}

/* `name;`, `name : 1;` or `name : 1, name : 2;` of that type. Returns where the next bit is. */
static inline unsigned
read_names(const char **at, const char *type, unsigned next, struct layout *layout)
{
	do {
		char name[60], width[60];
		unsigned bits = type_bits(type);
		bool field;

		assert_true(token(at, name));
		field = token_is(at, ":") && token(at, width);
		if (field)
			bits = (unsigned)atoi(width);
		else
			next = (next + bits - 1) / bits * bits;
		layout_add(layout, name, next, bits, field);
		next += bits;
	} while (token_is(at, ","));
	return next;
}

/*
 * The members up to the closing brace, the first of them `start` bits into the struct. Returns
 * where the next bit is.
 */
static inline unsigned
read_members(const char **at, unsigned start, bool is_union, struct layout *layout)
{
	unsigned next = start, end = start;

	while (!token_is(at, "}")) {
		char type[60];
		unsigned from = is_union ? start : next;

		assert_true(token(at, type));
		if (token_is(at, "{"))
			next = read_members(at, from, strcmp(type, "union") == 0, layout);
		else
			next = read_names(at, type, from, layout);
		assert_true(token_is(at, ";"));
		end = next > end ? next : end;
	}
	return end;
}

static inline void
read_struct(const char *text, const char *name, struct layout *layout)
{
	char head[80];
	const char *at;

	snprintf(head, sizeof head, "struct %s {", name);
	at = strstr(text, head);
	assert_non_null(at);
	at += strlen(head);
	read_members(&at, 0, false, layout);
}

static inline uint64_t
read_part(const char **at, const struct constants *constants)
{
	char word[60];

	assert_true(token(at, word));
	for (unsigned i = 0; i < constants->count; i++)
		if (strcmp(constants->rows[i].name, word) == 0)
			return constants->rows[i].value;
	return strtoull(word, NULL, 0);
}

/* 3, 1U << 3, 1U << A_SHIFT, A | B, A + 2: any other form gets another value, and is named. */
static inline uint64_t
read_constant(const char **at, const struct constants *constants)
{
	char word[60];
	uint64_t value = read_part(at, constants);

	for (;;) {
		const char *here = *at;

		if (!token(at, word) || *word == ',' || *word == '}') {
			*at = here;
			return value;
		}
		if (strcmp(word, "<<") == 0)
			value <<= read_part(at, constants) & 63;
		else if (*word == '|')
			value |= read_part(at, constants);
		else if (*word == '+')
			value += read_part(at, constants);
	}
}

/* Moves behind the next enum, and adds its constants; false: there is none. */
static inline bool
read_enum(const char **text, struct constants *constants)
{
	const char *at = strstr(*text, "enum ");
	uint64_t value = 0;
	char name[60];

	if (!at)
		return false;
	at += strcspn(at, "{;");
	if (*at == '{')
		for (at++; !token_is(&at, "}"); token_is(&at, ",")) {
			assert_true(token(&at, name));
			if (token_is(&at, "="))
				value = read_constant(&at, constants);
			constants_add(constants, name, value++);
		}
	*text = at;
	return true;
}

#endif
