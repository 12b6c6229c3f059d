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

  /// The object, and what of it the tilts can tell. Lengths in voxels.
  public struct Extent: Sendable, Codable, Hashable {
    /// The diameter of the object in the plane (x, z): as it was given, or estimated.
    public let diameter: Double
    package let isDiameterGiven: Bool
    /// D Δθ for all tilts, and for one half (Crowther).
    @Nullable package internal(set) var seriesLimit: Double?
    @Nullable package internal(set) var halvesLimit: Double?
    /// Whether the field cuts the object in half of the slices or more.
    public let isCut: Bool
    /// The part of the plane (kx, kz), within the Nyquist frequency, that both halves of the tilts sample, 0 to 1.
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
  /// Whether the method follows the noise of the series, or smooths too much.
  public let verdict: FitVerdict
  /// How large the object is, and how much of Fourier space was compared.
  public let extent: Extent
  /// Of the reconstructions from even and odd tilts: how far detail can be trusted.
  public let correlation: CorrelationResult
  /// How the projected volume agrees with the series.
  public let fit: FitResult
  /// How tilts that were left out are predicted by the others; `nil` for fewer than five tilts.
  @Nullable public internal(set) var prediction: PredictionResult?
  package let spectrum: SpectrumResult
  package let indicators: Indicators
}

/// What the projected volume leaves of the series, per tilt and bin, over all slices; tilts in ascending order.
public struct ResidualMap: Sendable {
  /// Degrees, ascending.
  public let tilts: [Double]
  /// Detector bins across the tilt axis.
  public let binCount: Int
  /// `[tilt][bin]`: the root mean square over the slices, over σ of the tilt; in the units of the series where σ is not known.
  public let rms: [Float]
  /// `[tilt][bin]`: the signed mean over the slices, over the same.
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
