/*
 * What string.h would offer. The traced program may have no libc that we could call, and compilers
 * turn plain loops back into calls of memcpy and strlen: an empty asm keeps these loops loops.
 */
#ifndef DECODER_BYTES_H
#define DECODER_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t __attribute__((may_alias, aligned(1))) bytes_word;

static inline void
bytes_copy(void *to, const void *from, size_t length)
{
	char *out = to;
	const char *in = from;

	for (; length >= sizeof(bytes_word); length -= sizeof(bytes_word)) {
		*(bytes_word *)out = *(const bytes_word *)in;
		out += sizeof(bytes_word);
		in += sizeof(bytes_word);
		__asm__("" : "+r"(out));
	}
	for (; length; length--) {
		*out++ = *in++;
		__asm__("" : "+r"(out));
	}
}

static inline void
bytes_zero(void *to, size_t length)
{
	char *out = to;

	for (; length; length--) {
		*out++ = 0;
		__asm__("" : "+r"(out));
	}
}

static inline bool
bytes_equal(const void *left, const void *right, size_t length)
{
	const char *a = left, *b = right;

	for (; length; length--) {
		if (*a++ != *b++)
			return false;
		__asm__("" : "+r"(a));
	}
	return true;
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

/* A word of 1, 2, 4 or 8 bytes as its writer meant it; big: most significant byte first. */
static inline uint64_t
bytes_load(const unsigned char *from, unsigned bytes, bool big)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)from[i] << 8 * (big ? bytes - 1 - i : i);
	return value;
}

static inline void
bytes_store(unsigned char *to, unsigned bytes, bool big, uint64_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		to[i] = (unsigned char)(value >> 8 * (big ? bytes - 1 - i : i));
}

#endif
