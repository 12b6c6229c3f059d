/// Follows a run from outside.
public struct Monitor: Sendable {
  /// Called after each pass over a group of slabs.
  public var onProgress: @Sendable (Progress) -> Void
  /// Asked before each pass; `true` ends the run with ``ReconstructionError/interrupted``.
  public var isCancelled: @Sendable () -> Bool

  public init(
    onProgress: @escaping @Sendable (Progress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.onProgress, self.isCancelled) = (onProgress, isCancelled)
  }

  public static let silent = Monitor()

  /// How far a run has come.
  public struct Progress: Sendable {
    public let iteration: Int
    public let iterationLimit: Int
    /// Of the whole run, between 0 and 1, if it goes to the limit.
    public let fraction: Double

    public init(iteration: Int, iterationLimit: Int, fraction: Double) {
      (self.iteration, self.iterationLimit) = (iteration, iterationLimit)
      self.fraction = fraction
    }
  }
}
