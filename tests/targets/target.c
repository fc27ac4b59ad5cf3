/* The program that test_targets.py builds for other machines: one call that is ours, and some that are not. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int
main(void)
{
	/* struct perf_event_attr by its bytes: these machines' headers may be of any age. */
	unsigned char attr[64] = {0};
	const uint32_t type = 1, size = sizeof attr;
	const uint64_t config = 9, disabled = 1ULL << (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 63 : 0);
	long result;

	memcpy(attr, &type, sizeof type);
	memcpy(attr + 4, &size, sizeof size);
	memcpy(attr + 8, &config, sizeof config);
	memcpy(attr + 40, &disabled, sizeof disabled);
	errno = 0;
	result = syscall(SYS_perf_event_open, attr, 0, -1, -1, 0UL);
	printf("perf_event_open %ld %d\n", result, errno);
	errno = 0;
	result = syscall(SYS_close, -1);
	printf("close %ld %d\n", result, errno);
	printf("getpid %d\n", syscall(SYS_getpid) == getpid());
	return 0;
}
