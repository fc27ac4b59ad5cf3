/* Bounded text: everything that is rendered goes through here, into a buffer the caller gave. */
#ifndef DECODER_BUF_H
#define DECODER_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoder/bytes.h"

/* A full buffer counts what it had no room for in overflow and goes on. Ask once, at the end. */
struct buf {
	char *text;
	size_t size;
	size_t length;
	size_t record; /* where the record in the making starts */
	size_t overflow;
};

static inline void
buf_add(struct buf *buf, const char *text, size_t length)
{
	size_t room = buf->size - buf->length;

	if (__builtin_expect(length > room, false)) {
		buf->overflow += length - room;
		length = room;
	}
	bytes_copy(buf->text + buf->length, text, length);
	buf->length += length;
}

static inline void
buf_char(struct buf *buf, char byte)
{
	if (buf->length < buf->size)
		buf->text[buf->length++] = byte;
	else
		buf->overflow++;
}

/*
 * Where the next bytes go, for who writes them all at once and then adds to the length: each append
 * waits for the length that the one before it left. NULL: there is no room for that many.
 */
static inline char *
buf_room(const struct buf *buf, size_t length)
{
	return length <= buf->size - buf->length ? buf->text + buf->length : NULL;
}

/* Puts the text at `at`, and what stood there behind it. */
void buf_insert(struct buf *buf, size_t at, const char *text, size_t length);
void buf_text(struct buf *buf, const char *text);
void buf_decimal(struct buf *buf, uint64_t value);
void buf_signed(struct buf *buf, int64_t value);

/* Lower case, with 0x in front. */
void buf_hex(struct buf *buf, uint64_t value);

/* Two digits for each. */
void buf_bytes(struct buf *buf, const unsigned char *bytes, size_t count);

static inline void
buf_byte(struct buf *buf, unsigned char byte)
{
	buf_bytes(buf, &byte, 1);
}

#define BUF_LITERAL(buf, literal) buf_add(buf, "" literal, sizeof literal - 1)

#endif
