extension GreyScale {
  /// The limits for values that are never together in memory.
  ///
  /// The same ranks as those of ``limits(for:)``, found by counting the upper halves of all values
  /// and then the lower halves of those that share the upper half of a limit.
  ///
  /// - Parameter visit: hands over every part of the values, in any order; it is called twice.
  /// - Complexity: O(n), 1 MB.
  package func limits(
    visiting visit: (_ examine: (Span<Float>) -> Void) throws -> Void
  ) rethrows -> ClosedRange<Float> {
    switch self {
    case .limits(let limits): return limits
    case .percentiles(let low, let high):
      precondition(0 <= low && low <= high && high <= 100, "percentiles lie between 0 and 100")
      var upper = HalfCensus()
      try visit { values in
        for i in values.indices where values[i].isFinite {
          upper.count(orderedBits(values[i]) >> 16)
        }
      }
      guard upper.total > 0 else { return 0...0 }
      let places = [low, high].map { percent in
        upper.find(Int((percent / 100 * Double(upper.total - 1)).rounded()))
      }
      var lower = [HalfCensus(), HalfCensus()]
      try visit { values in
        for i in values.indices where values[i].isFinite {
          let bits = orderedBits(values[i])
          for limit in 0..<2 where bits >> 16 == places[limit].half {
            lower[limit].count(bits & 0xFFFF)
          }
        }
      }
      let found = (0..<2).map { limit in
        float(orderedBits: places[limit].half << 16 | lower[limit].find(places[limit].rank).half)
      }
      return found[0]...max(found[0], found[1])
    }
  }
}

/// How often each of 65 536 halves of a number occurs.
private struct HalfCensus {
  private var counts = [Int](repeating: 0, count: 1 << 16)
  private(set) var total = 0

  mutating func count(_ half: UInt32) {
    counts[Int(half)] += 1
    total += 1
  }

  /// The half in which the number of this rank lies, and its rank among those that share it.
  func find(_ rank: Int) -> (half: UInt32, rank: Int) {
    var left = rank
    for (half, count) in counts.enumerated() {
      if left < count { return (UInt32(half), left) }
      left -= count
    }
    return (0xFFFF, 0)
  }
}

/// Bits that are ordered as the numbers are.
private func orderedBits(_ value: Float) -> UInt32 {
  let bits = value.bitPattern
  return bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
}

private func float(orderedBits bits: UInt32) -> Float {
  Float(bitPattern: bits >> 31 == 1 ? bits & 0x7FFF_FFFF : ~bits)
}
