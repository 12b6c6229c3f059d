public import Fields
public import Inversion
import RealModule
import Operators
public import Projection
public import Reconstruction

/// Total variation of all channels in one problem, each in units of its own noise:
///
///     min over x ≥ 0 of  Σ꜀ D(s꜀ H x̃꜀; y꜀, b꜀) + λ n Σ_v ‖G_v(x̃)‖,   x꜀ = s꜀ x̃꜀
///
/// For counts `D` is the Poisson likelihood over a known background and `s = √(mean y)`; otherwise
/// it is least squares and `s` the noise. `n` is what noise does to a voxel's pull, so that λ near 1
/// suits any brightness: √tilts, times √channels where channels are coupled (the length of as many
/// random numbers), and times (√channels + √3) / (1 + √3) for the nuclear norm (the largest singular
/// value of a random matrix). Where λ is chosen, `s` of a channel is divided by the
/// strength that it would choose by itself, relative to the others. The strength of channel c is
/// `μ꜀ = λ n / s꜀`.
///
/// Memory: of every channel, three copies of the volume's size in duals, two of the volume and four of
/// the series. Cost: O(channels × voxels × tilts) an iteration.
///
/// - References: X. Bresson and T. Chan, Inverse Probl. Imaging 2, 455 (2008); ``ChannelCoupling``.
public struct JointReconstruction: Sendable {
  /// How edges in one channel make edges in the others cheaper.
  public var coupling = ChannelCoupling.collaborative
  /// λ in units of the noise, above 0; `nil` for the one that predicts left-out tilts best.
  public var lambda: Double?
  /// Iterations at most.
  public var iterationLimit = 150
  package var tolerance = 1e-4
  package var rays = RayModel.joseph
  package var workers = Workers.all

  /// Collaborative total variation with a λ that is found.
  public init() {}

  /// What is known of the channels' noise.
  public enum Noise: Sendable {
    /// Counts over an expected background per pixel, one number per channel.
    case counts(background: [Double])
    /// Counts over a background that differs from pixel to pixel: one field per channel, laid out as the series.
    case countsOver([FloatStorage])
    /// Noise with one standard deviation per channel, in its units.
    case gaussian([Double])
  }

  /// The volumes, and how they were found.
  public struct Result: Sendable {
    /// One per channel, in their order.
    public let volumes: [Volume]
    /// In units of the noise; a channel may have half to twice of it, see ``mu``.
    public let lambda: Double
    /// The strengths `μ꜀`, one per channel in its units.
    public let mu: [Double]
    /// Iterations of the last fit.
    public let iterations: Int
    /// Whether the last fit ended by its tolerance, and not by the limit of iterations.
    public let settled: Bool
    /// The root mean square of `y − Hx − b`, one per channel.
    public let residuals: [Double]
    /// The λ that were tried, from strong to weak; empty where λ was given.
    public let trials: [LambdaTrial]
  }

  /// Bytes of all fields of a run: five of every volume, its result among them, and seven of every series.
  package static func memory(channels: Int, _ geometry: TiltGeometry) -> Int {
    let run = 5 * geometry.volume.slabs.count + 7 * geometry.series.slabs.count
    let input = channels * geometry.series.slabs.count
    return max(
      MemoryLayout<Float>.stride * channels * run,
      MemoryLayout<Float>.stride * input + choiceMemory(channels: channels, geometry))
  }

  /// Bytes of the trials of λ, which look at two slabs: unknowns, duals and their steps of two fits.
  package static func choiceMemory(channels: Int, _ geometry: TiltGeometry) -> Int {
    let slabs = min(2, geometry.volume.slabs.slabCount)
    return MemoryLayout<Float>.stride * channels * slabs
      * (10 * geometry.volume.slabs.slabLength + 8 * geometry.series.slabs.slabLength)
  }

  /// Reconstructs all channels.
  ///
  /// - Parameters:
  ///   - channels: series of one shape and the same tilts, which are those of `geometry`.
  ///   - noise: as many entries as channels.
  ///   - monitor: is told of each iteration of the last fit.
  /// - Throws: ``SpectralError``, `InversionError` for negative counts, or
  ///   `ReconstructionError.interrupted`.
  public func reconstruct(
    _ channels: [TiltSeries], _ geometry: TiltGeometry, noise: Noise, monitor: Monitor = .silent
  ) throws -> Result {
    if let lambda, !(lambda > 0 && lambda.isFinite) { throw SpectralError.strength(lambda) }
    let proportions = try proportions(channels, geometry, noise, monitor)
    let choice =
      try lambda.map { LambdaSearchResult(lambda: $0, trials: []) }
      ?? choose(channels, geometry, noise, proportions: proportions, monitor)
    let problem = try JointProblem(self, channels, geometry, noise, proportions)
    var x = FloatStorage(zeros: problem.stack.domainCount)
    var duals: [FloatStorage] = []
    let report = try problem.solve(self, lambda: choice.lambda, from: &x, duals: &duals, monitor)
    return problem.result(self, x, lambda: choice.lambda, report, trials: choice.trials)
  }

  /// What strength each channel would choose by itself, relative to the others and within a factor of
  /// two; alike where λ is given.
  private func proportions(
    _ channels: [TiltSeries], _ geometry: TiltGeometry, _ noise: Noise, _ monitor: Monitor
  ) throws -> [Double] {
    guard lambda == nil, coupling != .separate, channels.count > 1 else {
      return channels.map { _ in 1 }
    }
    var alone = self
    alone.coupling = .separate
    let chosen = try channels.indices.map { c in
      try alone.choose([channels[c]], geometry, noise.channel(c), monitor).lambda
    }
    let mean = Double.exp(chosen.reduce(0) { $0 + .log($1) } / Double(chosen.count))
    return chosen.map { min(max($0 / mean, 0.5), 2) }
  }

  /// Leaves out every fifth tilt on the middle slabs, and walks down from λ = 4 by √2 … until the
  /// prediction has become worse three times in a row.
  ///
  /// - Returns: the best λ, and trials whose `LambdaTrial.heldOut` is twice the negative log likelihood of the left-out
  ///   measurements, over their number.
  package func choose(
    _ channels: [TiltSeries], _ geometry: TiltGeometry, _ noise: Noise,
    proportions: [Double]? = nil, _ monitor: Monitor = .silent
  ) throws -> LambdaSearchResult {
    let slabs = geometry.volume.slabs.slabCount
    let first = max(0, (slabs - 2) / 2)
    let group = first..<min(slabs, first + 2)
    let place = geometry.group(group)
    let split = TiltSplit.heldOut(channels[0].tilts)
    let (left, kept) = (split.left.sorted(), split.kept.sorted())
    guard !left.isEmpty else { return LambdaSearchResult(lambda: 1, trials: []) }
    let parts = channels.map { $0.group(group) }
    let length = geometry.series.slabs.slabLength
    let proportions = proportions ?? channels.map { _ in 1 }
    let local = noise.restricted(to: group.lowerBound * length..<group.upperBound * length)
    let fit = try JointProblem(
      self, parts.map { $0.subset(of: kept) }, place.subset(of: kept),
      local.subset(of: kept, parts[0].shape), proportions)
    let held = try JointProblem(
      self, parts.map { $0.subset(of: left) }, place.subset(of: left),
      local.subset(of: left, parts[0].shape), proportions, scales: fit.scales)
    var x = FloatStorage(zeros: fit.stack.domainCount)
    var duals: [FloatStorage] = []
    var quick = self
    (quick.iterationLimit, quick.tolerance) = (80, 2e-4)
    func solve(_ lambda: Double) throws {
      _ = try fit.solve(
        quick, lambda: lambda, from: &x, duals: &duals,
        Monitor(isCancelled: monitor.isCancelled))
    }
    // From nothing a first run comes nowhere near its minimum.
    try solve(4)
    func hasRisen(_ trials: [LambdaTrial]) -> Bool {
      let last = trials.suffix(4).compactMap(\.heldOut)
      return last.count == 4 && zip(last, last.dropFirst()).allSatisfy { $0 < $1 }
    }
    let values = (0..<16).map { 4 * power(2, -Double($0) / 2) }
    let trials = try LambdaSearch.walk(values, until: hasRisen) { lambda in
      try solve(lambda)
      return LambdaTrial(lambda: lambda, heldOut: held.loss(x, workers))
    }
    return LambdaSearchResult(lambda: trials.lowest(\.heldOut)?.lambda ?? 1, trials: trials)
  }
}

extension JointReconstruction.Noise {
  /// That of one channel.
  func channel(_ c: Int) -> Self {
    switch self {
    case .counts(let backgrounds): .counts(background: [backgrounds[c]])
    case .countsOver(let fields): .countsOver([fields[c]])
    case .gaussian(let sigmas): .gaussian([sigmas[c]])
    }
  }

  /// The same for some floats of each channel.
  func restricted(to range: Range<Int>) -> Self {
    guard case .countsOver(let fields) = self else { return self }
    return .countsOver(fields.map { $0.part(range) })
  }

  /// The same for some tilts.
  func subset(of tilts: [Int], _ shape: TiltSeriesShape) -> Self {
    guard case .countsOver(let fields) = self else { return self }
    let degrees = (0..<shape.tiltCount).map { Double($0) }
    return .countsOver(
      fields.map { TiltSeries($0, shape: shape, tilts: degrees).subset(of: tilts).projections })
  }
}
