package import Fields
import RealModule

/// HAADF and element maps of one specimen, explained together by concentrations:
///
///     min_{x ≥ 0}  ‖b_H − o − A Σ cₑ f(xₑ)‖² + λ₁ Σ Dₑ(sₑ xₑ, b_E,e) + λ₂ Σ TV(xₑ)
///
/// where `f` is `x^γ` (power) or `x` (linear), `A` a blur or a projector, and `Dₑ` the squared distance
/// or, for counts, `Σ u + b − y log(u + b)`. HAADF brings sharpness and low noise, the maps bring
/// chemistry. λ₁ is by default that of maximum likelihood, at which both `χ²` count alike; λ₂ the one at
/// which pixels that were left out are predicted best. Gain, offset and the scale of each map are
/// fitted unless they are given.
///
/// Whether HAADF and maps can be explained together is tested, and where they cannot the denoised maps
/// stand in for the fusion.
///
/// - References: J. Schwartz et al., npj Comput. Mater. 8, 16 (2022); J. Schwartz et al., Nat. Commun.
///   15, 3555 (2024).
public struct SensorFusion: Sendable {
  /// How HAADF follows from concentrations; `nil` takes the one that explains images better, and linear for tilt series.
  public var model: HAADFModel?
  /// The exponent γ of Z in HAADF, 0.5 to 3.
  public var exponent = 1.7
  /// `g`; all coefficients are `g (Zₑ / Z_max)^γ` then.
  package var gain: Double?
  /// `o`
  package var offset: Double?
  /// λ₁, above 0; `nil` balances both χ².
  public var lambda1: Double?
  /// λ₂, above 0; `nil` searches the one that predicts left-out pixels best.
  public var lambda2: Double?
  /// Iterations at most of the final fit.
  public var iterationLimit = 300
  package var tolerance = 3e-5
  /// Whether denoised maps stand in for a fusion that contradicts the measurements.
  package var fallsBack = true

  /// A fusion in which everything is found from the data.
  public init() {}

  /// Finds the concentrations of all elements.
  ///
  /// - Parameters:
  ///   - data: of ``ImageDetectors`` or ``SeriesDetectors``.
  ///   - trial: a part of the data on which strengths are searched, all of it by default.
  ///   - onStage: is told what is being done.
  ///   - isCancelled: asked in every iteration.
  /// - Throws: ``FusionError`` where settings or data cannot be used, `ReconstructionError.interrupted` where it was cancelled.
  public func fuse(
    _ data: FusionData, trial: FusionData? = nil,
    onStage: @escaping @Sendable (Stage) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> FusionResult {
    try check(data)
    func task(_ data: FusionData) -> FusionTask {
      FusionTask(self, data, onStage: onStage, isCancelled: isCancelled)
    }
    var searched = try Searched(Calibrated(Denoised(task(trial ?? data))))
    if trial != nil {
      let part = searched.calibrated
      let whole = try Denoised(task(data), like: part.denoised)
      searched = Searched(try Calibrated(whole, model: part.problem.model), as: searched)
    }
    return try Fused(searched).result()
  }

  /// Concentrations from each map alone, `[element][voxel]`, by total variation whose strength
  /// predicts left-out pixels best: what fusion has to beat.
  package func denoise(
    _ data: FusionData, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws -> FloatStorage {
    try check(data)
    return try Denoised(FusionTask(self, data, isCancelled: isCancelled)).field
  }

  /// What is being done.
  public enum Stage: Sendable, Hashable {
    /// The map of one element alone is denoised, for calibration and comparison.
    case denoising(String)
    /// λ₂ is searched; trials are counted from 1.
    case searching(trial: Int)
    /// The final fit.
    case fusing
  }

  private func check(_ data: FusionData) throws(FusionError) {
    guard !data.maps.isEmpty else { throw .noMaps }
    var seen: Set<String> = []
    for map in data.maps where !seen.insert(map.element.symbol).inserted {
      throw .twice(map.element.symbol)
    }
    if !data.isTied, data.maps.contains(where: { $0.element.weight != nil }) {
      throw .weights(
        without: data.maps.filter { $0.element.weight == nil }.map(\.element.symbol))
    }
    guard 0.5...3 ~= exponent else { throw .exponent(exponent) }
    for (name, value) in [
      ("lambda1", lambda1), ("lambda2", lambda2), ("gain", gain), ("HAADF noise", data.haadf.sigma),
    ] {
      if let value, !(value > 0 && value.isFinite) { throw .positive(name, value) }
    }
    for map in data.maps {
      for (name, value) in [("scale", map.scale), ("weight", map.element.weight)] {
        if let value, !(value > 0 && value.isFinite) { throw .positive(name, value) }
      }
      if case .gaussian(let sigma) = map.noise, !(sigma > 0 && sigma.isFinite) {
        throw .positive("map noise", sigma)
      }
      let y = map.measurement.span
      if case .poisson = map.noise {
        for i in y.indices where !(y[i] >= 0) { throw .negativeCount(map.element.symbol, y[i]) }
      }
      guard map.typicalSignal > 0 else { throw .emptyMap(map.element.symbol) }
    }
  }
}
