import Statistics

/// The electrons that one specimen may get, and what becomes of them.
package struct DoseBudget: Sendable, Hashable {
  /// Electrons on each nm² in the whole series.
  package let total: Double
  /// The part of those striking the brightest pixel that reaches the detector.
  package let collectedFraction: Double
  /// Electrons, root mean square, that reading an image adds to each pixel.
  package let readNoise: Double

  package init(total: Double, collectedFraction: Double = 1, readNoise: Double = 0) {
    (self.total, self.collectedFraction) = (total, collectedFraction)
    self.readNoise = readNoise
  }
}

/// Numbers of tilts over ±``range`` that share one dose, and how often each is tried.
package struct DoseGrid: Sendable, Hashable {
  /// Ascending.
  package let tiltCounts: [Int]
  /// Degrees.
  package let range: Double
  package let budget: DoseBudget
  /// Noises per cell, each with a seed of its own.
  package let repeats: Int
  package let seed: UInt64

  static let mostTilts = 2000
  static let mostRepeats = 1000

  /// - Throws: ``DosePlanningError`` where a count, the range or the repeats cannot be used.
  package init(
    tiltCounts: [Int], range: Double, budget: DoseBudget, repeats: Int = 3, seed: UInt64 = 1
  ) throws(DosePlanningError) {
    guard !tiltCounts.isEmpty else { throw .noTiltCounts }
    for count in tiltCounts where !(3...Self.mostTilts ~= count) { throw .tiltCount(count) }
    let counts = tiltCounts.sorted()
    for (a, b) in zip(counts, counts.dropFirst()) where a == b { throw .repeatedTiltCount(a) }
    guard range > 0 && range <= 90 else { throw .range(range) }
    guard 1...Self.mostRepeats ~= repeats else { throw .repeats(repeats) }
    (self.tiltCounts, self.range, self.budget) = (counts, range, budget)
    (self.repeats, self.seed) = (repeats, seed)
  }

  /// `count` tilts from −range to range, evenly; all round, −90° and +90° are one and stand once.
  package static func tilts(_ count: Int, range: Double) -> [Double] {
    let step = range == 90 ? 180 / Double(count) : 2 * range / Double(count - 1)
    return (0..<count).map { -range + Double($0) * step }
  }

  /// Drawn by the grid's own seed, so that neither series of a grid nor grids of neighbouring seeds share noise; of 53 bits,
  /// which every reader of JSON takes whole.
  func seed(count: Int, repeat index: Int) -> UInt64 {
    var random = SplitMix64(seed: seed, tilt: count, slice: index, bin: 0)
    return random.next() >> 11
  }
}
