// The vector instructions of this processor family, for the recogniser's kernels.
//
// Clang's intrinsics import into Swift as functions, but for those that take an immediate operand: they are macros, and
// stand here as one-line functions. An intrinsic above the instruction set of the importing target must not be
// called there (it crashes the compiler), so what each target may use is fenced by its flags.
// All of them must be inlined: a call in the innermost loop throws every vector register onto the stack.
#pragma once
#include <stdint.h>
#define CSIMD_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#include <immintrin.h>

// libgcc and compiler-rt ask cpuid, and xgetbv for what the kernel saves of each register.
static inline int csimd_has_avx2(void) { return __builtin_cpu_supports("avx2"); }
static inline int csimd_has_avxvnni(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avxvnni"); }
static inline int csimd_has_vnni(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
}

CSIMD_INLINE __m128i csimd_broadcast32_low(__m128i v) { return _mm_shuffle_epi32(v, 0x00); }
CSIMD_INLINE __m128i csimd_broadcast32_next(__m128i v) { return _mm_shuffle_epi32(v, 0x55); }
#if defined(__AVX2__)
CSIMD_INLINE __m256i csimd_permute_lanes(__m256i v) { return _mm256_permute4x64_epi64(v, 0xD8); }
CSIMD_INLINE __m128i csimd_high_half(__m256i v) { return _mm256_extracti128_si256(v, 1); }
#endif
#endif

#if defined(__aarch64__)
#include <arm_neon.h>

CSIMD_INLINE int8x16_t csimd_load_bytes(const void *at) { return vld1q_s8((const int8_t *)at); }
CSIMD_INLINE int16x8_t csimd_load_shorts(const void *at) { return vld1q_s16((const int16_t *)at); }
CSIMD_INLINE int32x4_t csimd_load_ints(const void *at) { return vld1q_s32((const int32_t *)at); }
CSIMD_INLINE void csimd_store_bytes(void *at, int8x16_t v) { vst1q_s8((int8_t *)at, v); }
CSIMD_INLINE uint64_t csimd_low_half(uint8x16_t v) { return vgetq_lane_u64(vreinterpretq_u64_u8(v), 0); }
CSIMD_INLINE void csimd_store_shorts(void *at, int16x8_t v) { vst1q_s16((int16_t *)at, v); }

#if defined(__linux__) || defined(CSIMD_LINUX)
// <sys/auxv.h> in short, since Embedded Swift is built for no system at all: AT_HWCAP is 16, HWCAP_ASIMDDP bit 20.
unsigned long getauxval(unsigned long type);
static inline int csimd_has_dot_product(void) { return (getauxval(16) >> 20 & 1) != 0; }
#elif defined(__ARM_FEATURE_DOTPROD)
static inline int csimd_has_dot_product(void) { return 1; }
#else
static inline int csimd_has_dot_product(void) { return 0; }
#endif
#endif
