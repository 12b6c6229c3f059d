public import Inversion
public import SeriesIO
public import Reconstruction
public import Records

/// What a folder of spectral results tells of itself: `spectra.json`, which is a manifest, too.
public struct SpectraRecord: Sendable, ResultRecord {
  /// What was found for one channel.
  public struct Channel: Sendable, Encodable {
    public var name: String
    public var file: String
    public var sha256: String
    /// eV
    public var energy: Double?
    /// Over the true pixels of the series, background included.
    public var meanCounts: Double?
    public var background: Double?
    public var noise: Double?
    public var lambda: Double?
    public var mu: Double?
    /// The root mean square of `y − Hx − b`.
    public var residual: Double?
    public var iterations: Int?
    public var stopReason: StopReason?
    /// Electrons per nm² in all tilts, where it is known.
    public var dose: Double?

    public func encode(to encoder: any Encoder) throws {
      var keys = encoder.container(keyedBy: Keys.self)
      try keys.encode(name, forKey: .name)
      try keys.encode(file, forKey: .file)
      try keys.encode(sha256, forKey: .sha256)
      try keys.encode(energy, forKey: .energy)
      try keys.encode(meanCounts, forKey: .meanCounts)
      try keys.encode(background, forKey: .background)
      try keys.encode(noise, forKey: .noise)
      try keys.encode(lambda, forKey: .lambda)
      try keys.encode(mu, forKey: .mu)
      try keys.encode(residual, forKey: .residual)
      try keys.encode(iterations, forKey: .iterations)
      try keys.encode(stopReason, forKey: .stopReason)
      try keys.encode(dose, forKey: .dose)
    }

    private enum Keys: String, CodingKey {
      case name, file, sha256, energy, meanCounts, background, noise, lambda, mu, residual
      case iterations, stopReason, dose
    }
  }

  public var command: [String] = []
  public var inputs: [Sidecar.File] = []
  public var layout: SpectralManifest.Layout
  public var isCounts = false
  public var background: [Double]?
  public var tilts: [Double]?
  public var tiltAxis = "y"
  /// Pixels from the centre, of series; `nil` of volumes.
  public var axisOffset: Double?
  /// nm
  public var pixelSize: Double?
  public var dosePerTilt: Double?
  public var method: String
  public var settings: [String: Setting] = [:]
  public var channels: [Channel] = []
  /// λ that was tried, where it was chosen.
  public var trials: TrialRecords?
  public var seed: UInt64?
  public var seconds: Double?
  public var warnings: [String] = []

  public init(_ layout: SpectralManifest.Layout, method: String) {
    (self.layout, self.method) = (layout, method)
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: Keys.self)
    try keys.encode(Build.version, forKey: .voxtilt)
    try keys.encode(Build.processor, forKey: .processor)
    try keys.encode(Build.directory, forKey: .directory)
    try keys.encode(command, forKey: .command)
    try keys.encode(inputs, forKey: .inputs)
    try keys.encode(layout, forKey: .layout)
    try keys.encode(channels.map(\.file), forKey: .files)
    // A manifest names its channels by one of the two.
    let energies = channels.compactMap(\.energy)
    if energies.count == channels.count {
      try keys.encode(energies, forKey: .energies)
    } else {
      try keys.encode(channels.map(\.name), forKey: .elements)
    }
    try keys.encode(isCounts, forKey: .counts)
    try keys.encode(background, forKey: .background)
    try keys.encode(tilts, forKey: .tilts)
    try keys.encode(tiltAxis, forKey: .tiltAxis)
    try keys.encode(axisOffset, forKey: .axisOffset)
    try keys.encode(pixelSize, forKey: .pixelSize)
    try keys.encode(dosePerTilt, forKey: .dosePerTilt)
    try keys.encode(method, forKey: .method)
    try keys.encode(settings, forKey: .settings)
    try keys.encode(channels, forKey: .channels)
    try keys.encode(trials, forKey: .trials)
    try keys.encode(seed, forKey: .seed)
    try keys.encode(seconds, forKey: .seconds)
    try keys.encode(warnings, forKey: .warnings)
  }

  private enum Keys: String, CodingKey {
    case voxtilt, processor, directory, command, inputs, layout, files, energies, elements, counts
    case background, tilts, tiltAxis, pixelSize, dosePerTilt, method, settings, channels, trials
    case seed, seconds, warnings, axisOffset
  }
}
