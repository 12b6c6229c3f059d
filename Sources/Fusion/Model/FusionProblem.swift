import Fields
import Inversion
import Operators

/// How HAADF follows from concentrations.
public enum HAADFModel: String, Sendable, Codable, CaseIterable {
  /// `A Σ cₑ xₑ^γ`. Not convex: the result is the minimum near the maps alone.
  case power
  /// `A Σ cₑ xₑ`, `cₑ ∝ Zₑ^γ`: within a column or voxel intensities add up. Convex.
  case linear
}

/// What the HAADF signal of each element is worth, as it was given or fitted.
package struct Calibration: Sendable, Codable, Hashable {
  /// `cₑ`
  package var coefficients: [Double]
  /// `o`
  package var offset: Double

  package init(coefficients: [Double], offset: Double) {
    (self.coefficients, self.offset) = (coefficients, offset)
  }
}

/// The objective of one fit, likelihoods in nats:
///
///     Σ (b_H − o − A Σ cₑ f(xₑ))² / 2σ² + w Σₑ Dₑ(sₑ Bₑ xₑ, b_E,e) + μ Σₑ νₑ TV(xₑ) + ν_H TV(Σₑ aₑ xₑ),    x ≥ 0
///
/// over what is not left out, with `aₑ` the slope of HAADF, in units of its noise, where `xₑ` is 1. Without calibration
/// HAADF is not looked at.
package struct FusionProblem {
  package internal(set) var data: FusionData
  package internal(set) var model: HAADFModel
  let exponent: Double
  /// `sₑ`
  var scales: [Double]
  package var calibration: Calibration?
  /// `w`, 1 for maximum likelihood.
  var mapWeight = 1.0
  /// `νₑ`
  package internal(set) var variationShares: [Double]
  /// `ν_H`, where several elements are seen by HAADF.
  var mixtureShare = 0.0
  /// Whether a tenth of what was measured, chosen by a fixed rule, is left out.
  var leavesOut = false

  package init(
    data: FusionData, model: HAADFModel, exponent: Double, scales: [Double],
    variationShares: [Double]
  ) {
    (self.data, self.model, self.exponent) = (data, model, exponent)
    (self.scales, self.variationShares) = (scales, variationShares)
  }

  /// Of `f(x)`: γ, or 1.
  var power: Double { model == .power ? exponent : 1 }

  /// Of HAADF.
  var sigma: Double { data.haadf.sigma }

  /// For unknowns that are the concentrations.
  ///
  /// - Parameter bound: the largest concentration that is looked for.
  func objective(
    _ μ: Double, upTo bound: Float = .infinity, anchor: FloatStorage? = nil
  ) throws -> Objective {
    var terms: [DataFidelity] = []
    if let calibration {
      let mixed = MixedImage(
        data.haadf.imaging, coefficients: calibration.coefficients.map { Float($0) },
        workers: data.workers)
      let image: any ForwardModel =
        model == .linear ? mixed : try PowerImage(mixed, exponent: exponent, upTo: bound)
      terms.append(try haadfFidelity(image, to: haadf(over: calibration.offset)))
    }
    for e in data.maps.indices { terms.append(try mapFidelity(e, through: view(e))) }
    return Objective(
      terms,
      regulariser: try variation(μ, anchor),
      pointwise: try PointwisePenalty(bounds: 0...bound))
  }

  /// Of the unknowns that are solved for.
  func variation(_ μ: Double, _ anchor: FloatStorage? = nil) throws -> VariationOfMixtures {
    if isMixed { return try mixedVariation(μ, whitening, anchor) }
    return try VariationOfMixtures(
      each: variationShares.map { Float(μ * $0) }, data.gradient, anchor: anchor)
  }

  func haadfFidelity(_ image: any ForwardModel, to target: FloatStorage) throws -> DataFidelity {
    try DataFidelity(
      SquaredDistance(weights: haadfWeights), of: image, to: target, data.haadf.pictures.shape)
  }

  func mapFidelity(_ e: Int, through view: any ForwardModel) throws -> DataFidelity {
    try DataFidelity(
      discrepancy(e), of: view, to: measurement(e), data.maps[e].pictures.shape,
      weight: Float(mapWeight))
  }

  func view(_ e: Int) -> MapView { view(e, element: e, of: data.maps.count) }

  /// Of concentrations of that element alone.
  func ownView(_ e: Int) -> MapView { view(e, element: 0, of: 1) }

  private func view(_ e: Int, element: Int, of count: Int) -> MapView {
    let map = data.maps[e]
    return MapView(
      map.imaging, map.binning, element: element, of: count,
      scale: Float(scales[e] * Double(map.pixelCount) * keptShare(e)), workers: data.workers)
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
    let weight = Float(1 / (sigma * sigma))
    guard leavesOut, !isMixed else { return RunFactors(uniform: weight) }
    return LeftOut.weights(weight, count: data.haadf.measurement.count, salt: 0)
  }

  func discrepancy(_ e: Int) -> any SmoothDiscrepancy {
    let map = data.maps[e]
    switch map.noise {
    case .poisson:
      let share = Float(keptShare(e))
      return KullbackLeibler(background: map.backgrounds.map { share * $0 })
    case .gaussian(let sigma):
      let weight = Float(1 / (sigma * sigma))
      return SquaredDistance(
        weights: leavesOut
          ? LeftOut.weights(weight, count: map.measurement.count, salt: e + 1)
          : RunFactors(uniform: weight))
    }
  }

  func haadf(over offset: Double) -> FloatStorage {
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
