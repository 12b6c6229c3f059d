#if canImport(Glibc)
  import Glibc

  /// Threads of our own, for a process whose address space is limited: where the system refuses one,
  /// Dispatch asks for it again for ever, and here the others do its work.
  enum OwnThreads {
    /// Whether the address space is limited (`ulimit -v`, RLIMIT_AS).
    static let areNeeded: Bool = {
      var limit = rlimit()
      let isKnown = unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
      return isKnown && limit.rlim_cur < 1 << 62
    }()

    /// Runs `work` on the caller's thread and on up to `count − 1` others, and returns when all are done.
    static func run(_ count: Int, _ work: @Sendable () -> Void) {
      withoutActuallyEscaping(work) { work in
        var threads: [pthread_t] = []
        for _ in 1..<count {
          let box = unsafe Unmanaged.passRetained(Box(work))
          var thread = pthread_t()
          guard unsafe pthread_create(&thread, nil, begin, box.toOpaque()) == 0 else {
            unsafe box.release()
            break
          }
          threads.append(thread)
        }
        work()
        for thread in threads { unsafe pthread_join(thread, nil) }
      }
    }

    private final class Box: Sendable {
      let work: @Sendable () -> Void
      init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }

    private static let begin:
      @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { pointer in
        if let pointer = unsafe pointer {
          unsafe Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().work()
        }
        return nil
      }
  }
#endif
