import Fields
import Inversion
package import Reconstruction
public import Records

/// What can be told of a reconstruction without knowing the truth.
public struct QualityResult: Sendable, Codable, Hashable {
  /// The method as the halves were made with it.
  package struct Method: Sendable, Codable, Hashable {
    package let name: String
    package let settings: [String: Setting]
    package let character: MethodCharacter
  }

  /// Lengths in voxels.
  public struct Extent: Sendable, Codable, Hashable {
    /// Of the object, across the tilt axis.
    public let diameter: Double
    public let isDiameterGiven: Bool
    /// D Δθ for all tilts, and for one half (Crowther).
    @Nullable package internal(set) var seriesLimit: Double?
    @Nullable package internal(set) var halvesLimit: Double?
    /// Whether the field cuts the object in half of the slices or more.
    public let isCut: Bool
    /// Of the plane (kx, kz), what both halves sample.
    public internal(set) var sampledFraction = 0.0
  }

  /// See ``CentralSlicePower``, ``Staircase`` and ``EdgeProfile``.
  package struct Indicators: Sendable, Codable, Hashable {
    @Nullable package internal(set) var streak: Double?
    @Nullable package internal(set) var flatShare: Double?
    @Nullable package internal(set) var edgeCount: Int?
    @Nullable package internal(set) var overshoot: Double?
    @Nullable package internal(set) var undershoot: Double?
    /// Voxels.
    @Nullable package internal(set) var edgeWidth: Double?
  }

  package let method: Method
  public let verdict: FitVerdict
  public let extent: Extent
  public let correlation: CorrelationResult
  public let fit: FitResult
  /// `nil` for fewer than five tilts.
  @Nullable public internal(set) var prediction: PredictionResult?
  package let spectrum: SpectrumResult
  package let indicators: Indicators
}

/// The residual of each tilt and bin over all slices, by angle.
public struct ResidualMap: Sendable {
  /// Degrees, ascending.
  public let tilts: [Double]
  public let binCount: Int
  /// `[tilt][bin]`: the root mean square over σ of the tilt, and the signed mean over it; in the units of
  /// the series where σ is not known.
  public let rms: [Float]
  public let mean: [Float]

  init(_ residuals: TiltResiduals, noise: NoiseLevel?) {
    let order = TiltSplit.byAngle(residuals.tilts.map(\.tilt))
    tilts = order.map { residuals.tilts[$0].tilt }
    let bins = residuals.binCount
    binCount = bins
    let (squares, means) = (residuals.rms.span, residuals.mean.span)
    func rows(_ value: (Int) -> Float) -> [Float] {
      order.flatMap { tilt -> [Float] in
        let sigma = Float(noise?.perTilt[tilt] ?? 1)
        return (0..<bins).map { value(tilt * bins + $0) / (sigma > 0 ? sigma : 1) }
      }
    }
    rms = rows { squares[$0] }
    mean = rows { means[$0] }
  }
}
