#include "CPUGuard.h"

#if defined(__x86_64__) && !defined(VOXTILT_PORTABLE)
#include <unistd.h>

// Runs before any Swift code: this file alone is compiled for every x86-64 processor, so that an
// older one gets a sentence instead of an illegal instruction.
__attribute__((constructor(101))) static void refuse_old_processor(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("bmi2"))
    return;
  static const char sentence[] =
      "voxtilt: this build needs a processor with AVX2, FMA and BMI2 (2013 or later). "
      "Build it with VOXTILT_PORTABLE=1 for older ones.\n";
  ssize_t written = write(2, sentence, sizeof sentence - 1);
  (void)written;
  _exit(69);
}

int voxtilt_needs_avx2(void) { return 1; }
#else
int voxtilt_needs_avx2(void) { return 0; }
#endif
