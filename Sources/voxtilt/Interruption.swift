import Foundation
import Reconstruction
import Synchronization

/// Ctrl-C and termination: at once while there is no unfinished file, and where there is one, as soon
/// as the recipe asks and has removed it.
enum Interruption {
  private struct State {
    var isAsked = false
    var holdsFiles = false
  }

  private static let state = Mutex(State())

  static var wasAsked: Bool { state.withLock(\.isAsked) }

  /// From here on there may be files to remove.
  static func holdFiles() { state.withLock { $0.holdsFiles = true } }

  /// Gives the signals to a thread of their own; called before there is any other thread, since each
  /// inherits which signals it does not take.
  static func watch() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    Thread.detachNewThread { [signals] in
      var (signals, number) = (signals, Int32(0))
      while unsafe sigwait(&signals, &number) == 0 { ask() }
    }
  }

  private static func ask() {
    state.withLock { state in
      state.isAsked = true
      if !state.holdsFiles {
        Terminal.say("voxtilt: \(ReconstructionError.interrupted)")
        _exit(Failure.interrupted)
      }
    }
  }
}
