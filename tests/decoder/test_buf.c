/* Bounded text. */
#include "decoder/buf.h"
#include "tests/tables/test.h"

/* What stands in a buffer of that size. */
static struct buf
buf_of(size_t size)
{
	static char text[100];

	memset(text, '#', sizeof text);
	return (struct buf){.text = text, .size = size};
}

#define assert_holds(buf, expected)                                                                \
	do {                                                                                       \
		assert_int_equal((buf).length, strlen(expected));                                  \
		assert_memory_equal((buf).text, expected, strlen(expected));                       \
	} while (0)

TEST(text_is_appended)
{
	struct buf buf = buf_of(10);

	buf_text(&buf, "one");
	buf_add(&buf, "two or more", 3);
	BUF_LITERAL(&buf, "!");
	assert_holds(buf, "onetwo!");
}

TEST(a_full_buffer_takes_what_fits_and_counts_the_rest)
{
	struct buf buf = buf_of(5);

	buf_text(&buf, "abcdefg");
	buf_char(&buf, 'h');
	buf_text(&buf, "ij");
	assert_holds(buf, "abcde");
	assert_int_equal(buf.overflow, 5);
}

TEST(nothing_is_written_past_the_size)
{
	struct buf buf = buf_of(5);

	buf_text(&buf, "abcdefg");
	buf_char(&buf, 'h');
	buf_insert(&buf, 0, "i", 1);
	assert_int_equal(buf.text[5], '#');
}

TEST(a_buffer_of_no_size_counts_all)
{
	struct buf buf = {.text = NULL};

	buf_text(&buf, "abc");
	buf_hex(&buf, 1);
	assert_int_equal(buf.length, 0);
	assert_int_equal(buf.overflow, 6);
}

TEST(an_insertion_moves_what_stands_behind_it)
{
	struct buf buf = buf_of(10);

	buf_text(&buf, "helo");
	buf_insert(&buf, 3, "l", 1);
	assert_holds(buf, "hello");
}

TEST(an_insertion_that_does_not_fit_is_counted)
{
	struct buf buf = buf_of(5);

	buf_text(&buf, "helo");
	buf_insert(&buf, 2, "ll", 2);
	assert_holds(buf, "helo");
	assert_int_equal(buf.overflow, 2);
}

TEST(decimals_reach_from_zero_to_all_ones)
{
	struct buf buf = buf_of(50);

	buf_decimal(&buf, 0);
	buf_char(&buf, ' ');
	buf_decimal(&buf, UINT64_MAX);
	assert_holds(buf, "0 18446744073709551615");
}

TEST(the_least_number_has_its_sign)
{
	struct buf buf = buf_of(50);

	buf_signed(&buf, INT64_MIN);
	buf_char(&buf, ' ');
	buf_signed(&buf, -1);
	buf_char(&buf, ' ');
	buf_signed(&buf, 7);
	assert_holds(buf, "-9223372036854775808 -1 7");
}

TEST(hex_is_lower_case_and_begins_with_0x)
{
	struct buf buf = buf_of(50);

	buf_hex(&buf, 0);
	buf_char(&buf, ' ');
	buf_hex(&buf, 0xfedcba9876543210);
	assert_holds(buf, "0x0 0xfedcba9876543210");
}

TEST(a_byte_is_two_digits)
{
	struct buf buf = buf_of(50);

	buf_bytes(&buf, (const unsigned char *)"\x05\xa0", 2);
	assert_holds(buf, "05a0");
}
