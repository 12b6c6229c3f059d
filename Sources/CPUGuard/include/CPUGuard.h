#ifndef VOXTILT_CPU_GUARD_H
#define VOXTILT_CPU_GUARD_H

/// 1 when this build needs AVX2, FMA and BMI2 (and has found them), 0 for a portable build.
int voxtilt_needs_avx2(void);

#endif
