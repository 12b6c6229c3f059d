/// When an iteration ends before its limit. A level that is `nil` is not looked at.
///
/// Levels are compared with sums over all true slices, in slice order, after an iteration. The
/// residual is the one that the iteration began with, so its update is made all the same.
public struct StopRule: Sendable, Hashable {
  /// Ends once `‖Δx‖ / ‖x‖` of an iteration falls below this.
  public let relativeChange: Double?
  /// Ends once the root mean square of `y − Hx` is no larger than this, in the units of the series.
  ///
  /// - Reference: V. A. Morozov, Soviet Math. Dokl. 7, 414 (1966): the discrepancy principle.
  public let noise: Double?

  /// - Throws: ``ReconstructionError/tolerance(_:)`` where a level is not positive.
  public init(relativeChange: Double? = nil, noise: Double? = nil) throws(ReconstructionError) {
    for case .some(let level) in [relativeChange, noise] where !(level > 0 && level.isFinite) {
      throw .tolerance(level)
    }
    (self.relativeChange, self.noise) = (relativeChange, noise)
  }

  private init() { (relativeChange, noise) = (nil, nil) }

  /// Runs to the limit.
  public static let never = StopRule()

  var isActive: Bool { relativeChange != nil || noise != nil }

  func decide(_ entry: HistoryEntry) -> StopReason? {
    if let noise, let residual = entry.residual, residual <= noise { return .noiseReached }
    if let relativeChange, let change = entry.relativeChange, change < relativeChange {
      return .settled
    }
    return nil
  }
}

extension StopRule: Codable {
  private enum CodingKeys: String, CodingKey {
    case relativeChange = "stopChange"
    case noise
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      relativeChange: keys.decodeIfPresent(Double.self, forKey: .relativeChange),
      noise: keys.decodeIfPresent(Double.self, forKey: .noise))
  }
}

/// Why a run ended.
public enum StopReason: String, Sendable, Codable {
  /// A method without iterations.
  case direct
  case iterationLimit
  /// The relative change fell below its level.
  case settled
  /// The residual came down to the noise.
  case noiseReached
}
