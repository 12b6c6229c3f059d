import Files
import Foundation
import Reconstruction
import Synchronization
import Workflow

/// Ctrl-C, termination and a closed session: the process ends at once and what is unfinished goes with it.
/// A run that keeps a checkpoint is asked to keep it first; asked again, it ends at once, too.
enum Interruption {
  private struct State {
    /// Of the run that is to keep it before the end.
    var checkpoint: String?
    var isAsked = false
  }

  private static let state = Mutex(State())

  static var wasAsked: Bool { state.withLock(\.isAsked) }

  /// Runs `body`, which ends early once ``wasAsked`` and leaves a checkpoint.
  static func keeping<Result>(
    _ checkpoint: String, _ body: () throws -> Result
  ) rethrows -> Result {
    state.withLock { $0.checkpoint = checkpoint }
    defer { state.withLock { $0.checkpoint = nil } }
    return try body()
  }

  /// Signals that the parent ignores (`nohup`, a job in the background of a script) stay ignored.
  ///
  /// Any thread of any library may be the one that the kernel gives a signal to, so that the handler only writes
  /// a byte to a pipe; a thread of its own reads it.
  static func watch() {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    unsafe signalPipe = ends[1]
    let reading = ends[0]
    Thread.detachNewThread {
      var number: UInt8 = 0
      while true {
        let count = unsafe read(reading, &number, 1)
        if count < 0 && errno == EINTR { continue }
        guard count == 1 else { return }
        if number == crashed { Unfinished.end(code: Failure.internalFault) }
        ask()
      }
    }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var old = sigaction()
      unsafe sigaction(number, nil, &old)
      guard unsafe unsafeBitCast(old.__sigaction_handler, to: Int.self) != 1 else { continue }
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = unsafe write(signalPipe, &byte, 1)
        errno = saved
      }
      action.sa_flags = SA_RESTART
      unsafe sigaction(number, &action, nil)
    }
    // A parent that starts processes from threads of its own may hand its blocked signals down.
    var taken = sigset_t()
    unsafe sigemptyset(&taken)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&taken, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &taken, nil)
    // What reads our output may go; then writing fails, and that is told.
    signal(SIGPIPE, SIG_IGN)
  }

  private static func ask() {
    let (mayWait, checkpoint) = state.withLock { state in
      defer { state.isAsked = true }
      return (state.checkpoint != nil && !state.isAsked, state.checkpoint)
    }
    guard !mayWait else { return Terminal.say("Interrupted: saving the checkpoint.") }
    if let checkpoint, FileStamp(path: checkpoint) != nil {
      Terminal.say("voxtilt: \(WorkflowError.paused(checkpoint: checkpoint))")
      Unfinished.end(code: Failure.paused)
    }
    Terminal.say("voxtilt: \(ReconstructionError.interrupted)")
    Unfinished.end(code: Failure.interrupted)
  }
}

extension Interruption {
  /// What stands in the pipe for a crash, in place of a signal's number.
  private static let crashed: UInt8 = 255

  /// Has the thread that watches remove what is unfinished and end the process, and gives it two seconds. Safe
  /// in a signal handler.
  static func endAfterCrash() {
    var byte = crashed
    if unsafe write(signalPipe, &byte, 1) == 1 { _ = poll(nil, 0, 2000) }
  }
}

/// The writing end of the pipe, for handlers.
nonisolated(unsafe) private var signalPipe: Int32 = -1
