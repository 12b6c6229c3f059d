import Projection
import Reconstruction

extension DART {
  private enum CodingKeys: String, CodingKey {
    case levels, levelCount, iterationLimit, choiceNoise
  }

  /// Where levels are recorded beside their number, those.
  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    let given = try keys.decodeIfPresent([Double].self, forKey: .levels)
    try self.init(
      levels: given.map(GreyLevels.given)
        ?? .estimated(keys.decode(Int.self, forKey: .levelCount)),
      updates: DiscreteUpdates(from: decoder),
      iterations: keys.decode(Int.self, forKey: .iterationLimit),
      schedule: DiscreteSchedule(from: decoder),
      noise: keys.decodeIfPresent(Double.self, forKey: .choiceNoise))
  }

  public func encode(to encoder: any Encoder) throws {
    try updates.encode(to: encoder)
    try schedule.encode(to: encoder)
    var keys = encoder.container(keyedBy: CodingKeys.self)
    switch levels {
    case .given(let values): try keys.encode(values, forKey: .levels)
    case .estimated(let count): try keys.encode(count, forKey: .levelCount)
    }
    try keys.encode(iterationLimit, forKey: .iterationLimit)
    try keys.encodeIfPresent(noise, forKey: .choiceNoise)
  }

  public func repeatable(iterations: Int?, lambda: Double?) throws -> DART {
    var method = try DART(
      levels: levels, updates: updates, iterations: iterations ?? iterationLimit,
      schedule: schedule, noise: noise)
    method.isChecked = false
    return method
  }

  public func knowingCounts() -> DART {
    var method = self
    method.measuresCounts = true
    return method
  }
}
