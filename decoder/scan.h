/*
 * The words of the C form, read back: what the readers of calls and of acts have in common. Each
 * function moves behind what it read, or returns false.
 */
#ifndef DECODER_SCAN_H
#define DECODER_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder/bytes.h"
#include "decoder/field.h"
#include "tables/tables.h"

/* One line, from `at` on; `end` is its newline. */
struct scan {
	const char *at;
	const char *end;
};

static inline bool
skip(struct scan *scan, const char *text)
{
	const char *at = scan->at;

	for (; *text; text++, at++)
		if (at == scan->end || *at != *text)
			return false;
	scan->at = at;
	return true;
}

static inline void
skip_blanks(struct scan *scan)
{
	while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t'))
		scan->at++;
}

static inline int
digit_of(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : 99;
}

static inline bool
read_number(struct scan *scan, uint64_t *value)
{
	unsigned base = skip(scan, "0x") || skip(scan, "0X") ? 16 : 10;
	const char *start = scan->at;

	*value = 0;
	for (; scan->at < scan->end && digit_of(*scan->at) < (int)base; scan->at++) {
		unsigned digit = (unsigned)digit_of(*scan->at);

		if (__builtin_mul_overflow(*value, base, value)
			|| __builtin_add_overflow(*value, digit, value))
			return false;
	}
	if (scan->at == start)
		return false;
	while (scan->at < scan->end
		&& (*scan->at == 'U' || *scan->at == 'L' || *scan->at == 'u' || *scan->at == 'l'))
		scan->at++;
	return true;
}

static inline bool
read_signed(struct scan *scan, uint64_t *value)
{
	bool minus = skip(scan, "-");

	if (!read_number(scan, value))
		return false;
	if (minus)
		*value = -*value;
	return true;
}

static inline bool
read_int(struct scan *scan, int32_t *value)
{
	uint64_t bits;

	if (!read_signed(scan, &bits))
		return false;
	*value = (int32_t)(uint32_t)bits;
	return (uint64_t)(int64_t)*value == bits;
}

static inline bool
word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
		|| (byte >= '0' && byte <= '9') || byte == '_';
}

/* A word of that length, and no longer one. */
static inline bool
skip_word(struct scan *scan, const char *word, size_t length)
{
	if ((size_t)(scan->end - scan->at) < length || !bytes_equal(scan->at, word, length)
		|| (scan->at + length < scan->end && word_byte(scan->at[length])))
		return false;
	scan->at += length;
	return true;
}

static inline size_t
word_length(const struct scan *scan)
{
	const char *end = scan->at;

	while (end < scan->end && word_byte(*end))
		end++;
	return (size_t)(end - scan->at);
}

static inline bool
read_count(struct scan *scan, uint32_t *value)
{
	uint64_t bits;

	if (!read_number(scan, &bits) || bits > UINT32_MAX)
		return false;
	*value = (uint32_t)bits;
	return true;
}

static inline bool
read_name(struct scan *scan, const enum group *groups, uint64_t *value)
{
	size_t length = word_length(scan);

	for (; length && *groups != GROUP_none; groups++) {
		const struct name *name = name_find(*groups, scan->at, length);

		if (name) {
			scan->at += length;
			*value = name->value;
			return true;
		}
	}
	return false;
}

static inline bool
read_atom(struct scan *scan, const enum group *groups, uint64_t *value)
{
	skip_blanks(scan);
	if (scan->at < scan->end && (*scan->at == '-' || digit_of(*scan->at) < 10))
		return read_signed(scan, value);
	return read_name(scan, groups, value);
}

static inline bool
read_shift(struct scan *scan, const enum group *groups, uint64_t *value)
{
	uint64_t by;

	if (!read_atom(scan, groups, value))
		return false;
	skip_blanks(scan);
	while (skip(scan, "<<")) {
		if (!read_atom(scan, groups, &by) || by > 63)
			return false;
		*value <<= by;
		skip_blanks(scan);
	}
	return true;
}

/* What most members are: one digit, and no more of an expression. */
static inline bool
read_digit(struct scan *scan, uint64_t *value)
{
	if (scan->end - scan->at < 2 || digit_of(scan->at[0]) > 9
		|| (scan->at[1] != ',' && scan->at[1] != ';'))
		return false;
	*value = (uint64_t)digit_of(*scan->at++);
	return true;
}

/* Numbers and names, shifted and or'ed: all that an initialiser of the dump is made of. */
static inline bool
read_expression(struct scan *scan, const enum group *groups, uint64_t *value)
{
	uint64_t part;

	if (read_digit(scan, value))
		return true;
	*value = 0;
	do {
		if (!read_shift(scan, groups, &part))
			return false;
		*value |= part;
	} while (skip(scan, "|"));
	return true;
}

/* Three digits, as string_c writes them. */
static inline bool
read_octal(struct scan *scan, char *byte)
{
	unsigned value = 0;

	for (unsigned i = 0; i < 3; i++, scan->at++) {
		if (scan->at == scan->end || digit_of(*scan->at) > 7)
			return false;
		value = value << 3 | (unsigned)digit_of(*scan->at);
	}
	*byte = (char)value;
	return value && value <= 0xff;
}

static inline bool
read_escape(struct scan *scan, char *byte)
{
	if (scan->at == scan->end)
		return false;
	if (digit_of(*scan->at) < 8)
		return read_octal(scan, byte);
	if (*scan->at != 'x') {
		*byte = *scan->at++;
		return true;
	}
	if (scan->end - scan->at < 3 || digit_of(scan->at[1]) > 15 || digit_of(scan->at[2]) > 15)
		return false;
	*byte = (char)(digit_of(scan->at[1]) << 4 | digit_of(scan->at[2]));
	scan->at += 3;
	return *byte != '\0';
}

/* Text as text_c or string_c wrote it, up to `stop`, which is skipped. */
static inline bool
read_text(struct scan *scan, const char *stop, char *text, size_t size)
{
	size_t length = 0;

	while (!skip(scan, stop)) {
		char byte;

		if (scan->at == scan->end || length + 1 == size)
			return false;
		byte = *scan->at++;
		if (byte == '\0' || (byte == '\\' && !read_escape(scan, &byte)))
			return false;
		text[length++] = byte;
	}
	text[length] = '\0';
	return true;
}

/* The number behind an error's name, by errno.def. */
static inline bool
read_error(struct scan *line, int32_t *error)
{
	size_t length = word_length(line);

	if (skip(line, "errno "))
		return read_int(line, error);
	for (unsigned id = 0; id < ERRORS; id++) {
		if (text_length(errors[id].name) == length
			&& bytes_equal(errors[id].name, line->at, length)) {
			line->at += length;
			*error = errors[id].number;
			return true;
		}
	}
	return false;
}

#endif
