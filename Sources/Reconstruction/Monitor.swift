/// Follows one run of a method from outside, and may end it.
public struct Monitor: Sendable {
  /// Called after each iteration, or each pass over a group of slabs.
  public var onProgress: @Sendable (Progress) -> Void
  /// Asked before each iteration or pass; `true` ends the run with ``ReconstructionError/interrupted``.
  public var isCancelled: @Sendable () -> Bool

  /// By default nothing is shown and nothing ends early.
  public init(
    onProgress: @escaping @Sendable (Progress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.onProgress, self.isCancelled) = (onProgress, isCancelled)
  }

  /// Shows nothing and never ends a run.
  public static let silent = Monitor()

  /// How far a run has come.
  public struct Progress: Sendable {
    /// The one that was worked on last, counted from 1.
    public let iteration: Int
    /// 1 for a direct method.
    public let iterationLimit: Int
    /// Of the whole run with all its slabs, between 0 and 1, if it goes to the limit.
    public let fraction: Double

    /// For a method of your own, which makes one for each iteration.
    public init(iteration: Int, iterationLimit: Int, fraction: Double) {
      (self.iteration, self.iterationLimit) = (iteration, iterationLimit)
      self.fraction = fraction
    }
  }
}
