/*
 * What compilers call for the copying and clearing of a struct, whatever they are told. Hidden: the
 * program's own are not touched.
 */
#include "decoder/bytes.h"

void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int byte, size_t length);

void *
memcpy(void *to, const void *from, size_t length)
{
	bytes_copy(to, from, length);
	return to;
}

void *
memset(void *to, int byte, size_t length)
{
	char *out = to;

	for (; length; length--) {
		*out++ = (char)byte;
		__asm__("" : "+r"(out));
	}
	return to;
}
