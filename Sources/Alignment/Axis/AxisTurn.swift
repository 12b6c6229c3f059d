import Preparation

/// What a series tells of the turn of its tilt axis.
package struct AxisTurn: Sendable, Hashable, Codable {
  package enum Verdict: String, Sendable, Hashable, Codable {
    /// It differs from what was told by more than its error.
    case found
    /// It agrees with what was told, which was kept.
    case agrees
    /// The pages cannot tell it; what was told was kept.
    case undetermined
    /// It lies beyond what was searched; pages were turned as far as that.
    case beyond
    /// Pages turned so are no better than as told: that was kept.
    case dismissed
  }

  /// Where least is left of the pages after their best shifts, in degrees clockwise out of upright; `nil` where there is no
  /// lowest place.
  package let found: Double?
  /// Half of its 95 % interval, in degrees; `nil` where it has no lowest place.
  package let error: Double?
  /// Where the search began, in degrees.
  package let told: Double
  package private(set) var verdict: Verdict

  /// An angle that is known no better tells nothing, in degrees.
  private static let largestError = 1.0

  /// - Parameters:
  ///   - range: degrees either way of what was told that were searched.
  ///   - isBeyond: whether there is no lowest place, and the true one lies farther than the end of the range.
  package init(found: Double?, error: Double, told: Double, range: Double, isBeyond: Bool) {
    self.told = told
    guard let found, error.isFinite else {
      (self.found, self.error, verdict) = (nil, nil, isBeyond ? .beyond : .undetermined)
      return
    }
    (self.found, self.error) = (found, error)
    let distance = abs(found - told)
    // A wide error comes from few things in few pages, and is itself known to half of it at best.
    if distance > (error > Self.largestError ? 1.5 : 1) * error {
      verdict = distance - error > range + 0.5 ? .beyond : .found
    } else {
      verdict = error > Self.largestError ? .undetermined : .agrees
    }
  }

  /// Pages were left as they were told to be, since nothing was better.
  package mutating func dismiss() {
    if verdict == .found || verdict == .beyond { verdict = .dismissed }
  }

  /// What a user should know; `nil` where there is nothing amiss.
  package func warning(range: Double) -> String? {
    switch verdict {
    case .found, .agrees: nil
    case .beyond:
      "The turn of the axis is outside the search range of \(short(range))°. Widen --axis-range."
    case .dismissed:
      "The turn found\(words) does not improve the alignment: \(short(told))° was kept."
    case .undetermined:
      """
      The pages do not determine the turn of the axis\(words): \(short(told))° was kept. If you know it, give \
      it with --axis-rotation and --axis-range 0.
      """
    }
  }

  private var words: String {
    guard let found, let error else { return "" }
    return " (\(short(found))° ± \(short(error))°)"
  }
}
