#if canImport(Glibc)
  import Glibc
#endif

/// How the C library hands out memory.
enum Allocator {
  /// Blocks of 4 MB or more go back to the system as soon as they are let go. The C library would keep up to
  /// 32 MB of each for later, so that a run held more than its fields need.
  static func returnLargeBlocks() {
    #if canImport(Glibc)
      _ = mallopt(M_MMAP_THRESHOLD, 4 << 20)
    #endif
  }
}
