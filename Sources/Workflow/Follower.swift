import Reconstruction

/// Follows a recipe from outside: shows how far it has come, and may end it.
public struct Follower: Sendable {
  public enum Stage: String, Sendable { case reading, reconstructing, projecting, writing }

  /// Called as work is done, with the part of the stage that is behind.
  public var onProgress: @Sendable (_ stage: Stage, _ fraction: Double, _ note: String) -> Void
  /// Asked again and again; `true` ends the recipe.
  public var isCancelled: @Sendable () -> Bool

  public init(
    onProgress: @escaping @Sendable (Stage, Double, String) -> Void = { _, _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.onProgress, self.isCancelled) = (onProgress, isCancelled)
  }

  public static let silent = Follower()

  func advance(_ stage: Stage, _ done: Int, of count: Int) throws(ReconstructionError) {
    guard !isCancelled() else { throw .interrupted }
    onProgress(stage, Double(done) / Double(count), "")
  }

  var monitor: Monitor {
    Monitor(
      onProgress: { progress in
        let note =
          progress.iterationLimit > 1
          ? "iteration \(progress.iteration) of \(progress.iterationLimit)" : ""
        onProgress(.reconstructing, progress.fraction, note)
      }, isCancelled: isCancelled)
  }
}
