import Fields
import Inversion
import Operators
import Phantoms

/// How HAADF follows from concentrations.
public enum HAADFModel: String, Sendable, Codable, CaseIterable {
  /// `A Σ cₑ xₑ^γ`, as the lecture has it.
  case power
  /// `A Σ cₑ xₑ`, `cₑ ∝ Zₑ^γ`: within a column intensities add up. Convex.
  case linear
}

/// What the HAADF signal of each element is worth, as it was given or fitted.
public struct Calibration: Sendable, Codable, Hashable {
  /// `cₑ`
  public var coefficients: [Double]
  /// `o`
  public var offset: Double

  package init(coefficients: [Double], offset: Double) {
    (self.coefficients, self.offset) = (coefficients, offset)
  }
}

/// The objective of one fit, likelihoods in nats:
///
///     Σ (b_H − o − A Σ cₑ f(xₑ))² / 2σ² + w Σₑ Dₑ(sₑ Bₑ xₑ, b_E,e) + μ Σₑ νₑ TV(xₑ),    x ≥ 0
///
/// over the pixels that are not left out. Without calibration HAADF is not looked at.
package struct FusionProblem {
  package let data: FusionData
  let model: HAADFModel
  let exponent: Double
  /// `sₑ`
  var scales: [Double]
  package var calibration: Calibration?
  /// `w`, 1 for maximum likelihood.
  var mapWeight = 1.0
  /// `νₑ`
  var variationShares: [Double]
  /// Whether a tenth of what was measured, chosen by a fixed rule, is left out.
  var leavesOut = false
  package var solver = FusionSolver.primalDual

  package init(
    data: FusionData, model: HAADFModel, exponent: Double, scales: [Double],
    variationShares: [Double], solver: FusionSolver = .primalDual
  ) {
    (self.data, self.model, self.exponent) = (data, model, exponent)
    (self.scales, self.variationShares, self.solver) = (scales, variationShares, solver)
  }

  /// - Parameter bound: the largest concentration that is looked for.
  func objective(_ μ: Double, upTo bound: Float = .infinity) throws -> Objective {
    var terms: [DataFidelity] = []
    if let calibration {
      let mixed = MixedImage(
        data.haadf.imaging, coefficients: calibration.coefficients.map { Float($0) },
        workers: data.workers)
      let image: any ForwardModel =
        model == .linear ? mixed : try PowerImage(mixed, exponent: exponent, upTo: bound)
      terms.append(
        try DataFidelity(
          SquaredDistance(weights: haadfWeights), of: image, to: haadf(over: calibration.offset),
          data.haadf.pictures.shape))
    }
    for e in data.maps.indices {
      terms.append(
        try DataFidelity(
          discrepancy(e), of: view(e), to: measurement(e), data.maps[e].pictures.shape,
          weight: Float(mapWeight)))
    }
    return Objective(
      terms, regulariser: try variation(μ),
      pointwise: try PointwisePenalty(bounds: 0...bound))
  }

  private func variation(_ μ: Double) throws -> VariationOfElements {
    try VariationOfElements(variationShares.map { Float(μ * $0) }, data.gradient)
  }

  func view(_ e: Int) -> MapView {
    let map = data.maps[e]
    return MapView(
      map.imaging, map.binning, element: e, of: data.maps.count,
      scale: Float(scales[e] * keptShare(e)), workers: data.workers)
  }

  /// The part of the counts of a map that the fit sees.
  func keptShare(_ e: Int) -> Double {
    if case .poisson = data.maps[e].noise, leavesOut { LeftOut.kept } else { 1 }
  }

  func measurement(_ e: Int) -> FloatStorage {
    let measured = data.maps[e].measurement
    guard keptShare(e) < 1 else { return measured }
    var kept = measured
    var values = kept.mutableSpan
    for i in values.indices { values[i] -= LeftOut.counts(of: values[i], at: i, salt: e + 1) }
    return kept
  }

  private var haadfWeights: RunFactors {
    let weight = Float(1 / (data.haadf.sigma * data.haadf.sigma))
    guard leavesOut else { return RunFactors(uniform: weight) }
    return LeftOut.weights(weight, count: data.haadf.measurement.count, salt: 0)
  }

  func discrepancy(_ e: Int) -> any SmoothDiscrepancy {
    let map = data.maps[e]
    switch map.noise {
    case .poisson(let background):
      return CountFit(background: Float(background * keptShare(e)))
    case .gaussian(let sigma):
      let weight = Float(1 / (sigma * sigma))
      return SquaredDistance(
        weights: leavesOut
          ? LeftOut.weights(weight, count: map.measurement.count, salt: e + 1)
          : RunFactors(uniform: weight))
    }
  }

  private func haadf(over offset: Double) -> FloatStorage {
    var field = data.haadf.measurement
    let pictures = data.haadf.pictures
    var values = field.mutableSpan
    for block in pictures.blocks(64) {
      pictures.forEachPixel(of: block) { values[$0] -= Float(offset) }
    }
    return field
  }

  /// `u = A Σ cₑ f(xₑ)`
  func haadfSignal(_ x: borrowing FloatStorage, _ coefficients: [Double]) throws -> FloatStorage {
    var seen = FloatStorage(zeros: data.haadf.measurement.count)
    let mixed = MixedImage(
      data.haadf.imaging, coefficients: coefficients.map { Float($0) }, workers: data.workers)
    switch model {
    case .linear: mixed.apply(x.span, into: seen.mutableSpan)
    case .power:
      try PowerImage(mixed, exponent: exponent).apply(x.span, into: seen.mutableSpan)
    }
    return seen
  }

  /// `u = sₑ Bₑ xₑ`
  func mapSignal(_ x: borrowing FloatStorage, _ e: Int) -> FloatStorage {
    var seen = FloatStorage(zeros: data.maps[e].measurement.count)
    view(e).apply(x.span, into: seen.mutableSpan)
    return seen
  }
}

/// What a fit does not see, so that it can be asked to predict it: a tenth of the pixels of Gaussian
/// measurements, and a tenth of the counts of every pixel of a Poisson one. The two parts of a thinned
/// count are independent.
enum LeftOut {
  static let kept = 0.9

  /// How many of `count` counts are left out: a binomial number of a tenth.
  static func counts(of count: Float, at index: Int, salt: Int) -> Float {
    guard count >= 1 else { return 0 }
    var random = PixelRandom(seed: 1, tilt: salt, slice: index >> 20, bin: index & 0xFFFFF)
    let whole = Int(count)
    guard whole <= 1000 else {
      let mean = 0.1 * Double(whole)
      return Float(max(0, (mean + (0.9 * mean).squareRoot() * random.gaussian()).rounded()))
    }
    return Float((0..<whole).count { _ in random.next() % 10 == 0 })
  }

  static func contains(_ index: Int, salt: Int) -> Bool {
    // SplitMix64 of the place: a number that has nothing to do with its neighbours'.
    var z = UInt64(index &+ salt &* 0x5DEECE66D) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return (z ^ (z >> 31)) % 10 == 0
  }

  static func weights(_ weight: Float, count: Int, salt: Int) -> RunFactors {
    var values = FloatStorage(repeating: weight, count: count)
    var span = values.mutableSpan
    for i in span.indices where contains(i, salt: salt) { span[i] = 0 }
    return RunFactors(values, laneCount: 1)
  }
}
