/*
 * What string.h would offer. The traced program may have no libc that we could call, and compilers
 * turn plain loops back into calls of memcpy and strlen: an empty asm keeps these loops loops.
 */
#ifndef DECODER_BYTES_H
#define DECODER_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One word of that type from any address to any other: a single move. */
#define BYTES_MOVE(type, to, from)                                                                 \
	do {                                                                                       \
		type word;                                                                         \
		__builtin_memcpy(&word, from, sizeof word);                                        \
		__builtin_memcpy(to, &word, sizeof word);                                          \
	} while (0)

/* Two moves that may overlap are as long as one may wish between the one's and the two's length. */
static inline void
bytes_copy_short(char *to, const char *from, size_t length)
{
	if (length >= 8) {
		BYTES_MOVE(uint64_t, to, from);
		BYTES_MOVE(uint64_t, to + length - 8, from + length - 8);
	} else if (length >= 4) {
		BYTES_MOVE(uint32_t, to, from);
		BYTES_MOVE(uint32_t, to + length - 4, from + length - 4);
	} else if (length >= 2) {
		BYTES_MOVE(uint16_t, to, from);
		BYTES_MOVE(uint16_t, to + length - 2, from + length - 2);
	} else if (length) {
		*to = *from;
	}
}

static inline void
bytes_copy(void *to, const void *from, size_t length)
{
	char *out = to;
	const char *in = from;

	for (; length > 32; length -= 32) {
		__builtin_memcpy(out, in, 32);
		out += 32;
		in += 32;
		__asm__("" : "+r"(out));
	}
	for (; length > 16; length -= 8) {
		BYTES_MOVE(uint64_t, out, in);
		out += 8;
		in += 8;
		__asm__("" : "+r"(out));
	}
	bytes_copy_short(out, in, length);
}

static inline void
bytes_zero(void *to, size_t length)
{
	const uint64_t zero = 0;
	char *out = to;

	for (; length >= 8; length -= 8) {
		BYTES_MOVE(uint64_t, out, &zero);
		out += 8;
		__asm__("" : "+r"(out));
	}
	for (; length; length--) {
		*out++ = 0;
		__asm__("" : "+r"(out));
	}
}

static inline uint64_t
bytes_eight(const char *from)
{
	uint64_t eight;

	__builtin_memcpy(&eight, from, sizeof eight);
	return eight;
}

static inline bool
bytes_equal(const void *left, const void *right, size_t length)
{
	const char *a = left, *b = right;

	for (; length >= 8; length -= 8) {
		if (bytes_eight(a) != bytes_eight(b))
			return false;
		a += 8;
		b += 8;
	}
	for (; length; length--) {
		if (*a++ != *b++)
			return false;
		__asm__("" : "+r"(a));
	}
	return true;
}

/*
 * The first such byte from there on; the limit: there is none. Of eight at a time, one that is
 * looked for becomes a zero, and only from zeros does the subtraction borrow a high bit.
 */
static inline const char *
bytes_find(const char *at, const char *limit, char byte)
{
	const uint64_t ones = ~0ULL / 255, wanted = ones * (unsigned char)byte;

	for (; limit - at >= 8; at += 8) {
		uint64_t difference = bytes_eight(at) ^ wanted;

		if ((difference - ones) & ~difference & ones << 7)
			break;
	}
	while (at < limit && *at != byte)
		at++;
	return at;
}

static inline size_t
text_length(const char *text)
{
	const char *end = text;

	for (; *end; end++)
		__asm__("" : "+r"(end));
	return (size_t)(end - text);
}

static inline bool
text_equal(const char *left, const char *right)
{
	for (; *left && *left == *right; left++, right++)
		__asm__("" : "+r"(left));
	return *left == *right;
}

static inline bool
text_starts(const char *text, const char *start)
{
	for (; *start; text++, start++)
		if (*text != *start)
			return false;
	return true;
}

/* Where a part, which is not empty, stands first; NULL: nowhere. */
static inline const char *
text_find(const char *text, const char *part)
{
	for (; *text; text++)
		if (text_starts(text, part))
			return text;
	return NULL;
}

#define BYTES_HOST_BIG (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

static inline uint64_t
bytes_load_turned(const unsigned char *from, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)from[i] << 8 * (BYTES_HOST_BIG ? i : bytes - 1 - i);
	return value;
}

/* A word of 1, 2, 4 or 8 bytes as its writer meant it; big: most significant byte first. */
static inline uint64_t
bytes_load(const unsigned char *from, unsigned bytes, bool big)
{
	uint64_t eight;
	uint32_t four;
	uint16_t two;

	if (big != BYTES_HOST_BIG)
		return bytes_load_turned(from, bytes);
	switch (bytes) {
	case 8:
		__builtin_memcpy(&eight, from, sizeof eight);
		return eight;
	case 4:
		__builtin_memcpy(&four, from, sizeof four);
		return four;
	case 2:
		__builtin_memcpy(&two, from, sizeof two);
		return two;
	default:
		return *from;
	}
}

static inline void
bytes_store(unsigned char *to, unsigned bytes, bool big, uint64_t value)
{
	if (bytes == 8 && big == BYTES_HOST_BIG) {
		__builtin_memcpy(to, &value, sizeof value);
		return;
	}
	for (unsigned i = 0; i < bytes; i++)
		to[i] = (unsigned char)(value >> 8 * (big ? bytes - 1 - i : i));
}

#endif
