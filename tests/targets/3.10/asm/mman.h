/* Advice that madvise() took in Linux 3.10. */
#ifndef TESTS_TARGETS_MMAN_H
#define TESTS_TARGETS_MMAN_H

#include_next <asm/mman.h>

#undef MADV_FREE
#undef MADV_WIPEONFORK
#undef MADV_KEEPONFORK
#undef MADV_COLD
#undef MADV_PAGEOUT
#undef MAP_FIXED_NOREPLACE

#endif
