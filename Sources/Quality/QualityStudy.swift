public import Fields
import AnalyticReconstruction
import Inversion
public import Projection
public import Reconstruction
import Transforms

/// Measures a reconstruction by its series: halves, left-out tilts, residual, spectrum, indicators.
///
/// The method is run four times, with settings that are fixed: without every fifth tilt by angle, without the lowest
/// tenth, on the even ones and on the odd ones; 2.7 times the work of the reconstruction itself, 1.8 where tilts
/// sample everything, so that there is no wedge to predict. No run starts from another, and no mask is made from the data.
public struct QualityStudy: Sendable {
  /// The run of the method that is under way.
  public enum Stage: Sendable, CaseIterable {
    /// Without every fifth tilt.
    case leavingOut
    /// Without the lowest tenth of the tilts.
    case leavingOutermost
    /// On the even tilts, and on the odd ones, by angle.
    case even, odd

    /// The part of all tilts that it reconstructs.
    package var share: Double {
      switch self {
      case .leavingOut: 0.8
      case .leavingOutermost: 0.9
      case .even, .odd: 0.5
      }
    }
  }

  private let volume: Volume
  private let series: TiltSeries
  private let geometry: TiltGeometry
  private let margin: Int
  private let method: any ReconstructionMethod
  /// `nil` estimates it, or takes it from the counts.
  package var noise: NoiseLevel?
  /// The diameter of the object in the plane (x, z), in voxels; `nil` estimates it from the volume.
  public var diameter: Double?
  /// Threads of the runs and transforms.
  public var workers = Workers.all

  /// Prepares the study; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - volume: as wide as `geometry` less two margins of equal width, which may be 0.
  ///   - series: what `volume` was made from, with at least 4 tilts.
  ///   - geometry: of the run that made `volume`, with all tilts of `series`.
  ///   - method: what the run was made with, with nothing left to choose
  ///     (`ReconstructionMethod.repeatable(iterations:lambda:)`).
  /// - Throws: ``QualityError`` for fewer tilts, or a volume of other slices than the series.
  public init(
    of volume: Volume, from series: TiltSeries, _ geometry: TiltGeometry,
    method: any ReconstructionMethod
  ) throws(QualityError) {
    guard volume.shape.sliceCount == series.shape.sliceCount else {
      throw .slices(volume: volume.shape.sliceCount, series: series.shape.sliceCount)
    }
    guard series.shape.tiltCount >= 4 else { throw .tooFewTilts(series.shape.tiltCount) }
    margin = (geometry.volume.width - volume.shape.width) / 2
    precondition(
      geometry.volume.width == volume.shape.width + 2 * margin
        && geometry.volume.depth == volume.shape.depth && geometry.series == series.shape,
      "the geometry is not that of the volume")
    (self.volume, self.series, self.geometry) = (volume, series, geometry)
    self.method = method
  }

  /// Runs the method on parts of the series, and measures.
  ///
  /// - Parameter monitor: follows each of the runs.
  /// - Returns: the figures, and the residual of each tilt and bin.
  /// - Throws: ``QualityError`` for a constant volume or a diameter that is not positive, or what the method throws.
  public func run(
    _ monitor: (Stage) -> Monitor = { _ in .silent }
  ) throws -> (QualityResult, ResidualMap) {
    if let diameter, !(diameter > 0 && diameter.isFinite) { throw QualityError.diameter(diameter) }
    let object = try ObjectRegion(of: volume, workers: workers)
    let whole = try method(for: Array(geometry.tilts.indices))
    let character = MethodCharacter(whole)
    // Before there are halves: edges of a noisy volume are many.
    var indicators = indicators(object)
    let residuals = residuals(character)
    let noise = noiseLevel(character, residuals)
    let fit = FitResult(residuals, noise: noise)
    var prediction: PredictionResult?
    var powers: [ErrorEstimate.Power] = []
    if let fifth = try predict(TiltSplit.heldOut(geometry.tilts), monitor(.leavingOut)) {
      prediction = fifth.result(noise, workers: workers)
      powers += noise.map { [fifth.power($0, workers: workers)] } ?? []
    }
    var extent = QualityResult.Extent(
      diameter: diameter ?? object.diameter, isDiameterGiven: diameter != nil, isCut: isCut)
    let split = TiltSplit.halves(geometry.tilts)
    let (even, odd) = (
      TiltCoverage(geometry.subset(of: split.even)), TiltCoverage(geometry.subset(of: split.odd))
    )
    let coverage = TiltCoverage(geometry)
    // Without a noise level there is nothing to take off, and without a wedge nothing to predict.
    if !powers.isEmpty, coverage.missingFraction > Self.leastWedge, let noise,
      let outermost = try predict(
        TiltSplit.outermost(geometry.tilts), monitor(.leavingOutermost))
    {
      powers.append(outermost.power(noise, workers: workers))
    }
    extent.seriesLimit = coverage.resolution(diameter: extent.diameter)
    extent.halvesLimit = [even, odd].compactMap { $0.resolution(diameter: extent.diameter) }.max()
    let mask = Self.both(even, odd, within: coverage, volume.shape)
    extent.sampledFraction = Self.fraction(of: mask, volume.shape)

    var first = try half(split.even, monitor(.even))
    let second = try half(split.odd, monitor(.odd))
    let correlation = CorrelationResult(
      ShellSums(pair(first, second), mask: mask, workers: workers), voxelSize: volume.voxelSize,
      likeness: Likeness(of: first, and: second, workers: workers))
    first.halveDifference(to: second, workers: workers)
    if let fifth = powers.first {
      let error = ErrorEstimate(
        fifth: fifth, outermost: powers.count > 1 ? powers[1] : nil,
        difference: first.meanSquare(workers: workers), part: coverage.sampledFraction,
        shape: geometry.volume, isSigmaEstimated: noise?.isEstimated ?? false)
      prediction?.estimate(error, isCut: extent.isCut)
    }
    let pair = pair(volume, first)
    let directions = coverage.directions
    indicators.streak =
      CentralSlicePower(
        pair, angles: directions.angles, gaps: directions.gaps, holes: directions.holes,
        diameter: extent.diameter, workers: workers
      ).ratio
    let sums = SpectrumResult.Sums(
      sampled: ShellSums(
        pair, mask: coverage.mask(width: volume.shape.width, depth: volume.shape.depth),
        workers: workers), halves: ShellSums(pair, mask: mask, workers: workers),
      bordered: ShellSums(
        pair, mask: coverage.mask(volume.shape, border: 2 / extent.diameter), workers: workers))
    let spectrum = SpectrumResult(
      sums, tiltLimit: extent.seriesLimit.flatMap { $0 > 0 ? 1 / $0 : nil })
    return (
      QualityResult(
        method: QualityResult.Method(
          name: whole.name, settings: whole.settings, character: character),
        verdict: FitVerdict(fit, prediction, isDirect: character.isDirect), extent: extent,
        correlation: correlation, fit: fit, prediction: prediction,
        spectrum: spectrum,
        indicators: indicators),
      ResidualMap(residuals, noise: noise)
    )
  }

  /// Both within one window, so that opposite faces of the box do not form an edge that they share.
  private func pair(_ a: Volume, _ b: Volume) -> SpectrumPair {
    SpectrumPair(a, b, taper: Self.taper, workers: workers)
  }

  /// Whether the field cuts the object in half of the slices or more.
  private var isCut: Bool {
    let ends = FieldEnds.areVacuum(
      series.projections.span, series.shape.slabs, workers: workers)
    return 2 * ends.count { !$0 } >= ends.count
  }

  /// Of Fourier space: a step between tilts, and no wedge.
  private static let leastWedge = 0.02

  /// The part of each side over which volumes fade out before they are transformed.
  package static let taper = 0.1

  private func method(for tilts: [Int]) throws -> any ReconstructionMethod {
    try method.restricted(to: tilts, of: geometry.tilts.count)
  }

  private func residuals(_ character: MethodCharacter) -> TiltResiduals {
    let placed = TiltGeometry.placing(volume.shape, in: geometry)
    var prediction = Self.project(volume.voxels, placed, workers)
    if let background = character.countBackground {
      prediction.add(Float(background), workers: workers, series.shape.slabs)
    }
    return TiltResiduals(of: series, predictedBy: prediction, workers: workers)
  }

  private func noiseLevel(
    _ character: MethodCharacter, _ residuals: TiltResiduals
  ) -> NoiseLevel? {
    if let noise { return noise }
    // Counts that were divided by a gain are counts no longer.
    if character.countBackground != nil, series.isCounted {
      return NoiseLevel(counts: residuals.tilts.map(\.expected))
    }
    return NoiseLevel(estimating: series, workers: workers)
  }

  /// - Returns: the tilts that were left out, with their prediction by the others; `nil` where none are.
  private func predict(
    _ split: (left: [Int], kept: [Int]), _ monitor: Monitor
  ) throws -> LeftOutTilts? {
    let (left, kept) = split
    guard !left.isEmpty else { return nil }
    let method = try method(for: kept)
    let (result, _) = try method.reconstruct(
      series.subset(of: kept), geometry.subset(of: kept), from: nil, workers: workers,
      monitor: monitor)
    var prediction = TiltSeries(
      Self.project(result.voxels, geometry.subset(of: left), workers),
      shape: series.shape.subset(tiltCount: left.count), tilts: left.map { series.tilts[$0] })
    if let background = MethodCharacter(method).countBackground {
      prediction.projections.add(Float(background), workers: workers, prediction.shape.slabs)
    }
    return LeftOutTilts(indices: left, measured: series.subset(of: left), predicted: prediction)
  }

  private func half(_ tilts: [Int], _ monitor: Monitor) throws -> Volume {
    let (result, _) = try method(for: tilts).reconstruct(
      series.subset(of: tilts), geometry.subset(of: tilts), from: nil, workers: workers,
      monitor: monitor)
    return result.cropped(by: margin, workers: workers)
  }

  private func indicators(_ object: ObjectRegion) -> QualityResult.Indicators {
    let edges = EdgeProfile(volume, workers: workers)
    var indicators = QualityResult.Indicators()
    indicators.flatShare = Staircase(volume, object, workers: workers).flatShare
    (indicators.edgeCount, indicators.edgeWidth) = (edges?.edgeCount, edges?.width)
    (indicators.overshoot, indicators.undershoot) = (edges?.overshoot, edges?.undershoot)
    return indicators
  }

  private static func project(
    _ voxels: FloatStorage, _ geometry: TiltGeometry, _ workers: Workers
  ) -> FloatStorage {
    let projector = ParallelProjector(geometry, workers: workers)
    var prediction = FloatStorage(zeros: projector.rangeCount)
    projector.apply(voxels.span, into: prediction.mutableSpan)
    return prediction
  }

  /// 1 where both halves sample Fourier space, and all tilts together, `[z][x]`: the steps of a half can be
  /// so wide that its wedge looks like one of them.
  private static func both(
    _ even: TiltCoverage, _ odd: TiltCoverage, within all: TiltCoverage, _ shape: VolumeShape
  ) -> FloatStorage {
    var mask = even.mask(width: shape.width, depth: shape.depth)
    let other = odd.mask(width: shape.width, depth: shape.depth)
    let whole = all.mask(width: shape.width, depth: shape.depth)
    var values = mask.mutableSpan
    for i in values.indices { values[i] = min(values[i], other.span[i], whole.span[i]) }
    return mask
  }

  /// Of the coefficients inside the Nyquist frequency.
  private static func fraction(of mask: FloatStorage, _ shape: VolumeShape) -> Double {
    var (sum, count) = (0.0, 0)
    for row in 0..<shape.depth {
      for column in 0..<shape.width {
        let kx = Double(min(column, shape.width - column)) / Double(shape.width)
        let kz = Double(min(row, shape.depth - row)) / Double(shape.depth)
        guard kx * kx + kz * kz <= 0.25 else { continue }
        sum += Double(mask.span[row * shape.width + column])
        count += 1
      }
    }
    return sum / Double(max(1, count))
  }
}
