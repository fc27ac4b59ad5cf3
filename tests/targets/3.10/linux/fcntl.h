/* Linux 3.10 had no statx(). */
#ifndef TESTS_TARGETS_FCNTL_H
#define TESTS_TARGETS_FCNTL_H

#include_next <linux/fcntl.h>

#undef AT_STATX_SYNC_AS_STAT
#undef AT_STATX_FORCE_SYNC
#undef AT_STATX_DONT_SYNC

#endif
