/* Linux 3.10 had no statx(). */
#ifndef TESTS_TARGETS_STAT_H
#define TESTS_TARGETS_STAT_H

#define statx statx_of_a_later_kernel
#define statx_timestamp statx_timestamp_of_a_later_kernel
#include_next <linux/stat.h>
#undef statx
#undef statx_timestamp

#undef STATX_TYPE
#undef STATX_MODE
#undef STATX_INO
#undef STATX_SIZE
#undef STATX_BASIC_STATS

#endif
