import Statistics

/// In which order a sweep visits the tilts.
///
/// Neighbouring tilts tell much the same, so methods that update after each tilt learn faster when
/// the next tilt is far from the last. All orders but the first two count tilts by angle, not by their place in the series.
public enum TiltOrder: Sendable, Hashable {
  /// As in the series.
  case sequential
  /// A new permutation each sweep (Fisher–Yates with SplitMix64).
  case random(seed: UInt64)
  /// Steps of the golden section of the range, each to the nearest tilt that is left.
  case golden
  /// Halves, then quarters, then eighths of the range (Guan and Gordon 1994).
  case multilevel

  /// The tilts in the order of a sweep, counted from 1.
  ///
  /// - Parameter tilts: the angles, in any unit.
  /// - Reference: H. Guan and R. Gordon, Phys. Med. Biol. 39, 2005 (1994); T. Kohler, IEEE Nucl.
  ///   Sci. Symp. Conf. Rec., 3961 (2004) for the golden section.
  package func visits(_ tilts: [Double], sweep: Int) -> [Int] {
    switch self {
    case .sequential: return Array(tilts.indices)
    case .random(let seed):
      return Self.permutation(tilts.count, seed: seed &+ UInt64(sweep) &* 0xD1B5_4A32_D192_ED03)
    case .golden:
      let ranked = Self.ranked(tilts)
      return Self.goldenRanks(tilts.count).map { ranked[$0] }
    case .multilevel:
      let ranked = Self.ranked(tilts)
      return Self.levelRanks(tilts.count).map { ranked[$0] }
    }
  }

  /// The tilts by angle; equal ones as they come.
  static func ranked(_ tilts: [Double]) -> [Int] {
    tilts.indices.sorted { (tilts[$0], $0) < (tilts[$1], $1) }
  }

  private static func permutation(_ count: Int, seed: UInt64) -> [Int] {
    var (random, order) = (SplitMix64(seed: seed), Array(0..<count))
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, Int(random.next().multipliedFullWidth(by: UInt64(i + 1)).high))
    }
    return order
  }

  private static func goldenRanks(_ count: Int) -> [Int] {
    var left = Set(0..<count)
    let section = (5.0.squareRoot() - 1) / 2
    return (0..<count).map { step in
      let place = (Double(step) * section).truncatingRemainder(dividingBy: 1) * Double(count)
      // Of two tilts that are equally near, the lower one.
      let rank =
        left.min { one, other in
          (abs(Double(one) + 0.5 - place), one) < (abs(Double(other) + 0.5 - place), other)
        } ?? 0
      left.remove(rank)
      return rank
    }
  }

  private static func levelRanks(_ count: Int) -> [Int] {
    let levels = count > 1 ? Int.bitWidth - (count - 1).leadingZeroBitCount : 0
    var (seen, ranks) = (Set<Int>(), [Int]())
    for place in 0..<(1 << levels) {
      let reversed = (0..<levels).reduce(0) { $0 << 1 | place >> $1 & 1 }
      let rank = (reversed * count) >> levels
      if seen.insert(rank).inserted { ranks.append(rank) }
    }
    return ranks
  }
}

extension TiltOrder: Codable {
  private enum Name: String, Codable { case sequential, random, golden, multilevel }
  private enum CodingKeys: String, CodingKey {
    case name = "tiltOrder"
    case seed
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    switch try keys.decode(Name.self, forKey: .name) {
    case .sequential: self = .sequential
    case .random:
      let seed = try keys.decodeIfPresent(String.self, forKey: .seed)
      self = .random(seed: seed.flatMap { UInt64($0) } ?? 1)
    case .golden: self = .golden
    case .multilevel: self = .multilevel
    }
  }

  /// A seed is text, since numbers of JSON do not hold 64 bits.
  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    let name: Name =
      switch self {
      case .sequential: .sequential
      case .random: .random
      case .golden: .golden
      case .multilevel: .multilevel
      }
    try keys.encode(name, forKey: .name)
    if case .random(let seed) = self { try keys.encode(String(seed), forKey: .seed) }
  }
}
