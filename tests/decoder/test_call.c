/* The call itself: how much of its attr there is, and when two are the same. */
#include "tests/decoder/calls.h"

TEST(size_zero_means_64)
{
	struct call *call = call_of_size(0);

	call->readable = 128;
	assert_int_equal(call_attr_held(call), 64);
}

TEST(the_size_tells_how_much_is_held)
{
	struct call *call = call_of_size(70);

	assert_int_equal(call_attr_held(call), 70);
	set(call, FIELD_size, 12);
	assert_int_equal(call_attr_held(call), 12);
}

TEST(type_and_size_are_held_whatever_the_size_says)
{
	assert_int_equal(call_attr_held(call_of_size(1)), 8);
}

TEST(no_more_is_held_than_could_be_read)
{
	struct call *call = call_of_size(VER7);

	call->readable = 100;
	assert_int_equal(call_attr_held(call), 100);
}

TEST(a_size_that_could_not_be_read_is_zero)
{
	struct call *call = call_of_size(VER7);

	call->readable = 7;
	assert_int_equal(call_attr_size(call), 0);
}

TEST(at_least_64_bytes_are_wanted_and_at_most_a_page)
{
	assert_int_equal(call_attr_wanted(0), 64);
	assert_int_equal(call_attr_wanted(63), 64);
	assert_int_equal(call_attr_wanted(65), 65);
	assert_int_equal(call_attr_wanted(4096), 4096);
	assert_int_equal(call_attr_wanted(4097), 4096);
	assert_int_equal(call_attr_wanted(UINT32_MAX), 4096);
}

TEST(an_empty_call_has_texts_of_no_length)
{
	struct call call;

	call_clear(&call);
	assert_string_equal(call.comm, "");
	assert_string_equal(call.probe, "");
	assert_int_equal(call.readable, 0);
}

/* Whether a call in which one thing is another is another call. */
#define assert_counts(part, other)                                                                 \
	do {                                                                                       \
		struct call left = *call_of_size(VER7), right = left;                              \
		assert_true(call_equal(&left, &right));                                            \
		right.part = other;                                                                \
		assert_false(call_equal(&left, &right));                                           \
	} while (0)

TEST(every_number_counts)
{
	assert_counts(number, 2);
	assert_counts(lost, 1);
	assert_counts(caller_pid, 1);
	assert_counts(caller_tid, 1);
	assert_counts(arch, ARCH_x32);
	assert_counts(readable, 64);
	assert_counts(attr_addr, 8);
	assert_counts(size_after, 136);
	assert_counts(pid, 1);
	assert_counts(cpu, 1);
	assert_counts(group_fd, 1);
	assert_counts(fd, 4);
	assert_counts(error, 2);
	assert_counts(flags, 1ULL << 63);
	assert_counts(leader, 1);
	assert_counts(leader_pid, 1);
	assert_counts(probe_cut, true);
}

TEST(every_text_counts)
{
	assert_counts(comm, "perf2");
	assert_counts(kernel, "6.18.2");
	assert_counts(pmu, "cpu");
	assert_counts(tracepoint, "a:b");
	assert_counts(event, "cpu/event=1/");
	assert_counts(alias, "cycles");
	assert_counts(cgroup, "/");
	assert_counts(probe, "/bin/true");
}

TEST(every_byte_that_could_be_read_counts)
{
	static const unsigned char zeros[VER7];
	struct call *call = call_of_size(0);

	for (unsigned at = 0; at < VER7; at++) {
		struct call other = *call;

		other.attr = zeros;
		call->readable = other.readable = VER7;
		set_byte(call, at, 1);
		assert_false(call_equal(call, &other));
		set_byte(call, at, 0);
		assert_true(call_equal(call, &other));
	}
}

TEST(bytes_that_could_not_be_read_do_not_count)
{
	static const unsigned char zeros[VER7];
	struct call *call = call_of_size(0), other = *call;

	other.attr = zeros;
	set_byte(call, VER0, 1);
	assert_true(call_equal(call, &other));
}
