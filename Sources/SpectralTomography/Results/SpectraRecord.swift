package import Inversion
package import Reconstruction
public import Records

/// What a folder of spectral results tells of itself: `spectra.json`, which is a manifest, too.
public typealias SpectraRecord = Recorded<SpectraResult>

extension SpectraRecord {
  package init(_ layout: SpectralManifest.Layout, method: String) {
    self.init(
      SpectraResult(layout, method: method),
      keys: [.voxtilt, .processor, .directory, .command, .inputs, .seconds, .warnings])
  }
}

/// How the volumes or series of a folder were made, channel by channel.
public struct SpectraResult: Sendable, Encodable {
  /// What was found for one channel.
  public struct Channel: Sendable, Encodable {
    /// An energy such as `0708.50eV`, or an element.
    public var name: String
    /// The stack of this channel, relative to the folder.
    public var file: String
    package var sha256: String
    /// eV
    @Nullable package var energy: Double?
    /// Over the true pixels of the series, background included.
    @Nullable package var meanCounts: Double?
    @Nullable package var background: Double?
    @Nullable package var noise: Double?
    /// The dimensionless strength of the prior; `nil` for a method without one.
    @Nullable public var lambda: Double?
    @Nullable package var mu: Double?
    /// The root mean square of `y − Hx − b`.
    @Nullable package var residual: Double?
    /// Iterations that were done; `nil` where nothing was reconstructed.
    @Nullable public var iterations: Int?
    @Nullable package var stopReason: StopReason?
    /// Electrons per nm² in all tilts, where it is known.
    @Nullable package var dose: Double?
  }

  package var layout: SpectralManifest.Layout
  package var isCounts = false
  @Nullable package var background: [Double]?
  @Nullable package var tilts: [Double]?
  package var tiltAxis = "y"
  /// Pixels from the centre, of series; `nil` of volumes.
  @Nullable package var axisOffset: Double?
  /// nm
  @Nullable package var pixelSize: Double?
  @Nullable package var dosePerTilt: Double?
  /// The name of the method that all channels share.
  public var method: String
  package var settings: [String: Setting] = [:]
  /// In the order of the folder.
  public var channels: [Channel] = [] {
    didSet {
      files = channels.map(\.file)
      let known = channels.compactMap(\.energy)
      energies = known.count == channels.count ? known : nil
      elements = energies == nil ? channels.map(\.name) : nil
    }
  }
  /// λ that was tried, where it was chosen.
  @Nullable package var trials: TrialRecords?
  @Nullable package var seed: UInt64?
  private var files: [String] = []
  // A manifest names its channels by one of the two.
  private var energies: [Double]? = []
  private var elements: [String]?

  private enum CodingKeys: String, CodingKey {
    case layout, isCounts = "counts", background, tilts, tiltAxis, axisOffset, pixelSize
    case dosePerTilt, method, settings, channels, trials, seed, files, energies, elements
  }

  init(_ layout: SpectralManifest.Layout, method: String) {
    (self.layout, self.method) = (layout, method)
  }
}
