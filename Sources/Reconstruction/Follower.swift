package import Records

/// Follows a recipe from outside: shows how far it has come, and may end it.
public struct Follower: Sendable {
  public enum Stage: String, Sendable { case reading, reconstructing, writing }

  /// How far a stage has come.
  public struct Progress: Sendable {
    public let stage: Stage
    /// Between 0 and 1.
    public let fraction: Double
    /// What the stage is counted in, and how many of them it has.
    public let unit: String
    public let count: Int
    /// `iteration 3 of 50`, where there are any.
    public var note: String

    package init(stage: Stage, fraction: Double, unit: String, count: Int, note: String = "") {
      (self.stage, self.fraction, self.unit) = (stage, fraction, unit)
      (self.count, self.note) = (count, note)
    }
  }

  /// Called as work is done.
  public var onProgress: @Sendable (Progress) -> Void
  /// Called with a sentence that people should read at once.
  public var onNote: @Sendable (String) -> Void
  /// Asked again and again; `true` ends the recipe, and unfinished files are removed.
  public var isCancelled: @Sendable () -> Bool

  public init(
    onProgress: @escaping @Sendable (Progress) -> Void = { _ in },
    onNote: @escaping @Sendable (String) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.onProgress, self.onNote, self.isCancelled) = (onProgress, onNote, isCancelled)
  }

  public static let silent = Follower()

  /// Removes what dead processes left beside the results, before this one begins its own files.
  package func begin(_ files: ResultFiles) {
    for name in files.sweep() { onNote("Removed '\(name)', which an earlier run left unfinished.") }
  }

  /// Tells that `done` of `count` pages are behind.
  package func advance(_ stage: Stage, _ done: Int, of count: Int) throws(ReconstructionError) {
    guard !isCancelled() else { throw .interrupted }
    onProgress(
      Progress(
        stage: stage, fraction: Double(done) / Double(count), unit: "pages", count: count))
  }

  /// Passes the progress of a method on.
  package func monitor(sliceCount: Int) -> Monitor {
    Monitor(
      onProgress: { progress in
        let limit = progress.iterationLimit
        onProgress(
          limit > 1
            ? Progress(
              stage: .reconstructing, fraction: progress.fraction, unit: "iterations",
              count: limit, note: "iteration \(progress.iteration) of \(limit)")
            : Progress(
              stage: .reconstructing, fraction: progress.fraction, unit: "slices",
              count: sliceCount))
      }, isCancelled: isCancelled)
  }
}
