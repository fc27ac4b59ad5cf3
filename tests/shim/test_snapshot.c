/* The traced program's memory, read where it can be and left alone where it cannot. */
#include "shim/snapshot.h"

#include "tests/shim/machine.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#ifdef __GLIBC__
#include <ucontext.h>
#endif

#include "decoder/host.h"

enum {
	PAGE = 4096,
	READ_MAX = 2 * PAGE,
	ABOVE_STACK = 512
};

/* Two pages of bytes unlike their neighbours, and behind them a page that is not there. */
static unsigned char *pages;
static unsigned char *end;

static const uint64_t nowhere[] = {0, 8, PAGE - 1, UINTPTR_MAX, UINTPTR_MAX - 7, UINTPTR_MAX / 2,
	UINTPTR_MAX - PAGE, UINTPTR_MAX / 16 * 15};

__attribute__((constructor)) static void
map_pages(void)
{
	pages = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	end = pages + 3 * PAGE;
	pages += PAGE;
	mprotect(pages, 2 * PAGE, PROT_READ | PROT_WRITE);
	for (int i = 0; i < 2 * PAGE; i++)
		pages[i] = (unsigned char)(i * 7 + i / 256);
}

static uint64_t
address_of(const void *memory)
{
	return (uintptr_t)memory;
}

/* How a read ended: in this process, or in one that may not call process_vm_readv. */
struct reading {
	size_t got;
	bool mask_changed;
	unsigned char bytes[READ_MAX];
};

typedef const struct reading *reader(uint64_t address, size_t size);

static struct reading *
new_reading(void)
{
	static struct reading *reading;

	if (!reading)
		reading = mmap(NULL, sizeof *reading, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(reading, 0, sizeof *reading);
	return reading;
}

static const struct reading *
read_here(uint64_t address, size_t size)
{
	struct reading *reading = new_reading();

	reading->got = memory_read(getpid(), address, reading->bytes, size);
	return reading;
}

static void
read_refused(struct reading *reading, int error, uint64_t address, size_t size)
{
	struct iovec local = {reading->bytes, 1}, remote = {pages, 1};
	sigset_t before, after;

	refuse_syscall(SYS_process_vm_readv, error);
	if (process_vm_readv(getpid(), &local, 1, &remote, 1, 0) != -1 || errno != error)
		_exit(1);
	sigemptyset(&before);
	sigaddset(&before, SIGUSR1);
	sigprocmask(SIG_SETMASK, &before, NULL);
	reading->got = memory_read(getpid(), address, reading->bytes, size);
	sigprocmask(SIG_SETMASK, NULL, &after);
	for (int number = 1; number < 32; number++)
		reading->mask_changed |= sigismember(&before, number)
			!= sigismember(&after, number);
	_exit(0);
}

static const struct reading *
read_with_error(int error, uint64_t address, size_t size)
{
	struct reading *reading = new_reading();
	pid_t child = fork();

	if (child == 0)
		read_refused(reading, error, address, size);
	assert_true(child_ends_well(child));
	return reading;
}

static const struct reading *
read_by_probing(uint64_t address, size_t size)
{
	return read_with_error(EPERM, address, size);
}

static void
expect_bytes(reader *read_it, const unsigned char *from, size_t size, size_t expected)
{
	const struct reading *reading = read_it(address_of(from), size);

	assert_int_equal(reading->got, expected);
	assert_memory_equal(reading->bytes, from, expected);
}

static void
expect_start_of_what_is_there(reader *read_it)
{
	static const size_t lengths[] = {1, 2, 7, 8, 9, 63, 64, PAGE - 1, PAGE};

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
		expect_bytes(read_it, end - lengths[i], PAGE, lengths[i]);
}

static void
expect_nothing_of_nowhere(reader *read_it)
{
	for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
		assert_int_equal(read_it(nowhere[i], 64)->got, 0);
}

TEST(memory_is_read_whole)
{
	expect_bytes(read_here, pages, 64, 64);
	expect_bytes(read_here, pages + 13, 1, 1);
}

TEST(memory_is_read_across_pages)
{
	expect_bytes(read_here, pages + PAGE - 5, 64, 64);
	expect_bytes(read_here, pages + 1, PAGE, PAGE);
	expect_bytes(read_here, pages + PAGE - 1, PAGE, PAGE);
}

TEST(memory_is_read_up_to_the_page_that_is_not_there)
{
	expect_start_of_what_is_there(read_here);
}

TEST(memory_across_pages_is_read_up_to_the_page_that_is_not_there)
{
	expect_bytes(read_here, pages + PAGE + 100, PAGE, PAGE - 100);
}

TEST(nothing_is_read_when_the_first_page_is_not_there)
{
	assert_int_equal(read_here(address_of(end), 64)->got, 0);
	assert_int_equal(read_here(address_of(pages) - 8, 64)->got, 0);
}

TEST(nothing_is_read_of_null_or_of_the_kernel)
{
	expect_nothing_of_nowhere(read_here);
}

TEST(nothing_of_size_zero_is_read)
{
	assert_int_equal(read_here(address_of(pages), 0)->got, 0);
}

TEST(probing_reads_memory_whole)
{
	expect_bytes(read_by_probing, pages, 64, 64);
	expect_bytes(read_by_probing, pages + 13, 1, 1);
}

TEST(probing_reads_across_pages)
{
	expect_bytes(read_by_probing, pages + PAGE - 5, 64, 64);
	expect_bytes(read_by_probing, pages + 1, PAGE, PAGE);
	expect_bytes(read_by_probing, pages + PAGE - 1, PAGE, PAGE);
}

TEST(probing_reads_up_to_the_page_that_is_not_there)
{
	expect_start_of_what_is_there(read_by_probing);
}

TEST(probing_reads_nothing_when_the_first_page_is_not_there)
{
	assert_int_equal(read_by_probing(address_of(end), 64)->got, 0);
	assert_int_equal(read_by_probing(address_of(pages) - 8, 64)->got, 0);
}

TEST(probing_reads_nothing_of_null_or_of_the_kernel)
{
	expect_nothing_of_nowhere(read_by_probing);
}

TEST(a_kernel_without_process_vm_readv_is_probed_too)
{
	const struct reading *reading = read_with_error(ENOSYS, address_of(end) - 10, 64);

	assert_int_equal(reading->got, 10);
	assert_memory_equal(reading->bytes, end - 10, 10);
}

TEST(probing_leaves_the_signal_mask_alone)
{
	assert_false(read_by_probing(address_of(pages), PAGE)->mask_changed);
	assert_false(read_by_probing(address_of(end) - 10, 64)->mask_changed);
}

TEST(reading_leaves_errno_alone)
{
	errno = 77;
	read_here(8, 64);
	read_here(address_of(pages), 64);
	assert_int_equal(errno, 77);
}

/* --- the attr --- */

static unsigned char attr[CALL_ATTR_MAX];

static void
put_size(unsigned char *at, uint32_t size)
{
	if (at + 8 <= end)
		memcpy(at + 4, &size, sizeof size);
}

/* An attr of that size, of which as many bytes stand before the page that is not there. */
static const struct call *
taken(uint32_t size, size_t there)
{
	static struct call call;
	unsigned char *at = end - there;

	put_size(at, size);
	call_clear(&call);
	call.arch = HOST_ARCH;
	memset(attr, 0xee, sizeof attr);
	snapshot_take(&call, getpid(), address_of(at), attr);
	return &call;
}

static const uint32_t sizes[] = {64, 65, 70, 72, 80, 96, 104, 109, 112, 120, 128, 136, 144, 145,
	152, 200, 4095, 4096};

TEST(an_attr_of_any_size_is_taken_whole)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const struct call *call = taken(sizes[i], sizes[i]);

		assert_int_equal(call->readable, sizes[i]);
		assert_memory_equal(call->attr, end - sizes[i], sizes[i]);
	}
}

TEST(an_attr_that_was_taken_whole_has_no_address)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		assert_int_equal(taken(sizes[i], sizes[i])->attr_addr, 0);
}

TEST(of_a_size_less_than_64_a_whole_first_struct_is_taken)
{
	assert_int_equal(taken(0, 100)->readable, 64);
	assert_int_equal(taken(1, 100)->readable, 64);
	assert_int_equal(taken(63, 100)->readable, 64);
	assert_int_equal(taken(63, 64)->attr_addr, 0);
}

TEST(of_a_size_above_a_page_a_page_is_taken)
{
	assert_int_equal(taken(4100, 4100)->readable, 4096);
	assert_int_equal(taken(UINT32_MAX, 2 * PAGE)->readable, 4096);
	assert_int_equal(taken(UINT32_MAX, 2 * PAGE)->attr_addr, 0);
}

TEST(no_more_is_taken_than_the_size_says)
{
	assert_int_equal(taken(72, 2 * PAGE)->readable, 72);
	assert_int_equal(taken(152, 2 * PAGE)->readable, 152);
}

TEST(of_an_attr_that_is_cut_off_what_is_there_is_taken)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (size_t missing = 1; missing < 8; missing++) {
			size_t there = sizes[i] - missing;

			assert_int_equal(taken(sizes[i], there)->readable, there);
			assert_memory_equal(attr, end - there, there);
		}
}

TEST(an_attr_that_is_cut_off_has_its_address)
{
	assert_int_equal(taken(128, 127)->attr_addr, address_of(end - 127));
	assert_int_equal(taken(4096, 144)->attr_addr, address_of(end - 144));
	assert_int_equal(taken(0, 63)->attr_addr, address_of(end - 63));
}

TEST(of_an_attr_without_its_size_what_is_there_is_taken)
{
	for (size_t there = 1; there < 8; there++) {
		const struct call *call = taken(0, there);

		assert_int_equal(call->readable, there);
		assert_memory_equal(call->attr, end - there, there);
		assert_int_equal(call->attr_addr, address_of(end - there));
	}
}

TEST(of_an_attr_that_is_nowhere_the_address_is_taken)
{
	for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
		struct call call;

		call_clear(&call);
		snapshot_take(&call, getpid(), nowhere[i], attr);
		assert_int_equal(call.readable, 0);
		assert_int_equal(call.attr_addr, nowhere[i]);
	}
}

TEST(the_attr_that_was_taken_is_not_the_programs)
{
	const struct call *call = taken(64, 64);

	assert_ptr_equal(call->attr, attr);
	end[-1] ^= 0xff;
	assert_int_not_equal(call->attr[63], end[-1]);
}

/* A stack that ends a little below the end of the second page, so that attrs can stand above it. */
#ifdef __GLIBC__

static void
on_that_stack(void (*run)(void))
{
	ucontext_t here, there;

	getcontext(&there);
	there.uc_stack.ss_sp = pages;
	there.uc_stack.ss_size = 2 * PAGE - ABOVE_STACK;
	there.uc_link = &here;
	makecontext(&there, run, 0);
	swapcontext(&here, &there);
}

#define ON_THAT_STACK(run) on_that_stack(run)

#else

#define ON_THAT_STACK(run) ((void)(run), SKIP("this libc cannot switch stacks"))

#endif

static bool
taken_from_stack(struct call *call, const unsigned char *at)
{
	call_clear(call);
	call->arch = HOST_ARCH;
	memset(attr, 0xee, sizeof attr);
	return snapshot_on_stack(call, address_of(at), attr);
}

static bool all_as_expected;

static void
take_whole_attrs(void)
{
	for (size_t i = 0; sizes[i] < ABOVE_STACK; i++) {
		unsigned char *at = end - sizes[i];
		struct call call;

		put_size(at, sizes[i]);
		all_as_expected &= taken_from_stack(&call, at) && call.readable == sizes[i]
			&& !call.attr_addr && memcmp(call.attr, at, sizes[i]) == 0;
	}
}

TEST(an_attr_on_our_own_page_of_the_stack_is_taken_whole)
{
	all_as_expected = true;
	ON_THAT_STACK(take_whole_attrs);
	assert_true(all_as_expected);
}

static void
take_cut_attrs(void)
{
	for (size_t i = 0; sizes[i] < ABOVE_STACK; i++)
		for (size_t missing = 1; missing < sizes[i]; missing++) {
			unsigned char *at = end - sizes[i] + missing;
			struct call call;

			put_size(at, sizes[i]);
			all_as_expected &= !taken_from_stack(&call, at);
		}
}

TEST(an_attr_that_runs_out_of_our_page_of_the_stack_is_left_to_the_kernel)
{
	all_as_expected = true;
	ON_THAT_STACK(take_cut_attrs);
	assert_true(all_as_expected);
}

static void
take_attrs_elsewhere(void)
{
	struct call call;

	for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
		all_as_expected &= !snapshot_on_stack(&call, nowhere[i], attr);
	all_as_expected &= !taken_from_stack(&call, pages) && !taken_from_stack(&call, end)
		&& !taken_from_stack(&call, end - PAGE) && !taken_from_stack(&call, attr);
}

TEST(an_attr_elsewhere_is_left_to_the_kernel)
{
	all_as_expected = true;
	ON_THAT_STACK(take_attrs_elsewhere);
	assert_true(all_as_expected);
}

TEST(an_attr_that_is_trusted_is_taken_as_whole)
{
	static unsigned char trusted[CALL_ATTR_MAX];

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const struct call *call = taken(sizes[i], sizes[i]);
		struct call other;

		call_clear(&other);
		other.arch = HOST_ARCH;
		snapshot_trust(&other, address_of(end - sizes[i]), trusted);
		assert_int_equal(other.readable, call->readable);
		assert_int_equal(other.attr_addr, 0);
		assert_memory_equal(other.attr, call->attr, sizes[i]);
	}
}

TEST(a_size_that_was_not_rewritten_is_zero)
{
	const struct call *call = taken(200, 200);

	assert_int_equal(snapshot_size(call, getpid(), address_of(end - 200)), 0);
}

TEST(a_size_that_was_rewritten_is_the_new_one)
{
	const struct call *call = taken(200, 200);

	put_size(end - 200, 136);
	assert_int_equal(snapshot_size(call, getpid(), address_of(end - 200)), 136);
}

TEST(a_size_that_was_never_there_was_not_rewritten)
{
	const struct call *call = taken(0, 7);

	assert_int_equal(snapshot_size(call, getpid(), address_of(end - 7)), 0);
}

TEST(a_size_that_is_gone_was_not_rewritten)
{
	const struct call *call = taken(200, 200);

	assert_int_equal(snapshot_size(call, getpid(), address_of(end)), 0);
}
