/// A length, in samples or in a unit that the distance of samples turns into samples.
package enum Length: Sendable, Hashable {
  case pixels(Double)
  case nanometres(Double)

  /// Reads `3px`, `3`, `150pm` or `0.15nm`.
  ///
  /// - Returns: `nil` for anything else, and for a length that is not above zero.
  package init?(_ text: String) {
    let units: [(String, (Double) -> Length)] = [
      ("px", { .pixels($0) }), ("pm", { .nanometres($0 / 1000) }), ("nm", { .nanometres($0) }),
      ("", { .pixels($0) }),
    ]
    for (unit, length) in units where text.hasSuffix(unit) {
      guard let number = Double(text.dropLast(unit.count)), number > 0, number.isFinite
      else { return nil }
      self = length(number)
      return
    }
    return nil
  }

  /// The length in samples that are `step` nm apart.
  ///
  /// - Throws: ``BlurError/stepUnknown`` for a length in nm where the step is not known.
  package func pixels(step: Double?) throws(BlurError) -> Double {
    switch self {
    case .pixels(let count): return count
    case .nanometres(let length):
      guard let step else { throw .stepUnknown }
      return length / step
    }
  }

  /// The length in nm where samples are `step` nm apart.
  ///
  /// - Throws: ``BlurError/stepUnknown`` for a length in samples where the step is not known.
  package func nanometres(step: Double?) throws(BlurError) -> Double {
    switch self {
    case .pixels(let count):
      guard let step else { throw .stepUnknown }
      return count * step
    case .nanometres(let length): return length
    }
  }
}
