/* What string.h would offer, beside string.h. */
#include "decoder/bytes.h"

#include "tests/tables/test.h"

enum {
	ROUNDS = 200000,
	ROOM = 80,
	LONGEST = 40
};

/* Bytes of which many are alike, and others as unlike as one bit makes them. */
static void
fill(unsigned char *bytes)
{
	static const unsigned char kinds[] = {'\n', '\n' ^ 1, '\n' ^ 0x80, '\n' - 1, '\n' + 1, 0, 0xff};

	for (size_t i = 0; i < ROOM; i++)
		bytes[i] = kinds[(unsigned)rand() % sizeof kinds];
}

TEST(a_byte_is_found_where_memchr_finds_it)
{
	unsigned char bytes[ROOM];

	for (int round = 0; round < ROUNDS; round++) {
		size_t from = (unsigned)rand() % 16, length = (unsigned)rand() % LONGEST;
		char byte = (char)(rand() % 2 ? '\n' : 0);
		const char *start = (char *)bytes + from;
		const char *found;

		fill(bytes);
		found = memchr(start, byte, length);
		assert_ptr_equal(bytes_find(start, start + length, byte),
			found ? found : start + length);
	}
}

TEST(bytes_are_equal_where_memcmp_says_so)
{
	unsigned char left[ROOM], right[ROOM];

	for (int round = 0; round < ROUNDS; round++) {
		size_t from = (unsigned)rand() % 16, length = (unsigned)rand() % LONGEST;

		fill(left);
		memcpy(right, left, sizeof right);
		right[(unsigned)rand() % ROOM] ^= 0x40;
		assert_int_equal(bytes_equal(left + from, right + from, length),
			memcmp(left + from, right + from, length) == 0);
	}
}

TEST(bytes_are_copied_as_memcpy_does_and_none_beside_them)
{
	unsigned char from[ROOM], ours[ROOM], theirs[ROOM];

	for (int round = 0; round < ROUNDS; round++) {
		size_t at = (unsigned)rand() % 16, length = (unsigned)rand() % LONGEST;

		fill(from);
		fill(ours);
		memcpy(theirs, ours, sizeof theirs);
		bytes_copy(ours + at, from, length);
		memcpy(theirs + at, from, length);
		assert_memory_equal(ours, theirs, sizeof ours);
	}
}

TEST(a_text_is_found_where_strstr_finds_it_and_starts_where_strncmp_says_so)
{
	for (int round = 0; round < ROUNDS; round++) {
		char text[12] = "", part[4] = "";

		for (int length = rand() % 12, at = 0; at < length; at++)
			text[at] = (char)('a' + rand() % 2);
		for (int length = 1 + rand() % 3, at = 0; at < length; at++)
			part[at] = (char)('a' + rand() % 2);
		assert_ptr_equal(text_find(text, part), strstr(text, part));
		assert_int_equal(text_starts(text, part), strncmp(text, part, strlen(part)) == 0);
	}
}

TEST(a_word_is_stored_and_loaded_in_either_order)
{
	static const unsigned char big[] = {1, 2, 3, 4, 5, 6, 7, 8};
	static const unsigned char little[] = {8, 7, 6, 5, 4, 3, 2, 1};

	for (unsigned bytes = 1; bytes <= 8; bytes *= 2) {
		unsigned char word[8];
		uint64_t value = 0x0102030405060708 >> 8 * (8 - bytes);

		bytes_store(word, bytes, true, value);
		assert_memory_equal(word, big, bytes);
		assert_int_equal(bytes_load(word, bytes, true), value);
		value = 0x0102030405060708 & ~0ULL >> (64 - 8 * bytes);
		bytes_store(word, bytes, false, value);
		assert_memory_equal(word, little, bytes);
		assert_int_equal(bytes_load(word, bytes, false), value);
	}
}
