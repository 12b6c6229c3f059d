import Fields
import Inversion
import Operators
import Projection
import Reconstruction

/// The channels of a joint reconstruction, in units of their noise.
struct JointProblem {
  let stack: StackedProjector
  /// `s`, one a channel: its noise over its share of the strength.
  let scales: [Double]
  private let fidelity: DataFidelity
  private let background: RunFactors
  private let isCounts: Bool
  private let measured: FloatStorage
  private let geometry: TiltGeometry
  private let pixelSize: Double?

  init(
    _ method: JointReconstruction, _ channels: [TiltSeries], _ geometry: TiltGeometry,
    _ noise: JointReconstruction.Noise, _ proportions: [Double], scales given: [Double]? = nil
  ) throws {
    let count = channels.count
    let shape = geometry.series.slabs
    stack = StackedProjector(
      projector: ParallelProjector(geometry, model: method.rays, workers: method.workers),
      channelCount: count)
    (self.geometry, pixelSize) = (geometry, channels[0].pixelSize)
    let means = channels.map { channel in
      let values = channel.projections.span
      return values.indices.reduce(0.0) { $0 + Double(values[$1]) } / Double(shape.valueCount)
    }
    let noises: [Double]
    switch noise {
    case .counts(let b):
      noises = means.map { $0.squareRoot() }
      background = RunFactors(FloatStorage(b.map { Float($0) }), laneCount: shape.count)
      isCounts = true
    case .countsOver(let fields):
      var all = FloatStorage(zeros: count * shape.count)
      for (c, field) in fields.enumerated() {
        all.replace(from: c * shape.count, with: field, 0..<field.count)
      }
      noises = means.map { $0.squareRoot() }
      background = RunFactors(all, laneCount: 1)
      isCounts = true
    case .gaussian(let sigmas):
      (noises, background, isCounts) = (sigmas, RunFactors(uniform: 0), false)
    }
    for (c, noise) in noises.enumerated() where !(noise > 0 && noise.isFinite) {
      throw SpectralError.emptyChannel("\(c) (from 0)")
    }
    // What is divided by less is larger, and smoothed more.
    let scales = given ?? zip(noises, proportions).map { $0 / $1 }
    self.scales = scales
    let laidOut = { (values: [Double]) in
      RunFactors(FloatStorage(values.map { Float($0) }), laneCount: shape.count)
    }
    var measured = FloatStorage(zeros: count * shape.count)
    for (c, channel) in channels.enumerated() {
      measured.replace(from: c * shape.count, with: channel.projections, 0..<shape.count)
    }
    if !isCounts { laidOut(scales.map { 1 / $0 }).multiply(&measured) }
    self.measured = measured
    let discrepancy: any SmoothDiscrepancy =
      isCounts
      ? WhitenedCounts(scales: laidOut(scales), background: background)
      : SquaredDistance(weights: laidOut(zip(scales, noises).map { ($0 / $1) * ($0 / $1) }))
    // Padding counts as slices here: what is predicted and measured there is nothing.
    let stacked = SlabShape(
      sliceCount: count * shape.slabCount * shape.laneCount, pageCount: shape.pageCount,
      positionCount: shape.positionCount, laneCount: shape.laneCount)
    fidelity = try DataFidelity(discrepancy, of: stack, to: measured, stacked)
  }

  /// `λ n`
  static func strength(_ lambda: Double, _ coupling: ChannelCoupling, tilts: Int, channels: Int)
    -> Double
  {
    let c = Double(channels).squareRoot()
    let factor =
      switch coupling {
      case .separate: 1.0
      case .collaborative: c
      case .nuclear: (c + Double(3).squareRoot()) / (1 + Double(3).squareRoot())
      }
    return lambda * Double(tilts).squareRoot() * factor
  }

  func strength(_ lambda: Double, _ coupling: ChannelCoupling) -> Double {
    Self.strength(
      lambda, coupling, tilts: geometry.tilts.count, channels: stack.channelCount)
  }

  /// Minimises for one λ, from and overwriting `x̃` and the duals of a run before; none stand for zeros.
  func solve(
    _ method: JointReconstruction, lambda: Double, from x: inout FloatStorage,
    duals: inout [FloatStorage], _ monitor: Monitor
  ) throws -> SolverReport {
    let variation = JointVariation(
      Float(strength(lambda, method.coupling)), method.coupling, channelCount: stack.channelCount,
      geometry.volume.slabs, workers: method.workers)
    var solver = PrimalDual()
    (solver.iterationLimit, solver.tolerance) = (method.iterationLimit, method.tolerance)
    (solver.leastIterations, solver.workers) = (12, method.workers)
    let objective = Objective([fidelity], regulariser: variation)
    let report = try solver.minimise(objective, from: &x, duals: &duals) { report in
      monitor.onProgress(
        Monitor.Progress(
          iteration: report.iterations, iterationLimit: method.iterationLimit,
          fraction: Double(report.iterations) / Double(method.iterationLimit)))
      return !monitor.isCancelled()
    }
    guard report.stop != .cancelled else { throw ReconstructionError.interrupted }
    return report
  }

  /// Twice the negative log likelihood over the number of measurements, up to what does not depend
  /// on `x̃`.
  func loss(_ x: FloatStorage, _ workers: Workers) -> Double {
    var seen = FloatStorage(zeros: stack.rangeCount)
    stack.apply(x.span, into: seen.mutableSpan)
    let value = fidelity.discrepancy.value(seen.span, measured.span, from: 0)
    return 2 * value / Double(stack.channelCount * geometry.series.slabs.valueCount)
  }

  func result(
    _ method: JointReconstruction, _ x: FloatStorage, lambda: Double, _ report: SolverReport,
    trials: [LambdaTrial]
  ) -> JointReconstruction.Result {
    let shape = geometry.volume.slabs
    var seen = FloatStorage(zeros: stack.rangeCount)
    stack.apply(x.span, into: seen.mutableSpan)
    let length = geometry.series.slabs.count
    let residuals = scales.indices.map { c in
      let sum = (c * length..<(c + 1) * length).reduce(0.0) { sum, i in
        let fitted =
          isCounts
          ? scales[c] * Double(seen.span[i]) + Double(background[i])
          : scales[c] * Double(seen.span[i])
        let y = Double(measured.span[i]) * (isCounts ? 1 : scales[c])
        // Padding holds nothing but its background.
        return sum + (seen.span[i] == 0 && measured.span[i] == 0 ? 0 : (y - fitted) * (y - fitted))
      }
      return (sum / Double(geometry.series.slabs.valueCount)).squareRoot()
    }
    let volumes = scales.indices.map { c in
      var voxels = x.part(c * shape.count..<(c + 1) * shape.count)
      RunFactors(uniform: Float(scales[c])).multiply(&voxels)
      return Volume(voxels, shape: geometry.volume, voxelSize: pixelSize)
    }
    let strength = strength(lambda, method.coupling)
    return JointReconstruction.Result(
      volumes: volumes, lambda: lambda, mu: scales.map { strength / $0 },
      iterations: report.iterations, settled: report.stop == .settled, residuals: residuals,
      trials: trials)
  }
}
