import DenseAlgebra

/// What was measured, through what, and how it is to be undone.
package struct SignalProblem: Sendable {
  package let blur: Blur
  package let measurement: [Double]
  package let method: SignalMethod
  package let isNonNegative: Bool
  /// The standard deviation of the noise, where it is known.
  package let noise: Double?
  /// Of Richardson and Lucy's iteration.
  package let iterationCount: Int

  /// What a method may be told.
  package struct Settings: Sendable, Hashable {
    package var isNonNegative = false
    package var noise: Double?
    package var iterationCount = 100

    package init() {}
  }

  /// - Throws: ``DeblurringError`` for lengths that do not fit, numbers that are not finite, or
  ///   settings that the method cannot honour.
  package init(
    _ blur: Blur, _ measurement: [Double], _ method: SignalMethod, _ settings: Settings = .init()
  ) throws(DeblurringError) {
    let matrix = blur.matrix
    guard matrix.columnCount > 1 else { throw .tooShort(count: matrix.columnCount, needed: 2) }
    guard matrix.rowCount == measurement.count
    else { throw .lengths(operatorRows: matrix.rowCount, measurement: measurement.count) }
    if let index = measurement.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: "measurement", index: index)
    }
    guard matrix.values.contains(where: { $0 != 0 }) else { throw .zeroOperator }
    if let noise = settings.noise, !(noise > 0 && noise.isFinite) { throw .noise(noise) }
    if method == .wiener && settings.noise == nil { throw .noiseUnknown(rule: method.rawValue) }
    if settings.isNonNegative && !method.canBeNonNegative {
      throw .nonNegativeMeaningless(method: method.rawValue)
    }
    if method == .richardsonLucy {
      if let index = measurement.firstIndex(where: { $0 < 0 }) {
        throw .negativeData(index: index, value: measurement[index])
      }
      let isSound =
        matrix.values.allSatisfy { $0 >= 0 }
        && (0..<matrix.columnCount).allSatisfy { matrix.column($0).contains { $0 > 0 } }
      guard isSound else { throw .negativeOperator }
      guard settings.iterationCount > 0 else { throw .iterations(settings.iterationCount) }
    }
    (self.blur, self.measurement, self.method) = (blur, measurement, method)
    isNonNegative = settings.isNonNegative && method != .richardsonLucy
    (noise, iterationCount) = (settings.noise, settings.iterationCount)
  }

  /// Refuses a measurement that holds nothing to be deblurred, from which no strength can be chosen either.
  ///
  /// - Throws: ``DeblurringError/silent``, or ``DeblurringError/uniform(_:)`` for one value behind a blur that
  ///   leaves constants as they are.
  package func checkContent() throws(DeblurringError) {
    guard let value = uniformValue(measurement.span) else { return }
    guard value != 0 else { throw .silent }
    guard !blur.keepsConstants else { throw .uniform(value) }
  }

  private init(_ whole: SignalProblem, rows: [Int]) {
    blur = Blur(keeping: rows, of: whole.blur)
    measurement = rows.map { whole.measurement[$0] }
    (method, isNonNegative, noise) = (whole.method, whole.isNonNegative, whole.noise)
    iterationCount = whole.iterationCount
  }

  /// The same with some of the measurement only.
  func keeping(_ rows: [Int]) -> SignalProblem { SignalProblem(self, rows: rows) }

  /// `R(x)` as a length: `‖x‖`, `‖Dx‖`, `‖Dx‖₁` or `‖x‖₁`, what the L-curve is drawn with.
  func penalty(of x: [Double]) -> Double {
    let steps = zip(x.dropFirst(), x).map { $0 - $1 }
    return switch method {
    case .gradient: steps.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case .tv: steps.reduce(0) { $0 + abs($1) }
    case .l1: x.reduce(0) { $0 + abs($1) }
    default: x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
  }
}

/// `√(mean (aᵢ − bᵢ)²)`
///
/// - Precondition: both have as many samples, and at least one.
package func rootMeanSquareError(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count && !a.isEmpty, "signals differ in length")
  let sum = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return (sum / Double(a.count)).squareRoot()
}
