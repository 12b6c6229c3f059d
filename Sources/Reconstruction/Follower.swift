package import Records

/// Follows a recipe from file to file: shows how far it has come, and may end it.
public struct Follower: Sendable {
  /// What a recipe is at. `reconstructing` stands for all computing between files, whatever the recipe computes.
  public enum Stage: String, Sendable { case reading, reconstructing, writing }

  /// How far a stage has come.
  public struct Progress: Sendable {
    /// Each stage begins at a fraction of 0 again.
    public let stage: Stage
    /// Of the stage, between 0 and 1.
    public let fraction: Double
    /// What the stage is counted in, in the plural: `pages`, `slices`, `iterations`, `channels`, `runs` or `stages`.
    public let unit: String
    /// How many units the whole stage has, so that `fraction * count` of them are done.
    public let count: Int
    /// Such as `iteration 3 of 50`; empty where there is nothing to tell.
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

  /// By default nothing is shown and nothing ends early.
  public init(
    onProgress: @escaping @Sendable (Progress) -> Void = { _ in },
    onNote: @escaping @Sendable (String) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.onProgress, self.onNote, self.isCancelled) = (onProgress, onNote, isCancelled)
  }

  /// Shows nothing and never ends a recipe.
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
