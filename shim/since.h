/* What older kernels and their headers lack: there the answer is ENOSYS or EINVAL. */
#ifndef SHIM_SINCE_H
#define SHIM_SINCE_H

#include <asm/mman.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <stddef.h>
#include <stdint.h>

#ifndef __NR_pwritev2
#define __NR_pwritev2 -1 /* 4.6 */
#endif

#ifndef __NR_statx
#define __NR_statx -1 /* 4.11 */
#endif

#ifndef AT_STATX_DONT_SYNC
#define AT_STATX_DONT_SYNC 0x4000 /* 4.11 */
#endif

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18 /* 4.14 */
#endif

/* The answer of statx(), and what to ask for. */
enum {
	STATUS_TYPE = 0x1,
	STATUS_INODE = 0x100,
	STATUS_SIZE = 0x200
};

struct status {
	uint32_t mask, block_size;
	uint64_t attributes;
	uint32_t links, uid, gid;
	uint16_t mode, unused;
	uint64_t inode, size, blocks, attributes_mask;
	uint64_t times[8];
	uint32_t special_major, special_minor, device_major, device_minor;
	uint64_t later[14];
};

_Static_assert(offsetof(struct status, device_major) == 136, "a member is where the kernel has it");
_Static_assert(sizeof(struct status) == 256, "statx() writes 256 bytes");

#endif
