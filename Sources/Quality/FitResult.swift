import Inversion
public import Records

/// The residual r = y − Hx of the projected volume, against the noise σ of the series.
public struct FitResult: Sendable, Codable, Hashable {
  package struct Tilt: Sendable, Codable, Hashable {
    /// Degrees.
    package let tilt: Double
    /// `√(Σ r² / n)`, in the units of the series.
    package let residual: Double
    package let mean: Double
    /// residual / σ of this tilt.
    @Nullable package private(set) var overNoise: Double?
    /// Lag-1 autocorrelation of r; 0 for white noise.
    @Nullable package private(set) var alongBins: Double?
    @Nullable package private(set) var alongSlices: Double?

    init(_ tilt: TiltResiduals.Tilt, noise: Double?) {
      (self.tilt, residual, mean) = (tilt.tilt, tilt.rms, tilt.mean)
      overNoise = noise.flatMap { $0 > 0 ? tilt.rms / $0 : nil }
      alongBins = tilt.alongBins
      alongSlices = tilt.alongSlices
    }
  }

  /// By angle.
  package let tilts: [Tilt]
  @Nullable package private(set) var noise: NoiseLevel?
  /// `√⟨r² / σ²⟩` over all tilts, each against its own σ: near 1 where only noise is left; `nil` where no σ is known.
  @Nullable public private(set) var overNoise: Double?
  /// The lag-1 autocorrelations of r / σ over all tilts.
  @Nullable package private(set) var alongBins: Double?
  @Nullable package private(set) var alongSlices: Double?
  /// What white noise would scatter those means by.
  package let nullSpread: Double

  init(_ residuals: TiltResiduals, noise: NoiseLevel?) {
    let order = TiltSplit.byAngle(residuals.tilts.map(\.tilt))
    tilts = order.map { Tilt(residuals.tilts[$0], noise: noise?.perTilt[$0]) }
    self.noise = noise
    // In units of its own σ, so that a noisy tilt does not hide what others leave.
    let squares = residuals.tilts.indices.map { tilt in
      let sigma = noise?.perTilt[tilt] ?? 1
      return sigma > 0 ? residuals.tilts[tilt].rms * residuals.tilts[tilt].rms / (sigma * sigma) : 0
    }
    let known = noise?.perTilt.count { $0 > 0 } ?? 0
    overNoise = known > 0 ? (squares.reduce(0, +) / Double(known)).squareRoot() : nil
    func mean(_ value: (TiltResiduals.Tilt) -> Double?) -> Double? {
      let terms = zip(residuals.tilts, squares).compactMap { tilt, square in
        value(tilt).map { (square * $0, square) }
      }
      let weight = terms.reduce(0) { $0 + $1.1 }
      return weight > 0 ? terms.reduce(0) { $0 + $1.0 } / weight : nil
    }
    alongBins = mean(\.alongBins)
    alongSlices = mean(\.alongSlices)
    nullSpread = residuals.nullSpread / Double(residuals.tilts.count).squareRoot()
  }
}

/// How tilts that were left out are predicted by the others.
public struct PredictionResult: Sendable, Codable, Hashable {
  /// By angle.
  package let tilts: [FitResult.Tilt]
  /// Orders the reconstructions of one series, lower is better: `√(1 + error² / P(noise))` with the error of ``error``.
  /// For an object that goes on beyond the field it is `√⟨e² / σ²⟩` over every fifth tilt, since its means along the beam lie
  /// in the wedge, and coarse errors, which the ramp hides, say more of them.
  @Nullable public private(set) var overNoise: Double?
  /// How far the volume is from the truth; `nil` where no noise level is known.
  @Nullable public private(set) var error: ErrorEstimate?
  /// `1 − ‖e′‖ / ‖e‖`, with e′ the error of the prediction after it was averaged over neighbouring bins and
  /// slices (weights 1/4, 1/2, 1/4): above 0 where the reconstruction carries more noise than detail
  /// at the finest scale; `nil` where nothing is left of them.
  @Nullable package private(set) var blurGain: Double?

  init(_ errors: TiltResiduals, blurred: TiltResiduals, noise: [Double]?) {
    let order = TiltSplit.byAngle(errors.tilts.map(\.tilt))
    tilts = order.map { FitResult.Tilt(errors.tilts[$0], noise: noise?[$0]) }
    let squares = errors.tilts.reduce(0) { $0 + $1.rms * $1.rms }
    let ratios = tilts.compactMap(\.overNoise)
    let mean = ratios.reduce(0) { $0 + $1 * $1 } / Double(max(1, ratios.count))
    overNoise = ratios.isEmpty ? nil : mean.squareRoot()
    let after = blurred.tilts.reduce(0) { $0 + $1.rms * $1.rms }
    blurGain = squares > 0 ? 1 - (after / squares).squareRoot() : nil
  }

  mutating func estimate(_ error: ErrorEstimate, isCut: Bool) {
    self.error = error
    if !isCut { overNoise = error.overNoise }
  }
}
