import Fields
package import Operators
import Statistics

/// The pixels and counts that a fit does not see, so that it can be asked to predict them: a tenth of the pixels of Gaussian
/// measurements, and a tenth of the counts of every pixel of a Poisson one. The two parts of a thinned
/// count are independent.
package enum LeftOut {
  package static let kept = 0.9

  /// How many of `count` counts are left out: a binomial number of a tenth.
  package static func counts(of count: Float, at index: Int, salt: Int) -> Float {
    guard count >= 1 else { return 0 }
    var random = SplitMix64(seed: 1, tilt: salt, slice: index >> 20, bin: index & 0xFFFFF)
    let whole = Int(count)
    guard whole <= 1000 else {
      let mean = 0.1 * Double(whole)
      return Float(max(0, (mean + (0.9 * mean).squareRoot() * random.gaussian()).rounded()))
    }
    return Float((0..<whole).count { _ in random.next() % 10 == 0 })
  }

  package static func contains(_ index: Int, salt: Int = 0) -> Bool {
    SplitMix64.hash(index &+ salt &* 0x5DEECE66D) % 10 == 0
  }

  package static func weights(_ weight: Float, count: Int, salt: Int) -> RunFactors {
    var values = FloatStorage(repeating: weight, count: count)
    var span = values.mutableSpan
    for i in span.indices where contains(i, salt: salt) { span[i] = 0 }
    return RunFactors(values, laneCount: 1)
  }
}
