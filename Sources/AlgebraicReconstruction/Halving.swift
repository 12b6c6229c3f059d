import Fields
import Inversion
import Projection
import Reconstruction

/// A method whose steps down total variation can be as long as a λ says.
protocol HalvedMethod: ReconstructionMethod {
  var descent: TVDescent { get }
  var strength: TVStrength { get }
  /// Whether the variance of a measurement is its mean.
  var measuresCounts: Bool { get }
  /// How λ is gone along.
  var halves: LambdaChooser.Halves { get }
  /// With λ given, for a series with so much noise.
  func settled(lambda: Double, noise: Double) throws -> Self
  /// For a group of slabs alone.
  func part(of slabs: Range<Int>) throws -> Self
}

extension HalvedMethod {
  /// Finds λ, and runs with it.
  ///
  /// - Parameter noise: `nil` to estimate it.
  func halved(
    _ noise: Double?, _ series: TiltSeries, _ geometry: TiltGeometry, from start: Volume?,
    _ workers: Workers, _ monitor: Monitor, _ keeper: (any RunKeeper)?
  ) throws -> (Volume, ReconstructionReport) {
    if let start, start.shape != geometry.volume {
      throw ReconstructionError.startShape(start.shape, expected: geometry.volume)
    }
    let halving = Halving(
      given: noise, measuresCounts: measuresCounts, series, geometry, from: start, workers)
    let (found, kept) = try halving.choose(part(of: halving.slabs), monitor, keeper)
    let (volume, report) = try settled(lambda: found.choice.lambda, noise: found.level)
      .reconstruct(
        series, geometry, from: start, workers: workers, monitor: monitor, keeper: kept)
    return (
      volume,
      ReconstructionReport(
        method: self, lambda: report.lambda, found: report.settings,
        iterations: report.iterations, history: report.history, stopReason: report.stopReason,
        lambdaChoice: found, warnings: found.choice.warnings + report.warnings)
    )
  }

  /// Bytes that trials hold, the whole series included; 0 for a method that makes none.
  func trialMemory(for geometry: TiltGeometry, _ workers: Workers) -> Int {
    guard strength.isHalved, let trial = try? settled(lambda: 1, noise: 1) else { return 0 }
    let part = geometry.group(0..<TrialSlabs.count(geometry.volume.slabs))
    let held = 3 * part.volume.slabs.count + part.series.slabs.count
    return 4 * (geometry.series.slabs.count + held) + trial.memory(for: part, workers: workers)
  }
}

/// The search for the largest λ of 1e-2 · 2ᵏ whose result has a residual within 2 % of the noise, which is hardly known better.
///
/// Each λ is tried by a whole run on a few slices (`TrialSlabs`), since a recipe that is no minimiser depends on where it begins.
/// Cost: a run on at most 64 slices for each λ, some three to eight. A finished trial is kept, and not made again by a run that goes on.
struct Halving {
  /// Those that are tried, of the whole volume.
  let slabs: Range<Int>
  private let series: TiltSeries
  private let geometry: TiltGeometry
  private let start: Volume?
  private let workers: Workers
  private let noise: TrialNoise
  private let slices: [Int]

  /// - Parameter given: the noise; `nil` estimates it.
  init(
    given: Double?, measuresCounts: Bool, _ series: TiltSeries, _ geometry: TiltGeometry,
    from start: Volume?, _ workers: Workers
  ) {
    let slabs = TrialSlabs.choose(series, workers)
    noise = TrialNoise(
      given: given, measuresCounts: measuresCounts, series, slabs, weights: nil, workers)
    (self.series, self.geometry) = (series.group(slabs), geometry.group(slabs))
    self.start = start?.group(slabs)
    self.workers = workers
    let shape = geometry.volume.slabs
    slices = [
      shape.slices(of: slabs.lowerBound).lowerBound,
      shape.slices(of: slabs.upperBound - 1).upperBound - 1,
    ]
    self.slabs = slabs
  }

  /// - Returns: the choice, and what keeps the run that follows together with it.
  /// - Throws: `ChoiceError` where the noise is not known, or what a run throws.
  func choose(
    _ method: some HalvedMethod, _ monitor: Monitor, _ keeper: (any RunKeeper)?
  ) throws -> (HalvedStrength, (any RunKeeper)?) {
    var chooser = try LambdaChooser(.halving, noise: noise.level)
    chooser.halves = method.halves
    let level = noise.level ?? 0
    var trials = try KeptHalving(keeper)
    let choice = try chooser.choose { lambda in
      try trials.attempt(lambda) {
        try attempt(method.settled(lambda: lambda, noise: level), lambda, monitor)
      }
    }
    let found = HalvedStrength(
      choice: choice, level: level, noiseSource: noise.source, noiseSpread: noise.spread,
      slices: slices)
    return (found, keeper.map { KeeperAfterLists($0, trials.lists) })
  }

  private func attempt(
    _ method: some HalvedMethod, _ lambda: Double, _ monitor: Monitor
  ) throws -> LambdaTrial {
    let (volume, report) = try method.reconstruct(
      series, geometry, from: start, workers: workers,
      monitor: Monitor(isCancelled: monitor.isCancelled), keeper: nil)
    let (slabs, valueCount) = (geometry.volume.slabs, Double(series.shape.slabs.valueCount))
    var variation = TotalVariation(slabs, axes: method.descent.axes, workers: workers)
    let norm = squares(volume.voxels, shape: slabs, workers: workers)
    let value = variation.formGradient(  // TV(x)
      at: volume.voxels, smoothing: variation.smoothing(method.descent.smoothing, norm: norm)
    ).value.reduce(0, +)
    let misfit = SeriesMisfit(ParallelProjector(geometry, workers: workers))
    return LambdaTrial(
      lambda: lambda,
      residual: (misfit.squares(volume.voxels, series.projections) / valueCount).squareRoot(),
      penalty: value, iterations: report.iterations)
  }
}

/// Finished trials, as a list of four numbers for each.
private struct KeptHalving {
  private let keeper: (any RunKeeper)?
  private let kept: [Double]
  private let isComplete: Bool
  private var finished: [Double] = []

  var lists: [[Double]] { [finished] }

  /// - Throws: `ReconstructionError.pointOfAnotherRun`, or what the keeper throws.
  init(_ keeper: (any RunKeeper)?) throws {
    self.keeper = keeper
    kept = keeper?.point.map { $0.numbers.first ?? [.nan] } ?? []
    isComplete = keeper?.point.map { $0.refinements > 0 } ?? false
    guard kept.count.isMultiple(of: 4), kept.allSatisfy(\.isFinite) else {
      throw ReconstructionError.pointOfAnotherRun
    }
    if keeper?.point == nil { try keep() }
  }

  mutating func attempt(_ lambda: Double, _ run: () throws -> LambdaTrial) throws -> LambdaTrial {
    guard finished.count >= kept.count || kept[finished.count] == lambda
    else { throw ReconstructionError.pointOfAnotherRun }
    if finished.count < kept.count {
      let numbers = kept[finished.count..<finished.count + 4].map(\.self)
      finished += numbers
      return LambdaTrial(
        lambda: lambda, residual: numbers[1], penalty: numbers[2], iterations: Int(numbers[3]))
    }
    guard !isComplete else { throw ReconstructionError.pointOfAnotherRun }
    let trial = try run()
    finished += [lambda, trial.residual, trial.penalty, Double(trial.iterations)]
    try keep()
    return trial
  }

  private func keep() throws {
    try keeper?.keep(
      RunPoint(refinements: 0, sums: [], numbers: lists), floatCount: 0, floats: { _ in })
  }
}
