import RealModule

/// Random numbers from a seed: SplitMix64.
///
/// Numbers that belong to one pixel of one projection start at a mix of (seed, tilt, slice, bin): no pixel's depend on
/// another's, so that noise is the same with any number of threads and for any group of slices.
///
/// - Reference: G. L. Steele, D. Lea and C. H. Flood, OOPSLA 2014, 453.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  @usableFromInline var state: UInt64

  @inlinable package init(seed: UInt64) { state = seed }

  @inlinable package init(seed: UInt64, tilt: Int, slice: Int, bin: Int) {
    state = Self.mix(seed &+ Self.step)
    for coordinate in [tilt, slice, bin] {
      state = Self.mix((state ^ UInt64(truncatingIfNeeded: coordinate)) &+ Self.step)
    }
  }

  @inlinable package mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mix(state)
  }

  /// A number of the open interval (0, 1), with 52 random bits.
  @inlinable package mutating func uniform() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

  /// A number between −largest and largest.
  @inlinable package mutating func uniform(within largest: Double) -> Double {
    largest * (2 * Double(next() >> 11) / 0x1p53 - 1)
  }

  /// A number of the normal distribution with mean 0 and variance 1.
  ///
  ///     √(−2 ln u) cos 2πv        (Box and Muller 1958)
  package mutating func gaussian() -> Double {
    let radius = (-2 * Double.log(uniform())).squareRoot()
    return radius * Double.cos(2 * .pi * uniform())
  }

  /// A number that belongs to a place and has nothing to do with its neighbours'.
  @inlinable package static func hash(_ place: Int) -> UInt64 {
    mix(UInt64(truncatingIfNeeded: place) &* step)
  }

  @usableFromInline static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inlinable static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
