/* The architecture this is compiled for, as call.def calls it. */
#ifndef DECODER_HOST_H
#define DECODER_HOST_H

#include "tables/tables.h"

#if defined __x86_64__ && defined __ILP32__
#define HOST_ARCH ARCH_x32
#elif defined __x86_64__
#define HOST_ARCH ARCH_x86_64
#elif defined __i386__
#define HOST_ARCH ARCH_i386
#elif defined __aarch64__
#define HOST_ARCH (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_aarch64_be : ARCH_aarch64)
#elif defined __arm__
#define HOST_ARCH (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_armeb : ARCH_arm)
#elif defined __riscv
#define HOST_ARCH (__riscv_xlen == 64 ? ARCH_riscv64 : ARCH_riscv32)
#elif defined __powerpc64__
#define HOST_ARCH (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_ppc64 : ARCH_ppc64le)
#elif defined __powerpc__
#define HOST_ARCH ARCH_ppc
#elif defined __s390x__
#define HOST_ARCH ARCH_s390x
#elif defined __s390__
#define HOST_ARCH ARCH_s390
#elif defined __loongarch__
#define HOST_ARCH ARCH_loongarch64
#elif defined __mips64 && _MIPS_SIM == _ABIN32
#define HOST_ARCH (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_mipsn32 : ARCH_mipsn32el)
#elif defined __mips64
#define HOST_ARCH (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_mips64 : ARCH_mips64el)
#elif defined __mips__
#define HOST_ARCH (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? ARCH_mips : ARCH_mipsel)
#elif defined __csky__
#define HOST_ARCH ARCH_csky
#elif defined __hppa__
#define HOST_ARCH ARCH_parisc
#elif defined __sparc__
#define HOST_ARCH (sizeof(long) == 8 ? ARCH_sparc64 : ARCH_sparc)
#elif defined __alpha__
#define HOST_ARCH ARCH_alpha
#else
#error "call.def has no row for this architecture yet: add one, and its line here"
#endif

#endif
