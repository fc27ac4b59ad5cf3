/* A refused call whose place a software dummy took, rendered and read back. */
#include "tests/decoder/calls.h"

static struct call *
stand_in(int error)
{
	struct call *call = call_of_size(VER7);

	call->fd = 5;
	call->error = error;
	return call;
}

TEST(a_stand_in_is_an_fd_beside_an_error)
{
	struct call *call = stand_in(2);

	assert_true(call_stand_in(call));
	call->fd = -1;
	assert_false(call_stand_in(call));
	call->fd = 5;
	call->error = 0;
	assert_false(call_stand_in(call));
}

TEST(c_says_what_the_kernel_said)
{
	assert_shows(as_c(stand_in(13)),
		"int fd = 5; /* stand-in; the kernel said EACCES: Permission denied */\n}\n");
	assert_shows(as_c(stand_in(524)), "int fd = 5; /* stand-in; the kernel said errno 524");
}

TEST(json_says_it_beside_the_error)
{
	assert_shows(render(stand_in(2), &form_json, SELECT_ALL),
		"\"fd\": 5, \"errno\": \"ENOENT\", \"stand_in\": true");
}

TEST(other_calls_are_not_called_stand_ins)
{
	struct call *call = stand_in(2);

	call->fd = -1;
	assert_hides(as_c(call), "stand-in");
	assert_hides(render(call, &form_json, SELECT_ALL), "stand_in");
}

TEST(every_stand_in_is_read_back)
{
	for (int error = 1; error < 600; error++)
		assert_reads_back(stand_in(error));
}
