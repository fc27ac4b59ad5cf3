/* What a header of 2013 knew of the struct: 96 bytes, and none of the later names. */
#ifndef TESTS_TARGETS_PERF_EVENT_H
#define TESTS_TARGETS_PERF_EVENT_H

#include <linux/types.h>

#define PERF_ATTR_SIZE_VER3 96

struct perf_event_attr {
	__u32 type, size;
	__u64 config, sample_period, sample_type, read_format, flags;
	__u32 wakeup_events, bp_type;
	__u64 config1, config2, branch_sample_type, sample_regs_user;
	__u32 sample_stack_user, __reserved_2;
};

#endif
