#if canImport(Glibc)
  @unsafe @preconcurrency import Glibc
#elseif canImport(Musl)
  @unsafe @preconcurrency import Musl
#else
  @unsafe @preconcurrency import Darwin
#endif

/// What ends the process inside the Swift runtime or a C library, memory that ran out above all: one
/// sentence and exit code 70 in place of a page of addresses.
enum CrashGuard {
  /// Called first of all: it takes the signals from the runtime's own reporter, which stops all threads
  /// and starts another program, and can wait for ever where memory is short.
  static func install() {
    // The runtime and the libraries write what they have to say to C's stream; our own words do not pass it.
    unsafe stderr = fopen("/dev/null", "w") ?? stderr
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = end
    for signal in [SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE] {
      unsafe sigaction(signal, &action, nil)
    }
  }
}

extension CrashGuard {
  /// Ends the process without the last words of its libraries: OpenBLAS waits there for a thread that never
  /// comes to an end where memory was refused to it.
  static func leave(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }
}

/// Uses nothing but what is safe in a signal handler.
private func end(_ signal: Int32) {
  let words: StaticString = """
    voxtilt: the program crashed, most likely because memory ran out. \
    Provide more memory, or lower --max-memory, --depth or --threads, and try again.

    """
  _ = unsafe write(2, words.utf8Start, words.utf8CodeUnitCount)
  Interruption.endAfterCrash()
  _exit(70)
}
