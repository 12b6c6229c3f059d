/// What the projected volume leaves of the series, against the noise.
public struct FitResult: Sendable, Codable, Hashable {
  public struct Tilt: Sendable, Codable, Hashable {
    /// Degrees.
    public let tilt: Double
    /// `√(Σ r² / n)`, in the units of the series.
    public let residual: Double
    public let mean: Double
    /// residual / σ of this tilt.
    @Nullable public private(set) var overNoise: Double?
    /// Lag-1 autocorrelation of r; 0 for white noise.
    @Nullable public private(set) var alongBins: Double?
    @Nullable public private(set) var alongSlices: Double?

    init(_ tilt: TiltResiduals.Tilt, noise: Double?) {
      (self.tilt, residual, mean) = (tilt.tilt, tilt.rms, tilt.mean)
      _overNoise = Nullable(wrappedValue: noise.flatMap { $0 > 0 ? tilt.rms / $0 : nil })
      _alongBins = Nullable(wrappedValue: tilt.alongBins)
      _alongSlices = Nullable(wrappedValue: tilt.alongSlices)
    }
  }

  /// By angle.
  public let tilts: [Tilt]
  @Nullable public private(set) var noise: NoiseLevel?
  /// `√(Σ r² / Σ σ²)` over all tilts.
  @Nullable public private(set) var overNoise: Double?
  /// Means over tilts of the lag-1 autocorrelations.
  @Nullable public private(set) var alongBins: Double?
  @Nullable public private(set) var alongSlices: Double?
  /// What white noise would scatter those means by.
  public let nullSpread: Double

  init(_ residuals: TiltResiduals, noise: NoiseLevel?) {
    let order = TiltSplit.byAngle(residuals.tilts.map(\.tilt))
    tilts = order.map { Tilt(residuals.tilts[$0], noise: noise?.perTilt[$0]) }
    _noise = Nullable(wrappedValue: noise)
    let squares = residuals.tilts.reduce(0) { $0 + $1.rms * $1.rms }
    let expected = noise?.perTilt.reduce(0) { $0 + $1 * $1 } ?? 0
    _overNoise = Nullable(wrappedValue: expected > 0 ? (squares / expected).squareRoot() : nil)
    func mean(_ value: (TiltResiduals.Tilt) -> Double?) -> Double? {
      let values = residuals.tilts.compactMap(value)
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    _alongBins = Nullable(wrappedValue: mean(\.alongBins))
    _alongSlices = Nullable(wrappedValue: mean(\.alongSlices))
    nullSpread = residuals.nullSpread / Double(residuals.tilts.count).squareRoot()
  }
}

/// How tilts that were left out are predicted by the others.
public struct PredictionResult: Sendable, Codable, Hashable {
  /// By angle.
  public let tilts: [FitResult.Tilt]
  /// `√(Σ e² / Σ σ²)` over the tilts that were left out.
  @Nullable public private(set) var overNoise: Double?
  /// `1 − ‖e′‖ / ‖e‖`, with e′ the error of the prediction after it was averaged over neighbouring bins and
  /// slices (weights 1/4, 1/2, 1/4): above 0 where the reconstruction carries more noise than detail
  /// at the finest scale; `nil` where nothing is left of them.
  @Nullable public private(set) var blurGain: Double?

  init(_ errors: TiltResiduals, blurred: TiltResiduals, noise: [Double]?) {
    let order = TiltSplit.byAngle(errors.tilts.map(\.tilt))
    tilts = order.map { FitResult.Tilt(errors.tilts[$0], noise: noise?[$0]) }
    let squares = errors.tilts.reduce(0) { $0 + $1.rms * $1.rms }
    let expected = noise?.reduce(0) { $0 + $1 * $1 } ?? 0
    _overNoise = Nullable(wrappedValue: expected > 0 ? (squares / expected).squareRoot() : nil)
    let after = blurred.tilts.reduce(0) { $0 + $1.rms * $1.rms }
    _blurGain = Nullable(wrappedValue: squares > 0 ? 1 - (after / squares).squareRoot() : nil)
  }
}
