import Fields
import Inversion
import Operators
import Projection
import Reconstruction

/// Tries values of λ on some tilts and some slices of a series.
///
/// Slices: ``TrialSlabs``. Tilts: all, or for each fold of `TiltSplit` those that are not left out; μ then shrinks with the
/// number of tilts, so that λ means the same.
struct StrengthTrials {
  let slices: Range<Int>
  private let discrepancy: MeasuredMisfit
  private let weights: [Double]
  /// `μ / λ` of all tilts.
  private let muPerLambda: Double
  private let isDenoiser: Bool
  private var fits: [TrialFit]
  /// What each fit predicts; none where nothing is left out.
  private let leftOut: [(series: TiltSeries, projector: ParallelProjector, tilts: [Int])]
  /// A fit to random signs in place of measurements.
  private var probe: TrialFit?

  /// What the next trial starts from.
  var fields: [FloatStorage] {
    get { fits.flatMap(\.fields) + (probe?.fields ?? []) }
    set {
      var rest = newValue[...]
      func take(_ fit: inout TrialFit) {
        let count = fit.fields.count
        fit.fields = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      for i in fits.indices { take(&fits[i]) }
      if var found = probe {
        take(&found)
        probe = found
      }
    }
  }

  /// - Parameter rule: says whether tilts are left out, and `gcv` also finds the trace of the map from data to prediction, by
  ///   Hutchinson's estimate with one vector of random signs: `tr A ≈ wᵀ A w`.
  ///
  /// - Reference: M. F. Hutchinson, Commun. Stat. Simul. Comput. 19, 433 (1990).
  init(
    _ method: CompressedSensing, _ series: TiltSeries, _ geometry: TiltGeometry,
    _ rule: ChoiceRule, slabs: Range<Int>, muPerLambda: Double, workers: Workers
  ) throws {
    let shape = geometry.volume.slabs
    slices =
      shape.slices(of: slabs.lowerBound)
      .lowerBound..<shape.slices(of: slabs.upperBound - 1)
      .upperBound
    let (part, place) = (series.group(slabs), geometry.group(slabs))
    let all = Array(part.tilts.indices)
    let folds =
      rule.leavesTiltsOut ? TiltSplit.folds(part.tilts, weights: method.tiltWeights) : []
    let kept = folds.isEmpty ? [all] : folds.map { $0.kept.sorted() }
    let pace = rule == .gcv ? TrialFit.Pace.close : .quick
    fits = try kept.map { try TrialFit(method, part, place, tilts: $0, pace, workers) }
    leftOut = folds.map { fold in
      let tilts = fold.left.sorted()
      let projector = ParallelProjector(
        place.subset(of: tilts), model: method.rays, workers: workers)
      return (part.subset(of: tilts), projector, tilts)
    }
    probe =
      rule == .gcv
      ? try TrialFit(method, Self.signs(part), place, tilts: all, pace, workers) : nil
    weights = method.tiltWeights ?? all.map { _ in 1 }
    discrepancy = MeasuredMisfit(method.fidelity)
    self.muPerLambda = muPerLambda
    isDenoiser = method.prior.kind.isDenoiser
  }

  private static func signs(_ series: TiltSeries) -> TiltSeries {
    var signs = TiltSeries(zeros: series.shape, tilts: series.tilts)
    for tilt in 0..<series.shape.tiltCount {
      for slice in 0..<series.shape.sliceCount {
        var state = UInt64(tilt) << 32 | UInt64(slice)
        for bin in 0..<series.shape.binCount {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          signs[tilt, slice, bin] = state >> 63 == 0 ? 1 : -1
        }
      }
    }
    return signs
  }

  /// Solves for one λ, from the solution before.
  mutating func attempt(_ lambda: Double, _ monitor: Monitor) throws -> LambdaTrial {
    let total = weights.reduce(0, +)
    var (penalty, iterations) = (0.0, 0)
    for i in fits.indices {
      // The σ of a denoiser does not depend on the number of tilts.
      let share = isDenoiser ? 1 : sum(of: fits[i].tilts) / total
      let mu = lambda * muPerLambda * share
      let report = try fits[i].solve(mu: mu, monitor)
      penalty += ((report.objective.last ?? 0) - (report.misfit.last ?? 0)) / mu
      iterations += report.iterations
    }
    let fitted = fits.map { misfits($0, $0.series, $0.projector, $0.tilts) }
    let predicted = zip(fits, leftOut).map { misfits($0, $1.series, $1.projector, $1.tilts) }
    let held = predicted.isEmpty ? nil : weighed(predicted.joined())
    return LambdaTrial(
      lambda: lambda, mu: lambda * muPerLambda, residual: weighed(fitted.joined()).residual,
      penalty: penalty / Double(fits.count), heldOut: held?.root,
      heldOutNoise: held?.expectedRoot, degreesOfFreedom: try degreesOfFreedom(lambda, monitor),
      iterations: iterations)
  }

  private typealias TiltMisfit = (tilt: Int, sum: MeasuredMisfit.Sum)

  private func misfits(
    _ fit: TrialFit, _ series: TiltSeries, _ projector: ParallelProjector, _ tilts: [Int]
  ) -> [TiltMisfit] {
    zip(tilts, discrepancy.perTilt(of: fit.estimate, projector, series)).map { ($0, $1) }
  }

  /// Only ratios of weights matter, and a tilt of weight zero is not seen.
  private func weighed(_ misfits: some Sequence<TiltMisfit>) -> MeasuredMisfit.Sum {
    misfits.reduce(MeasuredMisfit.Sum()) { $0 + weights[$1.tilt] * $1.sum }
  }

  private func sum(of tilts: [Int]) -> Double { tilts.reduce(0) { $0 + weights[$1] } }

  private mutating func degreesOfFreedom(
    _ lambda: Double, _ monitor: Monitor
  ) throws -> Double? {
    guard var fit = probe else { return nil }
    probe = nil
    _ = try fit.solve(mu: lambda * muPerLambda, monitor)
    var seen = FloatStorage(zeros: fit.projector.rangeCount)
    fit.projector.apply(fit.estimate.span, into: seen.mutableSpan)
    let trace = dot(seen.span, fit.series.projections.span)
    probe = fit
    return trace / Double(fit.series.shape.slabs.valueCount)
  }

  /// The error of every tilt at the present estimate, by angle: predicted where it was left out, else that of the first fit.
  func tiltErrors() -> [StrengthChoice.TiltError] {
    let predicted = zip(fits, leftOut).flatMap {
      errors(misfits($0, $1.series, $1.projector, $1.tilts), $1.series.tilts, isHeldOut: true)
    }
    let known = Set(predicted.map(\.tilt))
    let fitted = fits.first.map {
      errors(misfits($0, $0.series, $0.projector, $0.tilts), $0.series.tilts, isHeldOut: false)
    }
    return (predicted + (fitted ?? []).filter { !known.contains($0.tilt) })
      .sorted { $0.tilt < $1.tilt }
  }

  private func errors(
    _ misfits: [TiltMisfit], _ degrees: [Double], isHeldOut: Bool
  ) -> [StrengthChoice.TiltError] {
    zip(degrees, misfits).map {
      StrengthChoice.TiltError(tilt: $0, error: $1.sum.residual, isHeldOut: isHeldOut)
    }
  }
}
