/* The system calls of Linux 3.10, where this machine's header has those of later ones. */
#ifndef TESTS_TARGETS_UNISTD_H
#define TESTS_TARGETS_UNISTD_H

#include_next <asm/unistd.h>

#undef __NR_bpf
#undef __NR_cachestat
#undef __NR_clone3
#undef __NR_close_range
#undef __NR_copy_file_range
#undef __NR_execveat
#undef __NR_faccessat2
#undef __NR_getrandom
#undef __NR_io_uring_setup
#undef __NR_membarrier
#undef __NR_memfd_create
#undef __NR_mlock2
#undef __NR_openat2
#undef __NR_pidfd_getfd
#undef __NR_pidfd_open
#undef __NR_pidfd_send_signal
#undef __NR_preadv2
#undef __NR_process_madvise
#undef __NR_pwritev2
#undef __NR_renameat2
#undef __NR_rseq
#undef __NR_seccomp
#undef __NR_statx

#endif
