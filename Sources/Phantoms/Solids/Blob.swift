import RealModule

/// `exp(−|r|² / 2σ²)`, an atom, σ in voxels.
struct Blob: Sendable {
  let sigma: Double

  /// Where the blob is counted as ended: 1.5e-8 of its peak.
  var radius: Double { 6 * sigma }

  /// The mean of `exp(−t² / 2σ²)` over the unit interval about `t`.
  ///
  ///     σ √(π/2) [erf((t + ½) / σ√2) − erf((t − ½) / σ√2)]
  func mean(about t: Double) -> Double {
    let scale = 1 / (sigma * 2.0.squareRoot())
    return sigma * (Double.pi / 2).squareRoot()
      * (Double.erf((t + 0.5) * scale) - Double.erf((t - 0.5) * scale))
  }

  /// `∫ exp(−t² / 2σ²) dt = σ √(2π)`
  var lineIntegral: Double { sigma * (2 * Double.pi).squareRoot() }
}
