/* Bounded text. */
#include "decoder/buf.h"

static const char digits[] = "0123456789abcdef";

void
buf_insert(struct buf *buf, size_t at, const char *text, size_t length)
{
	if (length > buf->size - buf->length) {
		buf->overflow += length;
		return;
	}
	for (size_t from = buf->length; from-- > at;)
		buf->text[from + length] = buf->text[from];
	bytes_copy(buf->text + at, text, length);
	buf->length += length;
}

void
buf_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, text_length(text));
}

void
buf_decimal(struct buf *buf, uint64_t value)
{
	char text[20];
	size_t at = sizeof text;

	if (value < 10) {
		buf_char(buf, (char)('0' + value));
		return;
	}
	do
		text[--at] = digits[value % 10];
	while (value /= 10);
	buf_add(buf, text + at, sizeof text - at);
}

void
buf_signed(struct buf *buf, int64_t value)
{
	if (value < 0)
		buf_char(buf, '-');
	buf_decimal(buf, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void
buf_hex(struct buf *buf, uint64_t value)
{
	char text[18];
	size_t at = sizeof text;

	do
		text[--at] = digits[value % 16];
	while (value /= 16);
	text[--at] = 'x';
	text[--at] = '0';
	buf_add(buf, text + at, sizeof text - at);
}

void
buf_bytes(struct buf *buf, const unsigned char *bytes, size_t count)
{
	while (count) {
		char text[64];
		size_t length = 0;

		for (; count && length < sizeof text; count--, bytes++) {
			text[length++] = digits[*bytes >> 4];
			text[length++] = digits[*bytes & 15];
		}
		buf_add(buf, text, length);
	}
}
