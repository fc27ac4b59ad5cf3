/* The capabilities of Linux 3.10. */
#ifndef TESTS_TARGETS_CAPABILITY_H
#define TESTS_TARGETS_CAPABILITY_H

#include_next <linux/capability.h>

#undef CAP_AUDIT_READ
#undef CAP_PERFMON
#undef CAP_BPF
#undef CAP_CHECKPOINT_RESTORE

#endif
