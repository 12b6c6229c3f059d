import RealModule

/// Random numbers that belong to one pixel of one projection.
///
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), started at a mix of (seed, tilt, slice, bin).
/// No pixel's numbers depend on another's, so that noise is the same with any number of threads and
/// for any group of slices.
public struct PixelRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64, tilt: Int, slice: Int, bin: Int) {
    state = Self.mix(seed &+ Self.step)
    for coordinate in [tilt, slice, bin] {
      state = Self.mix((state ^ UInt64(truncatingIfNeeded: coordinate)) &+ Self.step)
    }
  }

  public mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mix(state)
  }

  /// A number of the open interval (0, 1), with 52 random bits.
  mutating func uniform() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

  /// A number of the normal distribution with mean 0 and variance 1.
  ///
  ///     √(−2 ln u) cos 2πv        (Box and Muller 1958)
  public mutating func gaussian() -> Double {
    let radius = (-2 * Double.log(uniform())).squareRoot()
    return radius * Double.cos(2 * .pi * uniform())
  }

  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
